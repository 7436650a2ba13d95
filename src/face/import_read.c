/* import_read.c: a foreign model's arrays in our layout. Files hold a basis as a matrix (3 V, K), we hold K meshes one after the
   other. Products with deviations are taken in double and rounded once. */
#include "face/import_internal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A sentence about array `name` of the job's file. */
#define FAIL_AT(job, name, ...) (df_fail((job)->err, __VA_ARGS__), df_fail_in((job)->err, "%s: '%s'", (job)->path, name))

static bool finite_number(const import_job *job, const char *name, const tensor *t, size_t index, double *out)
{
    *out = tensor_number(t, index);
    return isfinite(*out) || FAIL_AT(job, name, "number %zu is not finite", index);
}

bool import_numbers(import_job *job, const char *name, int64_t count, double factor, float **out, int64_t *found)
{
    tensor t;
    if (!import_tensor(job, name, &t))
        return false;
    const int64_t n = tensor_elements(&t);
    if (count >= 0 && n != count)
        return FAIL_AT(job, name, "%" PRId64 " numbers, expected %" PRId64, n, count);
    float *values = df_alloc(job->arena, (size_t)n, sizeof *values, job->err);
    if (!values)
        return false;
    for (size_t i = 0; i < (size_t)n; i++) {
        double value;
        if (!finite_number(job, name, &t, i, &value))
            return false;
        values[i] = (float)(value * factor);
        if (!isfinite(values[i]))
            return FAIL_AT(job, name, "number %zu is too large: %g", i, value);
    }
    *out = values;
    *found = n;
    return true;
}

bool import_indices(import_job *job, const char *name, int64_t count, int64_t first, int64_t last, int32_t **out, int64_t *found)
{
    tensor t;
    if (!import_tensor(job, name, &t))
        return false;
    const int64_t n = tensor_elements(&t);
    if (count >= 0 && n != count)
        return FAIL_AT(job, name, "%" PRId64 " numbers, expected %" PRId64, n, count);
    int32_t *values = df_alloc(job->arena, (size_t)n, sizeof *values, job->err);
    if (!values)
        return false;
    for (size_t i = 0; i < (size_t)n; i++) {
        const double value = tensor_number(&t, i);
        if (!(value >= (double)first && value <= (double)last) || value != floor(value))
            return FAIL_AT(job, name, "number %zu is %g, expected a whole number from %" PRId64 " to %" PRId64, i, value, first, last);
        values[i] = (int32_t)((int64_t)value - first);
    }
    *out = values;
    *found = n;
    return true;
}

/* One factor a column, its deviation in our unit; *columns -1 and *scales NULL where the file has no deviations. */
static bool read_scales(import_job *job, const import_part *part, int64_t *columns, double **scales)
{
    tensor t;
    *columns = -1;
    *scales = NULL;
    if (!part->deviations)
        return true;
    if (!import_tensor(job, part->deviations, &t))
        return false;
    *columns = tensor_elements(&t);
    *scales = df_alloc(job->arena, (size_t)*columns, sizeof **scales, job->err);
    for (int64_t k = 0; *scales && k < *columns; k++) {
        double value;
        if (!finite_number(job, part->deviations, &t, (size_t)k, &value))
            return false;
        if (value < 0)
            return FAIL_AT(job, part->deviations, "number %" PRId64 " is %g, expected 0 or more", k, value);
        (*scales)[k] = part->unit * (part->are_variances ? sqrt(value) : value);
    }
    return *scales != NULL;
}

/* The basis, checked against the vertices and the deviations; without deviations each column's scale is the unit. */
static bool read_basis(import_job *job, const import_part *part, int64_t vertices, int64_t deviations, double **scales, tensor *out)
{
    if (!import_tensor(job, part->basis, out))
        return false;
    if (out->rank != 2 || out->shape[0] != 3 * vertices)
        return FAIL_AT(job, part->basis, "%" PRId64 " rows in %d dimensions, expected a matrix of %" PRId64 " rows",
                       out->rank ? out->shape[0] : 1, out->rank, 3 * vertices);
    const int64_t columns = out->shape[1];
    if (deviations >= 0 && deviations != columns)
        return FAIL_AT(job, part->deviations, "%" PRId64 " numbers, expected one for each of the %" PRId64 " columns of '%s'", deviations,
                       columns, part->basis);
    if (*scales)
        return true;
    *scales = df_alloc(job->arena, (size_t)columns, sizeof **scales, job->err);
    for (int64_t k = 0; *scales && k < columns; k++)
        (*scales)[k] = part->unit;
    return *scales != NULL;
}

/* Divides by the columns' lengths. */
static void normalize_scales(const tensor *basis, int count, double *scales)
{
    const size_t rows = (size_t)basis->shape[0], columns = (size_t)basis->shape[1];
    for (size_t k = 0; k < (size_t)count; k++) {
        double sum = 0;
        for (size_t i = 0; i < rows; i++) {
            const double value = tensor_number(basis, i * columns + k);
            sum += value * value;
        }
        scales[k] = sum > 0 ? scales[k] / sqrt(sum) : 0;
    }
}

/* out [count][rows] = the first columns of `basis`, each times its scale. */
static bool transpose(const import_job *job, const tensor *basis, const char *name, int count, const double *scales, float *out)
{
    const size_t rows = (size_t)basis->shape[0], columns = (size_t)basis->shape[1];
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < (size_t)count; k++) {
            const float value = (float)(tensor_number(basis, i * columns + k) * scales[k]);
            if (!isfinite(value))
                return FAIL_AT(job, name, "row %zu, column %zu is not finite, or too large", i, k);
            out[k * rows + i] = value;
        }
    return true;
}

/* How many of the columns the model takes. */
static bool count_columns(const import_job *job, const import_part *part, int64_t columns, int *out)
{
    const int64_t kept = part->kept > 0 && part->kept < columns ? part->kept : columns;
    if (kept > part->most)
        return FAIL_AT(job, part->basis, "%" PRId64 " columns, expected at most %d", columns, part->most);
    *out = (int)kept;
    return true;
}

static bool read_mean(import_job *job, const import_part *part, int64_t vertices, import_linear *out)
{
    int64_t numbers = 0;
    if (!import_numbers(job, part->mean, vertices > 0 ? 3 * vertices : -1, part->unit, &out->mean, &numbers))
        return false;
    if (numbers % 3 != 0 || numbers < 9 || numbers / 3 > IMPORT_MOST_VERTICES)
        return FAIL_AT(job, part->mean, "%" PRId64 " numbers, expected three a vertex, of 3 to %d vertices", numbers, IMPORT_MOST_VERTICES);
    out->vertices = numbers / 3;
    return true;
}

bool import_read_part(import_job *job, const import_part *part, int64_t vertices, import_linear *out)
{
    import_linear made = {.vertices = vertices};
    int64_t deviations;
    double *scales;
    tensor basis;
    if ((part->mean && !read_mean(job, part, vertices, &made)) || !read_scales(job, part, &deviations, &scales) ||
        !read_basis(job, part, made.vertices, deviations, &scales, &basis) || !count_columns(job, part, basis.shape[1], &made.count))
        return false;
    if (part->normalize)
        normalize_scales(&basis, made.count, scales);
    made.basis = df_alloc(job->arena, (size_t)made.count * 3 * (size_t)made.vertices, sizeof *made.basis, job->err);
    if (!made.basis || !transpose(job, &basis, part->basis, made.count, scales, made.basis))
        return false;
    *out = made;
    return true;
}

/* The corner that stands at place c of triangle t. */
static size_t corner_at(import_layout layout, size_t t, size_t c, size_t triangles)
{
    switch (layout) {
    case IMPORT_OUTWARD:
        return 3 * t + c;
    case IMPORT_INWARD:
        return 3 * t + (3 - c) % 3;
    case IMPORT_OUTWARD_BY_CORNER:
        return c * triangles + t;
    }
    return 0;
}

bool import_triangles(import_job *job, const char *name, import_layout layout, int first, face_model *m)
{
    tensor t;
    int32_t *read;
    int64_t numbers;
    if (!import_tensor(job, name, &t))
        return false;
    const int axis = layout == IMPORT_OUTWARD_BY_CORNER ? 0 : 1;
    if (t.rank != 2 || t.shape[axis] != 3 || t.shape[1 - axis] > 2 * IMPORT_MOST_VERTICES)
        return FAIL_AT(job, name, "expected a matrix of three %s", axis == 0 ? "rows" : "columns");
    if (!import_indices(job, name, -1, first, (int64_t)first + m->skin_count - 1, &read, &numbers))
        return false;
    const size_t triangles = (size_t)numbers / 3;
    int32_t *out = df_alloc(job->arena, 3 * triangles, sizeof *out, job->err);
    if (!out)
        return false;
    for (size_t i = 0; i < triangles; i++)
        for (size_t c = 0; c < 3; c++)
            out[3 * i + c] = read[corner_at(layout, i, c, triangles)];
    m->triangles = out;
    m->triangle_count = (int)triangles;
    return true;
}

void import_name(const char *text, size_t length, char out[FACE_NAME])
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t used = 0;
    for (; used < length && used < FACE_NAME - 1 && text[used] != '\0'; used++)
        out[used] = strchr(allowed, text[used]) ? text[used] : '_';
    if (used == 0)
        out[used++] = '_';
    out[used] = '\0';
}
