/* light.c: spherical harmonics of order 2 as light, after Ramamoorthi and Hanrahan (SIGGRAPH 2001), and random skies of them. */
#include "render/light.h"

#include <math.h>

#include "render/spherical_harmonics.h"

/* A_l / pi: what the cosine at a surface leaves of each order. */
static const float COSINE[SH_COUNT] = {1, 2 / 3.0f, 2 / 3.0f, 2 / 3.0f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f};

void sh_basis(const float direction[3], float basis[SH_COUNT])
{
    const float x = direction[0], y = direction[1], z = direction[2];
    basis[0] = SH_Y0;
    basis[1] = SH_Y1 * y;
    basis[2] = SH_Y1 * z;
    basis[3] = SH_Y1 * x;
    basis[4] = SH_Y2 * x * y;
    basis[5] = SH_Y2 * y * z;
    basis[6] = SH_Y20 * (3 * z * z - 1);
    basis[7] = SH_Y2 * x * z;
    basis[8] = SH_Y22 * (x * x - y * y);
}

void sh_convolve_cosine(const float sh[SH_COUNT], float out[SH_COUNT])
{
    for (int i = 0; i < SH_COUNT; i++)
        out[i] = COSINE[i] * sh[i];
}

float light_sh_irradiance(const float sh[SH_COUNT], const float normal[3])
{
    float basis[SH_COUNT], sum = 0;
    sh_basis(normal, basis);
    for (int i = 0; i < SH_COUNT; i++)
        sum += COSINE[i] * sh[i] * basis[i];
    return sum;
}

static void normalise(float v[3])
{
    const float length = sqrtf(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (int axis = 0; axis < 3; axis++)
        v[axis] /= length;
}

/* Direction (i, j) of the grid on a face of a cube; faces 0 to 5. */
enum { GRID = 6 };
static void grid_direction(int face, int i, int j, float out[3])
{
    const float u = ((float)i + 0.5f) * (2.0f / GRID) - 1, v = ((float)j + 0.5f) * (2.0f / GRID) - 1;
    out[face % 3] = face < 3 ? 1.0f : -1.0f;
    out[(face + 1) % 3] = u;
    out[(face + 2) % 3] = v;
    normalise(out);
}

/* Walks downhill from `direction` on the sphere: step by step against the gradient of E by differences. */
static float descend(const float sh[SH_COUNT], float direction[3])
{
    float value = light_sh_irradiance(sh, direction), step = 0.25f;
    while (step > 1e-3f) {
        float best[3] = {direction[0], direction[1], direction[2]}, best_value = value;
        for (int way = 0; way < 6; way++) {
            float tried[3] = {direction[0], direction[1], direction[2]};
            tried[way % 3] += way < 3 ? step : -step;
            normalise(tried);
            const float there = light_sh_irradiance(sh, tried);
            if (there < best_value) {
                best_value = there;
                for (int axis = 0; axis < 3; axis++)
                    best[axis] = tried[axis];
            }
        }
        if (best_value < value) {
            value = best_value;
            for (int axis = 0; axis < 3; axis++)
                direction[axis] = best[axis];
        } else {
            step *= 0.5f;
        }
    }
    return value;
}

static float smallest_irradiance(const float sh[SH_COUNT])
{
    float lowest = INFINITY, where[3] = {0, 0, 1};
    for (int face = 0; face < 6; face++)
        for (int cell = 0; cell < GRID * GRID; cell++) {
            float direction[3];
            grid_direction(face, cell % GRID, cell / GRID, direction);
            const float value = light_sh_irradiance(sh, direction);
            if (value < lowest) {
                lowest = value;
                for (int axis = 0; axis < 3; axis++)
                    where[axis] = direction[axis];
            }
        }
    return descend(sh, where);
}

void light_keep_positive(float sh[SH_COUNT], float floor)
{
    const float mean = sh[0] * SH_Y0, below = smallest_irradiance(sh) - mean, allowed = (floor - 1) * mean;
    if (!(below < allowed))
        return;
    const float scale = allowed / below;
    for (int i = 1; i < SH_COUNT; i++)
        sh[i] *= scale;
}

/* A soft source: a lobe about `direction` whose orders 1 and 2 are damped by its width (0 a point, 1 a half sky). */
static void add_source(float sh[SH_COUNT], const float direction[3], float width, float strength)
{
    float basis[SH_COUNT];
    sh_basis(direction, basis);
    const float first = 1 - 0.5f * width, second = 1 - 0.9f * width;
    for (int i = 0; i < SH_COUNT; i++)
        sh[i] += strength / (SH_Y0 * SH_Y0) * basis[i] * (i == 0 ? 1 : i < 4 ? first : second);
}

/* Sources are windows and skies: anywhere around, more often above and in front than below and behind. */
static void random_direction(df_random *random, float out[3])
{
    float square;
    do {
        square = 0;
        for (int axis = 0; axis < 3; axis++) {
            out[axis] = df_random_range(random, -1, 1);
            square += out[axis] * out[axis];
        }
    } while (square > 1 || square < 0.01f);
    out[1] += 0.35f;
    out[2] += 0.35f;
    normalise(out);
}

static const float DARKEST = 0.06f; /* of the mean: interreflection leaves no side of a face black */

void light_random(light *out, int channels, float strength, df_random *random)
{
    float sources[2][3], share = df_random_range(random, 0.55f, 1.0f);
    const float width[2] = {df_random_range(random, 0.2f, 0.9f), df_random_range(random, 0.2f, 0.9f)};
    float warmth[2];
    for (int s = 0; s < 2; s++) {
        random_direction(random, sources[s]);
        warmth[s] = df_random_range(random, -0.12f, 0.12f);
    }
    if (df_random_uniform(random) < 0.4f)
        share = 1; /* one source only */
    for (int c = 0; c < channels; c++) {
        const float tint[2] = {1 + warmth[0] * (float)(1 - c), 1 + warmth[1] * (float)(1 - c)};
        float *sh = out->sh[c];
        for (int i = 0; i < SH_COUNT; i++)
            sh[i] = i == 0 ? (1 - strength) / SH_Y0 : 0;
        add_source(sh, sources[0], width[0], strength * share * (channels == 3 ? tint[0] : 1));
        add_source(sh, sources[1], width[1], strength * (1 - share) * (channels == 3 ? tint[1] : 1));
        light_keep_positive(sh, DARKEST);
    }
}
