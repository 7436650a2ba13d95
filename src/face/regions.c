/* regions.c: rules from the most particular to the most general; the first that holds gives a quad its region. */
#include "face/regions.h"

#include <math.h>
#include <string.h>

#include "face/skin_albedo.h"

enum {
    LIPS = 48,
    LIPS_COUNT = 12,
    LIDS = 6,
    RIGHT_LIDS = 36,
    LEFT_LIDS = 42,
    BRIDGE = 27,
    RIGHT_ALA = 31,
    SEPTUM = 33,
    LEFT_ALA = 35,
    CHIN = 8,
    SMOOTHINGS = 6
};

typedef struct rules {
    const region_evidence *e;
    int32_t landmarks[FACE_LANDMARKS];
    float *ear;   /* [cage] mm that the ear targets move it */
    float *scalp; /* [fine] painted darkness: 0 bare, above 1 hair */
} rules;

typedef struct place {
    float p[3], uv[2]; /* the quad's middle */
    int coarse;        /* the quad of the cage that it is part of */
    float scalp;
} place;

static const float *landmark(const rules *r, int index)
{
    return r->e->rest + 3 * (size_t)r->landmarks[index];
}

/* Moved by the ear targets, which pull at the cheek too, and within a tilted ellipse about the ear seen from the side. */
static bool is_ear(const rules *r, const place *at)
{
    int moved = 0;
    for (int k = 0; k < 4; k++)
        moved += r->ear[r->e->head->quads[4 * at->coarse + k]] > 0.4f;
    const float middle_y = -1, middle_z = 6, half_height = 33, half_width = 19, lean = 0.2f;
    const float y = (at->p[1] - middle_y) / half_height, z = (at->p[2] - middle_z + lean * (at->p[1] - middle_y)) / half_width;
    return moved >= 3 && y * y + z * z < 1;
}

/* Seen from the front, inside the polygon of the outer lips. */
static bool is_lips(const rules *r, const place *at)
{
    bool inside = false;
    for (int i = 0, j = LIPS_COUNT - 1; i < LIPS_COUNT; j = i++) {
        const float *a = landmark(r, LIPS + i), *b = landmark(r, LIPS + j);
        if ((a[1] > at->p[1]) != (b[1] > at->p[1]) && at->p[0] < (b[0] - a[0]) * (at->p[1] - a[1]) / (b[1] - a[1]) + a[0])
            inside = !inside;
    }
    return inside && at->p[2] > landmark(r, LIPS)[2] - 12;
}

static bool is_lid(const rules *r, const place *at, int first)
{
    const float *outer = landmark(r, first), *inner = landmark(r, first + 3);
    const float half_width = fabsf(outer[0] - inner[0]) / 2, middle[2] = {(outer[0] + inner[0]) / 2, (outer[1] + inner[1]) / 2 + 2};
    const float x = (at->p[0] - middle[0]) / (1.25f * half_width), y = (at->p[1] - middle[1]) / 11;
    return x * x + y * y < 1 && at->p[2] > outer[2] - 15;
}

/* Half the nose's width (of the distance between the wings' landmarks) along its length, from bridge (0) to septum (1). */
static float nose_width(float t)
{
    static const struct {
        float t, width;
    } knots[] = {{0, 0.33f}, {0.45f, 0.38f}, {0.75f, 0.80f}, {0.93f, 0.82f}, {1, 0.60f}};
    size_t i = 1;
    while (i < DF_ARRAY_LEN(knots) - 1 && t > knots[i].t)
        i++;
    return knots[i - 1].width + (knots[i].width - knots[i - 1].width) * (t - knots[i - 1].t) / (knots[i].t - knots[i - 1].t);
}

static bool is_nose(const rules *r, const place *at)
{
    const float top = landmark(r, BRIDGE)[1] + 2, bottom = landmark(r, SEPTUM)[1] + 1;
    const float wings = landmark(r, LEFT_ALA)[0] - landmark(r, RIGHT_ALA)[0], t = (top - at->p[1]) / (top - bottom);
    return t > 0 && t < 1 && fabsf(at->p[0]) < wings * nose_width(t) && at->p[2] > landmark(r, RIGHT_ALA)[2] - 22;
}

/* Below a plane from under the chin up to the angles of the jaw, no higher than the ears' lobes. */
static bool is_neck(const rules *r, const place *at)
{
    const float *chin = landmark(r, CHIN);
    const float jaw = chin[1] - 3 + 0.52f * (chin[2] - at->p[2]), lobes = -38;
    return at->p[1] < fminf(jaw, lobes);
}

static bool is_scalp(const place *at)
{
    const bool on_cranium = at->p[1] > 55 || (at->p[2] < 55 && at->p[1] > 5) || (at->p[2] < -5 && at->p[1] > -45);
    return at->scalp > 0.5f && on_cranium;
}

static face_region region_of(const rules *r, const place *at)
{
    if (makehuman_uv_in_mouth(at->uv))
        return FACE_MOUTH;
    if (makehuman_uv_in_socket(at->uv))
        return FACE_EYE_SOCKET;
    if (is_ear(r, at))
        return FACE_EARS;
    if (is_lips(r, at))
        return FACE_LIPS;
    if (is_lid(r, at, RIGHT_LIDS) || is_lid(r, at, LEFT_LIDS))
        return FACE_EYELIDS;
    if (is_nose(r, at))
        return FACE_NOSE;
    if (is_scalp(at))
        return FACE_SCALP;
    return is_neck(r, at) ? FACE_NECK : FACE_SKIN;
}

static bool measure_ears(rules *r, df_arena *arena, df_error *err)
{
    static const char *const names[] = {"ears/l-ear-wing-out", "ears/r-ear-wing-out", "ears/l-ear-size-big", "ears/r-ear-size-big"};
    const makehuman_head *head = r->e->head;
    const size_t n = (size_t)head->cage_count;
    r->ear = df_alloc(arena, n, sizeof *r->ear, err);
    float *row = r->ear ? df_alloc(arena, n, 3 * sizeof *row, err) : NULL;
    for (size_t t = 0; row && t < DF_ARRAY_LEN(names); t++) {
        const int target = makehuman_target_find(r->e->targets, names[t]);
        if (target < 0)
            return df_fail(err, "no target '%s'", names[t]);
        if (!makehuman_target_read(r->e->targets, target, head->base, head->cage_count, row, err))
            return false;
        for (size_t v = 0; v < n; v++)
            r->ear[v] += fabsf(row[3 * v]) + fabsf(row[3 * v + 1]) + fabsf(row[3 * v + 2]);
    }
    return row != NULL;
}

/* How much darker a vertex is painted than the cheek, on the African skins, whose painted hair is the most distinct. */
static bool measure_scalp(rules *r, df_arena *arena, df_error *err)
{
    const size_t fine = (size_t)r->e->sub->vertex_count, skins = 2 * MAKEHUMAN_SKIN_AGES, green = 1;
    const float hair_contrast = 0.13f; /* of display values */
    r->scalp = df_alloc(arena, fine, sizeof *r->scalp, err);
    if (!r->scalp)
        return false;
    const size_t cheek = (size_t)r->landmarks[2];
    for (size_t s = 0; s < skins; s++) {
        const float *row = r->e->painted + s * 3 * fine;
        for (size_t v = 0; v < fine; v++)
            r->scalp[v] += (row[3 * cheek + green] - row[3 * v + green]) / (hair_contrast * (float)skins);
    }
    return true;
}

/* Each vertex becomes the mean of the quads around it: painted hair is full of holes. */
static bool smooth_scalp(rules *r, df_arena *arena, df_error *err)
{
    const size_t fine = (size_t)r->e->sub->vertex_count;
    float *sum = df_alloc(arena, fine, sizeof *sum, err), *count = sum ? df_alloc(arena, fine, sizeof *count, err) : NULL;
    for (int pass = 0; count && pass < SMOOTHINGS; pass++) {
        memset(sum, 0, fine * sizeof *sum);
        memset(count, 0, fine * sizeof *count);
        for (int q = 0; q < r->e->sub->quad_count; q++) {
            const int32_t *quad = r->e->sub->quads + 4 * (size_t)q;
            const float middle = (r->scalp[quad[0]] + r->scalp[quad[1]] + r->scalp[quad[2]] + r->scalp[quad[3]]) / 4;
            for (int k = 0; k < 4; k++) {
                sum[quad[k]] += middle;
                count[quad[k]]++;
            }
        }
        for (size_t v = 0; v < fine; v++)
            r->scalp[v] = sum[v] / count[v];
    }
    return count != NULL;
}

static place middle_of(const rules *r, int quad)
{
    place at = {.coarse = quad / 4};
    for (int k = 0; k < 4; k++) {
        const size_t v = (size_t)r->e->sub->quads[4 * quad + k];
        for (size_t axis = 0; axis < 3; axis++)
            at.p[axis] += r->e->rest[3 * v + axis] / 4;
        for (size_t axis = 0; axis < 2; axis++)
            at.uv[axis] += r->e->uv[2 * v + axis] / 4;
        at.scalp += r->scalp[v] / 4;
    }
    return at;
}

bool skin_regions(const region_evidence *evidence, df_arena *arena, uint8_t *regions, df_error *err)
{
    rules r = {.e = evidence};
    makehuman_landmarks(evidence->head, r.landmarks);
    if (!measure_ears(&r, arena, err) || !measure_scalp(&r, arena, err) || !smooth_scalp(&r, arena, err))
        return false;
    for (int q = 0; q < evidence->sub->quad_count; q++) {
        const place at = middle_of(&r, q);
        regions[2 * q] = regions[2 * q + 1] = (uint8_t)region_of(&r, &at);
    }
    return true;
}
