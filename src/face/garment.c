/* garment.c: finds the open edge of the head and hangs a shirt on it. */
#include "face/garment.h"

#include <math.h>
#include <string.h>

/* One row a ring of the shirt, from the neck down. Of the way from the neck's ring to an ellipse around the body; down from the
   ring at the sides (shoulders are high) and in front (the chest is lower); outwards from the neck; v as in face_model.h. */
typedef struct garment_ring {
    float spread, side_drop, front_drop, outward, v;
} garment_ring;

static const garment_ring rings[] = {
    {.spread = 0, .side_drop = -9, .front_drop = -6, .outward = 2, .v = 1},
    {.spread = 0, .side_drop = -9, .front_drop = -6, .outward = 5, .v = 1},
    {.spread = 0.02f, .side_drop = 6, .front_drop = 9, .outward = 6, .v = 0.9f},
    {.spread = 0.2f, .side_drop = 16, .front_drop = 24, .outward = 4, .v = 0.5f},
    {.spread = 0.5f, .side_drop = 30, .front_drop = 60, .outward = 2, .v = 0.2f},
    {.spread = 0.8f, .side_drop = 46, .front_drop = 110, .outward = 0, .v = 0},
    {.spread = 1, .side_drop = 72, .front_drop = 165, .outward = 0, .v = 0},
    {.spread = 1.05f, .side_drop = 150, .front_drop = 260, .outward = 0, .v = 0},
    {.spread = 1.05f, .side_drop = 420, .front_drop = 420, .outward = 0, .v = 0},
};
enum { RINGS = DF_ARRAY_LEN(rings), MAX_RING = 512 };
static const float BODY_HALF_WIDTH = 205, BODY_HALF_DEPTH = 110, BODY_BACK_BY = 15; /* mm: an adult's shoulders */

/* next[v]: the vertex after v along the open edge, -1 elsewhere. The edge a to b of a quad is open when no quad has b to a. */
static bool open_edges(const int32_t *quads, int quad_count, int cage_count, df_arena *arena, int32_t **next, df_error *err)
{
    int32_t(*out)[8] = df_alloc(arena, (size_t)cage_count, sizeof *out, err); /* up to 8 edges that leave a vertex, plus one */
    int32_t *following = df_alloc(arena, (size_t)cage_count, sizeof *following, err);
    if (!out || !following)
        return false;
    for (int q = 0; q < quad_count; q++)
        for (int c = 0; c < 4; c++) {
            const int32_t from = quads[4 * q + c], to = quads[4 * q + (c + 1) % 4];
            for (int slot = 0; slot < 8; slot++)
                if (out[from][slot] == 0) {
                    out[from][slot] = to + 1;
                    break;
                }
        }
    for (int v = 0; v < cage_count; v++) {
        following[v] = -1;
        for (int slot = 0; slot < 8 && out[v][slot]; slot++) {
            const int32_t to = out[v][slot] - 1;
            bool has_twin = false;
            for (int back = 0; back < 8; back++)
                has_twin = has_twin || out[to][back] == v + 1;
            if (!has_twin)
                following[v] = to;
        }
    }
    *next = following;
    return true;
}

/* The vertices of the open edge in its order. */
static bool find_ring(const int32_t *next, int cage_count, int32_t ring[MAX_RING], int *count, df_error *err)
{
    int open = 0, first = -1, n = 0;
    for (int v = 0; v < cage_count; v++)
        if (next[v] >= 0) {
            open++;
            first = v;
        }
    for (int v = first; v >= 0 && n < MAX_RING; v = next[v]) {
        ring[n++] = v;
        if (next[v] == first)
            break;
    }
    if (n < 3 || n != open)
        return df_fail(err, "the head's open edge has %d vertices, %d of them in one ring: expected one ring of 3 to %d", open, n,
                       MAX_RING);
    *count = n;
    return true;
}

static void centre_of(const float *rest, const int32_t *ring, int count, float centre[3])
{
    memset(centre, 0, 3 * sizeof *centre);
    for (int i = 0; i < count; i++)
        for (int axis = 0; axis < 3; axis++)
            centre[axis] += rest[3 * ring[i] + axis] / (float)count;
}

/* Where ring `row` passes the neck's vertex `at`. */
static void place(const garment_ring *row, const float at[3], const float centre[3], float out[3])
{
    const float x = at[0] - centre[0], z = at[2] - centre[2], radius = sqrtf(x * x + z * z), cosine = x / radius, sine = z / radius;
    const float body_x = BODY_HALF_WIDTH * cosine, body_z = BODY_HALF_DEPTH * sine - BODY_BACK_BY;
    const float front = sine > 0 ? sine * sine : 0.6f * sine * sine; /* the back slopes less than the chest */
    out[0] = centre[0] + x + row->spread * (body_x - x) + row->outward * cosine;
    out[1] = at[1] - row->side_drop - front * (row->front_drop - row->side_drop);
    out[2] = centre[2] + z + row->spread * (body_z - z) + row->outward * sine;
}

static bool make_vertices(const float *rest, const int32_t *ring, int count, df_arena *arena, face_part *part, df_error *err)
{
    const size_t vertices = (size_t)RINGS * (size_t)count;
    int32_t *refs = df_alloc(arena, vertices, 3 * sizeof *refs, err);
    float *weights = df_alloc(arena, vertices, 3 * sizeof *weights, err), *offsets = df_alloc(arena, vertices, 3 * sizeof *offsets, err);
    float *uv = df_alloc(arena, vertices, 2 * sizeof *uv, err);
    if (!refs || !weights || !offsets || !uv)
        return false;
    float centre[3], place_at[3];
    centre_of(rest, ring, count, centre);
    for (size_t v = 0; v < vertices; v++) {
        const garment_ring *row = &rings[v / (size_t)count];
        const int32_t on = ring[v % (size_t)count];
        place(row, rest + 3 * on, centre, place_at);
        for (int k = 0; k < 3; k++) {
            refs[3 * v + (size_t)k] = on;
            weights[3 * v + (size_t)k] = k == 0 ? 1.0f : 0.0f;
            offsets[3 * v + (size_t)k] = place_at[k] - rest[3 * on + k];
        }
        uv[2 * v] = (float)(v % (size_t)count) / (float)count;
        uv[2 * v + 1] = row->v;
    }
    part->vertex_count = (int)vertices;
    part->refs = refs;
    part->weights = weights;
    part->offsets = offsets;
    part->uv = uv;
    return true;
}

static bool make_triangles(int count, df_arena *arena, face_part *part, df_error *err)
{
    const int faces = 2 * (RINGS - 1) * count;
    int32_t *triangles = df_alloc(arena, (size_t)faces, 3 * sizeof *triangles, err);
    uint8_t *regions = df_alloc(arena, (size_t)faces, 1, err);
    if (!triangles || !regions)
        return false;
    for (int r = 0; r + 1 < RINGS; r++)
        for (int i = 0; i < count; i++) {
            /* The open edge runs with the skin on its left, so the next ring lies on its right. */
            const int32_t a = r * count + i, b = r * count + (i + 1) % count, c = a + count, d = b + count;
            const int32_t two[6] = {b, a, c, b, c, d};
            memcpy(triangles + 6 * (size_t)(r * count + i), two, sizeof two);
        }
    memset(regions, FACE_CLOTHES, (size_t)faces);
    part->triangle_count = faces;
    part->triangles = triangles;
    part->regions = regions;
    return true;
}

bool garment_make(const int32_t *quads, int quad_count, const float *rest, int cage_count, df_arena *arena, face_part *out, df_error *err)
{
    int32_t *next, ring[MAX_RING];
    int count = 0;
    face_part part = {.name = "shirt", .kind = FACE_PART_CLOTHES, .texture = -1};
    if (!open_edges(quads, quad_count, cage_count, arena, &next, err) || !find_ring(next, cage_count, ring, &count, err) ||
        !make_vertices(rest, ring, count, arena, &part, err) || !make_triangles(count, arena, &part, err))
        return false;
    *out = part;
    return true;
}
