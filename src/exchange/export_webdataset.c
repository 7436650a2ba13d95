/* export_webdataset.c: tar shards as WebDataset (Aizman, Maltby and Breuel, "High performance I/O for large scale deep learning", 2019)
   and those who took over its form read them: members with one name up to the first point are one sample.

   A sample's key is made of its identity and index, its place follows from the manifest's order; nothing depends on the time or on the
   run. So a run that was stopped goes on: shards that are whole stay as they are, and what is made anew are the same bytes. Whether
   `out` belongs to this export says `.diffuse-export.json`, which is written first; `index.json` is written last. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "base/text.h"
#include "dataset/set_remove.h"
#include "exchange/export_files.h"
#include "exchange/export_rows.h"
#include "exchange/export_split.h"
#include "exchange/tar_file.h"

enum { USUAL_SHARD = 1000, KEY_ROOM = 3 * PERSON_ID + 16, MARK_LIMIT = 4096 };

/* The shards of one split, one after the other. */
typedef struct shard_row {
    char name[DATASET_PATH]; /* of the current shard, below out */
    df_writer *writer;       /* NULL: none, or one that is kept */
    bool is_kept;
    int64_t shards, samples; /* begun so far; in the current one */
} shard_row;

typedef struct webdataset {
    const export_context *context;
    export_files files;
    export_splits splits;
    int64_t shard_images;
    const char *name; /* of shards without a split */
    shard_row rows[EXPORT_SPLIT_COUNT];
    df_writer *identities; /* their names in the order of their numbers */
    int64_t people;
    df_text index; /* the shards' entries */
} webdataset;

/* ---- whose folder it is ---- */

/* What decides the bytes of the shards. */
static bool describe(const webdataset *to, df_text *out, df_error *err)
{
    char manifest[DATASET_PATH], sha256[DF_SHA256_TEXT];
    const export_context *context = to->context;
    if (!df_path_join(manifest, sizeof manifest, context->set->folder, "manifest.jsonl", err) || !df_sha256_of_file(manifest, sha256, err))
        return false;
    df_text_addf(out, "{\"format\":\"webdataset\",\"manifest_sha256\":\"%s\",\"shard_images\":%lld,\"name\":", sha256,
                 (long long)to->shard_images);
    df_text_json_string(out, to->name);
    df_text_add(out, ",\"split\":");
    df_text_json_string(out, context->setting->split ? context->setting->split : "");
    df_text_add(out, "}\n");
    return df_text_ok(out, err);
}

static bool check_mark(const char *path, const df_text *mine, const char *out, df_error *err)
{
    df_bytes there;
    df_arena *arena = df_arena_new(4 * (size_t)MARK_LIMIT, err);
    const bool is_read = arena && df_file_read(path, MARK_LIMIT, arena, &there, err);
    const bool is_same = is_read && there.size == mine->size && memcmp(there.data, mine->data, mine->size) == 0;
    df_arena_free(arena);
    return is_same || (is_read && df_fail(err, "%s: holds another export: its manifest, split, name or --shard-images differs", out));
}

/* Goes on with an export of the same, or begins one in an empty folder. */
static bool enter(const webdataset *to, df_arena *arena, df_error *err)
{
    const char *out = to->context->place;
    char path[DATASET_PATH];
    char **names;
    size_t count;
    df_text mine = {0};
    bool is_good = describe(to, &mine, err) && df_path_join(path, sizeof path, out, ".diffuse-export.json", err);
    if (is_good && df_path_exists(path))
        is_good = check_mark(path, &mine, out, err);
    else
        is_good = is_good && df_folder_list(out, arena, &names, &count, err) &&
                  (count == 0 || df_fail(err, "%s: exists, expected a name that is free or an export that was stopped", out)) &&
                  df_file_write(path, mine.data, mine.size, err);
    df_text_free(&mine);
    if (is_good)
        set_remove_leftovers(out);
    return is_good;
}

static void *open_webdataset(const export_context *context, df_error *err)
{
    webdataset *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to)
        return NULL;
    const char *slash = strrchr(context->place, '/');
    to->context = context;
    to->name = slash ? slash + 1 : context->place;
    to->files.top = context->place;
    to->shard_images = context->setting->shard_images > 0 ? context->setting->shard_images : USUAL_SHARD;
    if (!enter(to, context->arena, err))
        return NULL;
    to->identities = export_files_open(&to->files, "identities.txt", err);
    return to->identities ? to : NULL;
}

/* ---- samples ---- */

/* IDENTITY_INDEX. The first point ends a key and a slash would make folders, so both and what is no text are written as %XX. */
static void make_key(const manifest_entry *entry, char out[KEY_ROOM])
{
    size_t at = 0;
    for (const char *c = entry->identity; *c; c++)
        if (*c == '.' || *c == '/' || *c == '%' || iscntrl((unsigned char)*c))
            at += (size_t)snprintf(out + at, KEY_ROOM - at, "%%%02X", (unsigned)(unsigned char)*c);
        else
            out[at++] = *c;
    snprintf(out + at, KEY_ROOM - at, "_%04lld", (long long)entry->index);
}

static bool put_member(df_writer *writer, const char *key, const char *ending, df_bytes content, df_error *err)
{
    char name[KEY_ROOM + FACE_NAME];
    snprintf(name, sizeof name, "%s%s", key, ending);
    return tar_put(writer, name, content, err);
}

static bool put_text(df_writer *writer, const char *key, const char *ending, const char *text, size_t length, df_error *err)
{
    return put_member(writer, key, ending, (df_bytes){(const unsigned char *)text, length}, err);
}

static bool put_labels(df_writer *writer, const char *key, export_sample *sample, df_error *err)
{
    const manifest_entry *entry = export_sample_entry(sample);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char ending[FACE_NAME];
        df_bytes file;
        if (entry->labels[kind].path[0] == '\0')
            continue;
        snprintf(ending, sizeof ending, ".%s.%s", label_kind_names[kind], label_kind_endings[kind]);
        if (!export_sample_read(sample, entry->labels[kind].path, &file, err) || !put_member(writer, key, ending, file, err))
            return false;
    }
    return true;
}

static bool put_sample(df_writer *writer, const char *key, export_sample *sample, df_error *err)
{
    df_bytes file;
    size_t length;
    char number[24];
    const char *ending, *line = export_sample_text(sample, &length);
    const int digits = snprintf(number, sizeof number, "%lld", (long long)export_sample_person(sample));
    return export_sample_image(sample, 0, &file, &ending, err) && put_member(writer, key, ending, file, err) &&
           put_text(writer, key, ".json", line, length, err) && put_text(writer, key, ".cls", number, (size_t)digits, err) &&
           put_labels(writer, key, sample, err);
}

/* ---- shards ---- */

static bool end_shard(webdataset *to, shard_row *row, df_error *err)
{
    char path[DATASET_PATH];
    struct stat status;
    df_writer *writer = row->writer;
    row->writer = NULL;
    if (writer && !tar_end(writer, err)) {
        df_writer_abandon(writer);
        return false;
    }
    if (writer && !df_writer_commit(writer, err))
        return false;
    if (!df_path_join(path, sizeof path, to->context->place, row->name, err))
        return false;
    if (stat(path, &status) != 0)
        return df_fail(err, "%s: %s", path, strerror(errno));
    df_text_addf(&to->index, "%s\n{\"url\":", to->index.size > 0 ? "," : "");
    df_text_json_string(&to->index, row->name);
    df_text_addf(&to->index, ",\"nsamples\":%lld,\"filesize\":%lld}", (long long)row->samples, (long long)status.st_size);
    row->samples = 0;
    row->is_kept = false;
    return df_text_ok(&to->index, err);
}

/* The next shard, which begins with the sample of that key: kept where a run before this one finished it. */
static bool begin_shard(webdataset *to, shard_row *row, export_split split, const char *key, const char *ending, df_error *err)
{
    char path[DATASET_PATH], first[KEY_ROOM + FACE_NAME];
    int64_t members = 0;
    const char *name = split == EXPORT_ALL ? to->name : export_split_names[split];
    if (snprintf(row->name, sizeof row->name, "%s-%06lld.tar", name, (long long)row->shards) >= (int)sizeof row->name)
        return df_fail(err, "%.200s...: the name is too long", name);
    row->shards++;
    snprintf(first, sizeof first, "%s%s", key, ending);
    if (!df_path_join(path, sizeof path, to->context->place, row->name, err))
        return false;
    if (df_path_exists(path) && !tar_is_whole(path, first, &row->is_kept, &members, err))
        return false;
    row->writer = row->is_kept ? NULL : df_writer_open(path, err);
    return row->is_kept || row->writer;
}

static bool note_identity(webdataset *to, const export_sample *sample, df_error *err)
{
    const char *id = export_sample_entry(sample)->identity;
    if (export_sample_person(sample) < to->people)
        return true;
    to->people++;
    return df_writer_put(to->identities, id, strlen(id), err) && df_writer_put(to->identities, "\n", 1, err);
}

static bool put_webdataset(void *state, export_sample *sample, df_error *err)
{
    webdataset *to = state;
    export_split split;
    char key[KEY_ROOM];
    const char *ending;
    if (!export_split_of(&to->splits, export_sample_entry(sample), &split, err) || !note_identity(to, sample, err))
        return false;
    shard_row *row = &to->rows[split];
    make_key(export_sample_entry(sample), key);
    if (row->samples == to->shard_images && !end_shard(to, row, err))
        return false;
    if (row->samples == 0 && (!export_sample_ending(sample, &ending, err) || !begin_shard(to, row, split, key, ending, err)))
        return false;
    row->samples++;
    return row->is_kept || put_sample(row->writer, key, sample, err);
}

/* The index is the one that `wids`, WebDataset's reader by number, takes. */
static bool write_index(webdataset *to, df_error *err)
{
    df_writer *writer = export_files_open(&to->files, "index.json", err);
    df_text head = {0};
    df_text_add(&head, "{\"wids_version\":1,\"name\":");
    df_text_json_string(&head, to->name);
    df_text_add(&head, ",\"shardlist\":[");
    bool is_good = writer && df_text_ok(&head, err) && df_writer_put(writer, head.data, head.size, err) &&
                   df_writer_put(writer, to->index.data, to->index.size, err) && df_writer_put(writer, "\n]}\n", 4, err);
    df_text_free(&head);
    if (is_good)
        return df_writer_commit(writer, err);
    df_writer_abandon(writer);
    return false;
}

static bool finish_webdataset(void *state, df_error *err)
{
    webdataset *to = state;
    for (int split = 0; split < EXPORT_SPLIT_COUNT; split++)
        if (to->rows[split].samples > 0 && !end_shard(to, &to->rows[split], err))
            return false;
    df_writer *identities = to->identities;
    to->identities = NULL;
    return df_writer_commit(identities, err) && write_index(to, err);
}

static void close_webdataset(void *state)
{
    webdataset *to = state;
    for (int split = 0; split < EXPORT_SPLIT_COUNT; split++)
        df_writer_abandon(to->rows[split].writer);
    df_writer_abandon(to->identities);
    df_text_free(&to->index);
}

const export_row export_webdataset_row = {
    .name = "webdataset",
    .summary = "tar shards for WebDataset and its like",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SHARD | EXPORT_SPLIT,
    .resumes = true,
    .open = open_webdataset,
    .put = put_webdataset,
    .finish = finish_webdataset,
    .close = close_webdataset,
};
