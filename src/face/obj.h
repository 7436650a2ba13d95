/* obj.h: Wavefront OBJ meshes: v (with optional colours behind the position), vt and f with v, v/vt, v//vn and v/vt/vn, indices
   from 1 or, negative, from the end of what came before. Normals, groups, objects, materials, smoothing, points, lines and comments are skipped; curves,
   surfaces, lines that go on behind a backslash and what is unknown are refused. */
#ifndef DF_FACE_OBJ_H
#define DF_FACE_OBJ_H

#include "base/file.h"
#include "face/scan_mesh.h"

/* Needs vertices; a file without faces has triangle_count 0. Errors name the line. */
DF_API bool obj_parse(df_bytes bytes, df_arena *arena, scan_mesh *out, df_error *err) DF_CHECKED;

#endif
