/* skin_albedo.c: the palette: painted skins, then what melanin and blood do to albedo, over the whole head, in slow random patterns
   and at the places where faces have more of either. */
#include "face/skin_albedo.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "face/makehuman_head.h"
#include "image/colour.h"
#include "image/image_file.h"

enum { PATH_ROOM = 4096 };

/* Change of log albedo (red, green, blue) for one unit of a pigment. */
static const float melanin[3] = {-0.61f, -0.95f, -1.46f}, blood[3] = {0.05f, -0.75f, -0.55f}, stubble[3] = {-0.8f, -0.75f, -0.65f};
static const float darkest = 0.003f, brightest = 0.95f; /* linear albedo */

static const char *const age_names[MAKEHUMAN_SKIN_AGES] = {"young", "middleage", "old"};

/* What varies from head to head: mean and standard deviation of a pigment's amount. */
static const float tone_melanin = 0.16f, tone_melanin_african = 0.14f; /* the darker a group, the wider its range */
static const float tone_blood = 0.05f, blotch_melanin = 0.035f, blotch_blood = 0.045f;

/* Mean albedo of the face: linear green of each group on the measured curve. Faces are some 10 % darker than the inner forearm, and
   men's than women's. */
static const float measured_mean[3] = {0.451f, 0.274f, 0.185f}, measured_slope[3] = {0.64f, 1, 1.54f};
static const float group_green[MAKEHUMAN_GROUPS] = {0.066f, 0.27f, 0.29f};
static const float gender_share[2] = {1.04f, 0.96f};

typedef struct blob {
    float centre[3], radius; /* mm, in the base mesh's axes; mirrored where x is not 0 */
    const float *pigment;
    float mean, spread;
} blob;

enum { CHEEKS, NOSE, LIPS, UNDER_EYES, BEARD, FRECKLES };
static const blob blobs[SKIN_BLOBS] = {
    [CHEEKS] = {{45, -15, 75}, 22, blood, 0.03f, 0.05f}, [NOSE] = {{0, -15, 115}, 14, blood, 0.03f, 0.05f},
    [LIPS] = {{0, -49, 110}, 11, blood, 0.0f, 0.12f},    [UNDER_EYES] = {{31, 3, 90}, 11, melanin, 0.06f, 0.06f},
    [BEARD] = {{0, -75, 75}, 48, stubble, 0.10f, 0.10f}, [FRECKLES] = {{30, -12, 85}, 34, melanin, 0.25f, 0.10f},
};
static const float freckled_share = 0.2f;

static void blob_amount(const blob *place, const float *positions, int count, float *amount)
{
    for (size_t i = 0; i < (size_t)count; i++) {
        const float x = place->centre[0] > 0 ? fabsf(positions[3 * i]) : positions[3 * i];
        const float d[3] = {x - place->centre[0], positions[3 * i + 1] - place->centre[1], positions[3 * i + 2] - place->centre[2]};
        amount[i] = expf(-(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) / (2 * place->radius * place->radius));
    }
}

/* Linear colour at (u, v), between the four texels around it. */
static void sample(const image *skin, const float uv[2], float rgb[3])
{
    const float x = uv[0] * (float)skin->width - 0.5f, y = (1 - uv[1]) * (float)skin->height - 0.5f;
    const float fx = x - floorf(x), fy = y - floorf(y);
    const uint8_t *texels = skin->data;
    const float *linear = srgb_table();
    for (int c = 0; c < 3; c++)
        rgb[c] = 0;
    for (int corner = 0; corner < 4; corner++) {
        const int column = (int)floorf(x) + corner % 2, row = (int)floorf(y) + corner / 2;
        const int i = column < 0              ? 0
                      : column >= skin->width ? skin->width - 1
                                              : column,
                  j = row < 0               ? 0
                      : row >= skin->height ? skin->height - 1
                                            : row;
        const float weight = (corner % 2 ? fx : 1 - fx) * (corner / 2 ? fy : 1 - fy);
        for (int c = 0; c < 3; c++)
            rgb[c] += weight * linear[texels[((size_t)j * (size_t)skin->width + (size_t)i) * (size_t)skin->channels + (size_t)c]];
    }
}

static bool painted_row(const char *path, const float *uv, int count, df_arena *arena, float *row, df_error *err)
{
    image skin = {0};
    if (!image_read_file(path, &skin, arena, err))
        return false;
    if (skin.channels < 3 || skin.type != IMAGE_U8)
        return df_fail(err, "%s: expected a colour image of 8 bit", path);
    for (size_t i = 0; i < (size_t)count; i++)
        sample(&skin, uv + 2 * i, row + 3 * i);
    return true;
}

/* The one PNG in a skin's folder of textures. */
static bool skin_path(const char *assets, const char *group, const char *gender, const char *age, df_arena *arena, char *path,
                      df_error *err)
{
    char folder[PATH_ROOM];
    char **names;
    size_t count;
    const int length = snprintf(folder, sizeof folder, "%s/public/data/skins/%s_%s_%s/textures", assets, age, group, gender);
    if (length < 0 || length >= PATH_ROOM)
        return df_fail(err, "%.80s...: path too long", assets);
    if (!df_folder_list(folder, arena, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strstr(names[i], "_diffuse"))
            return df_path_join(path, PATH_ROOM, folder, names[i], err);
    return df_fail(err, "%s: no '...diffuse.png'", folder);
}

/* Brings the mean, weighted by where [count], to the measured colour of the group by a factor for each channel; then encodes. */
static void recolour(const float *where, int count, int group, int gender, float *row)
{
    const float level = logf(group_green[group] * gender_share[gender] / measured_mean[1]);
    for (size_t c = 0; c < 3; c++) {
        double sum = 0, weight = 0;
        for (size_t i = 0; i < (size_t)count; i++) {
            sum += (double)(where[i] * row[3 * i + c]);
            weight += (double)where[i];
        }
        const float gain = measured_mean[c] * expf(measured_slope[c] * level) / (float)(sum / weight);
        for (size_t i = 0; i < (size_t)count; i++)
            row[3 * i + c] = linear_to_srgb(fminf(brightest, fmaxf(darkest, gain * row[3 * i + c])));
    }
}

/* Cheeks and forehead, which bear the face's plain colour. */
static float *plain_places(const float *uv, const float *positions, int count, df_arena *arena, df_error *err)
{
    static const blob forehead = {{0, 62, 95}, 20, NULL, 0, 0};
    float *where = df_alloc(arena, (size_t)count, sizeof *where, err),
          *more = where ? df_alloc(arena, (size_t)count, sizeof *more, err) : NULL;
    if (!more)
        return NULL;
    blob_amount(&blobs[CHEEKS], positions, count, where);
    blob_amount(&forehead, positions, count, more);
    for (int i = 0; i < count; i++)
        where[i] = makehuman_uv_in_mouth(uv + 2 * i) || makehuman_uv_in_socket(uv + 2 * i) ? 0 : where[i] + more[i];
    return where;
}

static bool painted_rows(const char *assets, const float *uv, const float *positions, int count, df_arena *arena, float *rows,
                         df_error *err)
{
    const size_t size = 3 * (size_t)count;
    const float *where = plain_places(uv, positions, count, arena, err);
    if (!where)
        return false;
    for (int group = 0; group < MAKEHUMAN_GROUPS; group++)
        for (int gender = 0; gender < 2; gender++)
            for (int age = 0; age < MAKEHUMAN_SKIN_AGES; age++) {
                char path[PATH_ROOM];
                const df_arena_mark mark = df_arena_save(arena); /* one image at a time */
                if (!skin_path(assets, makehuman_group_folders[group], makehuman_gender_names[gender], age_names[age], arena, path, err) ||
                    !painted_row(path, uv, count, arena, rows, err))
                    return false;
                df_arena_restore(arena, mark);
                recolour(where, count, group, gender, rows);
                rows += size;
            }
    return true;
}

static void pigment_row(const float *amount, const float pigment[3], int count, float *row)
{
    for (size_t i = 0; i < (size_t)count; i++)
        for (size_t c = 0; c < 3; c++)
            row[3 * i + c] = (amount ? amount[i] : 1) * pigment[c];
}

/* A slow random pattern: a plane wave through the head. Wavelengths from some 30 mm up, long ones stronger, so that the sum
   over all patterns has variance 1. */
static void blotch(int index, const float *positions, int count, float *amount)
{
    df_random random = df_random_at(0, (uint64_t)index, 0, DF_FOR_MODEL_ALBEDO);
    const float corner = 1 / 35.0f; /* radians a millimetre */
    float wave[3], square = 0;
    for (int axis = 0; axis < 3; axis++) {
        wave[axis] = 2 * corner * df_random_normal(&random);
        square += wave[axis] * wave[axis];
    }
    const float phase = df_random_range(&random, 0, 6.2831853f);
    const float amplitude = sqrtf(2.0f / SKIN_BLOTCHES) * 2.5f / sqrtf(1 + square / (corner * corner));
    for (size_t i = 0; i < (size_t)count; i++) {
        const float *p = positions + 3 * i;
        amount[i] = amplitude * cosf(wave[0] * p[0] + wave[1] * p[1] + wave[2] * p[2] + phase);
    }
}

/* Freckles sit on single vertices, some 3 mm apart. */
static void speckle(int count, float *amount)
{
    df_random random = df_random_at(0, SKIN_BLOTCHES, 0, DF_FOR_MODEL_ALBEDO);
    for (int i = 0; i < count; i++) {
        const float u = df_random_uniform(&random);
        amount[i] *= u > 0.8f ? 5 * (u - 0.8f) : 0;
    }
}

static bool pigment_rows(const float *positions, int count, df_arena *arena, float *rows, df_error *err)
{
    const size_t size = 3 * (size_t)count;
    float *amount = df_alloc(arena, (size_t)count, sizeof *amount, err), *next = rows;
    if (!amount)
        return false;
    pigment_row(NULL, melanin, count, next);
    pigment_row(NULL, blood, count, next += size);
    for (int i = 0; i < 2 * SKIN_BLOTCHES; i++) {
        blotch(i, positions, count, amount);
        pigment_row(amount, i < SKIN_BLOTCHES ? melanin : blood, count, next += size);
    }
    for (int i = 0; i < SKIN_BLOBS; i++) {
        blob_amount(&blobs[i], positions, count, amount);
        if (i == FRECKLES)
            speckle(count, amount);
        pigment_row(amount, blobs[i].pigment, count, next += size);
    }
    return true;
}

bool skin_palette_read(const char *assets, const float *uv, const float *positions, int count, df_arena *arena, skin_palette *out,
                       df_error *err)
{
    const size_t size = 3 * (size_t)count;
    skin_palette made = {.painted = df_alloc(arena, SKIN_PAINTED * size, sizeof(float), err)};
    made.pigments = made.painted ? df_alloc(arena, SKIN_PIGMENTS * size, sizeof(float), err) : NULL;
    if (!made.pigments || !painted_rows(assets, uv, positions, count, arena, made.painted, err) ||
        !pigment_rows(positions, count, arena, made.pigments, err))
        return false;
    *out = made;
    return true;
}

static void painted_weights(const traits *known, float *weights)
{
    float hats[TRAITS_AGE_KNOTS];
    traits_age_hats(known->age, hats);
    hats[1] += hats[0]; /* there is no child's skin */
    for (int group = 0; group < MAKEHUMAN_GROUPS; group++)
        for (int gender = 0; gender < 2; gender++)
            for (int age = 0; age < MAKEHUMAN_SKIN_AGES; age++)
                *weights++ = known->group[group] * (gender ? known->gender : 1 - known->gender) * hats[1 + age];
}

void skin_weights(uint64_t seed, int index, const traits *known, float painted[SKIN_PAINTED], float pigments[SKIN_PIGMENTS])
{
    df_random random = df_random_at(seed, (uint64_t)index, 1, DF_FOR_MODEL_ALBEDO);
    painted_weights(known, painted);
    float *next = pigments;
    *next++ = (tone_melanin + tone_melanin_african * known->group[0]) * df_random_normal(&random);
    *next++ = tone_blood * df_random_normal(&random);
    for (int i = 0; i < 2 * SKIN_BLOTCHES; i++)
        *next++ = (i < SKIN_BLOTCHES ? blotch_melanin : blotch_blood) * df_random_normal(&random);
    for (int i = 0; i < SKIN_BLOBS; i++)
        next[i] = blobs[i].mean + blobs[i].spread * df_random_normal(&random);
    next[UNDER_EYES] = fmaxf(0, next[UNDER_EYES]);
    next[BEARD] = fmaxf(0, next[BEARD]) * known->gender;
    const bool is_freckled = df_random_uniform(&random) < freckled_share;
    next[FRECKLES] = is_freckled ? fmaxf(0, next[FRECKLES]) * (1 - known->group[0]) : 0; /* they do not show on dark skin */
}

void skin_compose(float *blend, const float *logarithms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        blend[i] = linear_to_srgb(fminf(brightest, fmaxf(darkest, srgb_to_linear(blend[i]) * expf(logarithms[i]))));
}
