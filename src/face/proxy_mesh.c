/* proxy_mesh.c: from a proxy's quads with uvs at their corners to triangles with one uv a vertex. */
#include "face/proxy_mesh.h"

#include <math.h>
#include <string.h>

enum { BALL = 276, RIGHT = 1, LEFT = 2 };
static const float iris_degrees = 24;                 /* half the angle that the painted iris has from the ball's centre */
static const float cornea_degrees = 30;               /* where the cornea leaves the ball */
static const float ball_mm = 14.5f, cornea_mm = 1.5f; /* radius, and what the cornea stands out */

/* Vertices of the base mesh between which distances scale a proxy's offsets along x, y and z. */
static const int32_t scale_vertices[3][2] = {{5399, 11998}, {791, 881}, {962, 5320}};

typedef struct splitter {
    const makehuman_mesh *mesh;
    int count;
    int32_t *vertex, *uv; /* [count] of the split vertices */
    int32_t *first;       /* [mesh vertices] first split vertex, -1 */
    int32_t *next;        /* [count] next of the same mesh vertex, -1 */
} splitter;

/* The split vertex for a corner, made when it is new. */
static int32_t corner_vertex(splitter *s, int32_t vertex, int32_t uv)
{
    int32_t *link = &s->first[vertex];
    while (*link >= 0) {
        if (s->uv[*link] == uv)
            return *link;
        link = &s->next[*link];
    }
    const int32_t made = s->count++;
    *link = made;
    s->vertex[made] = vertex;
    s->uv[made] = uv;
    s->next[made] = -1;
    return made;
}

static bool splitter_new(splitter *s, const makehuman_mesh *mesh, df_arena *arena, df_error *err)
{
    const size_t most = 4 * (size_t)mesh->quad_count;
    s->mesh = mesh;
    s->vertex = df_alloc(arena, most, sizeof *s->vertex, err);
    s->uv = s->vertex ? df_alloc(arena, most, sizeof *s->uv, err) : NULL;
    s->next = s->uv ? df_alloc(arena, most, sizeof *s->next, err) : NULL;
    s->first = s->next ? df_alloc(arena, (size_t)mesh->vertex_count, sizeof *s->first, err) : NULL;
    for (int i = 0; s->first && i < mesh->vertex_count; i++)
        s->first[i] = -1;
    return s->first != NULL;
}

/* Triangles of the wanted quads; quads with a doubled corner give one. */
static bool split(splitter *s, const bool *wanted, df_arena *arena, face_part *part, df_error *err)
{
    const makehuman_mesh *mesh = s->mesh;
    int32_t *triangles = df_alloc(arena, 6 * (size_t)mesh->quad_count, sizeof *triangles, err);
    if (!triangles)
        return false;
    for (int q = 0; q < mesh->quad_count; q++) {
        const int32_t *quad = mesh->quads + 4 * (size_t)q, *quad_uv = mesh->quads_uv + 4 * (size_t)q;
        if (wanted && !wanted[quad[0]])
            continue;
        for (int half = 1; half <= 2; half++) {
            if (quad[0] == quad[half] || quad[half] == quad[half + 1] || quad[half + 1] == quad[0])
                continue;
            int32_t *to = triangles + 3 * (size_t)part->triangle_count++;
            to[0] = corner_vertex(s, quad[0], quad_uv[0]);
            to[1] = corner_vertex(s, quad[half], quad_uv[half]);
            to[2] = corner_vertex(s, quad[half + 1], quad_uv[half + 1]);
        }
    }
    part->triangles = triangles;
    part->vertex_count = s->count;
    return true;
}

static bool hang(const splitter *s, const makehuman_head *head, df_arena *arena, face_part *part, df_error *err)
{
    const size_t n = (size_t)s->count;
    int32_t *refs = df_alloc(arena, n, 3 * sizeof *refs, err);
    float *weights = refs ? df_alloc(arena, n, 3 * sizeof *weights, err) : NULL;
    float *offsets = weights ? df_alloc(arena, n, 3 * sizeof *offsets, err) : NULL;
    float *uv = offsets ? df_alloc(arena, n, 2 * sizeof *uv, err) : NULL;
    if (!uv)
        return false;
    for (size_t i = 0; i < n; i++) {
        const size_t from = (size_t)s->vertex[i];
        for (size_t j = 0; j < 3; j++) {
            const int32_t base = s->mesh->refs[3 * from + j], cage = head->cage_of[base];
            const float weight = s->mesh->weights[3 * from + j];
            if (cage < 0 && weight != 0)
                return df_fail(err, "vertex %zu hangs on vertex %d of the base mesh, which is not in the head", from, (int)base);
            refs[3 * i + j] = cage < 0 ? 0 : cage;
            weights[3 * i + j] = weight;
            offsets[3 * i + j] = s->mesh->offsets[3 * from + j] * MAKEHUMAN_MM_PER_DM;
        }
        memcpy(uv + 2 * i, s->mesh->uv + 2 * (size_t)s->uv[i], 2 * sizeof *uv);
    }
    part->refs = refs;
    part->weights = weights;
    part->offsets = offsets;
    part->uv = uv;
    for (int axis = 0; axis < 3; axis++)
        for (int end = 0; end < 2; end++)
            part->scale_refs[axis][end] = makehuman_cage_vertex(head, scale_vertices[axis][end]);
    return true;
}

static void rest_position(const face_part *part, const makehuman_head *head, size_t i, float out[3])
{
    for (int axis = 0; axis < 3; axis++) {
        out[axis] = part->offsets[3 * i + (size_t)axis];
        for (size_t j = 0; j < 3; j++)
            out[axis] += part->weights[3 * i + j] * head->rest[3 * (size_t)part->refs[3 * i + j] + (size_t)axis];
    }
}

static void regions_by_uv(const face_part *part, const float (*lens)[4], int lens_count, uint8_t *regions)
{
    for (size_t t = 0; t < (size_t)part->triangle_count; t++) {
        float middle[2] = {0};
        for (int c = 0; c < 3; c++)
            for (size_t axis = 0; axis < 2; axis++)
                middle[axis] += part->uv[2 * (size_t)part->triangles[3 * t + (size_t)c] + axis] / 3;
        regions[t] = (uint8_t)face_part_rows[part->kind].region;
        for (int i = 0; i < lens_count; i++)
            if (middle[0] > lens[i][0] && middle[1] > lens[i][1] && middle[0] < lens[i][2] && middle[1] < lens[i][3])
                regions[t] = FACE_LENS;
    }
}

/* Sets of connected vertices, by following links to a common root. */
static int32_t root_of(int32_t *parent, int32_t v)
{
    while (parent[v] != v)
        v = parent[v] = parent[parent[v]];
    return v;
}

/* wanted[v]: vertex v belongs to a ball, not to a cornea. */
static bool find_balls(const makehuman_mesh *mesh, df_arena *arena, bool **wanted, df_error *err)
{
    int32_t *parent = df_alloc(arena, (size_t)mesh->vertex_count, sizeof *parent, err);
    int32_t *size = parent ? df_alloc(arena, (size_t)mesh->vertex_count, sizeof *size, err) : NULL;
    *wanted = size ? df_alloc(arena, (size_t)mesh->vertex_count, sizeof **wanted, err) : NULL;
    if (!*wanted)
        return false;
    for (int32_t v = 0; v < mesh->vertex_count; v++)
        parent[v] = v;
    for (int i = 0; i < 4 * mesh->quad_count; i++)
        parent[root_of(parent, mesh->quads[i])] = root_of(parent, mesh->quads[i / 4 * 4]);
    for (int32_t v = 0; v < mesh->vertex_count; v++)
        size[root_of(parent, v)]++;
    int balls = 0;
    for (int32_t v = 0; v < mesh->vertex_count; v++) {
        (*wanted)[v] = size[root_of(parent, v)] == BALL;
        balls += (*wanted)[v];
    }
    return balls == 2 * BALL || df_fail(err, "%d vertices in eyeballs, expected two of %d", balls, BALL);
}

static void eye_centre(const makehuman_head *head, int eye, float out[3])
{
    const int cube = MAKEHUMAN_EYE_CUBES + (eye == RIGHT ? MAKEHUMAN_CUBE : 0);
    for (int axis = 0; axis < 3; axis++) {
        out[axis] = 0;
        for (int i = 0; i < MAKEHUMAN_CUBE; i++)
            out[axis] += head->rest[3 * (size_t)makehuman_cage_vertex(head, cube + i) + (size_t)axis] / MAKEHUMAN_CUBE;
    }
}

/* Angle in degrees between the eye's axis and vertex i; *radius in mm. */
static float angle_from_axis(const face_part *part, const makehuman_head *head, size_t i, float *radius)
{
    float p[3], centre[3];
    rest_position(part, head, i, p);
    eye_centre(head, part->eye[i], centre);
    const float x = p[0] - centre[0], y = p[1] - centre[1], z = p[2] - centre[2];
    *radius = sqrtf(x * x + y * y + z * z);
    return atan2f(sqrtf(x * x + y * y), z) * 57.29578f;
}

/* The ball is hollow where the iris lies, behind a cornea of its own. Drawn without refraction an iris on the cornea's surface looks
   the same, and lamps are mirrored where they should be. */
static void raise_iris(const makehuman_head *head, face_part *part, const uint8_t *eye, float *offsets)
{
    for (size_t i = 0; i < (size_t)part->vertex_count; i++) {
        float radius, p[3], centre[3];
        const float angle = angle_from_axis(part, head, i, &radius), t = angle / cornea_degrees;
        if (t >= 1)
            continue;
        rest_position(part, head, i, p);
        eye_centre(head, eye[i], centre);
        const float wanted = ball_mm + cornea_mm * (1 - t * t);
        for (size_t axis = 0; axis < 3; axis++)
            offsets[3 * i + axis] += (p[axis] - centre[axis]) * (wanted / radius - 1);
    }
}

static bool make_eyes(const makehuman_head *head, df_arena *arena, face_part *part, uint8_t *regions, df_error *err)
{
    const size_t n = (size_t)part->vertex_count;
    uint8_t *eye = df_alloc(arena, n, 1, err);
    float *offsets = eye ? df_copy(arena, part->offsets, 3 * n * sizeof *offsets, err) : NULL;
    if (!offsets)
        return false;
    for (size_t i = 0; i < n; i++) {
        float p[3];
        rest_position(part, head, i, p);
        eye[i] = p[0] < 0 ? RIGHT : LEFT;
    }
    part->eye = eye;
    for (size_t t = 0; t < (size_t)part->triangle_count; t++) {
        float radius, sum = 0;
        for (size_t c = 0; c < 3; c++)
            sum += angle_from_axis(part, head, (size_t)part->triangles[3 * t + c], &radius);
        if (sum / 3 < iris_degrees)
            regions[t] = FACE_IRIS;
    }
    raise_iris(head, part, eye, offsets);
    part->offsets = offsets;
    return true;
}

bool proxy_part(const makehuman_mesh *mesh, const makehuman_head *head, const float (*lens)[4], int lens_count, df_arena *arena,
                face_part *part, df_error *err)
{
    splitter s = {0};
    bool *wanted = NULL;
    const bool is_eyes = part->kind == FACE_PART_EYES;
    if ((is_eyes && !find_balls(mesh, arena, &wanted, err)) || !splitter_new(&s, mesh, arena, err) ||
        !split(&s, wanted, arena, part, err) || !hang(&s, head, arena, part, err))
        return false;
    uint8_t *regions = df_alloc(arena, (size_t)part->triangle_count, 1, err);
    if (!regions)
        return false;
    regions_by_uv(part, lens, lens_count, regions);
    part->regions = regions;
    return !is_eyes || make_eyes(head, arena, part, regions, err);
}
