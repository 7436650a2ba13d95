/* roster.c: two passes over identities.jsonl. */
#include "dataset/roster.h"

#include <string.h>

static const char *const taken_names[] = {"labels", "manifest.jsonl",
                                          "identities.jsonl"}; /* what a data set keeps beside the identities' folders */

static bool check_name(const char *id, df_error *err)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(taken_names); i++)
        if (strcmp(id, taken_names[i]) == 0)
            return df_fail(err, "identity '%s': a data set needs that name itself", id);
    return true;
}

static bool read_all(people *all, const char *only, int64_t *only_position, df_sha256 *order, roster *out, df_error *err)
{
    df_arena *arena = df_arena_new(1 << 20, err);
    person *who = arena ? df_alloc(arena, 1, sizeof *who, err) : NULL;
    bool found = who != NULL, is_good = found;
    while (is_good && found) {
        is_good = people_next(all, who, &found, err);
        if (!is_good || !found)
            break;
        if (strcmp(who->id, only) == 0)
            *only_position = out->count;
        is_good = check_name(who->id, err);
        df_sha256_add(order, who->id, strlen(who->id));
        df_sha256_add(order, "\n", 1);
        out->count++;
    }
    df_arena_free(arena);
    return is_good;
}

bool roster_read(const char *path, const face_model *model, const char *only, int64_t *only_position, roster *out, df_error *err)
{
    roster made = {0};
    int64_t position = -1;
    df_sha256 *order = df_sha256_new(err);
    people *all = order ? people_open(path, model, err) : NULL;
    bool is_good = all && read_all(all, only, &position, order, &made, err);
    people_close(all);
    if (order)
        df_sha256_end(order, made.order_sha256);
    is_good = is_good && df_sha256_of_file(path, made.file_sha256, err);
    if (!is_good)
        return false;
    if (only[0] && position < 0)
        return df_fail(err, "%s: has no identity '%s'", path, only);
    *only_position = position;
    *out = made;
    return true;
}

bool roster_open(const char *path, const face_model *model, int64_t shard, int64_t shards, roster_stream *out, df_error *err)
{
    people *all = people_open(path, model, err);
    if (!all)
        return false;
    *out = (roster_stream){.people = all, .shard = shard, .shards = shards};
    return true;
}

bool roster_next(roster_stream *stream, person *out, bool *found, df_error *err)
{
    bool more = true;
    while (more) {
        if (!people_next(stream->people, out, &more, err))
            return false;
        if (more && stream->position++ % stream->shards == stream->shard)
            break;
    }
    *found = more;
    return true;
}

void roster_close(roster_stream *stream)
{
    people_close(stream->people);
    stream->people = NULL;
}
