/* runs_list.c: `diffuse runs list`: which trainings are there and how far they came. */
#include "cli/commands.h"
#include "cli/runs_read.h"

typedef struct runs_list_options {
    runs_choice choice;
} runs_list_options;

static const option rows[] = {RUNS_CHOICE_ROWS(runs_list_options)};

static json_t *run_json(const runs_read_list *list, size_t index)
{
    const run_read *run = &list->runs[index];
    json_t *last = json_object();
    for (size_t i = 0; i < list->name_count; i++) {
        const run_curve *curve = run_metrics_find(&run->metrics, list->names[i]);
        if (curve)
            json_object_set_new(last, list->names[i], json_real(curve->values[curve->count - 1]));
    }
    return json_pack("{s:s, s:O, s:I, s:f, s:o}", "run", run->folder, "settings", run->settings, "step", (json_int_t)run->metrics.last_step,
                     "minutes", runs_minutes(run), "last", last);
}

static bool print_json(const runs_read_list *list, df_error *err)
{
    json_t *all = json_array();
    for (size_t r = 0; r < list->count; r++)
        json_array_append_new(all, run_json(list, r));
    return cli_print_json(all, err);
}

static void print_run(const runs_read_list *list, size_t index)
{
    const run_read *run = &list->runs[index];
    const char *what = json_string_value(json_object_get(run->settings, "what"));
    printf("%s: %s, step %lld, %.1f min\n", runs_name(list, index), what ? what : "a training", (long long)run->metrics.last_step,
           runs_minutes(run));
    for (size_t i = 0; i < list->name_count; i++) {
        const run_curve *curve = run_metrics_find(&run->metrics, list->names[i]);
        if (curve)
            printf("    %-32s %.6g\n", list->names[i], curve->values[curve->count - 1]);
    }
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const runs_list_options *given = options;
    runs_read_list list;
    if (!runs_read(cli, &given->choice, &list, err))
        return false;
    bool ok = true;
    if (cli->shared.json)
        ok = print_json(&list, err);
    else
        for (size_t r = 0; r < list.count; r++)
            print_run(&list, r);
    runs_read_free(&list);
    return ok;
}

const cli_command runs_list_command = {
    .name = "runs",
    .verb = "list",
    .summary = "trainings in folders, how far they came and their last numbers",
    .details = "A run is a folder with a file metrics.jsonl. docs/runs.md tells more.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(runs_list_options),
    .shared = CLI_JSON,
    .run = run,
};
