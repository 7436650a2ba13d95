/* import_statismo.c: the HDF5 files of the Basel group's libraries statismo and scalismo (M. Lüthi et al., "Statismo", Insight Journal
   2012): the Basel Face Models of 2017 and 2019 (T. Gerig et al., FG 2018), and others of their layout. Groups `shape`,
   `color` and `expression` hold one linear model each; a file without groups is a model of shape alone. */
#include "face/import_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "face/import_landmarks.h"

enum { PATH = 96 };

typedef char path[PATH];

static const char *join(path out, const char *group, const char *name)
{
    snprintf(out, PATH, "%s%s", group, name);
    return out;
}

/* One number of the file, `otherwise` where there is none. */
static bool read_scalar(import_job *job, const char *group, const char *name, double otherwise, double *out)
{
    path full;
    tensor t;
    bool is_found;
    if (!import_find(job, join(full, group, name), &t, &is_found))
        return false;
    *out = is_found && tensor_elements(&t) == 1 ? tensor_number(&t, 0) : otherwise;
    return true;
}

/* Columns carry their deviations up to version 0.8 of the layout. */
static bool carries_deviations(import_job *job, const char *group, bool *out)
{
    double major, minor;
    if (!read_scalar(job, group, "version/majorVersion", -1, &major) || !read_scalar(job, group, "version/minorVersion", 9, &minor))
        return false;
    if (major < 0 && (!read_scalar(job, "", "version/majorVersion", 0, &major) || !read_scalar(job, "", "version/minorVersion", 9, &minor)))
        return false;
    *out = major == 0 && minor <= 8;
    return true;
}

static bool read_group(import_job *job, const char *group, int64_t vertices, int kept, int most, import_linear *out)
{
    path mean, basis, variance;
    import_part part = {.mean = join(mean, group, "model/mean"),
                        .basis = join(basis, group, "model/pcaBasis"),
                        .deviations = join(variance, group, "model/pcaVariance"),
                        .unit = 1,
                        .are_variances = true,
                        .kept = kept,
                        .most = most};
    return carries_deviations(job, group, &part.normalize) && import_read_part(job, &part, vertices, out);
}

static bool has_group(import_job *job, const char *group, bool *out)
{
    path full;
    tensor t;
    return import_find(job, join(full, group, "model/mean"), &t, out);
}

/* Rows of corners, or in the oldest files rows of triangles. */
static bool read_triangles(import_job *job, const char *group, face_model *m)
{
    path cells, list;
    tensor t;
    bool is_found;
    join(cells, group, "representer/cells");
    join(list, group, "representer/reference-mesh/triangle-list");
    if (!import_find(job, list, &t, &is_found))
        return false;
    return is_found ? import_triangles(job, list, IMPORT_OUTWARD, 0, m) : import_triangles(job, cells, IMPORT_OUTWARD_BY_CORNER, 0, m);
}

/* The mesh that landmarks are given on, [V][3]; the mean where the file has none. */
static bool read_reference(import_job *job, const char *group, const face_model *m, const float **out)
{
    path points, list;
    tensor t;
    bool is_found;
    int64_t count;
    float *read;
    const size_t n = (size_t)m->skin_count;
    join(points, group, "representer/points");
    join(list, group, "representer/reference-mesh/vertex-coordinates");
    *out = m->cage_mean;
    if (!import_find(job, list, &t, &is_found))
        return false;
    if (is_found) {
        if (!import_numbers(job, list, 3 * (int64_t)n, 1, &read, &count))
            return false;
        *out = read;
        return true;
    }
    if (!import_find(job, points, &t, &is_found))
        return false;
    if (!is_found)
        return true;
    if (!import_numbers(job, points, 3 * (int64_t)n, 1, &read, &count))
        return false;
    float *turned = df_alloc(job->arena, 3 * n, sizeof *turned, job->err);
    for (size_t i = 0; turned && i < 3 * n; i++)
        turned[i] = read[i % 3 * n + i / 3];
    *out = turned;
    return turned != NULL;
}

static bool read_landmarks(import_job *job, const char *group, face_model *m)
{
    static const struct {
        const char *name;
        bool (*parse)(const char *text, df_arena *arena, import_landmarks *out, df_error *err);
    } rows[] = {{"metadata/landmarks/json", import_landmarks_json}, {"metadata/landmarks/text", import_landmarks_text}};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        const char *text;
        size_t width, count;
        import_landmarks found;
        const float *reference;
        if (!import_text(job, rows[i].name, &text, &width, &count))
            return false;
        if (!text)
            continue;
        if (!rows[i].parse(text, job->arena, &found, job->err))
            return df_fail_in(job->err, "%s: '%s'", job->path, rows[i].name);
        return read_reference(job, group, m, &reference) && import_landmarks_attach(&found, reference, m, job->arena, job->err);
    }
    return true;
}

static bool build_of(import_job *job, const char *shape_group, face_model *m)
{
    import_linear shape, albedo = {0}, expression;
    bool has_colour, has_expression;
    if (!read_group(job, shape_group, 0, job->options->components, FACE_MAX_COMPONENTS, &shape) || !has_group(job, "color/", &has_colour) ||
        (has_colour && !read_group(job, "color/", shape.vertices, job->options->components, FACE_MAX_COMPONENTS, &albedo)) ||
        !import_assemble(job, &shape, &albedo, m) || !has_group(job, "expression/", &has_expression) ||
        (has_expression && !(read_group(job, "expression/", shape.vertices, 0, FACE_MAX_EXPRESSIONS, &expression) &&
                             import_add_expressions(job, &expression, m))))
        return false;
    return read_triangles(job, shape_group, m) && read_landmarks(job, shape_group, m);
}

static bool build(import_job *job, face_model *m)
{
    return build_of(job, "shape/", m);
}

static bool build_plain(import_job *job, face_model *m)
{
    return build_of(job, "", m);
}

#define CREDIT                                                                                                                             \
    "Gerig et al., Morphable Face Models - An Open Framework, FG 2018, if it is theirs; under the licence that the file was obtained with"

const import_format import_statismo = {.name = "bfm",
                                       .title = "Basel Face Model 2017 or 2019, or another statismo model",
                                       .container = IMPORT_H5,
                                       .marker = "shape/model/mean",
                                       .credit = CREDIT,
                                       .build = build};
const import_format import_statismo_plain = {.name = "statismo",
                                             .title = "a statismo model of shape alone",
                                             .container = IMPORT_H5,
                                             .marker = "model/mean",
                                             .credit = "under the licence that the file was obtained with",
                                             .build = build_plain};
