/* stats_json.c: tables as lists of lists, histograms as they were counted. */
#include "cli/stats_json.h"

enum { BINS = 40 };

static json_t *tally_json(const char *name, const char *unit, const tally *t)
{
    int64_t counts[BINS];
    double low = 0, high = 0;
    const int bins = tally_bins(t, BINS, &low, &high, counts);
    json_t *list = json_array();
    for (int i = 0; i < bins; i++)
        json_array_append_new(list, json_integer(counts[i]));
    return json_pack("{s:s, s:s?, s:I, s:f, s:f, s:f, s:{s:f, s:f, s:o}}", "name", name, "unit", unit, "images", (json_int_t)t->total,
                     "mean", t->sum / (double)t->total, "low", t->low, "high", t->high, "bins", "low", low, "high", high, "counts", list);
}

static json_t *measures_json(const stats *of)
{
    json_t *list = json_array();
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++)
        if (of->sum.measures[m].total > 0)
            json_array_append_new(list, tally_json(summary_measure_rows[m].keys, summary_measure_rows[m].unit, &of->sum.measures[m]));
    if (of->box.total > 0)
        json_array_append_new(list, tally_json("box_size", "share of the image's side", &of->box));
    for (int m = 0; m < FACE_MEASURE_COUNT; m++)
        if (of->measures[m].total > 0)
            json_array_append_new(list, tally_json(face_measure_rows[m].name, face_measure_rows[m].unit, &of->measures[m]));
    return list;
}

static json_t *topics_json(const summary *of)
{
    json_t *all = json_object();
    for (int t = 0; t < SUMMARY_TOPIC_COUNT; t++) {
        json_t *names = json_object();
        for (int i = 0; i < of->topics[t].count; i++)
            json_object_set_new(names, of->topics[t].items[i].name, json_integer(of->topics[t].items[i].images));
        if (of->topics[t].others > 0)
            json_object_set_new(names, "(others)", json_integer(of->topics[t].others));
        json_object_set_new(all, summary_topic_rows[t].key, names);
    }
    return all;
}

static json_t *levels_json(const stats_axis *axis, int first, int end)
{
    json_t *list = json_array();
    for (int i = first; i < end; i++)
        json_array_append_new(list, json_string(axis->levels[i]));
    return list;
}

static json_t *pair_json(const stats *of, const stats_pair *pair)
{
    const stats_axis *rows = &of->axes[pair->rows], *columns = &of->axes[pair->columns];
    int row_end, column_end;
    const int row_first = stats_axis_span(rows, &row_end), column_first = stats_axis_span(columns, &column_end);
    json_t *counts = json_array();
    for (int r = row_first; r < row_end; r++) {
        json_t *row = json_array();
        for (int c = column_first; c < column_end; c++)
            json_array_append_new(row, json_integer(pair->counts[r][c]));
        json_array_append_new(counts, row);
    }
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "rows", rows->keys, "columns", columns->keys, "row_levels",
                     levels_json(rows, row_first, row_end), "column_levels", levels_json(columns, column_first, column_end), "counts",
                     counts);
}

static json_t *people_json(const demographics *d)
{
    json_t *list = json_array();
    for (int g = 0; g < d->gender_count; g++)
        for (int e = 0; e < d->group_count; e++) {
            const demographics_count all = demographics_sum(d, g, e, -1);
            if (all.images > 0)
                json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I}", "gender", d->genders[g], "group", d->groups[e], "people",
                                                      (json_int_t)all.people, "images", (json_int_t)all.images));
        }
    return list;
}

static json_t *groups_json(const stats *of)
{
    json_t *list = json_array();
    for (int g = 0; g < of->sum.people.group_count; g++) {
        const stats_group *group = &of->groups[g];
        if (group->images == 0)
            continue;
        json_t *one = json_pack("{s:s, s:I}", "group", of->sum.people.groups[g], "images", (json_int_t)group->images);
        for (int m = 0; m < FACE_MEASURE_COUNT; m++)
            json_object_set_new(one, face_measure_rows[m].name, json_real(group->sums[m] / (double)group->images));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *holes_json(const stats *of, const stats_hole *holes, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        const stats_pair *pair = &of->pairs[holes[i].pair];
        const stats_axis *rows = &of->axes[pair->rows], *columns = &of->axes[pair->columns];
        json_array_append_new(list, json_pack("{s:{s:s, s:s}, s:I, s:I}", "cell", rows->keys, rows->levels[holes[i].row], columns->keys,
                                              columns->levels[holes[i].column], "images", (json_int_t)holes[i].images, "wanted",
                                              (json_int_t)holes[i].wanted));
    }
    return list;
}

json_t *stats_json(const stats *of, const stats_hole *holes, int shown, int hole_count)
{
    const summary *sum = &of->sum;
    json_t *pairs = json_array();
    for (int p = 0; p < of->pair_count; p++)
        json_array_append_new(pairs, pair_json(of, &of->pairs[p]));
    return json_pack("{s:I, s:I, s:{s:i, s:i, s:i, s:i, s:b}, s:o, s:o, s:o, s:o, s:I, s:o, s:i, s:o}", "images", (json_int_t)sum->images,
                     "identities", (json_int_t)sum->identities, "form", "width", sum->width, "height", sum->height, "channels",
                     sum->channels, "bits", sum->bits, "all_alike", (int)sum->is_uniform, "people", people_json(&sum->people), "measures",
                     measures_json(of), "names", topics_json(sum), "pairs", pairs, "measured_images", (json_int_t)of->measured,
                     "pixels_by_group", groups_json(of), "hole_count", hole_count, "holes", holes_json(of, holes, shown));
}
