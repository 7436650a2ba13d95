/* identity_modes.c: reads the quantised modes and makes rows of the whole cage of them. Helpers follow the skin: each is a weighted
   mean of skin vertices. */
#include "face/identity_modes.h"

#include <math.h>
#include <string.h>

#include "tensor/npz.h"

enum { MOST_MODES = 256, FILE_LIMIT = 16 << 20, NEAREST = 8, LIDS = 6, RIGHT_LIDS = 36, LEFT_LIDS = 42, MOUTH = 48, MOUTH_COUNT = 20 };

/* Near an eye the skin moves more with the ball than the modes say, or lids would lift off it and the ball show through them. */
static const float lid_depth_share = 0.1f,
                   lid_width_share = 0.7f;            /* of a mode's own motion kept at the rim of the lids, along z; along x and y */
static const float lid_near_mm = 14, lid_far_mm = 30; /* from the centre of the eye opening: where that begins and ends */

typedef struct follower { /* a helper's skin vertices and their weights, which sum to 1 */
    int32_t vertex[MOUTH_COUNT];
    float weight[MOUTH_COUNT];
    int count;
} follower;

static float distance_squared(const float *a, const float *b)
{
    const float x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
    return x * x + y * y + z * z;
}

/* All equally: a rigid shift. */
static follower follow_all(const int32_t *vertices, int count)
{
    follower out = {.count = count};
    for (int i = 0; i < count; i++) {
        out.vertex[i] = vertices[i];
        out.weight[i] = 1 / (float)count;
    }
    return out;
}

/* The nearest skin vertices, by inverse distance. */
static follower follow_nearest(const makehuman_head *head, const float *point)
{
    follower out = {0};
    float distance[NEAREST] = {0};
    for (int32_t v = 0; v < head->skin_count; v++) {
        const float d = distance_squared(point, head->rest + 3 * (size_t)v);
        if (out.count == NEAREST && d >= distance[NEAREST - 1])
            continue;
        int place = out.count < NEAREST ? out.count++ : NEAREST - 1;
        for (; place > 0 && distance[place - 1] > d; place--) {
            distance[place] = distance[place - 1];
            out.vertex[place] = out.vertex[place - 1];
        }
        distance[place] = d;
        out.vertex[place] = v;
    }
    float sum = 0;
    for (int i = 0; i < out.count; i++)
        sum += out.weight[i] = 1 / (1 + sqrtf(distance[i]));
    for (int i = 0; i < out.count; i++)
        out.weight[i] /= sum;
    return out;
}

static bool is_between(int base, int first, int end)
{
    return base >= first && base < end;
}

static follower follower_of(const makehuman_head *head, const int32_t landmarks[FACE_LANDMARKS], int cage)
{
    const int base = head->base[cage];
    const int left_end = MAKEHUMAN_EYES + (MAKEHUMAN_EYES_END - MAKEHUMAN_EYES) / 2;
    if (is_between(base, MAKEHUMAN_EYES, left_end) || is_between(base, MAKEHUMAN_EYE_CUBES, MAKEHUMAN_EYE_CUBES + MAKEHUMAN_CUBE))
        return follow_all(landmarks + LEFT_LIDS, LIDS);
    if (is_between(base, left_end, MAKEHUMAN_EYES_END) ||
        is_between(base, MAKEHUMAN_EYE_CUBES + MAKEHUMAN_CUBE, MAKEHUMAN_EYE_CUBES + 2 * MAKEHUMAN_CUBE))
        return follow_all(landmarks + RIGHT_LIDS, LIDS);
    if (is_between(base, MAKEHUMAN_TONGUE, MAKEHUMAN_TONGUE_END) || is_between(base, MAKEHUMAN_TEETH, MAKEHUMAN_TEETH_END))
        return follow_all(landmarks + MOUTH, MOUTH_COUNT);
    return follow_nearest(head, head->rest + 3 * (size_t)cage);
}

static bool read_table(const char *path, int skin_count, df_arena *arena, const int8_t **modes, const float **scale, int *count,
                       df_error *err)
{
    df_bytes bytes;
    tensor_list list;
    if (!df_file_read(path, FILE_LIMIT, arena, &bytes, err))
        return false;
    if (!npz_parse(bytes, arena, &list, err))
        return df_fail_in(err, "%s", path);
    const tensor *found = tensor_expect(&list, "modes", TENSOR_I8, 3, (int64_t[]){-1, skin_count, 3}, err);
    if (!found || found->shape[0] < 1 || found->shape[0] > MOST_MODES)
        return found ? df_fail(err, "%s: %lld modes, expected 1 to %d", path, (long long)found->shape[0], MOST_MODES)
                     : df_fail_in(err, "%s", path);
    const tensor *steps = tensor_expect(&list, "scale", TENSOR_F32, 1, found->shape, err);
    if (!steps)
        return df_fail_in(err, "%s", path);
    *modes = found->data;
    *scale = steps->data;
    *count = (int)found->shape[0];
    for (int i = 0; i < *count; i++)
        if (!((*scale)[i] > 0 && (*scale)[i] < 1))
            return df_fail(err, "%s: scale of mode %d is %g, expected 0 to 1 mm", path, i, (double)(*scale)[i]);
    return true;
}

/* How much of its own motion a skin vertex keeps beside an eye: 1 far from it. */
static float own_share(float distance, float rim)
{
    const float t = fminf(1, fmaxf(0, (distance - lid_near_mm) / (lid_far_mm - lid_near_mm)));
    return rim + (1 - rim) * t * t * (3 - 2 * t);
}

static void mean_of(const float *row, const int32_t *vertices, int count, float out[3])
{
    for (int axis = 0; axis < 3; axis++) {
        out[axis] = 0;
        for (int i = 0; i < count; i++)
            out[axis] += row[3 * (size_t)vertices[i] + (size_t)axis] / (float)count;
    }
}

static void hold_lids(const makehuman_head *head, const int32_t *lids, float *row)
{
    float motion[3], centre[3];
    mean_of(row, lids, LIDS, motion);
    mean_of(head->rest, lids, LIDS, centre);
    for (size_t v = 0; v < (size_t)head->skin_count; v++) {
        const float distance = sqrtf(distance_squared(head->rest + 3 * v, centre));
        if (distance >= lid_far_mm)
            continue;
        for (size_t axis = 0; axis < 3; axis++) {
            float *d = row + 3 * v + axis;
            *d = motion[axis] + own_share(distance, axis == 2 ? lid_depth_share : lid_width_share) * (*d - motion[axis]);
        }
    }
}

static void carry_on(const makehuman_head *head, const follower *followers, float *row)
{
    for (int i = head->skin_count; i < head->cage_count; i++) {
        const follower *f = &followers[i - head->skin_count];
        for (size_t axis = 0; axis < 3; axis++) {
            float sum = 0;
            for (int j = 0; j < f->count; j++)
                sum += f->weight[j] * row[3 * (size_t)f->vertex[j] + axis];
            row[3 * (size_t)i + axis] = sum;
        }
    }
}

bool identity_modes_read(const char *path, const makehuman_head *head, df_arena *arena, float **rows, int *count, df_error *err)
{
    const int8_t *modes = NULL;
    const float *scale = NULL;
    int n = 0;
    if (!read_table(path, head->skin_count, arena, &modes, &scale, &n, err))
        return false;
    const size_t helpers = (size_t)(head->cage_count - head->skin_count), skin = 3 * (size_t)head->skin_count,
                 cage = 3 * (size_t)head->cage_count;
    follower *followers = df_alloc(arena, helpers, sizeof *followers, err);
    float *made = followers ? df_alloc(arena, (size_t)n * cage, sizeof *made, err) : NULL;
    if (!made)
        return false;
    int32_t landmarks[FACE_LANDMARKS];
    makehuman_landmarks(head, landmarks);
    for (size_t i = 0; i < helpers; i++)
        followers[i] = follower_of(head, landmarks, head->skin_count + (int)i);
    for (size_t k = 0; k < (size_t)n; k++) {
        float *row = made + k * cage;
        for (size_t i = 0; i < skin; i++)
            row[i] = scale[k] * (float)modes[k * skin + i];
        hold_lids(head, landmarks + RIGHT_LIDS, row);
        hold_lids(head, landmarks + LEFT_LIDS, row);
        carry_on(head, followers, row);
    }
    *rows = made;
    *count = n;
    return true;
}
