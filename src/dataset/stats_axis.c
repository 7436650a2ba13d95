/* stats_axis.c: a table of attributes, and one line's place on them. */
#include "dataset/stats_axis.h"

#include <stdio.h>
#include <string.h>

#include "dataset/manifest_read.h"

static const double turns[] = {-95, -75, -55, -35, -25, -15, -5, 5, 15, 25, 35, 55, 75, 95};
static const double lifts[] = {-65, -45, -25, -15, -5, 5, 15, 25, 45, 65};
static const double shares[] = {0, 0.2, 0.4, 0.6, 0.8, 1.000001}; /* 1 itself falls into the last */
static const double ages[] = {18, 30, 45, 60, 76};                /* as `diffuse sample` has them */

static const stats_axis_row rows[] = {
    {.name = "gender", .keys = "gender", .title = "Gender", .form = STATS_NAMES, .fill = STATS_FILL_SAMPLE, .option = "gender"},
    {.name = "group", .keys = "ethnicity", .title = "Group", .form = STATS_NAMES, .fill = STATS_FILL_SAMPLE, .option = "ethnicity"},
    {.name = "ethnicity", .keys = "ethnicity", .title = "Group", .form = STATS_NAMES, .fill = STATS_FILL_SAMPLE, .option = "ethnicity"},
    {.name = "age",
     .keys = "age",
     .title = "Age",
     .unit = "years",
     .form = STATS_AGES,
     .fill = STATS_FILL_SAMPLE,
     .option = "age",
     .edges = ages,
     .edge_count = DF_ARRAY_LEN(ages)},
    {.name = "glasses", .keys = "glasses", .title = "Glasses", .form = STATS_GLASSES, .fill = STATS_FILL_SHARE, .option = "glasses"},
    {.name = "hat", .keys = "hat", .title = "Hat", .form = STATS_WEARS, .fill = STATS_FILL_SHARE, .option = "hat"},
    {.name = "occluder", .keys = "occluder", .title = "Occluder", .form = STATS_WEARS, .fill = STATS_FILL_SHARE, .option = "occluder"},
    {.name = "yaw",
     .keys = "yaw",
     .title = "Yaw",
     .unit = "degrees",
     .form = STATS_BINS,
     .fill = STATS_FILL_RANGE,
     .option = "yaw",
     .edges = turns,
     .edge_count = DF_ARRAY_LEN(turns)},
    {.name = "pitch",
     .keys = "pitch",
     .title = "Pitch",
     .unit = "degrees",
     .form = STATS_BINS,
     .fill = STATS_FILL_RANGE,
     .option = "pitch",
     .edges = lifts,
     .edge_count = DF_ARRAY_LEN(lifts)},
    {.name = "expression",
     .keys = "expression_strength",
     .title = "Strength of the expression",
     .form = STATS_BINS,
     .fill = STATS_FILL_RANGE,
     .option = "expression",
     .edges = shares,
     .edge_count = DF_ARRAY_LEN(shares)},
    {.name = "light",
     .keys = "light.strength",
     .title = "One-sidedness of the light",
     .form = STATS_BINS,
     .fill = STATS_FILL_RANGE,
     .option = "light",
     .edges = shares,
     .edge_count = DF_ARRAY_LEN(shares)},
    {.name = "split", .keys = "split", .title = "Part", .form = STATS_NAMES, .fill = STATS_FILL_NONE},
};

static const char *const glasses[] = {"none", "clear", "dark"}, *const wears[] = {"none", "worn"};

const stats_axis_row *stats_axis_find(const char *name)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static void set_levels(stats_axis *axis, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        snprintf(axis->levels[i], sizeof axis->levels[i], "%s", names[i]);
    axis->count = count;
}

static void set_bins(stats_axis *axis)
{
    const stats_axis_row *row = axis->row;
    axis->count = row->edge_count - 1;
    for (int i = 0; i < axis->count; i++) {
        const bool is_age = row->form == STATS_AGES;
        snprintf(axis->levels[i], sizeof axis->levels[i], is_age ? "%.4g-%.4g" : "%.4g to %.4g", row->edges[i], row->edges[i + 1]);
    }
}

bool stats_axis_init(stats_axis *axis, const char *name, df_error *err)
{
    memset(axis, 0, sizeof *axis);
    axis->row = stats_axis_find(name);
    if (snprintf(axis->keys, sizeof axis->keys, "%s", axis->row ? axis->row->keys : name) >= STATS_KEYS)
        return df_fail(err, "%.40s...: expected a key of at most %d bytes", name, STATS_KEYS - 1);
    if (!axis->row)
        return true;
    switch (axis->row->form) {
    case STATS_BINS:
    case STATS_AGES:
        set_bins(axis);
        break;
    case STATS_WEARS:
        set_levels(axis, wears, DF_ARRAY_LEN(wears));
        break;
    case STATS_GLASSES:
        set_levels(axis, glasses, DF_ARRAY_LEN(glasses));
        break;
    case STATS_NAMES:
        break;
    }
    return true;
}

const char *stats_axis_title(const stats_axis *axis)
{
    return axis->row ? axis->row->title : axis->keys;
}

static int name_level(stats_axis *axis, const char *name)
{
    char cut[FACE_NAME];
    snprintf(cut, sizeof cut, "%.*s", FACE_NAME - 1, name);
    for (int i = 0; i < axis->count; i++)
        if (strcmp(axis->levels[i], cut) == 0)
            return i;
    if (axis->count < STATS_LEVELS - 1) {
        memcpy(axis->levels[axis->count], cut, sizeof cut);
        return axis->count++;
    }
    if (!axis->has_others) {
        snprintf(axis->levels[axis->count++], FACE_NAME, "others");
        axis->has_others = true;
    }
    return STATS_LEVELS - 1;
}

static int names_level(stats_axis *axis, const json_t *value)
{
    char number[32];
    if (json_is_string(value))
        return json_string_length(value) > 0 ? name_level(axis, json_string_value(value)) : -1;
    if (json_is_boolean(value))
        return name_level(axis, json_is_true(value) ? "yes" : "no");
    if (!json_is_number(value))
        return -1;
    snprintf(number, sizeof number, "%.6g", json_number_value(value));
    return name_level(axis, number);
}

static int bin_level(const stats_axis_row *row, double value)
{
    int bin = 0;
    const int last = row->edge_count - 2;
    if (row->form != STATS_AGES && !(value >= row->edges[0] && value < row->edges[row->edge_count - 1]))
        return -1;
    while (bin < last && value >= row->edges[bin + 1])
        bin++;
    return bin;
}

static int find_level(stats_axis *axis, const json_t *line)
{
    const json_t *value = manifest_value(line, axis->keys);
    const bool is_none = json_is_string(value) && strcmp(json_string_value(value), "none") == 0;
    if (!axis->row || axis->row->form == STATS_NAMES)
        return value ? names_level(axis, value) : -1;
    switch (axis->row->form) {
    case STATS_BINS:
    case STATS_AGES:
        return json_is_number(value) ? bin_level(axis->row, json_number_value(value)) : -1;
    case STATS_WEARS:
        return json_is_string(value) ? !is_none : -1;
    case STATS_GLASSES:
        return !json_is_string(value) ? -1 : is_none ? 0 : json_number_value(json_object_get(line, "glasses_tint")) > 0.5 ? 2 : 1;
    case STATS_NAMES:
        break;
    }
    return -1;
}

int stats_axis_level(stats_axis *axis, const json_t *line)
{
    const int level = find_level(axis, line);
    if (level >= 0)
        axis->images[level]++;
    return level;
}

int stats_axis_span(const stats_axis *axis, int *end)
{
    int first = 0, last = axis->count;
    while (first < last && axis->images[first] == 0)
        first++;
    while (last > first && axis->images[last - 1] == 0)
        last--;
    *end = last;
    return first;
}
