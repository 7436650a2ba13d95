/* stats.c: every line goes to the summary and to the axes; pairs count what two axes say of it. */
#include "dataset/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/set_lines.h"

static const char *const usual_pairs[] = {
    "gender:group", "group:age",        "gender:age",  "group:glasses", "group:hat",      "group:occluder", "group:yaw",    "group:pitch",
    "gender:yaw",   "group:expression", "group:light", "yaw:pitch",     "gender:glasses", "split:group",    "split:gender", "split:age",
};

static const double BOX_WIDTH = 0.01;

static int add_axis(stats *s, const char *name, df_error *err)
{
    const stats_axis_row *row = stats_axis_find(name);
    for (int i = 0; i < s->axis_count; i++)
        if (row ? s->axes[i].row == row : strcmp(s->axes[i].keys, name) == 0)
            return i;
    if (s->axis_count == STATS_AXES) {
        df_fail(err, "more than %d attributes in --pairs", STATS_AXES);
        return -1;
    }
    return stats_axis_init(&s->axes[s->axis_count], name, err) ? s->axis_count++ : -1;
}

static bool add_pair(stats *s, const char *text, df_error *err)
{
    char first[STATS_KEYS];
    const char *colon = strchr(text, ':');
    const size_t length = colon ? (size_t)(colon - text) : 0;
    if (length == 0 || length >= sizeof first || colon[1] == '\0')
        return df_fail(err, "--pairs: '%.60s', expected NAME:NAME, as gender:glasses", text);
    if (s->pair_count == STATS_PAIRS)
        return df_fail(err, "--pairs: more than %d", STATS_PAIRS);
    memcpy(first, text, length);
    first[length] = '\0';
    stats_pair *pair = &s->pairs[s->pair_count];
    pair->rows = add_axis(s, first, err);
    pair->columns = pair->rows >= 0 ? add_axis(s, colon + 1, err) : -1;
    if (pair->columns < 0)
        return false;
    if (pair->rows == pair->columns)
        return df_fail(err, "--pairs: '%.60s' is twice the same", text);
    s->pair_count++;
    return true;
}

/* ---- lines ---- */

static void add_line(stats *s, const manifest_entry *entry, const json_t *json, bool is_new)
{
    int levels[STATS_AXES];
    summary_add(&s->sum, entry, json, is_new);
    if (entry->has_box && entry->width > 0 && entry->height > 0)
        tally_add(&s->box, sqrt((double)entry->box[2] * (double)entry->box[3] / ((double)entry->width * entry->height)));
    for (int a = 0; a < s->axis_count; a++)
        levels[a] = stats_axis_level(&s->axes[a], json);
    for (int p = 0; p < s->pair_count; p++) {
        const int row = levels[s->pairs[p].rows], column = levels[s->pairs[p].columns];
        if (row >= 0 && column >= 0)
            s->pairs[p].counts[row][column]++;
    }
}

static bool read_lines(stats *s, const char *folder, const df_progress *progress, df_error *err)
{
    manifest_entry entry;
    bool found = false, is_good;
    set_lines *lines = set_lines_open(folder, err);
    df_progress_start(progress, "reading the manifest", 0);
    while ((is_good = lines && set_lines_next(lines, &entry, &found, progress, err)) && found)
        add_line(s, &entry, set_lines_json(lines), set_lines_is_new(lines));
    df_progress_finish(progress);
    set_lines_close(lines);
    return is_good && (s->sum.images > 0 || df_fail(err, "%s: has no images", folder));
}

/* ---- in the order of names, whatever came first ---- */

/* What was level k becomes level places[k]. */
static void sort_levels(stats_axis *axis, int places[STATS_LEVELS])
{
    stats_axis old = *axis;
    const int names = axis->count - axis->has_others; /* "others" stays last */
    for (int k = 0; k < axis->count; k++) {
        int place = 0;
        for (int i = 0; i < names && k < names; i++)
            place += strcmp(old.levels[i], old.levels[k]) < 0;
        places[k] = k < names ? place : k;
        memcpy(axis->levels[places[k]], old.levels[k], FACE_NAME);
        axis->images[places[k]] = old.images[k];
    }
}

static void reorder(stats_pair *pair, int axis, const int places[STATS_LEVELS], int count)
{
    const stats_pair old = *pair;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < STATS_LEVELS; j++) {
            if (pair->rows == axis)
                pair->counts[places[i]][j] = old.counts[i][j];
            else if (pair->columns == axis)
                pair->counts[j][places[i]] = old.counts[j][i];
        }
}

static void sort_axes(stats *s)
{
    for (int a = 0; a < s->axis_count; a++) {
        int places[STATS_LEVELS];
        stats_axis *axis = &s->axes[a];
        if (axis->row && axis->row->form != STATS_NAMES)
            continue;
        sort_levels(axis, places);
        for (int p = 0; p < s->pair_count; p++)
            if (s->pairs[p].rows == a || s->pairs[p].columns == a)
                reorder(&s->pairs[p], a, places, axis->count);
    }
}

static int64_t pair_images(const stats_pair *pair)
{
    int64_t sum = 0;
    for (int i = 0; i < STATS_LEVELS; i++)
        for (int j = 0; j < STATS_LEVELS; j++)
            sum += pair->counts[i][j];
    return sum;
}

/* Usual pairs of which the set says nothing are left out; those that were asked for fail. */
static bool drop_empty(stats *s, const stats_setting *setting, df_error *err)
{
    int kept = 0;
    for (int p = 0; p < s->pair_count; p++) {
        if (pair_images(&s->pairs[p]) > 0)
            s->pairs[kept++] = s->pairs[p];
        else if (setting->pair_count > 0)
            return df_fail(err, "--pairs: no image has both '%s' and '%s'", s->axes[s->pairs[p].rows].keys,
                           s->axes[s->pairs[p].columns].keys);
    }
    s->pair_count = kept;
    return true;
}

/* ---- pixels ---- */

static void add_measures(void *user, const manifest_entry *entry, const double values[FACE_MEASURE_COUNT])
{
    stats *s = user;
    const int group = demographics_group(&s->sum.people, entry->ethnicity);
    s->measured++;
    s->groups[group].images++;
    for (int m = 0; m < FACE_MEASURE_COUNT; m++) {
        tally_add(&s->measures[m], values[m]);
        s->groups[group].sums[m] += values[m];
    }
}

static bool fill(stats *s, const char *folder, const stats_setting *setting, const df_progress *progress, df_error *err)
{
    const size_t count = setting->pair_count ? setting->pair_count : DF_ARRAY_LEN(usual_pairs);
    summary_begin(&s->sum);
    s->box.width = BOX_WIDTH;
    for (int m = 0; m < FACE_MEASURE_COUNT; m++)
        s->measures[m].width = face_measure_rows[m].width;
    for (size_t p = 0; p < count; p++)
        if (!add_pair(s, setting->pair_count ? setting->pairs[p] : usual_pairs[p], err))
            return false;
    if (!read_lines(s, folder, progress, err))
        return false;
    summary_end(&s->sum);
    sort_axes(s);
    return drop_empty(s, setting, err) &&
           (setting->sample < 0 || face_measure_set(folder, s->sum.images, setting->sample, progress, add_measures, s, err));
}

bool stats_read(const char *folder, const stats_setting *setting, df_arena *arena, const df_progress *progress, const stats **out,
                df_error *err)
{
    stats *s = df_alloc(arena, 1, sizeof *s, err);
    if (!s || !fill(s, folder, setting, progress, err))
        return false;
    *out = s;
    return true;
}

/* ---- holes ---- */

static bool can_fill(const stats_axis *axis)
{
    return axis->row && axis->row->fill != STATS_FILL_NONE;
}

static int64_t usual_holes(const stats_pair *pair, int64_t cells)
{
    const int64_t tenth = pair_images(pair) / (cells * 10);
    return tenth > 1 ? tenth : 1;
}

int stats_holes(const stats *of, int64_t holes, stats_hole *out, int room)
{
    int count = 0;
    for (int p = 0; p < of->pair_count; p++) {
        const stats_pair *pair = &of->pairs[p];
        const stats_axis *rows = &of->axes[pair->rows], *columns = &of->axes[pair->columns];
        int row_end, column_end;
        const int row_first = stats_axis_span(rows, &row_end), column_first = stats_axis_span(columns, &column_end);
        if (!can_fill(rows) || !can_fill(columns))
            continue;
        const int64_t cells = (int64_t)(row_end - row_first) * (column_end - column_first);
        const int64_t wanted = holes > 0 ? holes : usual_holes(pair, cells);
        for (int r = row_first; r < row_end; r++)
            for (int c = column_first; c < column_end; c++) {
                if (pair->counts[r][c] >= wanted)
                    continue;
                if (count < room)
                    out[count] = (stats_hole){.pair = p, .row = r, .column = c, .images = pair->counts[r][c], .wanted = wanted};
                count++;
            }
    }
    return count;
}
