/* subsets.c: shuffles, as far as they are needed. */
#include "metrics/subsets.h"

#include <math.h>

int64_t *subset_order(const int64_t *from, int64_t count, df_arena *arena, df_error *err)
{
    int64_t *order = df_alloc(arena, (size_t)count, sizeof *order, err);
    for (int64_t i = 0; order && i < count; i++)
        order[i] = from ? from[i] : i;
    return order;
}

void subset_draw(int64_t *order, int64_t count, int64_t chosen, df_random *random)
{
    for (int64_t i = 0; i < chosen; i++) {
        const int64_t other = i + (int64_t)df_random_below(random, (uint32_t)(count - i));
        const int64_t kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

df_random subset_random(uint64_t seed, const char *use, int64_t index)
{
    return df_random_at(seed, df_identity_key(use), (uint32_t)index, DF_FOR_SUBSETS);
}

subset_spread subset_spread_of(const double *values, int count)
{
    subset_spread out = {.count = count};
    double squares = 0;
    for (int i = 0; i < count; i++)
        out.mean += values[i] / count;
    for (int i = 0; i < count; i++)
        squares += (values[i] - out.mean) * (values[i] - out.mean);
    out.std = count > 1 ? sqrt(squares / (count - 1)) : 0;
    return out;
}
