/* feature_set.c: rows out of a file or a spool, as doubles. */
#include "metrics/feature_set.h"

#include <math.h>
#include <string.h>

#include "tensor/npz.h"

static const double SYMMETRY = 1e-5; /* of sigma, in parts of its largest element: float32 products are not quite symmetric */

static bool is_finite(const tensor *t, df_error *err)
{
    const size_t columns = t->rank == 2 ? (size_t)t->shape[1] : 1, elements = (size_t)tensor_elements(t);
    for (size_t i = 0; i < elements; i++) {
        if (isfinite(tensor_number(t, i)))
            continue;
        return t->rank == 2
                   ? df_fail(err, "array '%s', row %zu, column %zu: NaN or infinity, expected a number", t->name, i / columns, i % columns)
                   : df_fail(err, "array '%s', element %zu: NaN or infinity, expected a number", t->name, i);
    }
    return true;
}

static bool is_real(const tensor *t, df_error *err)
{
    return t->type == TENSOR_F32 || t->type == TENSOR_F64 ||
           df_fail(err, "array '%s': %s, expected float32 or float64", t->name, tensor_type_word(t->type));
}

static bool check_dims(const tensor *t, int64_t dims, df_error *err)
{
    return (dims >= 1 && dims <= FEATURE_MAX_DIMS) ||
           df_fail(err, "array '%s': %lld dimensions, expected 1 to %d", t->name, (long long)dims, FEATURE_MAX_DIMS);
}

static bool take_features(const tensor *t, feature_set *out, df_error *err)
{
    if (t->rank != 2)
        return df_fail(err, "array 'features': of rank %d, expected (samples, dimensions)", t->rank);
    if (t->shape[0] < 2)
        return df_fail(err, "array 'features': %s, expected at least 2", t->shape[0] == 0 ? "no samples" : "1 sample");
    if (!is_real(t, err) || !check_dims(t, t->shape[1], err) || !is_finite(t, err))
        return false;
    *out = (feature_set){.count = t->shape[0], .dims = (int)t->shape[1], .table = t};
    return true;
}

static const double *as_doubles(const tensor *t, df_arena *arena, df_error *err)
{
    const size_t elements = (size_t)tensor_elements(t);
    double *out = df_alloc(arena, elements, sizeof *out, err);
    for (size_t i = 0; out && i < elements; i++)
        out[i] = tensor_number(t, i);
    return out;
}

static bool check_covariance(const double *sigma, int dims, df_error *err)
{
    const size_t d = (size_t)dims;
    double largest = 0;
    for (size_t i = 0; i < d * d; i++)
        largest = fmax(largest, fabs(sigma[i]));
    for (size_t i = 0; i < d; i++) {
        if (sigma[i * d + i] < -SYMMETRY * largest)
            return df_fail(err, "array 'sigma': %g at row and column %zu, expected no negative variance", sigma[i * d + i], i);
        for (size_t j = 0; j < i; j++)
            if (fabs(sigma[i * d + j] - sigma[j * d + i]) > SYMMETRY * largest)
                return df_fail(err, "array 'sigma': not symmetric at row %zu, column %zu, expected a covariance", i, j);
    }
    return true;
}

static bool take_moments(const tensor *mu, const tensor *sigma, df_arena *arena, feature_set *out, df_error *err)
{
    if (mu->rank != 1)
        return df_fail(err, "array 'mu': of rank %d, expected 1", mu->rank);
    if (!check_dims(mu, mu->shape[0], err))
        return false;
    if (sigma->rank != 2 || sigma->shape[0] != mu->shape[0] || sigma->shape[1] != mu->shape[0])
        return df_fail(err, "array 'sigma': not (%lld, %lld), the square of what 'mu' has", (long long)mu->shape[0],
                       (long long)mu->shape[0]);
    if (!is_real(mu, err) || !is_real(sigma, err) || !is_finite(mu, err) || !is_finite(sigma, err))
        return false;
    *out = (feature_set){.dims = (int)mu->shape[0], .mu = as_doubles(mu, arena, err)};
    out->sigma = out->mu ? as_doubles(sigma, arena, err) : NULL;
    return out->sigma && check_covariance(out->sigma, out->dims, err);
}

bool feature_set_parse(df_bytes bytes, df_arena *arena, feature_set *out, df_error *err)
{
    tensor_list *list = df_alloc(arena, 1, sizeof *list, err);
    if (!list || !npz_parse(bytes, arena, list, err))
        return false;
    const tensor *features = tensor_find(list, "features"), *mu = tensor_find(list, "mu"), *sigma = tensor_find(list, "sigma");
    if (features)
        return take_features(features, out, err);
    if (mu && sigma)
        return take_moments(mu, sigma, arena, out, err);
    return df_fail(err, "neither an array 'features' nor 'mu' and 'sigma'");
}

bool feature_set_open(const char *path, df_arena *arena, feature_set *out, df_error *err)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    if (!feature_set_parse(bytes, arena, out, err)) {
        df_file_unmap(&bytes);
        return df_fail_in(err, "%s", path);
    }
    out->path = path;
    out->file = bytes;
    return true;
}

void feature_set_close(feature_set *set)
{
    df_spool_close(set->spool);
    df_file_unmap(&set->file);
    set->spool = NULL;
}

feature_rows feature_rows_all(const feature_set *set)
{
    return (feature_rows){.set = set, .count = set->count};
}

/* float32, at any address */
static void widen(const unsigned char *in, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        float value;
        memcpy(&value, in + i * sizeof value, sizeof value);
        out[i] = (double)value;
    }
}

/* Neighbouring rows, in the place where doubles will be: floats lie in its upper half and are widened from the first on. */
static bool read_spooled(const feature_set *set, int64_t row, size_t values, double *out, df_error *err)
{
    const size_t place = (size_t)row * (size_t)set->dims * sizeof(float);
    unsigned char *upper = (unsigned char *)out + values * (sizeof(double) - sizeof(float));
    if (!df_spool_read(set->spool, place, upper, values * sizeof(float), err))
        return false;
    widen(upper, values, out);
    return true;
}

static bool read_run(const feature_set *set, int64_t row, int64_t count, double *out, df_error *err)
{
    const size_t d = (size_t)set->dims, values = (size_t)count * d;
    if (!set->table)
        return read_spooled(set, row, values, out, err);
    const unsigned char *data = (const unsigned char *)set->table->data + (size_t)row * d * tensor_type_bytes(set->table->type);
    if (set->table->type == TENSOR_F64)
        memcpy(out, data, values * sizeof *out);
    else
        widen(data, values, out);
    return true;
}

bool feature_rows_read(const feature_rows *rows, int64_t first, int64_t count, double *out, df_error *err)
{
    if (!rows->order)
        return read_run(rows->set, first, count, out, err);
    for (int64_t i = 0; i < count; i++)
        if (!read_run(rows->set, rows->order[first + i], 1, out + (size_t)i * (size_t)rows->set->dims, err))
            return false;
    return true;
}
