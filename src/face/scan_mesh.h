/* scan_mesh.h: what a PLY or OBJ file holds of a surface: the mesh of a scan, before it is part of a model. Indices count from 0
   and are below their counts; polygons have been split into fans; orders are the file's. All memory belongs to the arena it was
   read into. */
#ifndef DF_FACE_SCAN_MESH_H
#define DF_FACE_SCAN_MESH_H

#include <stddef.h>
#include <stdint.h>

enum { SCAN_MOST_VERTICES = 1 << 24, SCAN_MOST_TRIANGLES = 1 << 25 };

typedef struct scan_mesh {
    size_t vertex_count, uv_count, triangle_count;
    const float *positions;      /* [vertex_count][3] the file's unit, finite */
    const float *colours;        /* [vertex_count][3] 0 to 1, or NULL where the file has none */
    const float *uv;             /* [uv_count][2] v up, or NULL */
    const int32_t *triangles;    /* [triangle_count][3] vertices, in the file's turn */
    const int32_t *uv_triangles; /* [triangle_count][3] uvs, -1 at corners that have none; NULL where uv is */
} scan_mesh;

#endif
