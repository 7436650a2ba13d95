/* ply.h: PLY meshes (Turk, Stanford 1994): ascii and binary of either byte order. Of `vertex`: x y z, red green blue (or
   diffuse_red ...; integers are divided by their type's maximum, floats taken as they are), u v or s t or texture_u texture_v (one uv a vertex). Of `face`:
   vertex_indices or vertex_index, polygons of any kind. Other properties and elements are skipped. */
#ifndef DF_FACE_PLY_H
#define DF_FACE_PLY_H

#include "base/file.h"
#include "face/scan_mesh.h"

/* Needs vertices; a file without faces has triangle_count 0. Errors name the line, or element and row. */
DF_API bool ply_parse(df_bytes bytes, df_arena *arena, scan_mesh *out, df_error *err) DF_CHECKED;

#endif
