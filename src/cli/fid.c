/* fid.c: `diffuse fid`: how far one set of images is from another. */
#include <cblas.h>
#include <omp.h>
#include <stdlib.h>

#include "cli/assets.h"
#include "cli/commands.h"
#include "cli/fid_output.h"
#include "cli/stop_limit.h"
#include "metrics/frechet.h"

static const char *const filter_names[] = {"pytorch-fid", "clean-fid", NULL}; /* inception_filter */

typedef struct fid_options {
    const char *a, *b, *weights, *by;
    bool kid, prdc, halves, infinity, match;
    int filter;
    int64_t k;
} fid_options;

static const option rows[] = {
    {.name = "A",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(fid_options, a),
     .help = "the real set: a folder of images, a data set, or an npz file with features or with mu and sigma"},
    {.name = "B",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(fid_options, b),
     .help = "the set that is compared with it, likewise"},
    {.name = "kid",
     .kind = OPTION_FLAG,
     .at = offsetof(fid_options, kid),
     .help = "also the kernel distance, with its spread over subsets"},
    {.name = "prdc",
     .kind = OPTION_FLAG,
     .at = offsetof(fid_options, prdc),
     .help = "also precision, recall, density and coverage of B for A"},
    {.name = "k",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = PRDC_MAX_K,
     .initial = "5",
     .at = offsetof(fid_options, k),
     .help = "neighbours that a sample's ball reaches to, of --prdc"},
    {.name = "halves",
     .kind = OPTION_FLAG,
     .at = offsetof(fid_options, halves),
     .help = "also the distance between two random halves of each set: what is none"},
    {.name = "infinity",
     .kind = OPTION_FLAG,
     .at = offsetof(fid_options, infinity),
     .help = "also where the distance goes with ever more samples"},
    {.name = "by",
     .kind = OPTION_STRING,
     .argument = "KEY",
     .at = offsetof(fid_options, by),
     .help = "also the distance of each group: gender, ethnicity, age or any other key of the manifests"},
    {.name = "match",
     .kind = OPTION_FLAG,
     .at = offsetof(fid_options, match),
     .help = "also the distance after pose, light and crop, one at a time, were made alike"},
    {.name = "weights",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(fid_options, weights),
     .help = "pytorch-fid's weights of Inception-v3; without them those of nsfwjs stand in"},
    {.name = "resize",
     .kind = OPTION_CHOICE,
     .choices = filter_names,
     .initial = "pytorch-fid",
     .at = offsetof(fid_options, filter),
     .help = "whose way of resizing images to 299 x 299"},
};

/* ---- what is compared ---- */

static bool is_archive(const char *path)
{
    static const char ending[] = ".npz";
    const size_t length = strlen(path);
    return length >= sizeof ending && strcmp(path + length - (sizeof ending - 1), ending) == 0 && !df_path_is_folder(path);
}

static const char *scratch_folder(void)
{
    const char *chosen = getenv("TMPDIR");
    return chosen && chosen[0] ? chosen : "/var/tmp";
}

static bool read_side(cli_context *cli, const fid_options *given, inception *net, fid_side *side, df_error *err)
{
    if (is_archive(side->path)) {
        if ((given->by || given->match))
            return df_fail(err, "%s: features alone, expected a data set for --by and --match", side->path);
        side->rows = &side->file;
        return feature_set_open(side->path, cli->arena, &side->file, err);
    }
    const image_reading how = {.net = net,
                               .filter = (inception_filter)given->filter,
                               .scratch = scratch_folder(),
                               .wants_labels = given->by || given->match,
                               .group_key = given->by,
                               .progress = &cli->progress};
    side->is_images = true;
    side->rows = &side->images.features;
    return image_set_read(side->path, &how, cli->arena, &side->images, err);
}

/* Looks at both places before the network is loaded. */
static bool open_net(const fid_options *given, fid_findings *found, char standard[PATH_MAX], inception **out, df_error *err)
{
    bool has_images = false;
    for (int s = 0; s < 2; s++) {
        has_images |= !is_archive(found->sides[s].path);
        if (!df_path_exists(found->sides[s].path))
            return df_fail(err, "%s: not there", found->sides[s].path);
    }
    if (!has_images)
        return true;
    if (!given->weights && !assets_inception(standard, err))
        return false;
    found->weights = given->weights ? given->weights : standard;
    *out = inception_open(&(inception_choice){.network = given->weights ? INCEPTION_PYTORCH_FID : INCEPTION_KERAS_NSFWJS,
                                              .weights = found->weights,
                                              .filter = (inception_filter)given->filter},
                          err);
    found->net = *out;
    found->filter = (inception_filter)given->filter;
    return *out != NULL;
}

/* ---- what is measured ---- */

static bool measure_distance(cli_context *cli, fid_findings *found, df_error *err)
{
    gaussian parts[2];
    const df_arena_mark mark = df_arena_save(cli->arena);
    for (int s = 0; s < 2; s++) {
        const feature_set *rows_of = found->sides[s].rows;
        if (rows_of->count > 0 && rows_of->count <= rows_of->dims)
            df_progress_note(&cli->progress, "%s: %lld samples for %d dimensions: a distance of so few compares only with those of as many",
                             rows_of->path, (long long)rows_of->count, rows_of->dims);
        if (!gaussian_of_set(rows_of, cli->arena, &parts[s], err))
            return false;
    }
    const bool ok = frechet_distance(&parts[0], &parts[1], cli->arena, &found->fid, err);
    df_arena_restore(cli->arena, mark);
    return ok;
}

static bool measure_halves(cli_context *cli, fid_findings *found, df_error *err)
{
    found->has_halves = true;
    for (int s = 0; s < 2; s++) {
        const feature_rows all = feature_rows_all(found->sides[s].rows);
        if (all.count > 0 && !fid_halves(&all, cli->shared.seed, &cli->progress, cli->arena, &found->halves[s], err))
            return false;
    }
    return true;
}

static bool measure(cli_context *cli, const fid_options *given, fid_findings *found, df_error *err)
{
    const feature_set *a = found->sides[0].rows, *b = found->sides[1].rows;
    const image_set *images[] = {&found->sides[0].images, &found->sides[1].images};
    const uint64_t seed = cli->shared.seed;
    found->has_kid = given->kid;
    found->has_prdc = given->prdc;
    found->has_infinity = given->infinity;
    found->has_match = given->match;
    found->by = given->by;
    found->k = (int)given->k;
    return feature_sets_fit(a, b, err) && measure_distance(cli, found, err) &&
           (!given->kid || kid_between(a, b, seed, &cli->progress, cli->arena, &found->kid, err)) &&
           (!given->prdc || prdc_between(a, b, found->k, &cli->progress, cli->arena, &found->prdc, err)) &&
           (!given->halves || measure_halves(cli, found, err)) &&
           (!given->infinity || fid_infinity(a, b, seed, &cli->progress, cli->arena, &found->infinity, err)) &&
           (!given->by || fid_by_group(images[0], images[1], &cli->progress, cli->arena, &found->groups, &found->group_count, err)) &&
           (!given->match || fid_matched(images[0], images[1], seed, &cli->progress, cli->arena, found->match, err));
}

static bool give_out(const fid_findings *found, bool json, df_error *err)
{
    if (json)
        return fid_print_json(found, err);
    fid_print_text(found);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const fid_options *given = options;
    char standard[PATH_MAX];
    inception *net = NULL;
    fid_findings found = {.sides = {{.path = given->a}, {.path = given->b}}};
    stop_limit_start("stopped by a signal in the middle of a computation; nothing was written");
    openblas_set_num_threads(cli->shared.threads > 0 ? (int)cli->shared.threads : omp_get_max_threads());
    const bool ok = open_net(given, &found, standard, &net, err) && read_side(cli, given, net, &found.sides[0], err) &&
                    read_side(cli, given, net, &found.sides[1], err) && measure(cli, given, &found, err) &&
                    give_out(&found, cli->shared.json, err);
    for (int s = 0; s < 2; s++) {
        image_set_close(&found.sides[s].images);
        feature_set_close(&found.sides[s].file);
    }
    inception_close(net);
    return ok;
}

const cli_command fid_command = {
    .name = "fid",
    .summary = "measures how far a set of images is from another",
    .details = "The Frechet distance of Inception features (FID). A is the real set, B the one compared with it. Distances depend on the\n"
               "network's weights, on how images are resized and on their number: compare only what has these in common, which is why\n"
               "the output names them. Without --weights the network is a stand-in, and its distances compare with none published.\n"
               "docs/fid.md explains the numbers.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(fid_options),
    .shared = CLI_SEED | CLI_THREADS_ROUNDED | CLI_JSON,
    .run = run,
};
