/* runs_compare.c: `diffuse runs compare`: runs side by side: what was set differently, and what came out. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/runs_read.h"

typedef struct runs_compare_options {
    runs_choice choice;
} runs_compare_options;

static const option rows[] = {RUNS_CHOICE_ROWS(runs_compare_options)};

typedef struct extent { /* of a curve */
    double last, low, high;
    double low_step, high_step; /* where they stand first */
} extent;

static extent extent_of(const run_curve *curve)
{
    extent e = {.last = curve->values[curve->count - 1], .low = HUGE_VAL, .high = -HUGE_VAL};
    for (size_t i = 0; i < curve->count; i++) {
        if (curve->values[i] < e.low) {
            e.low = curve->values[i];
            e.low_step = curve->steps[i];
        }
        if (curve->values[i] > e.high) {
            e.high = curve->values[i];
            e.high_step = curve->steps[i];
        }
    }
    return e;
}

/* Settings that not all runs have alike: an object of them, each with a list of values, null where a run does not say it. */
static json_t *differences(const runs_read_list *list)
{
    json_t *all = json_object();
    for (size_t r = 0; r < list->count; r++) {
        const char *key;
        json_t *value;
        json_object_foreach(list->runs[r].settings, key, value) {
            json_t *values = json_array();
            bool is_same = true;
            for (size_t other = 0; other < list->count; other++) {
                json_t *theirs = json_object_get(list->runs[other].settings, key);
                is_same = is_same && theirs && json_equal(theirs, value);
                json_array_append(values, theirs ? theirs : json_null());
            }
            if (is_same || json_object_get(all, key))
                json_decref(values);
            else
                json_object_set_new(all, key, values);
        }
    }
    return all;
}

static json_t *metric_json(const runs_read_list *list, const char *name)
{
    json_t *values = json_array();
    for (size_t r = 0; r < list->count; r++) {
        const run_curve *curve = run_metrics_find(&list->runs[r].metrics, name);
        if (!curve) {
            json_array_append_new(values, json_null());
            continue;
        }
        const extent e = extent_of(curve);
        json_array_append_new(values, json_pack("{s:f, s:f, s:f, s:f, s:f}", "last", e.last, "lowest", e.low, "lowest_step", e.low_step,
                                                "highest", e.high, "highest_step", e.high_step));
    }
    return values;
}

static bool print_json(const runs_read_list *list, df_error *err)
{
    json_t *runs = json_array(), *metrics = json_object();
    for (size_t r = 0; r < list->count; r++)
        json_array_append_new(runs, json_string(list->runs[r].folder));
    for (size_t i = 0; i < list->name_count; i++)
        json_object_set_new(metrics, list->names[i], metric_json(list, list->names[i]));
    return cli_print_json(json_pack("{s:o, s:o, s:o}", "runs", runs, "settings", differences(list), "metrics", metrics), err);
}

static void print_settings(const runs_read_list *list)
{
    json_t *all = differences(list);
    const char *key;
    json_t *values;
    json_object_foreach(all, key, values) {
        printf("%s\n", key);
        for (size_t r = 0; r < list->count; r++) {
            char *text = json_dumps(json_array_get(values, r), JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
            printf("    %-32s %s\n", runs_name(list, r), text ? text : "");
            free(text);
        }
    }
    json_decref(all);
}

static void print_metric(const runs_read_list *list, const char *name)
{
    printf("%-36s %12s %12s %9s %12s %9s\n", name, "last", "lowest", "at step", "highest", "at step");
    for (size_t r = 0; r < list->count; r++) {
        const run_curve *curve = run_metrics_find(&list->runs[r].metrics, name);
        const extent e = curve ? extent_of(curve) : (extent){0};
        if (curve)
            printf("    %-32s %12.6g %12.6g %9.0f %12.6g %9.0f\n", runs_name(list, r), e.last, e.low, e.low_step, e.high, e.high_step);
    }
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const runs_compare_options *given = options;
    runs_read_list list;
    if (!runs_read(cli, &given->choice, &list, err))
        return false;
    bool ok = true;
    if (cli->shared.json) {
        ok = print_json(&list, err);
    } else {
        print_settings(&list);
        for (size_t i = 0; i < list.name_count; i++)
            print_metric(&list, list.names[i]);
    }
    runs_read_free(&list);
    return ok;
}

const cli_command runs_compare_command = {
    .name = "runs",
    .verb = "compare",
    .summary = "trainings side by side: what was set differently, and what came out",
    .details =
        "Settings are those of each run's run.json. Of every number: the last value, the lowest and the highest and where they stand.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(runs_compare_options),
    .shared = CLI_JSON,
    .run = run,
};
