/* nearest.c: points sorted into cubes by counting; a search looks at shells of cubes around the place until none that is left can hold
   a nearer point. */
#include "face/nearest.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_CELLS_A_SIDE = 64 };

static int cell_along(const nearest_grid *grid, float value, int axis)
{
    const float cell = (value - grid->low[axis]) / grid->side;
    return cell <= 0 ? 0 : cell >= (float)grid->cells[axis] ? grid->cells[axis] - 1 : (int)cell;
}

static size_t cell_index(const nearest_grid *grid, int x, int y, int z)
{
    return ((size_t)z * (size_t)grid->cells[1] + (size_t)y) * (size_t)grid->cells[0] + (size_t)x;
}

static size_t cell_of(const nearest_grid *grid, const float at[3])
{
    return cell_index(grid, cell_along(grid, at[0], 0), cell_along(grid, at[1], 1), cell_along(grid, at[2], 2));
}

/* The box of the points in cubes that hold a few points each, were they spread over a surface. */
static void lay_out(nearest_grid *grid)
{
    float high[3], longest = 0;
    for (int axis = 0; axis < 3; axis++) {
        grid->low[axis] = high[axis] = grid->points[axis];
        for (int i = 1; i < grid->count; i++) {
            grid->low[axis] = fminf(grid->low[axis], grid->points[3 * (size_t)i + (size_t)axis]);
            high[axis] = fmaxf(high[axis], grid->points[3 * (size_t)i + (size_t)axis]);
        }
        longest = fmaxf(longest, high[axis] - grid->low[axis]);
    }
    const float wanted = fminf(sqrtf((float)grid->count / 4) + 1, (float)MOST_CELLS_A_SIDE);
    grid->side = longest > 0 ? longest / wanted : 1;
    for (int axis = 0; axis < 3; axis++)
        grid->cells[axis] = (int)((high[axis] - grid->low[axis]) / grid->side) + 1;
}

bool nearest_prepare(const float *points, int count, df_arena *arena, nearest_grid *out, df_error *err)
{
    nearest_grid grid = {.points = points, .count = count};
    lay_out(&grid);
    const size_t cells = (size_t)grid.cells[0] * (size_t)grid.cells[1] * (size_t)grid.cells[2];
    grid.start = df_alloc(arena, cells + 1, sizeof *grid.start, err);
    grid.list = grid.start ? df_alloc(arena, (size_t)count, sizeof *grid.list, err) : NULL;
    if (!grid.list)
        return false;
    for (int i = 0; i < count; i++)
        grid.start[cell_of(&grid, points + 3 * (size_t)i)]++;
    for (size_t c = 1; c <= cells; c++)
        grid.start[c] += grid.start[c - 1];
    for (int i = count - 1; i >= 0; i--) /* backwards, so that start ends where each cube begins and lists ascend */
        grid.list[--grid.start[cell_of(&grid, points + 3 * (size_t)i)]] = i;
    *out = grid;
    return true;
}

typedef struct nearest_search {
    const nearest_grid *grid;
    const float *at;
    float square; /* of the least distance so far */
    int32_t found;
} nearest_search;

static void look_in(nearest_search *s, int x, int y, int z)
{
    const size_t cell = cell_index(s->grid, x, y, z);
    for (int32_t i = s->grid->start[cell]; i < s->grid->start[cell + 1]; i++) {
        const int32_t point = s->grid->list[i];
        const float *p = s->grid->points + 3 * (size_t)point;
        const float d[3] = {p[0] - s->at[0], p[1] - s->at[1], p[2] - s->at[2]};
        const float square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        if (square < s->square || (square == s->square && point < s->found)) {
            s->square = square;
            s->found = point;
        }
    }
}

/* The cubes whose largest distance along an axis from the middle one is `shell`. */
static void look_around(nearest_search *s, const int middle[3], int shell)
{
    const nearest_grid *grid = s->grid;
    int low[3], high[3];
    for (int axis = 0; axis < 3; axis++) {
        low[axis] = middle[axis] - shell > 0 ? middle[axis] - shell : 0;
        high[axis] = middle[axis] + shell < grid->cells[axis] ? middle[axis] + shell : grid->cells[axis] - 1;
    }
    for (int z = low[2]; z <= high[2]; z++)
        for (int y = low[1]; y <= high[1]; y++)
            for (int x = low[0]; x <= high[0]; x++)
                if (abs(x - middle[0]) == shell || abs(y - middle[1]) == shell || abs(z - middle[2]) == shell)
                    look_in(s, x, y, z);
}

int32_t nearest_find(const nearest_grid *grid, const float at[3])
{
    nearest_search s = {.grid = grid, .at = at, .square = INFINITY};
    int middle[3];
    for (int axis = 0; axis < 3; axis++)
        middle[axis] = cell_along(grid, at[axis], axis);
    for (int shell = 0; shell <= MOST_CELLS_A_SIDE + 1; shell++) {
        const float reached = (float)(shell - 1) * grid->side; /* nothing of this shell is nearer */
        if (reached > 0 && reached * reached > s.square)
            break;
        look_around(&s, middle, shell);
    }
    return s.found;
}
