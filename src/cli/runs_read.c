/* runs_read.c: folders to runs, and the names of what they measured. */
#include "cli/runs_read.h"

#include <limits.h>

#include "base/file.h"
#include "base/json.h"
#include "train/run_log.h"

enum { SETTINGS_BYTES = 1 << 20 };

static bool read_settings(const char *folder, df_arena *arena, json_t **out, df_error *err)
{
    char path[PATH_MAX];
    df_bytes bytes;
    if (!df_path_join(path, sizeof path, folder, RUN_SETTINGS, err))
        return false;
    if (!df_path_exists(path)) {
        *out = json_object();
        return true;
    }
    if (!df_file_read(path, SETTINGS_BYTES, arena, &bytes, err))
        return false;
    *out = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (*out && !json_is_object(*out)) {
        json_decref(*out);
        *out = NULL;
        (void)df_fail(err, "expected an object");
    }
    return *out || df_fail_in(err, "%s", path);
}

static bool read_run(const char *folder, df_arena *arena, run_read *out, df_error *err)
{
    char path[PATH_MAX];
    out->folder = folder;
    return df_path_join(path, sizeof path, folder, RUN_METRICS, err) && run_metrics_read(path, arena, &out->metrics, err) &&
           read_settings(folder, arena, &out->settings, err);
}

static bool is_measured(const runs_read_list *list, const char *name)
{
    for (size_t r = 0; r < list->count; r++)
        if (run_metrics_find(&list->runs[r].metrics, name))
            return true;
    return false;
}

/* The runs of one argument behind those that are there. */
static bool add_runs(cli_context *cli, const char *folder, runs_read_list *list, df_error *err)
{
    const char *const *found;
    size_t count;
    if (!run_folders_find(folder, cli->arena, &found, &count, err))
        return false;
    run_read *runs = df_alloc(cli->arena, list->count + count, sizeof *runs, err);
    if (!runs)
        return false;
    if (list->count)
        memcpy(runs, list->runs, list->count * sizeof *runs);
    list->runs = runs;
    for (size_t i = 0; i < count; i++)
        if (!read_run(found[i], cli->arena, &list->runs[list->count++], err))
            return false;
    return true;
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool name_metrics(cli_context *cli, const runs_choice *choice, runs_read_list *list, df_error *err)
{
    size_t most = choice->metrics.count, have = 0;
    for (size_t r = 0; r < list->count; r++)
        most += list->runs[r].metrics.count;
    const char **names = df_alloc(cli->arena, most, sizeof *names, err);
    if (!names)
        return false;
    for (size_t i = 0; i < choice->metrics.count; i++)
        if (!is_among(names, have, choice->metrics.items[i]))
            names[have++] = choice->metrics.items[i];
    for (size_t r = 0; choice->metrics.count == 0 && r < list->count; r++)
        for (size_t m = 0; m < list->runs[r].metrics.count; m++)
            if (!is_among(names, have, list->runs[r].metrics.curves[m].name))
                names[have++] = list->runs[r].metrics.curves[m].name;
    list->names = names;
    list->name_count = have;
    return true;
}

void runs_read_free(runs_read_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        json_decref(list->runs[i].settings);
    *list = (runs_read_list){0};
}

bool runs_read(cli_context *cli, const runs_choice *choice, runs_read_list *out, df_error *err)
{
    bool ok = true;
    *out = (runs_read_list){0};
    for (size_t i = 0; ok && i < choice->folders.count; i++)
        ok = add_runs(cli, choice->folders.items[i], out, err);
    for (size_t i = 0; ok && i < choice->metrics.count; i++)
        ok = is_measured(out, choice->metrics.items[i]) || df_fail(err, "--metric: '%s': no run has it", choice->metrics.items[i]);
    ok = ok && name_metrics(cli, choice, out, err);
    if (!ok)
        runs_read_free(out);
    return ok;
}

const char *runs_name(const runs_read_list *list, size_t index)
{
    const char *mine = list->runs[index].folder;
    size_t start = 0;
    for (size_t i = 0; mine[i]; i++) {
        for (size_t r = 0; r < list->count; r++)
            if (strncmp(mine, list->runs[r].folder, i + 1) != 0)
                return mine + start;
        if (mine[i] == '/' && mine[i + 1])
            start = i + 1;
    }
    return mine + start;
}

double runs_minutes(const run_read *run)
{
    return (run->metrics.last_wall - run->metrics.first_wall) / 60;
}
