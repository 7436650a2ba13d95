/* makehuman_head.c: cuts the head off and renumbers it. A slanted cut leaves a clean ring of 42 edges below the chin, where a level
   one would leave a saw edge. */
#include "face/makehuman_head.h"

#include <assert.h>
#include <string.h>

enum { SKIN = 4326, QUADS = 4304 };
static const float origin_dm[3] = {0, 7.1f, 0.45f}; /* between the ears of the base mesh */

/* Base vertices of the landmarks: from a registration to ICT-FaceKit's head, mirrored; eyelids from the ring of the lids. */
static const int32_t landmark_vertices[FACE_LANDMARKS] = {
    870,  867,  5246, 910,  737,  3698, 5294,  5167, 5225,  11780, 11900, 10366, 7457, 7612, 11854, 7572, 7575,                 /* jaw */
    262,  232,  229,  223,  233,                                                                                                /* brows */
    7006, 6997, 7002, 7005, 7031, 133,  131,   164,  294,   360,   314,   343,   7077, 7121,                                    /* nose */
    86,   6762, 1073, 4892, 6772, 36,   11510, 7765, 13358, 6870,  6820,  13368,                                                /* eyes */
    369,  410,  456,  455,  7215, 7170, 7129,  7233, 7239,  496,   484,   478,   426,  515,  520,   7262, 7186, 7265, 540, 518, /* mouth */
};

static bool is_above_cut(const makehuman_mesh *mesh, const int32_t quad[4])
{
    for (int k = 0; k < 4; k++) {
        const float *p = mesh->vertices + 3 * (size_t)quad[k];
        if (quad[k] >= MAKEHUMAN_BODY || !(p[1] + 0.3f * p[2] > 5.8f))
            return false;
    }
    return true;
}

typedef struct range {
    int first, end;
} range;

static const range helpers[] = {
    {MAKEHUMAN_TONGUE, MAKEHUMAN_TONGUE_END},
    {MAKEHUMAN_EYES, MAKEHUMAN_TEETH_END},
    {MAKEHUMAN_HAIR, MAKEHUMAN_HAIR_END},
    {MAKEHUMAN_EYE_CUBES, MAKEHUMAN_EYE_CUBES + 2 * MAKEHUMAN_CUBE},
};

/* Numbers the wanted vertices: cage_of[wanted] becomes 0, 1, ... and base the inverse. */
static void number_vertices(makehuman_head *head, int32_t *cage_of, int32_t *base)
{
    int count = 0;
    for (int v = 0; v < MAKEHUMAN_BODY; v++)
        if (cage_of[v] >= 0) {
            base[count] = v;
            cage_of[v] = count++;
        }
    head->skin_count = count;
    for (size_t r = 0; r < DF_ARRAY_LEN(helpers); r++)
        for (int v = helpers[r].first; v < helpers[r].end; v++) {
            base[count] = v;
            cage_of[v] = count++;
        }
    head->cage_count = count;
}

static void select_quads(const makehuman_mesh *mesh, makehuman_head *head, int32_t *cage_of, int32_t *quads, int32_t *quads_uv)
{
    for (int v = 0; v < MAKEHUMAN_VERTICES; v++)
        cage_of[v] = -1;
    for (int q = 0; q < mesh->quad_count; q++) {
        const int32_t *quad = mesh->quads + 4 * (size_t)q;
        if (!is_above_cut(mesh, quad))
            continue;
        memcpy(quads + 4 * (size_t)head->quad_count, quad, 4 * sizeof *quads);
        memcpy(quads_uv + 4 * (size_t)head->quad_count, mesh->quads_uv + 4 * (size_t)q, 4 * sizeof *quads);
        head->quad_count++;
        for (int k = 0; k < 4; k++)
            cage_of[quad[k]] = 0; /* wanted */
    }
}

static bool rest_shape(const makehuman_mesh *mesh, makehuman_head *head, df_arena *arena, df_error *err)
{
    float *rest = df_alloc(arena, (size_t)head->cage_count, 3 * sizeof *rest, err);
    int32_t *rigid = rest ? df_alloc(arena, (size_t)head->skin_count, sizeof *rigid, err) : NULL;
    if (!rigid)
        return false;
    for (int i = 0; i < head->cage_count; i++) {
        const float *p = mesh->vertices + 3 * (size_t)head->base[i];
        for (int axis = 0; axis < 3; axis++)
            rest[3 * i + axis] = (p[axis] - origin_dm[axis]) * MAKEHUMAN_MM_PER_DM;
        if (i < head->skin_count && p[1] > 6.6f && p[2] > 0.2f) /* the neck and the back of the head bend and vary */
            rigid[head->rigid_count++] = i;
    }
    head->rest = rest;
    head->rigid = rigid;
    return true;
}

bool makehuman_head_cut(const makehuman_mesh *mesh, df_arena *arena, makehuman_head *out, df_error *err)
{
    if (mesh->vertex_count != MAKEHUMAN_VERTICES)
        return df_fail(err, "base mesh: %d vertices, expected %d", mesh->vertex_count, MAKEHUMAN_VERTICES);
    makehuman_head head = {0};
    int32_t *cage_of = df_alloc(arena, MAKEHUMAN_VERTICES, sizeof *cage_of, err),
            *base = df_alloc(arena, MAKEHUMAN_VERTICES, sizeof *base, err);
    int32_t *quads = df_alloc(arena, 4 * (size_t)mesh->quad_count, sizeof *quads, err);
    int32_t *quads_uv = df_alloc(arena, 4 * (size_t)mesh->quad_count, sizeof *quads_uv, err);
    if (!cage_of || !base || !quads || !quads_uv)
        return false;
    select_quads(mesh, &head, cage_of, quads, quads_uv);
    number_vertices(&head, cage_of, base);
    if (head.skin_count != SKIN || head.quad_count != QUADS)
        return df_fail(err, "base mesh: a head of %d vertices and %d quads, expected %d and %d", head.skin_count, head.quad_count, SKIN,
                       QUADS);
    for (int i = 0; i < 4 * QUADS; i++)
        quads[i] = cage_of[quads[i]];
    head.cage_of = cage_of;
    head.base = base;
    head.quads = quads;
    head.quads_uv = quads_uv;
    if (!rest_shape(mesh, &head, arena, err))
        return false;
    *out = head;
    return true;
}

int32_t makehuman_cage_vertex(const makehuman_head *head, int base_vertex)
{
    const int32_t cage = head->cage_of[base_vertex];
    assert(cage >= 0);
    return cage;
}

void makehuman_landmarks(const makehuman_head *head, int32_t landmarks[FACE_LANDMARKS])
{
    for (int i = 0; i < FACE_LANDMARKS; i++)
        landmarks[i] = makehuman_cage_vertex(head, landmark_vertices[i]);
}

bool makehuman_uv_in_mouth(const float uv[2])
{
    return uv[0] > 0.75f && uv[0] < 0.95f && uv[1] < 0.145f;
}

bool makehuman_uv_in_socket(const float uv[2])
{
    return uv[0] < 0.16f && uv[1] > 0.53f && uv[1] < 0.65f;
}
