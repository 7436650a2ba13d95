/* label_files.c: a row for each label that is no image: what a model needs for it, and who writes it. */
#include "dataset/label_files_internal.h"

static bool can_gaze(const face_model *model, df_error *err)
{
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == FACE_PART_EYES && model->eye_ref_count > 0)
            return true;
    return df_fail(err, "model '%s' has no eyes that turn, and so no gaze labels", model->name);
}

static bool can_uv(const face_model *model, df_error *err)
{
    return model->uv != NULL || df_fail(err, "model '%s' has no texture coordinates, and so no uv labels", model->name);
}

static const struct {
    bool (*check)(const face_model *model, df_error *err); /* NULL: every model can */
    bool (*bytes)(const label_shot *shot, df_text *out, df_arena *scratch, df_error *err);
} rows[LABEL_KIND_COUNT] = {
    [LABEL_GAZE] = {.check = can_gaze, .bytes = label_gaze},
    [LABEL_UV] = {.check = can_uv},
    [LABEL_MESH] = {.bytes = label_mesh},
    [LABEL_LANDMARKS] = {.bytes = label_landmarks},
};

bool label_bytes(label_kind kind, const label_shot *shot, df_text *out, df_arena *scratch, df_error *err)
{
    return rows[kind].bytes(shot, out, scratch, err) && df_text_ok(out, err);
}

bool label_check(const render_job *job, const face_model *model, df_error *err)
{
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (job->labels[kind] && rows[kind].check && !rows[kind].check(model, err))
            return false;
    for (int i = 0; job->labels[LABEL_LANDMARKS] && i < job->landmarks.count; i++)
        if (job->landmarks.vertices[i] >= model->skin_count)
            return df_fail(err, "landmarks: vertex %d, the skin of model '%s' has %d, counted from 0", job->landmarks.vertices[i],
                           model->name, model->skin_count);
    return true;
}
