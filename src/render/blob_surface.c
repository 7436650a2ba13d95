/* blob_surface.c: a vertex in each cube of the grid that the surface passes, at the mean of where it crosses the cube's edges; a
   quadrilateral across each edge of the grid that it crosses. */
#include <string.h>

#include "render/blob.h"

typedef struct netter {
    const blob *b;
    int32_t *vertex_of; /* [nodes] vertex of the cube above the node + 1, 0 none */
    float *vertices;
    int32_t *triangles;
    int vertex_count, triangle_count;
} netter;

static size_t node(const blob *b, const int at[3])
{
    return ((size_t)at[2] * (size_t)b->side[1] + (size_t)at[1]) * (size_t)b->side[0] + (size_t)at[0];
}

static float value(const blob *b, const int at[3])
{
    return b->distance[node(b, at)];
}

static void corner_of(const int cube[3], int corner, int out[3])
{
    for (int axis = 0; axis < 3; axis++)
        out[axis] = cube[axis] + (corner >> axis & 1);
}

/* The mean of the crossings of the cube's edges; false where there are none. */
static bool cross_cube(const blob *b, const int cube[3], float out[3])
{
    float sum[3] = {0};
    int count = 0;
    for (int corner = 0; corner < 8; corner++)
        for (int axis = 0; axis < 3; axis++) {
            int from[3], to[3];
            if (corner >> axis & 1)
                continue;
            corner_of(cube, corner, from);
            corner_of(cube, corner | 1 << axis, to);
            const float a = value(b, from), c = value(b, to);
            if ((a < 0) == (c < 0))
                continue;
            for (int k = 0; k < 3; k++)
                sum[k] += (float)from[k] + (k == axis ? a / (a - c) : 0);
            count++;
        }
    for (int k = 0; k < 3 && count > 0; k++)
        out[k] = b->low[k] + b->cell * sum[k] / (float)count;
    return count > 0;
}

static void place_vertices(netter *n)
{
    for (int z = 0; z + 1 < n->b->side[2]; z++)
        for (int y = 0; y + 1 < n->b->side[1]; y++)
            for (int x = 0; x + 1 < n->b->side[0]; x++) {
                const int cube[3] = {x, y, z};
                if (cross_cube(n->b, cube, n->vertices + 3 * (size_t)n->vertex_count))
                    n->vertex_of[node(n->b, cube)] = ++n->vertex_count;
            }
}

/* The four cubes around the edge that goes from `at` along `axis`, outside to the right. */
static void add_quad(netter *n, const int at[3], int axis, bool is_inside_first)
{
    const int u = (axis + 1) % 3, v = (axis + 2) % 3;
    int32_t around[4];
    for (int i = 0; i < 4; i++) {
        int cube[3] = {at[0], at[1], at[2]};
        cube[u] -= i == 1 || i == 2;
        cube[v] -= i >= 2;
        around[i] = n->vertex_of[node(n->b, cube)] - 1;
    }
    const int32_t forward[6] = {around[0], around[1], around[2], around[0], around[2], around[3]};
    for (int i = 0; i < 6; i++)
        n->triangles[3 * n->triangle_count + i] = forward[is_inside_first ? i : 5 - i];
    n->triangle_count += 2;
}

static void join_vertices(netter *n)
{
    for (int z = 1; z + 1 < n->b->side[2]; z++)
        for (int y = 1; y + 1 < n->b->side[1]; y++)
            for (int x = 1; x + 1 < n->b->side[0]; x++)
                for (int axis = 0; axis < 3; axis++) {
                    const int at[3] = {x, y, z};
                    int next[3] = {x, y, z};
                    next[axis]++;
                    const float a = value(n->b, at), c = value(n->b, next);
                    if ((a < 0) != (c < 0))
                        add_quad(n, at, axis, a < 0);
                }
}

/* Cubes that the surface passes, at most: each has a node inside and one outside. */
static size_t count_cubes(const blob *b)
{
    float at[3];
    size_t count = 0;
    for (int z = 0; z + 1 < b->side[2]; z++)
        for (int y = 0; y + 1 < b->side[1]; y++)
            for (int x = 0; x + 1 < b->side[0]; x++)
                count += cross_cube(b, (const int[3]){x, y, z}, at);
    return count;
}

bool blob_surface(const blob *b, df_arena *scratch, float **vertices, int *vertex_count, int32_t **triangles, int *triangle_count,
                  df_error *err)
{
    const size_t cubes = count_cubes(b), nodes = (size_t)b->side[0] * (size_t)b->side[1] * (size_t)b->side[2];
    netter n = {.b = b};
    n.vertices = df_alloc(scratch, cubes + 1, 3 * sizeof(float), err);
    n.vertex_of = n.vertices ? df_alloc(scratch, nodes, sizeof(int32_t), err) : NULL;
    n.triangles = n.vertex_of ? df_alloc(scratch, 6 * cubes + 2, 3 * sizeof(int32_t), err) : NULL; /* 3 edges a cube, 2 triangles each */
    if (!n.triangles)
        return false;
    place_vertices(&n);
    join_vertices(&n);
    *vertices = n.vertices;
    *vertex_count = n.vertex_count;
    *triangles = n.triangles;
    *triangle_count = n.triangle_count;
    return true;
}
