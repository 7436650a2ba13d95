/* disentanglement.c: DCI from importances; MIG and SAP from codes and factors, one pair of a code and a factor at a time. */
#include "metrics/disentanglement.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/order.h"
enum { BINS = 20 };

/* 1 + sum of p log p to the base `count`, p the values over their sum; values[i * step]. 0 where the sum is 0. */
static double concentration(const double *values, size_t count, size_t step, double sum)
{
    double entropy = 0;
    if (!(sum > 0))
        return 0;
    for (size_t i = 0; i < count; i++) {
        const double p = values[i * step] / sum;
        if (p > 0)
            entropy += p * log(p);
    }
    return 1 + entropy / log((double)count);
}

static double strided_sum(const double *values, size_t count, size_t step)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i * step];
    return sum;
}

/* The tensor's values as doubles, all finite and at least `least`. */
static double *read_numbers(const tensor *t, double least, df_arena *arena, df_error *err)
{
    const size_t count = (size_t)tensor_elements(t), width = (size_t)t->shape[1];
    double *values = df_alloc(arena, count, sizeof *values, err);
    for (size_t i = 0; values && i < count; i++) {
        values[i] = tensor_number(t, i);
        if (!isfinite(values[i]) || values[i] < least) {
            df_fail(err, "array '%s': element [%zu][%zu] is %g, expected a finite number%s", t->name, i / width, i % width, values[i],
                    least == 0 ? ", 0 or more" : "");
            return NULL;
        }
    }
    return values;
}

bool disentanglement_of_importance(const tensor *importance, df_arena *arena, disentanglement_dci *out, df_error *err)
{
    if (importance->rank != 2 || importance->shape[0] < 2 || importance->shape[1] < 2)
        return df_fail(err, "array '%s': expected (codes, factors), 2 or more of each", importance->name);
    const size_t codes = (size_t)importance->shape[0], factors = (size_t)importance->shape[1];
    const double *r = read_numbers(importance, 0, arena, err);
    if (!r)
        return false;
    const double total = strided_sum(r, codes * factors, 1);
    if (!(total > 0) || !isfinite(total))
        return df_fail(err, "array '%s': the sum is %g, expected a finite number above 0", importance->name, total);
    disentanglement_dci dci = {0};
    for (size_t i = 0; i < codes; i++) {
        const double sum = strided_sum(r + i * factors, factors, 1);
        dci.disentanglement += concentration(r + i * factors, factors, 1, sum) * (sum / total);
    }
    for (size_t k = 0; k < factors; k++)
        dci.completeness += concentration(r + k, codes, factors, strided_sum(r + k, codes, factors)) / (double)factors;
    *out = dci;
    return true;
}

/* ---- MIG and SAP ---- */

typedef struct samples {
    const double *codes; /* [n][width] */
    size_t n, width;
    const uint32_t *levels; /* [n] the factor as 0 .. level_count - 1 */
    const double *factor;   /* [n] */
    size_t level_count;
    double *joint; /* [BINS][level_count] room for counts */
} samples;

/* Numbers the values of `factor` in ascending order; returns how many there are. sorted: [n] room. */
static size_t find_levels(const double *factor, size_t n, double *sorted, uint32_t *levels)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        sorted[i] = factor[i];
    qsort(sorted, n, sizeof *sorted, df_by_double);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || sorted[i] > sorted[count - 1])
            sorted[count++] = sorted[i];
    for (size_t i = 0; i < n; i++) {
        const double *place = bsearch(&factor[i], sorted, count, sizeof *sorted, df_by_double);
        levels[i] = (uint32_t)(place - sorted);
    }
    return count;
}

static double level_entropy(const samples *s)
{
    double entropy = 0;
    for (size_t k = 0; k < s->level_count; k++)
        s->joint[k] = 0;
    for (size_t i = 0; i < s->n; i++)
        s->joint[s->levels[i]]++;
    for (size_t k = 0; k < s->level_count; k++) {
        const double p = s->joint[k] / (double)s->n;
        entropy -= p * log(p);
    }
    return entropy;
}

/* Fills joint with how many samples have the code in a bin and the factor at a level. */
static void count_bins(const samples *s, size_t code)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < s->n; i++) {
        low = fmin(low, s->codes[i * s->width + code]);
        high = fmax(high, s->codes[i * s->width + code]);
    }
    for (size_t i = 0; i < BINS * s->level_count; i++)
        s->joint[i] = 0;
    for (size_t i = 0; i < s->n; i++) {
        /* halves: the range of two doubles may be above the largest double */
        const double share = high > low ? (s->codes[i * s->width + code] / 2 - low / 2) / (high / 2 - low / 2) : 0;
        const size_t bin = share * BINS < BINS - 1 ? (size_t)(share * BINS) : BINS - 1;
        s->joint[bin * s->level_count + s->levels[i]]++;
    }
}

static double mutual_information(const samples *s, size_t code)
{
    double information = 0;
    const double n = (double)s->n;
    count_bins(s, code);
    for (size_t b = 0; b < BINS; b++) {
        const double in_bin = strided_sum(s->joint + b * s->level_count, s->level_count, 1);
        for (size_t k = 0; k < s->level_count; k++) {
            const double both = s->joint[b * s->level_count + k];
            if (both > 0)
                information += both / n * log(both * n / (in_bin * strided_sum(s->joint + k, BINS, s->level_count)));
        }
    }
    return information;
}

static double squared_correlation(const samples *s, size_t code)
{
    double code_mean = 0, factor_mean = 0, cc = 0, ff = 0, cf = 0;
    for (size_t i = 0; i < s->n; i++) {
        code_mean += s->codes[i * s->width + code] / (double)s->n;
        factor_mean += s->factor[i] / (double)s->n;
    }
    for (size_t i = 0; i < s->n; i++) {
        const double c = s->codes[i * s->width + code] - code_mean, f = s->factor[i] - factor_mean;
        cc += c * c;
        ff += f * f;
        cf += c * f;
    }
    return cc > 0 && ff > 0 ? cf / cc * (cf / ff) : 0;
}

/* The largest less the second largest of what `score` says of the codes. */
static double gap(const samples *s, double (*score)(const samples *s, size_t code))
{
    double first = -HUGE_VAL, second = -HUGE_VAL;
    for (size_t code = 0; code < s->width; code++) {
        const double value = score(s, code);
        second = fmax(second, fmin(first, value));
        first = fmax(first, value);
    }
    return first - second;
}

static bool check_shapes(const tensor *codes, const tensor *factors, df_error *err)
{
    if (codes->rank != 2 || codes->shape[0] < 2 || codes->shape[1] < 2)
        return df_fail(err, "array '%s': expected (samples, codes), 2 or more of each", codes->name);
    if (factors->rank != 2 || factors->shape[1] < 1)
        return df_fail(err, "array '%s': expected (samples, factors)", factors->name);
    if (factors->type < TENSOR_I64)
        return df_fail(err, "array '%s': %s, expected integers", factors->name, tensor_type_word(factors->type));
    return codes->shape[0] == factors->shape[0] || df_fail(err, "array '%s': %" PRId64 " samples, but '%s' has %" PRId64, factors->name,
                                                           factors->shape[0], codes->name, codes->shape[0]);
}

static bool add_factor(const tensor *factors, size_t k, samples *s, df_arena *arena, disentanglement_gap *sum, df_error *err)
{
    double *factor = df_alloc(arena, s->n, sizeof *factor, err), *sorted = df_alloc(arena, s->n, sizeof *sorted, err);
    uint32_t *levels = df_alloc(arena, s->n, sizeof *levels, err);
    if (!factor || !sorted || !levels)
        return false;
    for (size_t i = 0; i < s->n; i++)
        factor[i] = tensor_number(factors, i * (size_t)factors->shape[1] + k);
    s->level_count = find_levels(factor, s->n, sorted, levels);
    if (s->level_count < 2)
        return df_fail(err, "array '%s': factor %zu is %g in all samples, expected 2 values or more", factors->name, k, factor[0]);
    s->factor = factor;
    s->levels = levels;
    s->joint = df_alloc(arena, s->level_count, BINS * sizeof *s->joint, err);
    if (!s->joint)
        return false;
    sum->mig += gap(s, mutual_information) / level_entropy(s);
    sum->sap += gap(s, squared_correlation);
    return true;
}

bool disentanglement_of_codes(const tensor *codes, const tensor *factors, df_arena *arena, disentanglement_gap *out, df_error *err)
{
    if (!check_shapes(codes, factors, err))
        return false;
    samples s = {.n = (size_t)codes->shape[0], .width = (size_t)codes->shape[1]};
    s.codes = read_numbers(codes, -HUGE_VAL, arena, err);
    if (!s.codes)
        return false;
    disentanglement_gap sum = {0};
    const size_t count = (size_t)factors->shape[1];
    for (size_t k = 0; k < count; k++) {
        const df_arena_mark mark = df_arena_save(arena);
        if (!add_factor(factors, k, &s, arena, &sum, err))
            return false;
        df_arena_restore(arena, mark);
    }
    *out = (disentanglement_gap){.mig = sum.mig / (double)count, .sap = sum.sap / (double)count};
    return true;
}
