/* build_albedo.c: from drawn people to albedo components: blends and pigments of a block of heads are two matrix products, their display
   values the samples. */
#include <cblas.h>

#include "face/build_internal.h"

enum { BLOCK = 64 };

typedef struct albedo_draws {
    float *painted, *pigments; /* [skins][SKIN_PAINTED], [skins][SKIN_PIGMENTS] */
    float *logarithms;         /* [BLOCK][3 fine] */
} albedo_draws;

static bool draw_skins(build *b, albedo_draws *draws)
{
    const size_t n = (size_t)b->skins, stride = 3 * (size_t)b->sub.vertex_count;
    draws->painted = df_alloc(b->arena, n, SKIN_PAINTED * sizeof *draws->painted, b->err);
    draws->pigments = draws->painted ? df_alloc(b->arena, n, SKIN_PIGMENTS * sizeof *draws->pigments, b->err) : NULL;
    draws->logarithms = draws->pigments ? df_alloc(b->arena, BLOCK * stride, sizeof *draws->logarithms, b->err) : NULL;
    if (!draws->logarithms)
        return false;
    for (size_t i = 0; i < n; i++)
        skin_weights(b->options->seed, (int)i, &b->traits[i], draws->painted + i * SKIN_PAINTED, draws->pigments + i * SKIN_PIGMENTS);
    return true;
}

static void compose(const build *b, const albedo_draws *draws, float *samples)
{
    const int stride = 3 * b->sub.vertex_count;
    for (int first = 0; first < b->skins; first += BLOCK) {
        const int count = b->skins - first < BLOCK ? b->skins - first : BLOCK;
        float *block = samples + (size_t)first * (size_t)stride;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, stride, SKIN_PAINTED, 1,
                    draws->painted + (size_t)first * SKIN_PAINTED, SKIN_PAINTED, b->skin.painted, stride, 0, block, stride);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, stride, SKIN_PIGMENTS, 1,
                    draws->pigments + (size_t)first * SKIN_PIGMENTS, SKIN_PIGMENTS, b->skin.pigments, stride, 0, draws->logarithms, stride);
#pragma omp parallel for schedule(static)
        for (int i = 0; i < count; i++)
            skin_compose(block + (size_t)i * (size_t)stride, draws->logarithms + (size_t)i * (size_t)stride, (size_t)stride);
    }
}

bool build_albedos(build *b)
{
    const int stride = 3 * b->sub.vertex_count;
    albedo_draws draws;
    float *samples = df_alloc(b->arena, (size_t)b->skins * (size_t)stride, sizeof *samples, b->err);
    float *mean = samples ? df_alloc(b->arena, (size_t)stride, sizeof *mean, b->err) : NULL;
    float *components = mean ? df_alloc(b->arena, (size_t)b->components * (size_t)stride, sizeof *components, b->err) : NULL;
    if (!components || !skin_palette_read(b->options->assets, b->uv, b->fine_rest, b->sub.vertex_count, b->arena, &b->skin, b->err) ||
        !draw_skins(b, &draws))
        return false;
    compose(b, &draws, samples);
    pca_centre(samples, b->skins, stride, mean);
    if (!pca_fit(samples, b->skins, stride, stride, b->components, b->arena, &b->albedo, b->err))
        return false;
    pca_components(&b->albedo, samples, stride, components);
    b->model.albedo_mean = mean;
    b->model.albedo = components;
    b->model.albedo_count = b->components;
    return true;
}
