/* import.c: finds out which format a file or folder has, has it read, and saves the model. */
#include "face/import_internal.h"

#include <stdio.h>
#include <string.h>

#include "face/model_file.h"

static const import_format *const formats[] = {&import_bfm2009, &import_deep3d,     &import_statismo, &import_statismo_plain,
                                               &import_ict,     &import_ict_folder, &import_scans /* any other folder: last */};

static bool has_marker(import_job *job, const char *marker, bool *is_found)
{
    if (job->container != IMPORT_FOLDER) {
        tensor t;
        return import_find(job, marker, &t, is_found);
    }
    char path[4096];
    *is_found = !marker;
    if (!marker)
        return true;
    if (!df_path_join(path, sizeof path, job->path, marker, job->err))
        return false;
    *is_found = df_path_exists(path);
    return true;
}

static bool find_format(import_job *job, const import_format **out)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(formats); i++) {
        bool is_found = false;
        if (formats[i]->container == job->container && !has_marker(job, formats[i]->marker, &is_found))
            return false;
        if (is_found) {
            *out = formats[i];
            return true;
        }
    }
    return df_fail(job->err, "%s: no model of a known form: expected %s", job->path,
                   job->container == IMPORT_MAT  ? "'shapeMU' (Basel Face Model 2009) or 'meanshape' (Deep3DFaceRecon)"
                   : job->container == IMPORT_H5 ? "'shape/model/mean' (Basel Face Model 2017, 2019, statismo)"
                                                 : "'landmarks68' (ICT-FaceKit)");
}

static bool check_options(const import_job *job, const import_format *format)
{
    if (job->options->attributes && format != &import_bfm2009)
        return df_fail(job->err, "%s: attributes belong to the Basel Face Model 2009, this is %s", job->options->attributes, format->title);
    return true;
}

static void describe(const import_format *format, const face_model *m, import_report *report)
{
    *report = (import_report){
        .format = format->title,
        .vertices = m->skin_count,
        .triangles = m->triangle_count,
        .shape_count = m->shape_count,
        .albedo_count = m->albedo_count,
        .expression_count = m->expression_count,
        .named_count = m->named_count,
        .has_landmarks = m->has_landmarks,
        .has_attributes = m->attribute_directions != NULL,
    };
    memcpy(report->name, m->name, sizeof report->name);
}

static bool import_job_run(import_job *job, const char *out, import_report *report)
{
    const import_format *format = NULL;
    face_model m = {0};
    if (!import_container_of(job->path, &job->container, job->err) || !find_format(job, &format) || !check_options(job, format))
        return false;
    import_name(format->name, strlen(format->name), m.name);
    if (!format->build(job, &m) || !import_read_landmarks(job, &m))
        return false;
    import_let_go(job);
    import_place_origin(&m);
    const char *const notes[][2] = {{"source", format->title}, {"credit", format->credit}, {NULL, NULL}};
    if (!face_model_save(out, &m, notes, job->err))
        return false;
    describe(format, &m, report);
    return true;
}

bool face_import(const char *path, const import_options *options, const char *out, import_report *report, df_error *err)
{
    const size_t limit = (size_t)16 << 30; /* sizes are those of what was read; readers hold a file to its own size */
    import_job job = {.path = path, .options = options, .err = err};
    job.arena = df_arena_new(limit, err);
    job.source = job.arena ? df_arena_new(limit, err) : NULL;
    const bool is_done = job.source && import_job_run(&job, out, report);
    df_file_unmap(&job.bytes);
    df_arena_free(job.source);
    df_arena_free(job.arena);
    return is_done;
}
