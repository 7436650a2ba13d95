/* import_mesh.h: meshes in a folder, one at a time, for the formats that are folders. */
#ifndef DF_FACE_IMPORT_MESH_H
#define DF_FACE_IMPORT_MESH_H

#include "face/import_internal.h"
#include "face/scan_mesh.h"

/* PLY or OBJ by the name's ending. */
bool import_mesh_is(const char *name);

/* The folder's mesh `name`; it lives in job->source until the next call. Of `vertices` vertices (0: any from 3 on). */
bool import_mesh_read(import_job *job, const char *name, size_t vertices, scan_mesh *out) DF_CHECKED;

/* A model's triangles and the room for its numbers. */
bool import_mesh_triangles(import_job *job, const scan_mesh *mesh, face_model *m) DF_CHECKED;

/* "smile" of "smile.obj". */
void import_mesh_stem(const char *file, char out[FACE_NAME]);

#endif
