/* group_table.c: each line becomes a JSON object, whose levels on the axes go to the rows that it speaks of. */
#include "auth/group_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/manifest_read.h"
#include "dataset/stats_axis.h"
#include "exchange/csv.h"
#include "exchange/csv_value.h"

enum { NAME_ROOM = 1200, LEVEL_ROOM = 96 };

typedef struct row_name {
    const char *name;
    size_t row;
} row_name;

typedef struct filling {
    const embedding_set *set;
    df_arena *arena;
    stats_axis *axes; /* [key_count] */
    size_t key_count;
    row_name *names;  /* [set->count] sorted; NULL: the embeddings have none */
    int16_t **levels; /* [key_count][set->count] */
    bool *is_found;   /* [set->count] */
} filling;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const row_name *)a)->name, ((const row_name *)b)->name);
}

static bool start(filling *f, const char *const *keys, df_error *err)
{
    const size_t count = f->set->count;
    f->axes = df_alloc(f->arena, f->key_count, sizeof *f->axes, err);
    f->levels = df_alloc(f->arena, f->key_count, sizeof *f->levels, err);
    f->is_found = df_alloc(f->arena, count, sizeof *f->is_found, err);
    f->names = f->set->names ? df_alloc(f->arena, count, sizeof *f->names, err) : NULL;
    if (!f->axes || !f->levels || !f->is_found || (f->set->names && !f->names))
        return false;
    for (size_t k = 0; k < f->key_count; k++) {
        f->levels[k] = df_alloc(f->arena, count, sizeof **f->levels, err);
        if (!f->levels[k] || !stats_axis_init(&f->axes[k], keys[k], err))
            return false;
    }
    for (size_t i = 0; f->names && i < count; i++)
        f->names[i] = (row_name){.name = f->set->names[f->set->place[i]], .row = i};
    if (f->names)
        qsort(f->names, count, sizeof *f->names, by_name);
    return true;
}

static void put_levels(filling *f, size_t row, const int16_t *levels)
{
    for (size_t k = 0; k < f->key_count; k++)
        f->levels[k][row] = levels[k];
    f->is_found[row] = true;
}

/* Gives the levels to the embeddings of that name. */
static bool put_named(filling *f, const char *name, const int16_t *levels)
{
    const row_name key = {.name = name};
    const row_name *found = f->names ? bsearch(&key, f->names, f->set->count, sizeof key, by_name) : NULL;
    if (!found)
        return false;
    while (found > f->names && strcmp(found[-1].name, name) == 0)
        found--;
    for (; found < f->names + f->set->count && strcmp(found->name, name) == 0; found++)
        put_levels(f, found->row, levels);
    return true;
}

static void put_labelled(filling *f, int64_t label, const int16_t *levels)
{
    for (size_t k = 0; k < f->set->identity_count; k++)
        for (size_t row = f->set->first[k]; f->set->label[k] == label && row < f->set->first[k + 1]; row++)
            put_levels(f, row, levels);
}

static void find_levels(filling *f, const json_t *line, int16_t *levels)
{
    for (size_t k = 0; k < f->key_count; k++)
        levels[k] = (int16_t)stats_axis_level(&f->axes[k], line);
}

/* The path itself, and without what follows the last dot of its last part. */
static bool put_path(filling *f, const char *path, const int16_t *levels)
{
    char stem[NAME_ROOM];
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    if (put_named(f, path, levels))
        return true;
    if (!dot || (slash && dot < slash) || (size_t)snprintf(stem, sizeof stem, "%.*s", (int)(dot - path), path) >= sizeof stem)
        return false;
    return put_named(f, stem, levels);
}

/* ---- manifests ---- */

static bool read_manifest(filling *f, const char *path, df_error *err)
{
    int16_t levels[GROUP_AXES];
    char name[NAME_ROOM];
    manifest_entry entry;
    bool found = true;
    manifest_reader *reader = manifest_open(path, err);
    bool is_good = reader != NULL;
    while (is_good && (is_good = manifest_next(reader, &entry, &found, err)) && found) {
        find_levels(f, manifest_json(reader), levels);
        snprintf(name, sizeof name, "%s_%04lld", entry.identity, (long long)entry.index + 1);
        if (!put_path(f, entry.image, levels))
            put_named(f, name, levels);
    }
    manifest_close(reader);
    return is_good;
}

/* ---- tables ---- */

/* The column that says which images a row speaks of; *is_label: by their label. */
static bool find_key_column(const csv_reader *csv, int *column, bool *is_label, df_error *err)
{
    static const char *const names[] = {"name", "image", "file", "path", "label"};
    for (size_t n = 0; n < DF_ARRAY_LEN(names); n++)
        for (int c = 0; c < csv->count; c++)
            if (strcmp(csv->fields[c], names[n]) == 0) {
                *column = c;
                *is_label = n + 1 == DF_ARRAY_LEN(names);
                return true;
            }
    return df_fail(err, "line 1: no column name, image, file, path or label");
}

static bool check_columns(const filling *f, char *const *headers, int count, df_error *err)
{
    for (size_t k = 0; k < f->key_count; k++) {
        bool is_there = false;
        for (int c = 0; c < count; c++)
            is_there = is_there || strcmp(headers[c], f->axes[k].keys) == 0;
        if (!is_there)
            return df_fail(err, "line 1: no column '%s'", f->axes[k].keys);
    }
    return true;
}

/* The row as a line of a manifest would say it; empty fields say nothing. */
static json_t *row_object(const csv_reader *csv, char *const *headers)
{
    json_t *object = json_object();
    for (int c = 0; object && c < csv->count; c++) {
        const char *text = strcmp(headers[c], "gender") == 0 ? csv_gender(csv->fields[c]) : csv->fields[c];
        if (text[0] && df_utf8_is_valid(text, strlen(text)) && df_utf8_is_valid(headers[c], strlen(headers[c])))
            json_object_set_new(object, headers[c], csv_value(text));
    }
    return object;
}

static bool read_row(filling *f, const csv_reader *csv, char *const *headers, int column, bool is_label, df_error *err)
{
    int16_t levels[GROUP_AXES];
    int64_t label;
    if (is_label && !csv_integer(csv->fields[column], INT64_MIN, INT64_MAX, &label))
        return df_fail(err, "line %zu: label '%.80s', expected a whole number", csv->line, csv->fields[column]);
    json_t *object = row_object(csv, headers);
    if (!object)
        return df_fail(err, "out of memory");
    find_levels(f, object, levels);
    json_decref(object);
    if (is_label)
        put_labelled(f, label, levels);
    else
        put_path(f, csv->fields[column], levels);
    return true;
}

static bool read_rows(filling *f, df_bytes bytes, df_error *err)
{
    csv_reader csv;
    bool found = false, is_label = false;
    int column = 0;
    if (!csv_open(&csv, bytes, 0, f->arena, err) || !csv_next(&csv, &found, err))
        return false;
    if (!found)
        return df_fail(err, "empty, expected a table with a header");
    char **headers = df_alloc(f->arena, (size_t)csv.count, sizeof *headers, err);
    for (int c = 0; headers && c < csv.count; c++)
        if (!(headers[c] = df_copy_string(f->arena, csv.fields[c], err)))
            return false;
    if (!headers || !find_key_column(&csv, &column, &is_label, err) || !check_columns(f, headers, csv.count, err))
        return false;
    for (;;) {
        if (!csv_next(&csv, &found, err))
            return false;
        if (!found)
            return true;
        if (!read_row(f, &csv, headers, column, is_label, err))
            return false;
    }
}

static bool read_table(filling *f, const char *path, df_error *err)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    const bool is_good = read_rows(f, bytes, err) || df_fail_in(err, "%s", path);
    df_file_unmap(&bytes);
    return is_good;
}

/* ---- axes ---- */

static bool check_all_found(const filling *f, const char *path, df_error *err)
{
    for (size_t i = 0; i < f->set->count; i++)
        if (!f->is_found[i])
            return df_fail(err, "%s: says nothing of embedding %u%s%.200s", path, (unsigned)f->set->place[i], f->set->names ? ", " : "",
                           f->set->names ? f->set->names[f->set->place[i]] : "");
    return true;
}

/* The axis of numbered groups, whose names are those of `names` that occur; of: [rows] numbers into names, -1: none. */
static bool make_axis(const filling *f, const char *title, const char *const *names, size_t name_count, int16_t *of, group_axis *out,
                      df_error *err)
{
    int16_t *numbers = df_alloc(f->arena, name_count, sizeof *numbers, err);
    const char **kept = df_alloc(f->arena, name_count, sizeof *kept, err);
    group_axis axis = {.name = title, .names = kept, .of = of};
    if (!numbers || !kept)
        return false;
    for (size_t i = 0; i < f->set->count; i++)
        if (of[i] >= 0)
            numbers[of[i]] = 1;
    for (size_t n = 0; n < name_count; n++)
        if (numbers[n]) {
            numbers[n] = (int16_t)axis.count;
            kept[axis.count++] = names[n];
        }
    for (size_t i = 0; i < f->set->count; i++) {
        axis.missing += of[i] < 0;
        of[i] = of[i] >= 0 ? numbers[of[i]] : of[i];
    }
    if (axis.count == 0)
        return df_fail(err, "nothing says the %s of any image", title);
    if (axis.count > GROUP_MOST)
        return df_fail(err, "%zu groups by %s, expected at most %d", axis.count, title, GROUP_MOST);
    *out = axis;
    return true;
}

/* The names of a key, and their order: by name where they are names, so that it does not hang on the order of lines. */
static bool make_key_axis(const filling *f, size_t k, group_axis *out, df_error *err)
{
    const stats_axis *axis = &f->axes[k];
    row_name order[STATS_LEVELS];
    const char *names[STATS_LEVELS];
    int16_t place[STATS_LEVELS];
    const bool is_sorted = !axis->row || axis->row->form == STATS_NAMES;
    for (int i = 0; i < axis->count; i++) {
        order[i] = (row_name){.name = df_copy_string(f->arena, axis->levels[i], err), .row = (size_t)i};
        if (!order[i].name)
            return false;
    }
    if (is_sorted)
        qsort(order, (size_t)axis->count, sizeof *order, by_name);
    for (int i = 0; i < axis->count; i++) {
        names[i] = order[i].name;
        place[order[i].row] = (int16_t)i;
    }
    for (size_t i = 0; i < f->set->count; i++)
        if (f->levels[k][i] >= 0)
            f->levels[k][i] = place[f->levels[k][i]];
    return make_axis(f, axis->keys, names, (size_t)axis->count, f->levels[k], out, err);
}

/* Every combination of the keys' groups that occurs. */
static bool make_intersection(const filling *f, const group_axis *keys, group_axis *out, df_error *err)
{
    size_t combinations = 1, title_size = 1;
    for (size_t k = 0; k < f->key_count; k++) {
        combinations *= keys[k].count;
        title_size += strlen(keys[k].name) + 3;
        if (combinations > INT16_MAX)
            return df_fail(err, "more than %d combinations of groups", INT16_MAX);
    }
    char *title = df_alloc(f->arena, title_size, 1, err);
    const char **names = df_alloc(f->arena, combinations, sizeof *names, err);
    int16_t *of = df_alloc(f->arena, f->set->count, sizeof *of, err);
    if (!title || !names || !of)
        return false;
    for (size_t k = 0, at = 0; k < f->key_count; k++)
        at += (size_t)snprintf(title + at, title_size - at, "%s%s", k > 0 ? " x " : "", keys[k].name);
    for (size_t c = 0; c < combinations; c++) {
        char text[GROUP_AXES * LEVEL_ROOM] = "";
        size_t rest = c, block = combinations, at = 0;
        for (size_t k = 0; k < f->key_count; k++) {
            block /= keys[k].count;
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%.64s", k > 0 ? ", " : "", keys[k].names[rest / block]);
            rest %= block;
        }
        if (!(names[c] = df_copy_string(f->arena, text, err)))
            return false;
    }
    for (size_t i = 0; i < f->set->count; i++) {
        int number = 0;
        for (size_t k = 0; k < f->key_count && number >= 0; k++)
            number = keys[k].of[i] < 0 ? -1 : number * (int)keys[k].count + keys[k].of[i];
        of[i] = (int16_t)number;
    }
    return make_axis(f, title, names, combinations, of, out, err);
}

static bool ends_in(const char *path, const char *ending)
{
    const size_t size = strlen(path), length = strlen(ending);
    return size >= length && strcmp(path + size - length, ending) == 0;
}

static bool read_source(filling *f, const char *path, df_error *err)
{
    char inside[NAME_ROOM];
    if (df_path_is_folder(path))
        return df_path_join(inside, sizeof inside, path, "manifest.jsonl", err) && read_manifest(f, inside, err);
    return ends_in(path, ".jsonl") ? read_manifest(f, path, err) : read_table(f, path, err);
}

bool group_table_read(const char *path, const char *const *keys, size_t key_count, const embedding_set *set, df_arena *arena,
                      group_table *out, df_error *err)
{
    filling f = {.set = set, .arena = arena, .key_count = key_count};
    group_table table = {.axes = df_alloc(arena, key_count + 1, sizeof *table.axes, err), .axis_count = key_count};
    if (!table.axes || !start(&f, keys, err) || !read_source(&f, path, err) || !check_all_found(&f, path, err))
        return false;
    for (size_t k = 0; k < key_count; k++)
        if (!make_key_axis(&f, k, &table.axes[k], err))
            return df_fail_in(err, "%s", path);
    if (key_count > 1 && !make_intersection(&f, table.axes, &table.axes[table.axis_count++], err))
        return df_fail_in(err, "%s", path);
    *out = table;
    return true;
}
