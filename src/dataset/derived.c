/* derived.c: a flat list of sources, counted while lines pass. */
#include "dataset/derived.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "dataset/set_state.h"
#include "dataset/origin.h"
#include "dataset/shard_path.h"
#include "dataset/state_json.h"

enum { FILE_LIMIT = 64 << 20 };

/* ---- reading ---- */

static bool check_source(const json_t *source, df_error *err)
{
    int64_t images;
    const char *text;
    const json_t *job = json_object_get(source, "job");
    return df_json_get_string(source, "name", &text, err) && df_json_get_string(source, "manifest-sha256", &text, err) &&
           df_json_get_integer(source, "images", 0, INT64_MAX, &images, err) &&
           (json_is_object(job) || json_is_null(job) || df_fail(err, "job: expected an object or null"));
}

static bool check(const json_t *root, df_error *err)
{
    const json_t *sources = json_object_get(root, "sources");
    const size_t count = json_array_size(sources);
    if (!json_is_array(sources) || count == 0 || count > DERIVED_SOURCES)
        return df_fail(err, "sources: expected a list of 1 to %d", DERIVED_SOURCES);
    for (size_t i = 0; i < count; i++)
        if (!check_source(json_array_get(sources, i), err))
            return df_fail_in(err, "sources[%zu]", i);
    return true;
}

bool derived_read(const char *folder, json_t **out, bool *found, df_error *err)
{
    const state_form form = {.name = "derived.json", .limit = FILE_LIMIT, .check = check};
    return state_json_read(folder, &form, out, found, err);
}

const json_t *derived_job_at(const json_t *derived, int64_t line)
{
    size_t i;
    const json_t *source, *sources = json_object_get(derived, "sources");
    json_array_foreach(sources, i, source) {
        const int64_t images = json_integer_value(json_object_get(source, "images"));
        const json_t *job = json_object_get(source, "job");
        if (line < images)
            return json_is_object(job) ? job : NULL;
        line -= images;
    }
    return NULL;
}

/* ---- writing ---- */

bool derivation_init(derivation *d, df_arena *arena, df_error *err)
{
    d->arena = arena;
    d->at = 0;
    d->sources = json_array();
    d->has = df_alloc(arena, DERIVED_SOURCES, sizeof(int64_t), err);
    d->taken = df_alloc(arena, DERIVED_SOURCES, sizeof(int64_t), err);
    d->folders = df_alloc(arena, DERIVED_SOURCES, sizeof *d->folders, err);
    return d->has && d->taken && d->folders && (d->sources || df_fail(err, "out of memory"));
}

static bool add_source(derivation *d, const char *folder, json_t *source, int64_t images, df_error *err)
{
    const size_t place = json_array_size(d->sources);
    if (place == DERIVED_SOURCES) {
        json_decref(source);
        return df_fail(err, "more than %d sources", DERIVED_SOURCES);
    }
    d->has[place] = images;
    d->folders[place] = folder;
    return json_array_append_new(d->sources, source) == 0 || df_fail(err, "out of memory");
}

/* The folder's own name, whatever way leads to it. */
static bool add_folder(derivation *d, const char *folder, df_error *err)
{
    char manifest[DATASET_PATH], sha256[DF_SHA256_TEXT];
    set_state state;
    json_t *job = NULL, *origin = NULL;
    bool found, has_origin;
    if (!df_path_join(manifest, sizeof manifest, folder, "manifest.jsonl", err) || !df_sha256_of_file(manifest, sha256, err) ||
        !origin_read(folder, &origin, &has_origin, err))
        return false;
    if (!set_state_read(folder, &state, &job, &found, err)) {
        json_decref(origin);
        return false;
    }
    char *whole = realpath(folder, NULL);
    const char *slash = whole ? strrchr(whole, '/') : NULL;
    json_t *source = json_pack("{s:s, s:s, s:i, s:o, s:o}", "name", slash ? slash + 1 : folder, "manifest-sha256", sha256, "images", 0,
                               "job", found ? job : json_null(), "origin", has_origin ? origin : json_null());
    free(whole);
    return source ? add_source(d, folder, source, INT64_MAX, err) : df_fail(err, "%s: its name is no UTF-8 text", folder);
}

bool derivation_begin(derivation *d, const char *folder, df_error *err)
{
    folder = df_copy_string(d->arena, folder, err);
    if (!folder)
        return false;
    json_t *root = NULL;
    bool found;
    size_t i;
    json_t *source;
    if (!derived_read(folder, &root, &found, err))
        return false;
    d->at = json_array_size(d->sources);
    if (!found)
        return add_folder(d, folder, err);
    bool is_good = true;
    json_array_foreach(json_object_get(root, "sources"), i, source) {
        const int64_t images = json_integer_value(json_object_get(source, "images"));
        is_good = is_good && add_source(d, folder, json_deep_copy(source), images, err);
    }
    json_decref(root);
    return is_good;
}

bool derivation_copy(derivation *d, const derivation *from, df_error *err)
{
    json_decref(d->sources);
    d->sources = json_deep_copy(from->sources);
    d->at = from->at;
    memcpy(d->has, from->has, DERIVED_SOURCES * sizeof *d->has);
    memcpy(d->folders, from->folders, DERIVED_SOURCES * sizeof *d->folders);
    return d->sources || df_fail(err, "out of memory");
}

void derivation_line(derivation *d, bool is_taken)
{
    while (d->has[d->at] == 0 && d->at + 1 < json_array_size(d->sources))
        d->at++;
    d->has[d->at]--;
    d->taken[d->at] += is_taken;
}

static void write_sources(const derivation *d, df_text *out)
{
    size_t i;
    json_t *source;
    bool is_first = true;
    json_array_foreach(d->sources, i, source) {
        if (d->taken[i] == 0)
            continue;
        json_object_set_new(source, "images", json_integer(d->taken[i]));
        char *text = json_dumps(source, JSON_COMPACT | JSON_REAL_PRECISION(9));
        df_text_add(out, is_first ? "\n" : ",\n");
        if (text)
            df_text_add(out, text);
        out->failed |= text == NULL;
        free(text);
        is_first = false;
    }
}

/* ---- people ---- */

/* The hash of the identities of a source that gave something; NULL: imported, or nothing taken. */
static const char *people_of(const derivation *d, size_t source)
{
    const json_t *job = json_object_get(json_array_get(d->sources, source), "job");
    const char *sha256 = json_string_value(json_object_get(job, "identities"));
    return d->taken[source] > 0 && sha256 && strlen(sha256) == DF_SHA256_TEXT - 1 && strspn(sha256, "0123456789abcdef") == strlen(sha256)
               ? sha256
               : NULL;
}

static bool own_file(char path[DATASET_PATH], const char *folder, const char *sha256, df_error *err)
{
    char name[DF_SHA256_TEXT + 32];
    snprintf(name, sizeof name, "identities-%s.jsonl", sha256);
    return shard_state_file(path, folder, name, err);
}

/* A set of the first release kept none: then the new one has none either. */
static bool keep_people(const char *from, const char *sha256, const char *to, df_error *err)
{
    char path[DATASET_PATH], found[DF_SHA256_TEXT];
    if (!own_file(path, from, sha256, err))
        return false;
    if (!df_path_exists(path) && !set_identities_path(path, from, err))
        return false;
    if (!df_path_exists(path) || df_path_exists(to))
        return true;
    return df_sha256_of_file(path, found, err) && (strcmp(found, sha256) != 0 || df_file_link(path, to, err));
}

static bool keep_all_people(const derivation *d, const char *out, df_error *err)
{
    const char *only = NULL;
    bool is_one = true;
    for (size_t i = 0; i < json_array_size(d->sources); i++) {
        const char *sha256 = people_of(d, i);
        is_one = is_one && (!sha256 || !only || strcmp(only, sha256) == 0);
        only = sha256 ? sha256 : only;
    }
    for (size_t i = 0; i < json_array_size(d->sources); i++) {
        char path[DATASET_PATH];
        const char *sha256 = people_of(d, i);
        if (sha256 && (!(is_one ? set_identities_path(path, out, err) : own_file(path, out, sha256, err)) ||
                       !keep_people(d->folders[i], sha256, path, err)))
            return false;
    }
    return true;
}

bool derivation_write(const derivation *d, const char *made_by, const char *how, const char *out, df_error *err)
{
    char path[DATASET_PATH];
    df_text text = {0};
    df_text_add(&text, "{\"written-by\":\"diffuse\",\"made-by\":");
    df_text_json_string(&text, made_by);
    df_text_add(&text, ",\"how\":");
    df_text_json_string(&text, how);
    df_text_add(&text, ",\"sources\":[");
    write_sources(d, &text);
    df_text_add(&text, "]}\n");
    const bool is_good = df_text_ok(&text, err) && shard_state_folder(path, out, err) && df_make_folders(path, err) &&
                         shard_state_file(path, out, "derived.json", err) && df_file_write(path, text.data, text.size, err) &&
                         keep_all_people(d, out, err);
    df_text_free(&text);
    return is_good;
}

void derivation_free(derivation *d)
{
    json_decref(d->sources);
    d->sources = NULL;
}
