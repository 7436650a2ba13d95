/* render_add.c: how an image is drawn is the set's to say; what stands beside --add is only what finds things and what is added. */
#include "cli/render_add.h"

#include "cli/assets.h"
#include "cli/stop_limit.h"
#include "dataset/labels_add.h"

static const char *const beside_add[] = {"add", "landmarks", "normals16", "model", "identities", "background",
                                         "out", "threads",   "json",      "quiet", "help"};

/* The first option on the command line that has no meaning here; NULL: none. */
static const char *stray_option(const cli_context *cli)
{
    for (const char *const *word = cli->words; *word && strcmp(*word, "--") != 0; word++) {
        const char *name = *word + 2;
        const size_t length = strncmp(*word, "--", 2) == 0 ? strcspn(name, "=") : 0;
        bool is_known = length == 0;
        for (size_t i = 0; !is_known && i < DF_ARRAY_LEN(beside_add); i++)
            is_known = strlen(beside_add[i]) == length && strncmp(beside_add[i], name, length) == 0;
        if (!is_known)
            return *word;
    }
    return NULL;
}

static json_t *result_json(const labels_add_result *result, const char *folder)
{
    return json_pack("{s:s, s:I, s:I, s:f}", "out", folder, "images", (json_int_t)result->images, "files", (json_int_t)result->files,
                     "seconds", result->seconds);
}

static bool print_result(const cli_context *cli, const labels_add_result *result, const char *folder, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(result_json(result, folder), err);
    printf("%s: %lld images, %lld files of labels made in %.1f s\n", folder, (long long)result->images, (long long)result->files,
           result->seconds);
    return true;
}

bool render_add(cli_context *cli, const render_add_options *given, df_error *err)
{
    labels_add_result result;
    const char *stray = stray_option(cli);
    if (stray)
        return cli_usage(cli, err, "%.40s beside --add: the set says how its images are drawn", stray);
    if (!given->folder)
        return cli_usage(cli, err, "DIR is missing: --add needs the folder of a data set");
    labels_add_run *run = df_alloc(cli->arena, 1, sizeof *run, err);
    if (!run || !assets_model_folders(cli->arena, &run->source.model_folders, err))
        return false;
    run->source.folder = given->folder;
    run->source.model = given->model;
    run->source.identities = given->identities;
    run->source.backgrounds = given->background;
    run->normals16 = given->normals16;
    run->landmarks = given->landmarks;
    run->threads = (int)cli->shared.threads;
    run->progress = &cli->progress;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        run->labels[kind] = given->labels >> kind & 1;
    stop_limit_start("stopped in the middle of an image; the set is as it was: the same command goes on");
    return labels_add(run, &result, err) && print_result(cli, &result, given->folder, err);
}
