/* export_csv.c: one row an image, as RFC 4180 has it (commas, CRLF, quotes doubled). Columns are the single values of the manifest's lines
   in order of appearance, members and elements by points: "light.strength", "box.0"; then the five points by name. Lists of more than
   MOST_ELEMENTS are point sets: they come with --landmarks only. Every image has every column; what a line lacks is empty. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "base/text.h"
#include "dataset/journal.h"
#include "exchange/export_rows.h"

enum { MOST_COLUMNS = 4096, MOST_ELEMENTS = 16, COLUMN_NAME = 256, MOST_DEPTH = 8 };

typedef struct csv {
    df_writer *writer;
    bool has_landmarks;
    json_t *columns;      /* name to number */
    const json_t **cells; /* [columns] of the current row */
    bool has_five;
    df_text text;
} csv;

static const char *const five_names[MANIFEST_FIVE] = {"right_eye", "left_eye", "nose", "right_mouth", "left_mouth"};

/* ---- the single values of a line ---- */

typedef bool csv_visit(csv *to, const char *name, const json_t *value, df_error *err);

static bool walk(csv *to, char name[COLUMN_NAME], size_t length, const json_t *value, int depth, csv_visit *visit, df_error *err);

static bool walk_below(csv *to, char name[COLUMN_NAME], size_t length, const char *part, const json_t *value, int depth, csv_visit *visit,
                       df_error *err)
{
    const int added = snprintf(name + length, COLUMN_NAME - length, "%s%s", length > 0 ? "." : "", part);
    if (added < 0 || length + (size_t)added >= COLUMN_NAME)
        return df_fail(err, "'%.40s...': longer than %d bytes with what it is in, too long for a column's name", part, COLUMN_NAME - 1);
    return walk(to, name, length + (size_t)added, value, depth + 1, visit, err);
}

static bool walk(csv *to, char name[COLUMN_NAME], size_t length, const json_t *value, int depth, csv_visit *visit, df_error *err)
{
    if (!json_is_object(value) && !json_is_array(value))
        return visit(to, name, value, err);
    if (depth == MOST_DEPTH)
        return df_fail(err, "'%.80s': more than %d values in each other", name, MOST_DEPTH);
    if (json_is_object(value)) {
        const char *key;
        json_t *member;
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
            if (!walk_below(to, name, length, key, member, depth, visit, err))
                return false;
        return true;
    }
    if (json_array_size(value) > MOST_ELEMENTS && !to->has_landmarks)
        return true;
    for (size_t i = 0; i < json_array_size(value); i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i);
        if (!walk_below(to, name, length, number, json_array_get(value, i), depth, visit, err))
            return false;
    }
    return true;
}

static bool walk_line(csv *to, const json_t *line, csv_visit *visit, df_error *err)
{
    char name[COLUMN_NAME] = "";
    return walk(to, name, 0, line, 0, visit, err);
}

/* ---- columns ---- */

static bool add_column(csv *to, const char *name, const json_t *value, df_error *err)
{
    (void)value;
    if (json_object_get(to->columns, name))
        return true;
    const size_t count = json_object_size(to->columns);
    if (count == MOST_COLUMNS)
        return df_fail(err, "'%.80s': more than %d different values, too many for a table", name, MOST_COLUMNS);
    return json_object_set_new(to->columns, name, json_integer((json_int_t)count)) == 0 || df_fail(err, "out of memory");
}

static bool add_columns(csv *to, manifest_reader *reader, const char *split, df_error *err)
{
    manifest_entry entry;
    for (bool found;;) {
        if (df_stop_signal())
            return df_fail(err, "stopped");
        if (!manifest_next(reader, &entry, &found, err))
            return false;
        if (!found)
            return true;
        if (split && strcmp(split, entry.split) != 0)
            continue;
        to->has_five |= entry.has_five;
        if (!walk_line(to, manifest_json(reader), add_column, err))
            return df_fail_in(err, "%s", entry.image);
    }
}

static bool find_columns(csv *to, const export_context *context, df_error *err)
{
    char path[DATASET_PATH];
    manifest_reader *reader =
        df_path_join(path, sizeof path, context->set->folder, "manifest.jsonl", err) ? manifest_open(path, err) : NULL;
    const bool is_good = reader && add_columns(to, reader, context->setting->split, err);
    manifest_close(reader);
    to->cells = is_good ? df_alloc(context->arena, json_object_size(to->columns), sizeof *to->cells, err) : NULL;
    return to->cells != NULL;
}

/* ---- rows ---- */

static void put_quoted(df_text *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        df_text_add(out, text);
        return;
    }
    df_text_add(out, "\"");
    for (const char *at = text; *at; at++)
        df_text_add_bytes(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    df_text_add(out, "\"");
}

/* The fewest digits that are read back as the same number. */
static void put_real(df_text *out, double value)
{
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    df_text_add(out, digits);
}

static void put_cell(df_text *out, const json_t *value)
{
    if (json_is_string(value))
        put_quoted(out, json_string_value(value));
    else if (json_is_integer(value))
        df_text_integer(out, json_integer_value(value));
    else if (json_is_real(value))
        put_real(out, json_real_value(value));
    else if (json_is_boolean(value))
        df_text_add(out, json_is_true(value) ? "true" : "false");
}

static bool write_row(csv *to, df_error *err)
{
    df_text_add(&to->text, "\r\n");
    return df_text_ok(&to->text, err) && df_writer_put(to->writer, to->text.data, to->text.size, err);
}

static bool write_head(csv *to, df_error *err)
{
    const char *name;
    json_t *number;
    json_object_foreach(to->columns, name, number) {
        df_text_add(&to->text, json_integer_value(number) > 0 ? "," : "");
        put_quoted(&to->text, name);
    }
    for (int p = 0; to->has_five && p < MANIFEST_FIVE; p++)
        df_text_addf(&to->text, ",%s_x,%s_y", five_names[p], five_names[p]);
    return write_row(to, err);
}

static bool set_cell(csv *to, const char *name, const json_t *value, df_error *err)
{
    const json_t *number = json_object_get(to->columns, name);
    if (!number)
        return df_fail(err, "'%.80s': was not in the manifest before: it changed", name);
    to->cells[json_integer_value(number)] = value;
    return true;
}

static bool put_csv(void *state, export_sample *sample, df_error *err)
{
    csv *to = state;
    const manifest_entry *entry = export_sample_entry(sample);
    const size_t count = json_object_size(to->columns);
    memset(to->cells, 0, count * sizeof *to->cells);
    if (!walk_line(to, export_sample_json(sample), set_cell, err))
        return df_fail_in(err, "%s", entry->image);
    df_text_clear(&to->text);
    for (size_t c = 0; c < count; c++) {
        df_text_add(&to->text, c > 0 ? "," : "");
        put_cell(&to->text, to->cells[c]);
    }
    for (int k = 0; to->has_five && k < 2 * MANIFEST_FIVE; k++) {
        df_text_add(&to->text, ",");
        if (entry->has_five)
            df_text_number(&to->text, (double)entry->five[k / 2][k % 2], 4);
    }
    return write_row(to, err);
}

static void close_csv(void *state)
{
    csv *to = state;
    df_writer_abandon(to->writer);
    json_decref(to->columns);
    df_text_free(&to->text);
}

static void *open_csv(const export_context *context, df_error *err)
{
    csv *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to)
        return NULL;
    to->has_landmarks = context->setting->landmarks;
    to->columns = json_object();
    if ((to->columns || df_fail(err, "out of memory")) && find_columns(to, context, err) &&
        (to->writer = df_writer_open(context->place, err)) != NULL && write_head(to, err))
        return to;
    close_csv(to);
    return NULL;
}

static bool finish_csv(void *state, df_error *err)
{
    csv *to = state;
    df_writer *writer = to->writer;
    to->writer = NULL;
    return df_writer_commit(writer, err);
}

const export_row export_csv_row = {
    .name = "csv",
    .summary = "a table with a row for each image",
    .form = EXPORT_FILE,
    .takes = EXPORT_SPLIT | EXPORT_LANDMARKS,
    .open = open_csv,
    .put = put_csv,
    .finish = finish_csv,
    .close = close_csv,
};
