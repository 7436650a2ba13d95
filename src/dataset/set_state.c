/* set_state.c: job.json, read as a stranger's and written beside and renamed. */
#include "dataset/set_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "dataset/shard_path.h"

enum { STATE_LIMIT = 1 << 20 };

static void copy_hint(const json_t *root, const char *key, char out[SET_HINT])
{
    const char *hint = json_string_value(json_object_get(root, key));
    out[0] = '\0';
    if (hint && strlen(hint) < SET_HINT)
        memcpy(out, hint, strlen(hint) + 1);
}

static bool parse_state(const json_t *root, set_state *out, df_error *err)
{
    int64_t shards, normals_bits;
    const char *order;
    const json_t *job = json_object_get(root, "job");
    set_state state = {0};
    if (!json_is_object(job))
        return df_fail(err, "job: missing, expected an object");
    if (!df_json_get_integer(root, "shards", 1, JOURNAL_MAX_SHARDS, &shards, err) ||
        !df_json_get_integer(root, "identities", 1, INT64_MAX / JOB_MAX_PER_IDENTITY, &state.identities, err) ||
        !df_json_get_integer(root, "images-per-identity", 1, JOB_MAX_PER_IDENTITY, &state.per_identity, err) ||
        !df_json_get_integer(job, "normals-bits", 8, 16, &normals_bits, err) || !df_json_get_string(root, "order", &order, err))
        return false;
    state.shards = (int)shards;
    state.normals16 = normals_bits == 16;
    snprintf(state.order_sha256, sizeof state.order_sha256, "%s", order);
    copy_hint(root, "model-path", state.model_path);
    copy_hint(root, "background-path", state.background_path);
    *out = state;
    return true;
}

static bool read_state_text(const char *path, set_state *out, json_t **job_json, df_error *err)
{
    df_bytes bytes;
    df_arena *arena = df_arena_new(2 * (size_t)STATE_LIMIT, err);
    json_t *root = NULL;
    const bool is_good = arena && df_file_read(path, STATE_LIMIT, arena, &bytes, err) &&
                         ((root = df_json_parse((const char *)bytes.data, bytes.size, err)) != NULL || df_fail_in(err, "%s", path)) &&
                         (parse_state(root, out, err) || df_fail_in(err, "%s", path));
    if (is_good && job_json)
        *job_json = json_incref(json_object_get(root, "job"));
    json_decref(root);
    df_arena_free(arena);
    return is_good;
}

bool set_state_read(const char *path, set_state *out, json_t **job_json, bool *found, df_error *err)
{
    char file[DATASET_PATH];
    if (!shard_state_file(file, path, "job.json", err))
        return false;
    *found = df_path_exists(file);
    return !*found || read_state_text(file, out, job_json, err);
}

static void add_hint(df_text *out, const char *key, const char *hint)
{
    if (hint[0] == '\0')
        return;
    df_text_addf(out, ",\"%s\":", key);
    df_text_json_string(out, hint);
}

bool set_state_write(const char *path, const render_job *job, const set_state *state, df_error *err)
{
    char file[DATASET_PATH];
    df_text text = {0};
    df_text_addf(&text, "{\"written-by\":\"diffuse\",\"shards\":%d,\"identities\":%lld,\"images-per-identity\":%lld,\"order\":\"%s\"",
                 state->shards, (long long)state->identities, (long long)state->per_identity, state->order_sha256);
    add_hint(&text, "model-path", state->model_path);
    add_hint(&text, "background-path", state->background_path);
    df_text_add(&text, ",\"job\":");
    job_write(job, &text);
    df_text_add(&text, "}\n");
    const bool is_good =
        df_text_ok(&text, err) && shard_state_file(file, path, "job.json", err) && df_file_write(file, text.data, text.size, err);
    df_text_free(&text);
    return is_good;
}

void set_state_hint(const char *path, char out[SET_HINT])
{
    char *whole = realpath(path, NULL);
    out[0] = '\0';
    if (whole && strlen(whole) < SET_HINT)
        memcpy(out, whole, strlen(whole) + 1);
    free(whole);
}
