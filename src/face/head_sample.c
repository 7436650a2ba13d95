/* head_sample.c: draws traits and the weights of macro targets, sliders and identity modes. The strengths were chosen by looking
   at sheets of heads: twice as much gives caricatures. */
#include "face/head_sample.h"

#include <math.h>
#include <string.h>

enum { TRAITS_STREAM, MODE_STREAM, OWN_STREAM, FIRST_SLIDER_STREAM }; /* images of a head's stream */

static const float youngest = 16, oldest = 80; /* years */
static const float soft_detail = 1.3f;         /* sliders vary more between heads of soft groups */
static const float own_share = 0.12f;          /* of a slider's strength that one side has for itself */
static const float one_sided = 0.8f;
static const float mode_strength = 0.8f, first_mode_strength = 0.24f; /* the first mode repeats size and gender */

typedef struct group_strength {
    const char *group;
    float strength;
} group_strength;

static const group_strength strengths[] = {
    {"head", 0.15f}, {"forehead", 0.20f}, {"eyebrows", 0.25f}, {"eyes", 0.18f}, {"nose", 0.22f}, {"mouth", 0.20f},
    {"ears", 0.18f}, {"chin", 0.20f},     {"cheek", 0.20f},    {"neck", 0.08f}, {"asym", 0.08f},
};

const char *const head_slider_groups[] = {"head", "forehead", "eyebrows", "eyes", "nose", "mouth", "ears", "chin", "cheek", "neck", NULL};

/* Sliders that pose the head, or repeat the macro age. */
static const char *const left_out[] = {"head/head-trans", "neck/neck-trans", "head/head-angle", "head/head-age"};
/* Sliders that move nose or mouth sideways, of which a face bears little. */
static const char *const sideways[] = {"nose/nose-trans-horiz", "mouth/mouth-trans-in"};
static const float sideways_strength = 0.25f;
/* Of the one-sided shifts, those of the trunk. */
static const char *const trunk[] = {"asym/asymm-"};

static bool begins_with_any(const char *name, const char *const *beginnings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static float clipped(float value, float low, float high)
{
    return fminf(high, fmaxf(low, value));
}

/* Gamma variate of scale 1: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000). */
static float gamma_variate(df_random *random, float shape)
{
    if (shape < 1) {
        const float u = df_random_uniform(random) + 0x1p-25f;
        return gamma_variate(random, shape + 1) * powf(u, 1 / shape);
    }
    const float d = shape - 1.0f / 3, c = 1 / sqrtf(9 * d);
    for (;;) {
        const float x = df_random_normal(random), v = (1 + c * x) * (1 + c * x) * (1 + c * x), u = df_random_uniform(random) + 0x1p-25f;
        if (v > 0 && logf(u) < 0.5f * x * x + d - d * v + d * logf(v))
            return d * v;
    }
}

/* Gender value and group weights. Pure members are nearly of one group; soft ones mix. */
static void draw_membership(df_random *random, int group, int gender, build_groups groups, traits *out)
{
    const bool pure = groups == BUILD_GROUPS_PURE;
    float sum = 0;
    for (int g = 0; g < MAKEHUMAN_GROUPS; g++)
        sum += out->group[g] = gamma_variate(random, g == group ? (pure ? 9.0f : 3.0f) : (pure ? 0.6f : 0.8f));
    for (int g = 0; g < MAKEHUMAN_GROUPS; g++)
        out->group[g] /= sum;
    const float own = gamma_variate(random, pure ? 9.0f : 4.0f), other = gamma_variate(random, pure ? 1.0f : 1.5f);
    const float value = own / (own + other);
    out->gender = gender ? value : 1 - value;
}

traits head_traits_draw(df_random *random, int group, int gender, build_groups groups, float *proportions)
{
    traits out = {0};
    draw_membership(random, group, gender, groups, &out);
    out.age = df_random_range(random, youngest, oldest);
    out.muscle = clipped(0.5f + 0.15f * df_random_normal(random), 0, 1);
    out.weight = clipped(0.5f + 0.17f * df_random_normal(random), 0, 1);
    *proportions = clipped(0.5f + 0.15f * df_random_normal(random), 0, 1);
    return out;
}

traits head_traits(uint64_t seed, int index, build_groups groups, float *proportions)
{
    df_random random = df_random_at(seed, (uint64_t)index, TRAITS_STREAM, DF_FOR_MODEL_HEAD);
    return head_traits_draw(&random, index % MAKEHUMAN_GROUPS, index / MAKEHUMAN_GROUPS % 2, groups, proportions);
}

/* The value of a slider is that of its twin, drawn again from the twin's stream, and a little of its own. */
static void slider_weights(const head_rows *rows, uint64_t seed, int index, float detail, float *weights)
{
    df_random own = df_random_at(seed, (uint64_t)index, OWN_STREAM, DF_FOR_MODEL_HEAD);
    for (int s = 0; s < rows->slider_count; s++) {
        const slider_draw *slider = &rows->sliders[s];
        const int stream = FIRST_SLIDER_STREAM + (slider->twin >= 0 ? slider->twin : s);
        df_random shared = df_random_at(seed, (uint64_t)index, (uint32_t)stream, DF_FOR_MODEL_HEAD);
        const float value = clipped(slider->strength * detail * (df_random_normal(&shared) + own_share * df_random_normal(&own)), -1, 1);
        if (slider->low < 0)
            weights[slider->high] = one_sided * fabsf(value);
        else if (value < 0)
            weights[slider->low] = -value;
        else
            weights[slider->high] = value;
    }
}

static void mode_weights(const head_rows *rows, uint64_t seed, int index, float *weights)
{
    df_random random = df_random_at(seed, (uint64_t)index, MODE_STREAM, DF_FOR_MODEL_HEAD);
    for (int m = 0; m < rows->mode_count; m++)
        weights[rows->first_mode + m] = (m == 0 ? first_mode_strength : mode_strength) * df_random_normal(&random);
}

void head_weights(const head_rows *rows, uint64_t seed, int index, build_groups groups, const traits *known, float proportions,
                  float *weights)
{
    memset(weights, 0, (size_t)rows->count * sizeof *weights);
    makehuman_macro_weights(known, proportions, weights);
    slider_weights(rows, seed, index, groups == BUILD_GROUPS_SOFT ? soft_detail : 1, weights);
    mode_weights(rows, seed, index, weights);
}

static float strength_of(const char *group)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(strengths); i++)
        if (strcmp(strengths[i].group, group) == 0)
            return strengths[i].strength;
    return 0;
}

/* The earlier slider whose target has the same name but for l- and r-. */
static int find_twin(const makehuman_targets *targets, const makehuman_slider *list, const int *kept, int count,
                     const makehuman_slider *slider)
{
    const size_t prefix = strlen(slider->group) + 1;
    const char *name = targets->names[slider->high] + prefix;
    if ((name[0] != 'l' && name[0] != 'r') || name[1] != '-')
        return -1;
    for (int i = 0; i < count; i++) {
        const makehuman_slider *earlier = &list[kept[i]];
        if (strcmp(earlier->group, slider->group) == 0 && strcmp(targets->names[earlier->high] + prefix + 1, name + 1) == 0)
            return i;
    }
    return -1;
}

bool slider_draws(const makehuman_targets *targets, const makehuman_slider *list, int list_count, df_arena *arena, slider_draw **out,
                  int *count, int *rows, int *row_count, df_error *err)
{
    slider_draw *draws = df_alloc(arena, (size_t)list_count, sizeof *draws, err);
    int *kept = draws ? df_alloc(arena, (size_t)list_count, sizeof *kept, err) : NULL;
    if (!kept)
        return false;
    int n = 0;
    for (int i = 0; i < list_count; i++) {
        const makehuman_slider *slider = &list[i];
        const char *name = targets->names[slider->high];
        if (begins_with_any(name, left_out, DF_ARRAY_LEN(left_out)) || begins_with_any(name, trunk, DF_ARRAY_LEN(trunk)))
            continue;
        slider_draw draw = {.low = -1, .strength = strength_of(slider->group), .twin = find_twin(targets, list, kept, n, slider)};
        if (begins_with_any(targets->names[slider->low < 0 ? slider->high : slider->low], sideways, DF_ARRAY_LEN(sideways)))
            draw.strength *= sideways_strength;
        if (slider->low >= 0) {
            draw.low = *row_count;
            rows[(*row_count)++] = slider->low;
        }
        draw.high = *row_count;
        rows[(*row_count)++] = slider->high;
        kept[n] = i;
        draws[n++] = draw;
    }
    *out = draws;
    *count = n;
    return true;
}
