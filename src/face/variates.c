/* variates.c: gamma by rejection from a cubed normal; beta and Dirichlet as normalised gammas. */
#include "face/variates.h"

#include <math.h>

/* (0, 1): its logarithm and powers are finite. */
static float open_uniform(df_random *random)
{
    return ((float)(df_random_u32(random) >> 9) + 0.5f) * 0x1p-23f;
}

float variate_gamma(df_random *random, float shape)
{
    if (shape < 1) { /* Gamma(a) = Gamma(a + 1) U^(1/a) */
        const float power = powf(open_uniform(random), 1 / shape);
        return variate_gamma(random, shape + 1) * power;
    }
    const float d = shape - 1.0f / 3, c = 1 / sqrtf(9 * d);
    for (;;) { /* accepts at least 95 % of the draws */
        const float x = df_random_normal(random), root = 1 + c * x, v = root * root * root;
        if (root > 0 && logf(open_uniform(random)) < 0.5f * x * x + d - d * v + d * logf(v))
            return d * v;
    }
}

float variate_beta(df_random *random, float a, float b)
{
    float shares[2];
    variate_dirichlet(random, (const float[]){a, b}, 2, shares);
    return shares[0];
}

void variate_dirichlet(df_random *random, const float *shapes, int count, float *out)
{
    float sum = 0;
    for (int i = 0; i < count; i++)
        sum += out[i] = variate_gamma(random, shapes[i]);
    for (int i = 0; i < count; i++)
        out[i] = sum > 0 ? out[i] / sum : 1 / (float)count;
}
