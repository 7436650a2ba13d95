/* import_scans.c: a folder of scans in correspondence as a model: their mean and principal components, of shape and, where all
   have colours, of albedo. The scans' order is that of their names. */
#include "face/import_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "face/import_mesh.h"
#include "face/pca.h"
#include "face/procrustes.h"

enum { MOST_SCANS = 4096, ALIGNMENTS = 3 };

/* Components of less variance than this share of the first are rounding of the float32 products between scans. */
static const float least_share = 1e-6f;

typedef struct scans {
    char **names;
    int count, vertices;
    float *shape;  /* [count][V][3] mm */
    float *albedo; /* the same, 0 to 1; NULL where they have no colours */
} scans;

static bool list_scans(import_job *job, scans *s)
{
    char **names;
    size_t count;
    if (!df_folder_list(job->path, job->arena, &names, &count, job->err))
        return false;
    s->names = df_alloc(job->arena, count, sizeof *names, job->err);
    for (size_t i = 0; s->names && i < count; i++)
        if (import_mesh_is(names[i]))
            s->names[s->count++] = names[i];
    if (s->names && (s->count < 2 || s->count > MOST_SCANS))
        return df_fail(job->err, "%s: %d PLY and OBJ files, expected 2 to %d scans", job->path, s->count, MOST_SCANS);
    return s->names != NULL;
}

static bool read_first(import_job *job, scans *s, face_model *m)
{
    scan_mesh mesh;
    if (!import_mesh_read(job, s->names[0], 0, &mesh) || !import_mesh_triangles(job, &mesh, m))
        return false;
    if (mesh.triangle_count == 0)
        return df_fail(job->err, "%s/%s: no triangles", job->path, s->names[0]);
    const size_t numbers = 3 * mesh.vertex_count, corners = 3 * mesh.triangle_count;
    if (mesh.uv && mesh.uv_count == mesh.vertex_count && memcmp(mesh.uv_triangles, mesh.triangles, corners * sizeof *mesh.triangles) == 0 &&
        !(m->uv = df_copy(job->arena, mesh.uv, 2 * mesh.uv_count * sizeof *mesh.uv, job->err)))
        return false;
    s->vertices = (int)mesh.vertex_count;
    s->shape = df_alloc(job->arena, (size_t)s->count, numbers * sizeof *s->shape, job->err);
    s->albedo = s->shape && mesh.colours ? df_alloc(job->arena, (size_t)s->count, numbers * sizeof *s->albedo, job->err) : NULL;
    return s->shape && (s->albedo || !mesh.colours);
}

static bool same_triangles(const scan_mesh *mesh, const face_model *m)
{
    return mesh->triangle_count == (size_t)m->triangle_count &&
           memcmp(mesh->triangles, m->triangles, 3 * mesh->triangle_count * sizeof *m->triangles) == 0;
}

static bool read_scan(import_job *job, scans *s, int index, const face_model *m)
{
    const size_t numbers = 3 * (size_t)s->vertices;
    const float unit = job->options->unit > 0 ? job->options->unit : 1;
    scan_mesh mesh;
    if (!import_mesh_read(job, s->names[index], (size_t)s->vertices, &mesh))
        return false;
    if (!same_triangles(&mesh, m))
        return df_fail(job->err, "%s/%s: other triangles than in %s: scans must be in correspondence", job->path, s->names[index],
                       s->names[0]);
    if ((mesh.colours != NULL) != (s->albedo != NULL))
        return df_fail(job->err, "%s/%s: %s colours, other than %s", job->path, s->names[index], mesh.colours ? "has" : "has no",
                       s->names[0]);
    float *shape = s->shape + (size_t)index * numbers;
    for (size_t i = 0; i < numbers; i++)
        shape[i] = unit * mesh.positions[i];
    if (s->albedo)
        memcpy(s->albedo + (size_t)index * numbers, mesh.colours, numbers * sizeof *mesh.colours);
    return true;
}

static bool read_scans(import_job *job, scans *s, face_model *m)
{
    if (!list_scans(job, s) || !read_first(job, s, m))
        return false;
    for (int i = 0; i < s->count; i++)
        if (df_stop_signal() || !read_scan(job, s, i, m))
            return df_stop_signal() ? df_fail(job->err, "stopped by a signal") : false;
    return true;
}

static void mean_of(const scans *s, float *mean)
{
    const size_t numbers = 3 * (size_t)s->vertices;
    for (size_t i = 0; i < numbers; i++) {
        double sum = 0;
        for (int k = 0; k < s->count; k++)
            sum += (double)s->shape[(size_t)k * numbers + i];
        mean[i] = (float)(sum / s->count);
    }
}

/* Generalized Procrustes without scale: each scan onto the first, then some times onto their mean. */
static bool align(import_job *job, scans *s)
{
    const size_t numbers = 3 * (size_t)s->vertices;
    int32_t *all = df_alloc(job->arena, (size_t)s->vertices, sizeof *all, job->err);
    float *target = all ? df_copy(job->arena, s->shape, numbers * sizeof *s->shape, job->err) : NULL;
    if (!target)
        return false;
    for (int32_t v = 0; v < s->vertices; v++)
        all[v] = v;
    for (int round = 0; round < ALIGNMENTS; round++) {
        for (int k = 0; k < s->count; k++) {
            rigid_motion motion;
            float *scan = s->shape + (size_t)k * numbers;
            if (!procrustes_fit(scan, target, all, s->vertices, &motion, job->err))
                return false;
            procrustes_apply(&motion, scan, s->vertices);
        }
        mean_of(s, target);
    }
    return true;
}

/* Components of rows [scans][V][3], which are centred in place. */
static bool components_of(import_job *job, const scans *s, float *rows, import_linear *out)
{
    const int numbers = 3 * s->vertices, asked = job->options->components;
    int most = s->count - 1 < FACE_MAX_COMPONENTS ? s->count - 1 : FACE_MAX_COMPONENTS;
    most = asked > 0 && asked < most ? asked : most;
    pca fit;
    out->vertices = s->vertices;
    out->mean = df_alloc(job->arena, (size_t)numbers, sizeof *out->mean, job->err);
    if (!out->mean)
        return false;
    pca_centre(rows, s->count, numbers, out->mean);
    if (!pca_fit(rows, s->count, numbers, numbers, most, job->arena, &fit, job->err))
        return false;
    out->basis = df_alloc(job->arena, (size_t)fit.count, (size_t)numbers * sizeof *out->basis, job->err);
    if (!out->basis)
        return false;
    pca_components(&fit, rows, numbers, out->basis);
    while (out->count < fit.count && fit.variance[out->count] > least_share * fit.variance[0])
        out->count++;
    return true;
}

static bool build(import_job *job, face_model *m)
{
    scans s = {0};
    import_linear shape = {0}, albedo = {0};
    if (!read_scans(job, &s, m) || (job->options->align && !align(job, &s)) || !components_of(job, &s, s.shape, &shape) ||
        (s.albedo && !components_of(job, &s, s.albedo, &albedo)))
        return false;
    return import_assemble(job, &shape, &albedo, m);
}

const import_format import_scans = {
    .name = "scans", .title = "scans in correspondence", .container = IMPORT_FOLDER, .credit = "the scans' owner", .build = build};
