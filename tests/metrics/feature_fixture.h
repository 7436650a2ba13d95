/* feature_fixture.h: sets of features in memory, made of random numbers or of a golden file. */
#ifndef DF_TESTS_METRICS_FEATURE_FIXTURE_H
#define DF_TESTS_METRICS_FEATURE_FIXTURE_H

#include "base/random.h"
#include "check.h"
#include "metrics/feature_set.h"

/* Normal numbers of the scale and mean given, [count][dims], in the arena. */
static inline feature_set random_features(uint64_t seed, int64_t count, int dims, double scale, double mean, df_arena *arena)
{
    df_error err;
    df_random random = df_random_at(seed, 0, 0, DF_FOR_TEST);
    double *data = df_alloc(arena, (size_t)count * (size_t)dims, sizeof *data, &err);
    tensor *table = df_alloc(arena, 1, sizeof *table, &err);
    assert_true(data && table);
    for (int64_t i = 0; i < count * dims; i++)
        data[i] = mean + scale * (double)df_random_normal(&random);
    *table = (tensor){.name = "features", .type = TENSOR_F64, .rank = 2, .shape = {count, dims}, .data = data};
    return (feature_set){.path = "features", .count = count, .dims = dims, .table = table};
}

static inline double *feature_data(const feature_set *set)
{
    return (double *)(uintptr_t)set->table->data;
}

static inline feature_set golden_features(const char *case_and_file, df_arena *arena)
{
    char path[1024];
    df_error err;
    feature_set out;
    snprintf(path, sizeof path, TEST_DATA "/metrics/%s", case_and_file);
    must(feature_set_open(df_copy_string(arena, path, &err), arena, &out, &err), &err);
    return out;
}

#endif
