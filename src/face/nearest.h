/* nearest.h: the nearest of many points, by a grid of cubes. Of equally near ones the lowest index. */
#ifndef DF_FACE_NEAREST_H
#define DF_FACE_NEAREST_H

#include <stdint.h>

#include "base/arena.h"

typedef struct nearest_grid {
    const float *points; /* [count][3], borrowed */
    int count, cells[3];
    float low[3], side; /* of a cube, in the points' unit */
    int32_t *start;     /* [cells + 1] */
    int32_t *list;      /* [count] points, cube by cube */
} nearest_grid;

/* At least one point; memory grows with the points, not with the space between them. */
DF_API bool nearest_prepare(const float *points, int count, df_arena *arena, nearest_grid *out, df_error *err) DF_CHECKED;

DF_API int32_t nearest_find(const nearest_grid *grid, const float at[3]);

#endif
