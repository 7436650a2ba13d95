/* head_glasses.c: glasses that sit on the face. They are modelled for an average head; on full cheeks or brows the rims would
   sink in, so the whole frame is pushed forward until its front clears the skin, as a wearer would do. */
#include "render/head_internal.h"

#include <math.h>

enum { CELLS = 48 };
static const float CELL_MM = 4.0f, FRONT_DEPTH_MM = 22.0f; /* rims lie within that depth of the foremost point; temples behind */
static const float CLEARANCE_MM = 1.0f, MOST_MM = 14.0f;

/* The foremost skin in each cell of a grid over x and y around (0, middle). */
typedef struct face_relief {
    float middle;
    float front[CELLS][CELLS];
} face_relief;

static bool cell_of(const face_relief *relief, const float at[3], int *column, int *row)
{
    *column = (int)floorf(at[0] / CELL_MM) + CELLS / 2;
    *row = (int)floorf((at[1] - relief->middle) / CELL_MM) + CELLS / 2;
    return *column >= 0 && *column < CELLS && *row >= 0 && *row < CELLS;
}

static void measure(const float *skin, int count, face_relief *relief)
{
    int column, row;
    for (int y = 0; y < CELLS; y++)
        for (int x = 0; x < CELLS; x++)
            relief->front[y][x] = -INFINITY;
    for (int i = 0; i < count; i++)
        if (cell_of(relief, skin + 3 * i, &column, &row))
            relief->front[row][column] = fmaxf(relief->front[row][column], skin[3 * i + 2]);
}

void glasses_push(const float *skin, int skin_count, float *vertices, int count)
{
    face_relief relief = {0};
    float front = -INFINITY, push = 0;
    for (int i = 0; i < count; i++) {
        relief.middle += vertices[3 * i + 1] / (float)count;
        front = fmaxf(front, vertices[3 * i + 2]);
    }
    measure(skin, skin_count, &relief);
    for (int i = 0; i < count; i++) {
        const float *at = vertices + 3 * i;
        int column, row;
        if (at[2] > front - FRONT_DEPTH_MM && cell_of(&relief, at, &column, &row))
            push = fmaxf(push, relief.front[row][column] + CLEARANCE_MM - at[2]);
    }
    push = fminf(push, MOST_MM);
    for (int i = 0; i < count; i++)
        vertices[3 * i + 2] += push;
}
