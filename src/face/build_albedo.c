/* build_albedo.c: from drawn people to albedo components: logarithms of all skins are one matrix product, their display values the
   samples. */
#include <cblas.h>

#include "face/build_internal.h"
#include "face/skin_albedo.h"

bool build_albedos(build *b)
{
    const int fine = b->sub.vertex_count, stride = 3 * fine;
    float *samples = df_alloc(b->arena, (size_t)b->skins * (size_t)stride, sizeof *samples, b->err);
    float *weights = samples ? df_alloc(b->arena, (size_t)b->skins, SKIN_ROWS * sizeof *weights, b->err) : NULL;
    float *mean = weights ? df_alloc(b->arena, (size_t)stride, sizeof *mean, b->err) : NULL;
    float *components = mean ? df_alloc(b->arena, (size_t)b->components * (size_t)stride, sizeof *components, b->err) : NULL;
    if (!components || !skin_palette(b->options->assets, b->uv, b->fine_rest, fine, b->arena, &b->skin_logs, b->err))
        return false;
    for (int i = 0; i < b->skins; i++)
        skin_weights(b->options->seed, i, &b->traits[i], weights + (size_t)i * SKIN_ROWS);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, b->skins, stride, SKIN_ROWS, 1, weights, SKIN_ROWS, b->skin_logs, stride, 0, samples, stride);
#pragma omp parallel for schedule(static)
    for (int i = 0; i < b->skins; i++)
        skin_encode(samples + (size_t)i * (size_t)stride, (size_t)stride);
    pca_centre(samples, b->skins, stride, mean);
    if (!pca_fit(samples, b->skins, stride, stride, b->components, b->arena, &b->albedo, b->err))
        return false;
    pca_components(&b->albedo, samples, stride, components);
    b->model.albedo_mean = mean;
    b->model.albedo = components;
    b->model.albedo_count = b->components;
    return true;
}
