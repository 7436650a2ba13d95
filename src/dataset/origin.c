/* origin.c: one small JSON file, compared by what decides the set's bytes. */
#include "dataset/origin.h"

#include <string.h>

#include "base/file.h"
#include "dataset/shard_path.h"
#include "dataset/state_json.h"

enum { ORIGIN_LIMIT = 16 << 20 };

static bool check(const json_t *root, df_error *err)
{
    const char *text, *key;
    int64_t count;
    const json_t *model = json_object_get(root, "model"), *persons = json_object_get(root, "identities"), *value;
    json_t *notes = json_object_get(model, "notes");
    if (!df_json_get_string(root, "version", &text, err) || !df_json_get_string(root, "recipe", &text, err))
        return false;
    if (!json_is_object(model) || !json_is_object(persons) || !json_is_object(notes))
        return df_fail(err, "model, identities and model.notes: expected objects");
    json_object_foreach(notes, key, value)
        if (!json_is_string(value))
            return df_fail(err, "model.notes.%.40s: expected a text", key);
    return df_json_get_string(model, "name", &text, err) && df_json_get_string(model, "sha256", &text, err) &&
           df_json_get_string(persons, "sha256", &text, err) && df_json_get_integer(persons, "count", 1, INT64_MAX, &count, err);
}

bool origin_read(const char *folder, json_t **out, bool *found, df_error *err)
{
    const state_form form = {.name = "origin.json", .limit = ORIGIN_LIMIT, .check = check};
    return state_json_read(folder, &form, out, found, err);
}

static void write_text(df_text *out, const char *before, const char *value)
{
    df_text_add(out, before);
    df_text_json_string(out, value);
}

static void write_origin(df_text *out, const stamp *recipe, const render_job *job, const face_model *model, int64_t identities)
{
    write_text(out, "{\"program\":\"diffuse\",\"version\":", DIFFUSE_VERSION);
    write_text(out, ",\"recipe\":", recipe->recipe);
    write_text(out, ",\"identities\":{\"sha256\":", job->identities_sha256);
    df_text_addf(out, ",\"count\":%lld}", (long long)identities);
    write_text(out, ",\"model\":{\"name\":", model->name);
    write_text(out, ",\"sha256\":", model->sha256);
    df_text_add(out, ",\"notes\":{");
    for (int i = 0; i < model->note_count; i++) {
        write_text(out, i ? "," : "", model->notes[i][0]);
        write_text(out, ":", model->notes[i][1]);
    }
    df_text_add(out, "}}}\n");
}

static bool has_text(const json_t *object, const char *key, const char *value)
{
    const char *found = json_string_value(json_object_get(object, key));
    return found && strcmp(found, value) == 0;
}

/* The file is there for this very set; one that cannot be read is not. */
static bool is_written(const char *folder, const stamp *recipe, const render_job *job)
{
    bool found = false;
    json_t *root = NULL;
    if (!origin_read(folder, &root, &found, NULL) || !found)
        return false;
    const bool is_same =
        has_text(root, "recipe", recipe->recipe) && has_text(json_object_get(root, "identities"), "sha256", job->identities_sha256);
    json_decref(root);
    return is_same;
}

bool origin_write(const char *folder, const stamp *recipe, const render_job *job, const face_model *model, int64_t identities,
                  df_error *err)
{
    char path[DATASET_PATH];
    if (is_written(folder, recipe, job))
        return true;
    df_text text = {0};
    write_origin(&text, recipe, job, model, identities);
    const bool is_good =
        df_text_ok(&text, err) && shard_state_file(path, folder, "origin.json", err) && df_file_write(path, text.data, text.size, err);
    df_text_free(&text);
    return is_good;
}
