/* source_csv.c: a table with a header, a row for each image (csv.h has its form).

   Columns that mean something by their names, in any case, or by the options: the image's file, from the table's folder or --images;
   identity; split; gender; age; ethnicity; yaw, pitch and roll; box_x, box_y, box_width, box_height. All others become attributes, and
   so does an age that is no number ("age_range"). Empty fields say nothing.

   The table is mapped and read twice: once to see whose images stand where (40 bytes a row, and 16 to 32 to find rows that come
   twice), once row by row in the order of identities:
   as they appear first, and within each as the rows stand. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <stdio.h>

#include "base/random.h"
#include "exchange/csv.h"
#include "exchange/csv_value.h"
#include "exchange/source_rows.h"
#include "face/id_set.h"

typedef enum csv_column {
    COLUMN_IMAGE,
    COLUMN_IDENTITY,
    COLUMN_SPLIT,
    COLUMN_GENDER,
    COLUMN_AGE,
    COLUMN_ETHNICITY,
    COLUMN_YAW,
    COLUMN_PITCH,
    COLUMN_ROLL,
    COLUMN_BOX_X,
    COLUMN_BOX_Y,
    COLUMN_BOX_WIDTH,
    COLUMN_BOX_HEIGHT,
    COLUMN_COUNT
} csv_column;

enum { NAMES = 7 };

/* The usual names of a column, and which setting names it instead. */
static const struct {
    const char *names[NAMES];
    size_t setting; /* offset of a const char * in source_setting, 0: none */
} columns[COLUMN_COUNT] = {
    [COLUMN_IMAGE] = {{"image", "file", "filename", "file_name", "path", "img", "image_id"}, offsetof(source_setting, column_image)},
    [COLUMN_IDENTITY] = {{"identity", "person", "subject", "identity_id", "person_id", "subject_id"},
                         offsetof(source_setting, column_identity)},
    [COLUMN_SPLIT] = {{"split", "partition", "fold", "subset"}, offsetof(source_setting, column_split)},
    [COLUMN_GENDER] = {{"gender", "sex"}, offsetof(source_setting, column_gender)},
    [COLUMN_AGE] = {{"age"}, offsetof(source_setting, column_age)},
    [COLUMN_ETHNICITY] = {{"ethnicity", "race"}, offsetof(source_setting, column_ethnicity)},
    [COLUMN_YAW] = {{"yaw"}, 0},
    [COLUMN_PITCH] = {{"pitch"}, 0},
    [COLUMN_ROLL] = {{"roll"}, 0},
    [COLUMN_BOX_X] = {{"box_x"}, 0},
    [COLUMN_BOX_Y] = {{"box_y"}, 0},
    [COLUMN_BOX_WIDTH] = {{"box_width"}, 0},
    [COLUMN_BOX_HEIGHT] = {{"box_height"}, 0},
};

typedef struct csv_place {  /* of a row */
    uint64_t key;           /* of its identity */
    uint32_t number, first; /* of the row, and of the identity's first row; from 0 */
    size_t start, line;
} csv_place;

typedef struct csv_source {
    const char *path, *folder; /* of the table, of its images */
    df_bytes bytes;
    csv_reader rows;
    int column_count, at[COLUMN_COUNT]; /* -1: the table has none */
    const char **names;                 /* [column_count] of the header */
    bool *is_known;                     /* [column_count] no attribute */
    csv_place *places;                  /* [count] */
    size_t count, next;
    id_set images; /* file names so far */
    json_t *fields;
    source_log *log;
} csv_source;

/* ---- the header ---- */

static int find_column(const csv_source *s, const char *name)
{
    for (int c = 0; c < s->column_count; c++)
        if (strcasecmp(s->names[c], name) == 0)
            return c;
    return -1;
}

static const char *asked_column(const source_setting *setting, csv_column column)
{
    const char *name = NULL;
    if (columns[column].setting > 0)
        memcpy(&name, (const char *)setting + columns[column].setting, sizeof name);
    return name;
}

static bool choose_columns(csv_source *s, const source_setting *setting, df_error *err)
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const char *asked = asked_column(setting, (csv_column)column);
        int at = asked ? find_column(s, asked) : -1;
        if (asked && at < 0)
            return df_fail(err, "no column '%.80s' in the header", asked);
        for (int n = 0; n < NAMES && at < 0 && !asked && columns[column].names[n]; n++)
            at = find_column(s, columns[column].names[n]);
        s->at[column] = at;
        if (at >= 0)
            s->is_known[at] = true;
    }
    return s->at[COLUMN_IMAGE] >= 0 ||
           df_fail(err, "no column of file names in the header, expected one named image or file (--column-image names another)");
}

static bool read_header(csv_source *s, const source_setting *setting, df_arena *arena, df_error *err)
{
    bool found;
    if (!csv_next(&s->rows, &found, err))
        return false;
    if (!found)
        return df_fail(err, "is empty, expected a header");
    s->column_count = s->rows.count;
    s->names = df_alloc(arena, (size_t)s->column_count, sizeof *s->names, err);
    s->is_known = df_alloc(arena, (size_t)s->column_count, sizeof *s->is_known, err);
    if (!s->names || !s->is_known)
        return false;
    for (int c = 0; c < s->column_count; c++) {
        if (find_column(&(csv_source){.names = s->names, .column_count = c}, s->rows.fields[c]) >= 0)
            return df_fail(err, "column '%.80s' for the second time", s->rows.fields[c]);
        if (!(s->names[c] = df_copy_string(arena, s->rows.fields[c], err)))
            return false;
    }
    return choose_columns(s, setting, err);
}

/* ---- the rows' order ---- */

static int by_key(const void *a, const void *b)
{
    const csv_place *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->number > y->number) - (x->number < y->number);
}

static int by_first(const void *a, const void *b)
{
    const csv_place *x = a, *y = b;
    return x->first != y->first ? (x->first > y->first) - (x->first < y->first) : (x->number > y->number) - (x->number < y->number);
}

static const char *field(const csv_source *s, csv_column column)
{
    return s->at[column] >= 0 ? s->rows.fields[s->at[column]] : "";
}

/* Images of nobody known come last. */
static void sort_places(csv_source *s)
{
    const uint64_t nobody = df_identity_key("");
    qsort(s->places, s->count, sizeof *s->places, by_key);
    for (size_t i = 0; i < s->count; i++)
        s->places[i].first = s->places[i].key == nobody                          ? UINT32_MAX
                             : i > 0 && s->places[i - 1].key == s->places[i].key ? s->places[i - 1].first
                                                                                 : s->places[i].number;
    qsort(s->places, s->count, sizeof *s->places, by_first);
}

static bool grow_places(csv_source *s, size_t *room, df_arena *arena, df_error *err)
{
    if (s->count < *room)
        return true;
    *room = *room ? 2 * *room : 1024;
    csv_place *places = df_alloc(arena, *room, sizeof *places, err);
    if (places && s->count)
        memcpy(places, s->places, s->count * sizeof *places);
    s->places = places;
    return places != NULL;
}

/* Files are below the folder of images, whatever a stranger's table says. */
static bool is_inside(const csv_source *s, const char *name)
{
    const size_t length = strlen(s->folder);
    if (name[0] == '/' && (strncmp(name, s->folder, length) != 0 || (name[length] != '/' && s->folder[length - 1] != '/')))
        return false;
    for (const char *at = name; *at;) {
        const size_t part = strcspn(at, "/");
        if (part == 2 && at[0] == '.' && at[1] == '.')
            return false;
        at += part + (at[part] == '/');
    }
    return true;
}

static bool check_row(csv_source *s, df_error *err)
{
    const char *name = field(s, COLUMN_IMAGE), *split = field(s, COLUMN_SPLIT);
    const size_t line = s->rows.line;
    bool is_new;
    if (name[0] == '\0')
        return df_fail(err, "line %zu: no file name", line);
    if (!is_inside(s, name))
        return df_fail(err, "line %zu: '%.200s' lies outside of %s (--images names the folder that all are in)", line, name, s->folder);
    if (split[0] && !source_split_name(split))
        return df_fail(err, "line %zu: split '%.40s', expected train, valid (val) or test, or 0, 1 or 2", line, split);
    if (!id_set_add(&s->images, name, &is_new, err))
        return false;
    return is_new || df_fail(err, "line %zu: '%.200s' for the second time", line, name);
}

static bool read_places(csv_source *s, df_arena *arena, df_error *err)
{
    size_t room = 0;
    for (;;) {
        bool found;
        if (!csv_next(&s->rows, &found, err))
            return false;
        if (!found)
            break;
        if (s->count == UINT32_MAX - 1 || !grow_places(s, &room, arena, err))
            return df_fail(err, "line %zu: too many rows", s->rows.line);
        if (!check_row(s, err))
            return false;
        s->places[s->count] = (csv_place){
            .key = df_identity_key(field(s, COLUMN_IDENTITY)), .number = (uint32_t)s->count, .start = s->rows.start, .line = s->rows.line};
        s->count++;
    }
    if (s->count == 0)
        return df_fail(err, "no rows below the header");
    sort_places(s);
    return true;
}

/* ---- one row as JSON ---- */

/* The numbers of `count` columns from the first; false unless all are there and numbers between the limits. */
static bool get_numbers(const csv_source *s, csv_column first, int count, double limit, double out[])
{
    for (int i = 0; i < count; i++)
        if (!csv_decimal(field(s, first + (csv_column)i), &out[i]) || !(out[i] >= -limit && out[i] <= limit))
            return false;
    return true;
}

static bool set_geometry(const csv_source *s, json_t *fields)
{
    static const char *const pose_keys[] = {"yaw", "pitch", "roll"};
    double pose[3], box[4];
    int failed = 0;
    if (get_numbers(s, COLUMN_YAW, 3, 180, pose)) {
        for (int i = 0; i < 3; i++)
            failed |= json_object_set_new(fields, pose_keys[i], json_real(pose[i]));
    }
    if (get_numbers(s, COLUMN_BOX_X, 4, 1e6, box))
        failed |= json_object_set_new(fields, "box", json_pack("[f, f, f, f]", box[0], box[1], box[2], box[3]));
    return !failed;
}

static bool set_attributes(const csv_source *s, json_t *fields, json_t *attributes)
{
    for (int c = 0; c < s->column_count; c++)
        if (!s->is_known[c] && s->rows.fields[c][0] && json_object_set_new(attributes, s->names[c], csv_value(s->rows.fields[c])) != 0)
            return false;
    return json_object_size(attributes) == 0 || json_object_set(fields, "attributes", attributes) == 0;
}

static bool describe(csv_source *s, df_error *err)
{
    json_t *fields = json_object(), *attributes = json_object();
    const bool is_good = csv_set_name(fields, "gender", csv_gender(field(s, COLUMN_GENDER))) &&
                         csv_set_name(fields, "ethnicity", field(s, COLUMN_ETHNICITY)) &&
                         csv_set_age(fields, attributes, field(s, COLUMN_AGE)) && set_geometry(s, fields) &&
                         set_attributes(s, fields, attributes);
    json_decref(attributes);
    json_decref(s->fields);
    s->fields = fields;
    return is_good || df_fail(err, "line %zu: a name that is no UTF-8 or longer than %d bytes", s->rows.line, FACE_NAME - 1);
}

/* ---- the row of the table ---- */

static void close_csv(void *state)
{
    csv_source *s = state;
    json_decref(s->fields);
    id_set_free(&s->images);
    df_file_unmap(&s->bytes);
}

/* The table's own folder, or --images. */
static const char *folder_of(const source_setting *setting, df_arena *arena, df_error *err)
{
    if (setting->images)
        return setting->images;
    const char *slash = strrchr(setting->path, '/');
    char *folder = df_copy_string(arena, slash ? setting->path : ".", err);
    if (folder && slash)
        folder[slash == setting->path ? 1 : slash - setting->path] = '\0';
    return folder;
}

static void *open_csv(const source_setting *setting, source_log *log, df_arena *arena, df_error *err)
{
    csv_source *s = df_alloc(arena, 1, sizeof *s, err);
    if (!s || !(s->folder = folder_of(setting, arena, err)) || !df_file_map(setting->path, &s->bytes, err))
        return NULL;
    s->path = setting->path;
    s->log = log;
    if (csv_open(&s->rows, s->bytes, 0, arena, err) && read_header(s, setting, arena, err) && read_places(s, arena, err)) {
        log->expected = (int64_t)s->count;
        return s;
    }
    df_fail_in(err, "%s", setting->path);
    close_csv(s);
    return NULL;
}

static bool fill(csv_source *s, source_image *out, df_error *err)
{
    const char *split = source_split_name(field(s, COLUMN_SPLIT)), *name = field(s, COLUMN_IMAGE);
    out->fields = s->fields;
    out->entry = NULL;
    snprintf(out->split, sizeof out->split, "%s", split ? split : "");
    return df_path_join(out->path, sizeof out->path, name[0] == '/' ? "" : s->folder, name, err) &&
           df_path_join(out->original, sizeof out->original, "", name, err) &&
           df_path_join(out->identity, sizeof out->identity, "", field(s, COLUMN_IDENTITY), err);
}

static bool read_place(csv_source *s, const csv_place *place, source_image *out, df_error *err)
{
    bool found;
    csv_seek(&s->rows, place->start, place->line);
    return (csv_next(&s->rows, &found, err) && describe(s, err) && fill(s, out, err)) || df_fail_in(err, "%s", s->path);
}

static bool next_image(void *state, source_image *out, bool *found, df_error *err)
{
    csv_source *s = state;
    while ((*found = s->next < s->count)) {
        if (!read_place(s, &s->places[s->next++], out, err))
            return false;
        if (df_path_exists(out->path))
            return true;
        source_say(s->log, &s->log->missing, "%s: in line %zu of the table, but not there", out->path, s->rows.line);
    }
    return true;
}

static bool recognises(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".tsv") == 0) && df_path_exists(path) && !df_path_is_folder(path);
}

const source_row source_csv = {.name = "csv",
                               .summary = "a CSV or TSV table with a header, a row for each image",
                               .takes = SOURCE_IMAGES | SOURCE_COLUMNS,
                               .recognises = recognises,
                               .open = open_csv,
                               .next = next_image,
                               .close = close_csv};
