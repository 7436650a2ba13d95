/* remake_find.c: job, model, identities and backgrounds of a set, each checked by its hash. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/background_set.h"
#include "dataset/derived.h"
#include "dataset/remake_internal.h"

/* ---- job ---- */

/* What of two jobs must be equal so that one draws the other's images: all but labels. */
static bool draws_the_same(const json_t *a, const json_t *b)
{
    static const char *const labels[] = {"labels", "landmark-vertices", "normals-bits"};
    json_t *first = json_deep_copy(a), *second = json_deep_copy(b);
    for (size_t i = 0; i < DF_ARRAY_LEN(labels); i++) {
        json_object_del(first, labels[i]);
        json_object_del(second, labels[i]);
    }
    const bool is_same = first && second && json_equal(first, second);
    json_decref(first);
    json_decref(second);
    return is_same;
}

static bool job_of_sources(const json_t *derived, const json_t **out, df_error *err)
{
    const json_t *source, *found = NULL;
    size_t i;
    json_array_foreach(json_object_get(derived, "sources"), i, source) {
        const json_t *job = json_object_get(source, "job");
        if (!json_is_object(job))
            return df_fail(err, "has imported images, which nothing can make again");
        if (found && !draws_the_same(found, job))
            return df_fail(err, "was taken from sets of several jobs: make their images again in the sets themselves");
        found = found ? found : job;
    }
    *out = found;
    return found || df_fail(err, "was taken from no set");
}

static bool job_of_derived(remake *set, df_error *err)
{
    json_t *derived = NULL;
    const json_t *job = NULL;
    bool found;
    if (!derived_read(set->folder, &derived, &found, err))
        return false;
    const bool is_good = (found || df_fail(err, "no .diffuse/job.json: imported, or not made by diffuse render")) &&
                         job_of_sources(derived, &job, err) && job_read(job, set->arena, &set->job, err);
    json_decref(derived);
    return is_good;
}

bool remake_find_job(remake *set, df_error *err)
{
    json_t *job = NULL;
    if (!set_state_read(set->folder, &set->state, &job, &set->has_state, err))
        return false;
    const bool is_good = set->has_state ? job_read(job, set->arena, &set->job, err) : job_of_derived(set, err);
    json_decref(job);
    return is_good || df_fail_in(err, "%s", set->folder);
}

/* ---- model ---- */

static bool is_model(const char *path, const char *sha256)
{
    char found[DF_SHA256_TEXT];
    return df_path_exists(path) && !df_path_is_folder(path) && df_sha256_of_file(path, found, NULL) && strcmp(found, sha256) == 0;
}

static bool ends_as_model(const char *name)
{
    static const char ending[] = ".safetensors";
    const size_t length = strlen(name);
    return length >= sizeof ending - 1 && strcmp(name + length - (sizeof ending - 1), ending) == 0;
}

/* *found: the path is in set->model_path. A folder that cannot be read holds none. */
static bool look_in(remake *set, const char *folder, bool *found, df_error *err)
{
    char **names;
    size_t count;
    df_error unused;
    if (!df_folder_list(folder, set->arena, &names, &count, &unused))
        return true;
    for (size_t i = 0; i < count && !*found; i++) {
        char path[DATASET_PATH];
        if (df_stop_signal())
            return df_fail(err, "stopped while looking for the face model");
        if (!ends_as_model(names[i]) || !df_path_join(path, sizeof path, folder, names[i], &unused) ||
            !is_model(path, set->job.model_sha256))
            continue;
        memcpy(set->model_path, path, sizeof path);
        *found = true;
    }
    return true;
}

static bool say_not_found(const remake *set, const remake_source *source, df_error *err)
{
    char places[256] = "";
    size_t used = 0;
    for (int i = 0; source->model_folders && source->model_folders[i] && used < sizeof places; i++)
        used += (size_t)snprintf(places + used, sizeof places - used, ", %s", source->model_folders[i]);
    return df_fail(err, "%s: the face model with SHA-256 %.12s... is not at %s%s: --model FILE", set->folder, set->job.model_sha256,
                   set->has_state && set->state.model_path[0] ? set->state.model_path : "a recorded place", places);
}

static bool look_everywhere(remake *set, const remake_source *source, df_error *err)
{
    bool found = set->has_state && is_model(set->state.model_path, set->job.model_sha256);
    if (found)
        snprintf(set->model_path, sizeof set->model_path, "%s", set->state.model_path);
    for (int i = 0; !found && source->model_folders && source->model_folders[i]; i++)
        if (!look_in(set, source->model_folders[i], &found, err))
            return false;
    return found || say_not_found(set, source, err);
}

bool remake_find_model(remake *set, const remake_source *source, df_error *err)
{
    if (source->model && snprintf(set->model_path, sizeof set->model_path, "%s", source->model) >= (int)sizeof set->model_path)
        return df_fail(err, "%.40s...: path longer than %d bytes", source->model, DATASET_PATH - 1);
    if (!source->model && !look_everywhere(set, source, err))
        return false;
    set->model = face_model_open(set->model_path, err);
    if (!set->model)
        return false;
    const char *found = face_model_of(set->model)->sha256;
    return strcmp(found, set->job.model_sha256) == 0 ||
           df_fail(err, "%s: SHA-256 %.12s..., %s was made with %.12s...", set->model_path, found, set->folder, set->job.model_sha256);
}

/* ---- identities, backgrounds ---- */

bool remake_find_identities(remake *set, const remake_source *source, df_error *err)
{
    char found[DF_SHA256_TEXT];
    if (source->identities && snprintf(set->identities, sizeof set->identities, "%s", source->identities) >= (int)sizeof set->identities)
        return df_fail(err, "%.40s...: path longer than %d bytes", source->identities, DATASET_PATH - 1);
    if (!source->identities && !set_identities_path(set->identities, set->folder, err))
        return false;
    if (!source->identities && !df_path_exists(set->identities))
        return df_fail(err, "%s: keeps no identities.jsonl: --identities FILE", set->folder);
    if (!df_sha256_of_file(set->identities, found, err))
        return false;
    return strcmp(found, set->job.identities_sha256) == 0 ||
           df_fail(err, "%s: SHA-256 %.12s..., %s was made of %.12s...", set->identities, found, set->folder, set->job.identities_sha256);
}

bool remake_find_backgrounds(remake *set, const remake_source *source, df_error *err)
{
    char found[DF_SHA256_TEXT];
    const char *folder = source->backgrounds ? source->backgrounds : set->has_state ? set->state.background_path : "";
    if (set->job.background_sha256[0] == '\0')
        return !source->backgrounds || df_fail(err, "%s: drawn without a folder of backgrounds", set->folder);
    if (folder[0] == '\0')
        return df_fail(err, "%s: its backgrounds are a folder of images, nobody knows which: --background DIR", set->folder);
    set->backgrounds = background_set_open(folder, found, set->arena, err);
    if (!set->backgrounds)
        return false;
    return strcmp(found, set->job.background_sha256) == 0 ||
           df_fail(err, "%s: other names or sizes of images than %s was drawn with", folder, set->folder);
}
