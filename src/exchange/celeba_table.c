/* celeba_table.c: the folder's names are sorted once; each row of a list finds its image by bisection. */
#include "exchange/celeba_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/source_rows.h"

enum { MOST_PIXELS = 1 << 20 };

static const char *const partition_names[] = {"train", "valid", "test"};
static const char *const landmark_columns[] = {"lefteye_x", "lefteye_y",   "righteye_x",  "righteye_y",   "nose_x",
                                               "nose_y",    "leftmouth_x", "leftmouth_y", "rightmouth_x", "rightmouth_y"};
static const char *const box_columns[] = {"x_1", "y_1", "width", "height"};

/* ---- names ---- */

static size_t stem_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? (size_t)(dot - name) : strlen(name);
}

/* By the bytes of the names without their endings. */
static int compare_stems(const char *a, const char *b)
{
    const size_t x = stem_length(a), y = stem_length(b);
    const int first = memcmp(a, b, x < y ? x : y);
    return first ? first : (x > y) - (x < y);
}

static int by_stem(const void *a, const void *b)
{
    const celeba_image *x = a, *y = b;
    const int first = compare_stems(x->file, y->file);
    return first ? first : strcmp(x->file, y->file);
}

static int by_original(const void *a, const void *b)
{
    const celeba_image *x = *(celeba_image *const *)a, *y = *(celeba_image *const *)b;
    return compare_stems(x->original ? x->original : "", y->original ? y->original : "");
}

static celeba_image *find(const celeba_table *table, celeba_key key, const char *name)
{
    if (key == CELEBA_BY_FILE) {
        const celeba_image wanted = {.file = name};
        size_t low = 0, high = table->count;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            const int order = compare_stems(wanted.file, table->images[middle].file);
            if (order == 0)
                return &table->images[middle];
            *(order < 0 ? &high : &low) = order < 0 ? middle : middle + 1;
        }
        return NULL;
    }
    const celeba_image wanted = {.original = name}, *at = &wanted;
    celeba_image *const *place =
        table->by_original ? bsearch(&at, table->by_original, table->count, sizeof *table->by_original, by_original) : NULL;
    return place ? *place : NULL;
}

/* ---- the folder ---- */

/* Of two files with one name the first stays. */
static void drop_doubles(celeba_table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (kept > 0 && compare_stems(table->images[kept - 1].file, table->images[i].file) == 0)
            source_say(table->log, &table->log->skipped, "%s/%s: beside %s, expected one of them", table->folder, table->images[i].file,
                       table->images[kept - 1].file);
        else
            table->images[kept++] = table->images[i];
    }
    table->count = kept;
}

bool celeba_table_open(celeba_table *table, const char *folder, const char *shown, source_log *log, df_arena *arena, df_error *err)
{
    char **names;
    size_t count;
    *table = (celeba_table){.log = log, .arena = arena};
    if (!df_folder_list(folder, arena, &names, &count, err))
        return false;
    table->folder = df_copy_string(arena, folder, err);
    table->shown = df_copy_string(arena, shown, err);
    table->images = df_alloc(arena, count, sizeof *table->images, err);
    if (!table->folder || !table->shown || !table->images)
        return false;
    for (size_t i = 0; i < count; i++)
        if (source_is_image_name(names[i]))
            table->images[table->count++] = (celeba_image){.file = names[i], .identity = -1, .partition = -1};
    if (table->count == 0)
        return df_fail(err, "%s: no images", folder);
    qsort(table->images, table->count, sizeof *table->images, by_stem);
    drop_doubles(table);
    return true;
}

/* ---- rows ---- */

static bool get_integers(const celeba_list *list, int count, int64_t low, int64_t high, int32_t *out, df_error *err)
{
    for (int c = 0; c < count; c++) {
        int64_t value;
        if (!csv_integer(list->rows.fields[1 + c], low, high, &value))
            return df_fail(err, "line %zu: '%.40s', expected a whole number from %lld to %lld", list->rows.line, list->rows.fields[1 + c],
                           (long long)low, (long long)high);
        out[c] = (int32_t)value;
    }
    return true;
}

static bool get_attributes(const celeba_list *list, celeba_image *one, df_error *err)
{
    int32_t values[CELEBA_COLUMNS];
    if (!get_integers(list, list->columns, -1, 1, values, err))
        return false;
    for (int c = 0; c < list->columns; c++)
        one->attributes |= (uint64_t)(values[c] > 0) << c;
    return true;
}

static bool get_original(celeba_table *table, const celeba_list *list, celeba_image *one, df_error *err)
{
    one->original = df_copy_string(table->arena, list->rows.fields[2], err);
    return one->original != NULL;
}

static bool take_row(celeba_table *table, celeba_kind kind, const celeba_list *list, celeba_image *one, df_error *err)
{
    int32_t value = 0;
    switch (kind) {
    case CELEBA_ATTRIBUTES:
        return get_attributes(list, one, err);
    case CELEBA_IDENTITIES:
        if (!get_integers(list, 1, 0, INT32_MAX, &value, err))
            return false;
        one->identity = value;
        return true;
    case CELEBA_PARTITION:
        if (!get_integers(list, 1, 0, (int64_t)DF_ARRAY_LEN(partition_names) - 1, &value, err))
            return false;
        one->partition = (int8_t)value;
        return true;
    case CELEBA_LANDMARKS:
        return get_integers(list, DF_ARRAY_LEN(landmark_columns), -MOST_PIXELS, MOST_PIXELS, one->landmarks, err);
    case CELEBA_BOXES:
        return get_integers(list, DF_ARRAY_LEN(box_columns), -MOST_PIXELS, MOST_PIXELS, one->box, err);
    case CELEBA_MAPPING:
        return get_original(table, list, one, err);
    case CELEBA_KIND_COUNT:
        break;
    }
    return df_fail(err, "no such list");
}

static bool expect_columns(const celeba_list *list, const char *const *names, int count, df_error *err)
{
    if (list->columns != count)
        return df_fail(err, "line %zu: %d columns behind the file's name, expected %d", list->rows.line, list->columns, count);
    for (int c = 0; c < count && names && list->header_count > 0; c++)
        if (strcmp(celeba_list_column(list, c), names[c]) != 0)
            return df_fail(err, "column '%s', expected '%s'", celeba_list_column(list, c), names[c]);
    return true;
}

/* The columns of the first row are those of the kind. */
static bool check_columns(celeba_table *table, celeba_kind kind, const celeba_list *list, df_error *err)
{
    static const char *const mapping[] = {"orig_idx", "orig_file"};
    switch (kind) {
    case CELEBA_ATTRIBUTES:
        if (list->header_count == 0)
            return df_fail(err, "no line with the attributes' names, expected it above the images");
        table->attribute_count = list->columns;
        for (int c = 0; c < list->columns; c++)
            snprintf(table->attributes[c], sizeof table->attributes[c], "%s", celeba_list_column(list, c));
        return true;
    case CELEBA_IDENTITIES:
    case CELEBA_PARTITION:
        return expect_columns(list, NULL, 1, err);
    case CELEBA_LANDMARKS:
        return expect_columns(list, landmark_columns, DF_ARRAY_LEN(landmark_columns), err);
    case CELEBA_BOXES:
        return expect_columns(list, box_columns, DF_ARRAY_LEN(box_columns), err);
    case CELEBA_MAPPING:
        return expect_columns(list, mapping, DF_ARRAY_LEN(mapping), err);
    case CELEBA_KIND_COUNT:
        break;
    }
    return df_fail(err, "no such list");
}

/* An entry without an image is named once, whatever lists have it. */
static bool note_absent(celeba_table *table, celeba_key key, const char *name, df_error *err)
{
    bool is_new;
    if (key == CELEBA_BY_ORIGINAL)
        return true;
    if (!id_set_add(&table->absent, name, &is_new, err))
        return false;
    if (is_new)
        source_say(table->log, &table->log->missing, "%s: in a list, but not in %s", name, table->folder);
    return true;
}

static bool join_row(celeba_table *table, celeba_kind kind, celeba_key key, const celeba_list *list, df_error *err)
{
    const char *name = list->rows.fields[0];
    celeba_image *one = find(table, key, name);
    if (!one) {
        celeba_image nobody = {0};
        const df_arena_mark mark = df_arena_save(table->arena);
        const bool is_good = take_row(table, kind, list, &nobody, err); /* what it says must be right all the same */
        df_arena_restore(table->arena, mark);
        return is_good && note_absent(table, key, name, err);
    }
    if (one->seen & 1u << kind)
        return df_fail(err, "line %zu: '%.80s' for the second time", list->rows.line, name);
    one->seen |= (uint8_t)(1u << kind);
    return take_row(table, kind, list, one, err);
}

static bool sort_originals(celeba_table *table, df_error *err)
{
    table->by_original = df_alloc(table->arena, table->count, sizeof *table->by_original, err);
    if (!table->by_original)
        return false;
    for (size_t i = 0; i < table->count; i++)
        table->by_original[i] = &table->images[i];
    qsort(table->by_original, table->count, sizeof *table->by_original, by_original);
    for (size_t i = 1; i < table->count; i++)
        if (table->by_original[i]->original && by_original(&table->by_original[i - 1], &table->by_original[i]) == 0)
            return df_fail(err, "'%.80s' for the second time", table->by_original[i]->original);
    return true;
}

bool celeba_table_parse(celeba_table *table, celeba_kind kind, df_bytes bytes, celeba_key key, df_error *err)
{
    bool found = true;
    celeba_list *list = df_alloc(table->arena, 1, sizeof *list, err);
    if (!list || !celeba_list_open(list, bytes, table->arena, err))
        return false;
    while (found) {
        if (!celeba_list_next(list, &found, err) || (found && list->count == 1 && !check_columns(table, kind, list, err)) ||
            (found && !join_row(table, kind, key, list, err)))
            return false;
    }
    table->given |= (uint8_t)(1u << kind);
    return kind != CELEBA_MAPPING || sort_originals(table, err);
}

bool celeba_table_read(celeba_table *table, celeba_kind kind, const char *path, celeba_key key, df_error *err)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    const bool is_good = celeba_table_parse(table, kind, bytes, key, err) || df_fail_in(err, "%s", path);
    df_file_unmap(&bytes);
    return is_good;
}

/* ---- what comes out ---- */

static int by_identity(const void *a, const void *b)
{
    const celeba_image *x = a, *y = b;
    const uint64_t p = (uint64_t)x->identity, q = (uint64_t)y->identity; /* -1 comes last */
    return p != q ? (p > q) - (p < q) : by_stem(a, b);
}

bool celeba_table_sort(celeba_table *table, df_error *err)
{
    static const char *const kinds[CELEBA_KIND_COUNT] = {"attributes", "identities", "partition", "landmarks", "boxes", "mapping"};
    for (size_t i = 0; i < table->count; i++) {
        const unsigned lacking = table->given & ~(unsigned)table->images[i].seen;
        for (int k = 0; k < CELEBA_KIND_COUNT && lacking; k++)
            if (lacking & 1u << k) {
                source_say(table->log, &table->log->unlisted, "%s/%s: not in the list of %s", table->folder, table->images[i].file,
                           kinds[k]);
                break;
            }
    }
    if (table->count == 0)
        return df_fail(err, "%s: no images", table->folder);
    qsort(table->images, table->count, sizeof *table->images, by_identity);
    table->log->expected = (int64_t)table->count;
    return true;
}

/* CelebA's left is the image's, ours the person's: the orders are the same. Its pixel centres lie at whole numbers, ours at + 0.5. */
static json_t *landmarks_of(const celeba_image *one)
{
    json_t *points = json_array();
    for (int p = 0; p < MANIFEST_FIVE; p++)
        json_array_append_new(points, json_pack("[f, f]", one->landmarks[2 * p] + 0.5, one->landmarks[2 * p + 1] + 0.5));
    return points;
}

static json_t *attributes_of(const celeba_table *table, const celeba_image *one)
{
    json_t *attributes = json_object();
    for (int c = 0; c < table->attribute_count; c++)
        json_object_set_new(attributes, table->attributes[c], json_boolean(one->attributes >> c & 1));
    return attributes;
}

static const char *gender_of(const celeba_table *table, const celeba_image *one)
{
    for (int c = 0; c < table->attribute_count; c++)
        if (strcmp(table->attributes[c], "Male") == 0)
            return one->attributes >> c & 1 ? "male" : "female";
    return NULL;
}

static bool describe(const celeba_table *table, const celeba_image *one, json_t *fields, df_error *err)
{
    int failed = 0;
    if (one->seen & 1u << CELEBA_ATTRIBUTES && gender_of(table, one))
        failed |= json_object_set_new(fields, "gender", json_string(gender_of(table, one)));
    if (one->seen & 1u << CELEBA_BOXES && one->box[2] > 0 && one->box[3] > 0)
        failed |= json_object_set_new(fields, "box", json_pack("[i, i, i, i]", one->box[0], one->box[1], one->box[2], one->box[3]));
    if (one->seen & 1u << CELEBA_LANDMARKS)
        failed |= json_object_set_new(fields, "landmarks5", landmarks_of(one));
    if (one->seen & 1u << CELEBA_ATTRIBUTES)
        failed |= json_object_set_new(fields, "attributes", attributes_of(table, one));
    if (one->original)
        failed |= json_object_set_new(fields, "original_image", json_string(one->original));
    return !failed || df_fail(err, "%s/%s: its entries are no UTF-8, or memory ends", table->folder, one->file);
}

bool celeba_table_next(celeba_table *table, source_image *out, bool *found, df_error *err)
{
    *found = table->next < table->count;
    if (!*found)
        return true;
    const celeba_image *one = &table->images[table->next++];
    json_decref(table->fields);
    table->fields = json_object();
    out->fields = table->fields;
    out->entry = NULL;
    snprintf(out->split, sizeof out->split, "%s", one->partition >= 0 ? partition_names[one->partition] : "");
    out->identity[0] = '\0';
    if (one->identity >= 0)
        snprintf(out->identity, sizeof out->identity, "%lld", (long long)one->identity);
    return describe(table, one, table->fields, err) && df_path_join(out->path, sizeof out->path, table->folder, one->file, err) &&
           df_path_join(out->original, sizeof out->original, table->shown, one->file, err);
}

void celeba_table_close(celeba_table *table)
{
    json_decref(table->fields);
    table->fields = NULL;
    id_set_free(&table->absent);
}
