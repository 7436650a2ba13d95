/* set_readers.h: the readers of what data sets and lists of images hold, for readers.h. */
#ifndef DF_TESTS_HOSTILE_SET_READERS_H
#define DF_TESTS_HOSTILE_SET_READERS_H

#include "attributes/classifier.h"
#include "auth/group_table.h"
#include "base/json.h"
#include "dataset/croissant.h"
#include "dataset/derived.h"
#include "dataset/label_files.h"
#include "dataset/line_edit.h"
#include "dataset/manifest_read.h"
#include "dataset/manifest_skim.h"
#include "dataset/origin.h"
#include "dataset/set_state.h"
#include "dataset/where.h"
#include "exchange/celeba_table.h"
#include "exchange/tar_file.h"
#include "hostile/reader_kinds.h"
#include "tensor/safetensors.h"
#include "train/checkpoint.h"
#include "train/run_metrics.h"
#include "metrics/pairs_list.h"

/* The members' types are asked for too; that they are others is no fault of the text. */
static inline bool read_json(df_bytes bytes, df_arena *arena, df_error *err)
{
    double number;
    int64_t integer;
    const char *text;
    float floats[8];
    size_t count;
    df_error other = {0};
    (void)arena;
    json_t *value = df_json_parse((const char *)bytes.data, bytes.size, err);
    const bool has_all =
        value && df_json_get_string(value, "id", &text, &other) && df_json_get_number(value, "age", 0, 200, &number, &other) &&
        df_json_get_integer(value, "index", 0, 100, &integer, &other) && df_json_get_floats(value, "shape", floats, 8, &count, &other);
    assert(!value || has_all || other.text[0]);
    json_decref(value);
    return value != NULL;
}

/* What is accepted stays below the folder and within its limits. */
static inline void check_entry(const manifest_entry *entry)
{
    assert(entry->image[0] != '/' && entry->image[0] != '.' && !strstr(entry->image, "/.") && entry->image[0] != '\0');
    assert(entry->index >= 0 && entry->index < JOB_MAX_PER_IDENTITY);
    assert(entry->width >= 1 && entry->width <= IMAGE_MAX_SIDE && entry->height >= 1 && entry->height <= IMAGE_MAX_SIDE);
    for (int i = 0; i < FACE_LANDMARKS; i++)
        assert(entry->landmarks2d[i][0] == entry->landmarks2d[i][0]); /* no NaN */
}

static inline bool read_manifest_path(const char *path, df_arena *arena, df_error *err)
{
    manifest_entry entry;
    bool found = true, is_good = true;
    (void)arena;
    manifest_reader *reader = manifest_open(path, err);
    if (!reader)
        return false;
    while (is_good && (is_good = manifest_next(reader, &entry, &found, err)) && found)
        check_entry(&entry);
    manifest_close(reader);
    return is_good;
}

/* What a line says at `keys`, as an object made by manifest_skim has it: the same, or nothing where a key is written with an escape. */
static inline void check_skimmed(const json_t *line, const json_t *skimmed, const char *keys, bool has_escapes)
{
    const json_t *there = manifest_value(line, keys), *here = manifest_value(skimmed, keys);
    assert(has_escapes || (there ? here && json_equal(here, there) : !here));
}

static inline void skim_line(df_bytes bytes, const json_t *line)
{
    static const char *const wanted[] = {"identity", "yaw", "box", "light.strength", "sensor.bits", "labels.depth", NULL};
    df_text out = {0};
    df_error err;
    assert(manifest_skim((const char *)bytes.data, bytes.size, wanted, &out));
    json_t *skimmed = df_json_parse(out.data, out.size, &err);
    assert(skimmed);
    for (size_t i = 0; wanted[i]; i++)
        check_skimmed(line, skimmed, wanted[i], memchr(bytes.data, '\\', bytes.size) != NULL);
    json_decref(skimmed);
    df_text_free(&out);
}

/* The edited line is the object with these members set. */
static inline void edit_line(df_bytes bytes, json_t *line)
{
    static const line_edit edits[] = {
        {.key = "image", .text = "a\"b"}, {.key = "labels", .inner = "depth", .text = "d"}, {.key = "new", .text = "n"}};
    df_text out = {0};
    df_error err = {0};
    if (!line_edit_apply((const char *)bytes.data, bytes.size, edits, DF_ARRAY_LEN(edits), &out, &err)) {
        assert(err.text[0] && memchr(bytes.data, '\\', bytes.size));
        df_text_free(&out);
        return;
    }
    json_t *edited = df_json_parse(out.data, out.size, &err), *labels = json_object_get(line, "labels");
    assert(edited);
    json_object_set_new(line, "image", json_string("a\"b"));
    json_object_set_new(line, "new", json_string("n"));
    if (json_object_get(labels, "depth"))
        json_object_set_new(labels, "depth", json_string("d"));
    assert(json_equal(edited, line));
    json_decref(edited);
    df_text_free(&out);
}

/* One line of a manifest, which is skimmed and edited too: both walk over its text on their own, after it was found to be sound. */
static inline bool read_line(df_bytes bytes, df_arena *arena, df_error *err)
{
    manifest_entry entry;
    json_t *line = NULL;
    (void)arena;
    if (!manifest_parse((const char *)bytes.data, bytes.size, &entry, &line, err))
        return false;
    check_entry(&entry);
    skim_line(bytes, line);
    edit_line(bytes, line);
    json_decref(line);
    return true;
}

/* DIR of DIR/.diffuse/NAME, which is what readers of NAME want. */
static inline const char *set_of(const char *path, df_arena *arena, df_error *err)
{
    char *folder = df_copy_string(arena, path, err);
    if (folder)
        *strstr(folder, "/.diffuse/") = '\0';
    return folder;
}

static inline bool read_state_path(const char *path, df_arena *arena, df_error *err)
{
    set_state state;
    render_job read;
    bool found = false;
    json_t *job = NULL;
    const char *folder = set_of(path, arena, err);
    if (!folder)
        return false;
    const bool is_read =
        set_state_read(folder, &state, &job, &found, err) && found && (job_read(job, arena, &read, err) || df_fail_in(err, "%s", path));
    json_decref(job);
    return is_read;
}

static inline bool read_checkpoint(df_bytes bytes, df_arena *arena, df_error *err)
{
    checkpoint_state state;
    tensor_list list;
    json_t *root = checkpoint_parse(bytes, arena, &list, &state, err);
    json_decref(root);
    return root != NULL;
}

static inline bool read_derived_path(const char *path, df_arena *arena, df_error *err)
{
    bool found = false;
    json_t *derived = NULL;
    const char *folder = set_of(path, arena, err);
    if (!folder)
        return false;
    const bool is_read = derived_read(folder, &derived, &found, err) && found;
    for (int64_t line = 0; is_read && line < 300; line += 50)
        (void)derived_job_at(derived, line);
    json_decref(derived);
    return is_read;
}

static inline void hear_nothing(void *user, const char *sentence)
{
    assert(sentence[0]);
    ++*(int *)user;
}

static inline bool read_origin_path(const char *path, df_arena *arena, df_error *err)
{
    bool found = false;
    json_t *origin = NULL;
    const char *folder = set_of(path, arena, err);
    if (!folder)
        return false;
    const bool is_read = origin_read(folder, &origin, &found, err) && found;
    json_decref(origin);
    return is_read;
}

static inline bool read_vertices_path(const char *path, df_arena *arena, df_error *err)
{
    job_landmarks list;
    return label_read_vertices(path, &list, arena, err);
}

/* Any file is looked at; whether it is an archive is the answer. */
static inline bool read_tar_path(const char *path, df_arena *arena, df_error *err)
{
    bool is_whole = false;
    int64_t members = 0;
    (void)arena;
    return tar_is_whole(path, "a.txt", &is_whole, &members, err) && (is_whole || df_fail(err, "%s: is no whole archive", path));
}

/* Any JSON is checked; what is wrong with it is told and counted. */
static inline bool read_croissant(df_bytes bytes, df_arena *arena, df_error *err)
{
    int heard = 0;
    (void)arena;
    json_t *root = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (!root)
        return false;
    const int told = croissant_check(root, hear_nothing, &heard);
    assert(told == heard);
    json_decref(root);
    return true;
}

/* A table as a source of images, to its last row. */
static inline bool read_table_path(const char *path, df_arena *arena, df_error *err)
{
    const source_row *row = source_find("csv");
    const source_setting setting = {.path = path};
    source_log log = {0};
    source_image *one = df_alloc(arena, 1, sizeof *one, err);
    bool found = true, is_good = true;
    void *state = one ? row->open(&setting, &log, arena, err) : NULL;
    if (!state)
        return false;
    while (is_good && found)
        is_good = row->next(state, one, &found, err);
    if (row->close)
        row->close(state);
    return is_good;
}

static inline bool read_csv(df_bytes bytes, df_arena *arena, df_error *err)
{
    csv_reader csv;
    bool found = true;
    if (!csv_open(&csv, bytes, 0, arena, err))
        return false;
    while (csv_next(&csv, &found, err) && found)
        for (int i = 0; i < csv.count; i++)
            assert(strlen(csv.fields[i]) <= CSV_ROW);
    return !found;
}

/* What a classifier's file says of itself. */
static inline bool read_classifier(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    classifier_form *form = df_alloc(arena, 1, sizeof *form, err);
    if (!form || !safetensors_parse(bytes, arena, &list, err) || !classifier_parse_form(&list, arena, form, err))
        return false;
    assert(form->count >= 1 && form->count <= SAMPLE_LABELS && form->attributes[form->count - 1].name[0]);
    return true;
}

/* What a training wrote down. */
static inline bool read_metrics(df_bytes bytes, df_arena *arena, df_error *err)
{
    run_metrics metrics;
    if (!run_metrics_parse(bytes, arena, &metrics, err))
        return false;
    for (size_t i = 0; i < metrics.count; i++)
        assert(run_metrics_find(&metrics, metrics.curves[i].name) == &metrics.curves[i] && metrics.curves[i].count > 0);
    return true;
}

/* A list of any kind about three images; as one of them at least. */
static inline bool read_celeba(df_bytes bytes, df_arena *arena, df_error *err)
{
    bool is_read = false;
    for (int kind = 0; kind < CELEBA_KIND_COUNT; kind++) {
        celeba_image images[] = {{.file = "000001.jpg"}, {.file = "000002.jpg"}, {.file = "000003.jpg"}};
        source_log log = {0};
        const df_arena_mark mark = df_arena_save(arena);
        celeba_table table = {
            .folder = "images", .shown = "images", .images = images, .count = DF_ARRAY_LEN(images), .log = &log, .arena = arena};
        is_read |= celeba_table_parse(&table, (celeba_kind)kind, bytes, CELEBA_BY_FILE, err);
        celeba_table_close(&table);
        df_arena_restore(arena, mark);
    }
    return is_read;
}

static inline bool read_mapped(const char *path, df_arena *arena, df_error *err, read_bytes *read)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    const bool is_read = read(bytes, arena, err) || df_fail_in(err, "%s", path);
    df_file_unmap(&bytes);
    return is_read;
}

static inline bool read_csv_path(const char *path, df_arena *arena, df_error *err)
{
    return read_mapped(path, arena, err, read_csv);
}

static inline bool read_celeba_path(const char *path, df_arena *arena, df_error *err)
{
    return read_mapped(path, arena, err, read_celeba);
}

/* The condition, on lines that have what it may ask for and on one that has not. */
static inline bool read_where(df_bytes bytes, df_arena *arena, df_error *err)
{
    static const char *const lines[] = {"{\"yaw\":12.5,\"glasses\":\"none\",\"box\":[1,2,3,4],\"light\":{\"strength\":0.5},\"smile\":true}",
                                        "{}"};
    char *text = df_alloc(arena, bytes.size + 1, 1, err);
    if (!text)
        return false;
    if (bytes.size)
        memcpy(text, bytes.data, bytes.size);
    where *condition = where_parse(text, arena, err);
    for (size_t i = 0; condition && i < DF_ARRAY_LEN(lines); i++) {
        bool is_met;
        df_error unlike; /* kinds that do not fit are told; the text is a condition all the same */
        json_t *line = df_json_parse(lines[i], strlen(lines[i]), err);
        assert(line && (where_matches(condition, line, &is_met, &unlike) || unlike.text[0]));
        assert(where_check_names(condition, line, &unlike) || unlike.text[0]);
        json_decref(line);
    }
    return condition != NULL;
}

/* ---- verification ---- */

static inline embedding_set three_embeddings(void)
{
    static const char *const names[] = {"Ann_0001", "Ann_0002", "Cy_0001"};
    static uint32_t place[] = {0, 1, 2}, identity[] = {0, 0, 1}, first[] = {0, 2, 3};
    static int64_t label[] = {4, 7};
    return (embedding_set){
        .count = 3, .place = place, .names = names, .identity = identity, .first = first, .identity_count = 2, .label = label};
}

static inline bool read_pairs_list(df_bytes bytes, df_arena *arena, df_error *err)
{
    const embedding_set set = three_embeddings();
    pairs_list list;
    if (!pairs_list_read(bytes, &set, arena, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        assert(list.pairs[i].rows[0] < set.count && list.pairs[i].people[1] < list.people);
    return true;
}

/* An npz of embeddings with names; a set that is accepted holds unit vectors. */
static inline bool read_embeddings(df_bytes bytes, df_arena *arena, df_error *err)
{
    embedding_set set;
    if (!embedding_set_read(bytes, EMBEDDING_LABELS, arena, &set, err))
        return false;
    for (size_t i = 0; i < set.count; i++)
        assert(embedding_set_score(&set, i, i) > 0.999 && set.identity[i] < set.identity_count);
    return true;
}

/* A table that says the groups of three embeddings. */
static inline bool read_groups_path(const char *path, df_arena *arena, df_error *err)
{
    static const char *const keys[] = {"gender", "age"};
    const embedding_set set = three_embeddings();
    group_table table;
    if (!group_table_read(path, keys, DF_ARRAY_LEN(keys), &set, arena, &table, err))
        return false;
    for (size_t a = 0; a < table.axis_count; a++)
        for (size_t i = 0; i < set.count; i++)
            assert(table.axes[a].of[i] < (int)table.axes[a].count);
    return true;
}

#endif
