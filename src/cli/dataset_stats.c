/* dataset_stats.c: `diffuse dataset stats`: what a data set holds, and what is missing. */
#include "cli/commands.h"
#include "cli/stats_fill.h"
#include "cli/stats_json.h"
#include "cli/stats_page.h"

typedef struct stats_options {
    const char *folder, *html, *model;
    option_list pairs;
    int64_t sample, holes;
    bool fill;
} stats_options;

enum { HOLES_LISTED = 1000, HOLES_PRINTED = 20 };

static const size_t MEMORY = (size_t)16 << 20;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(stats_options, folder),
     .help = "folder of a data set"},
    {.name = "html", .kind = OPTION_STRING, .argument = "FILE", .at = offsetof(stats_options, html), .help = "a page with charts"},
    {.name = "pairs",
     .kind = OPTION_LIST,
     .argument = "PAIRS",
     .at = offsetof(stats_options, pairs),
     .help = "what is counted against what, as gender:glasses,group:attributes.Smiling: gender, group, age, glasses, hat, occluder, "
             "yaw, pitch, expression, light, split, or any key of the manifest; without it the usual ones"},
    {.name = "sample",
     .kind = OPTION_INTEGER,
     .low = 0,
     .high = 1e12,
     .initial = "1000",
     .at = offsetof(stats_options, sample),
     .help = "images whose pixels are measured, spread over the set; 0 for all"},
    {.name = "holes",
     .kind = OPTION_INTEGER,
     .low = 0,
     .high = 1e12,
     .initial = "0",
     .at = offsetof(stats_options, holes),
     .help = "a cell of a table with fewer images is a hole; 0 for a tenth of an even spread"},
    {.name = "fill", .kind = OPTION_FLAG, .at = offsetof(stats_options, fill), .help = "print the commands that would fill the holes"},
    {.name = "model",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(stats_options, model),
     .help = "face model for --fill; without it where the set's own was"},
};

typedef struct outcome {
    const stats *of;
    const stats_hole *holes;
    int shown, count; /* holes in the list, and in all */
    df_text commands;
} outcome;

static void print_tally(const char *name, const tally *t)
{
    if (t->total > 0)
        printf("%-20s %12.4g %12.4g %12.4g\n", name, t->sum / (double)t->total, t->low, t->high);
}

static void print_people(const demographics *d)
{
    printf("%-12s %-16s %10s %10s\n", "gender", "group", "people", "images");
    for (int g = 0; g < d->gender_count; g++)
        for (int e = 0; e < d->group_count; e++) {
            const demographics_count all = demographics_sum(d, g, e, -1);
            if (all.images > 0)
                printf("%-12s %-16s %10lld %10lld\n", d->genders[g], d->groups[e], (long long)all.people, (long long)all.images);
        }
}

static void print_holes(const outcome *result)
{
    printf("\n%d holes%s\n", result->count, result->count > 0 ? ":" : "");
    for (int i = 0; i < result->shown && i < HOLES_PRINTED; i++) {
        const stats_hole *hole = &result->holes[i];
        const stats_pair *pair = &result->of->pairs[hole->pair];
        const stats_axis *one = &result->of->axes[pair->rows], *other = &result->of->axes[pair->columns];
        printf("%s %s, %s %s: %lld images, wanted %lld\n", one->keys, one->levels[hole->row], other->keys, other->levels[hole->column],
               (long long)hole->images, (long long)hole->wanted);
    }
    if (result->count > HOLES_PRINTED)
        printf("and %d more\n", result->count - HOLES_PRINTED);
}

static void print_text(const stats_options *given, const outcome *result)
{
    const summary *sum = &result->of->sum;
    printf("%s: %lld images of %lld identities, %d x %d pixels, %d channels of %d bits%s\n\n", given->folder, (long long)sum->images,
           (long long)sum->identities, sum->width, sum->height, sum->channels, sum->bits, sum->is_uniform ? "" : "; others differ");
    print_people(&sum->people);
    printf("\n%-20s %12s %12s %12s\n", "", "mean", "least", "most");
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++)
        print_tally(summary_measure_rows[m].keys, &sum->measures[m]);
    print_tally("box_size", &result->of->box);
    for (int m = 0; m < FACE_MEASURE_COUNT; m++)
        print_tally(face_measure_rows[m].name, &result->of->measures[m]);
    print_holes(result);
}

static bool print_result(const cli_context *cli, const stats_options *given, const outcome *result, df_error *err)
{
    if (cli->shared.json) {
        json_t *all = stats_json(result->of, result->holes, result->shown, result->count);
        if (given->fill && all)
            json_object_set_new(all, "fill", json_string(result->commands.data ? result->commands.data : ""));
        return cli_print_json(all, err);
    }
    if (given->fill)
        printf("%s", result->commands.data ? result->commands.data : "");
    else
        print_text(given, result);
    return true;
}

static bool find_holes(cli_context *cli, const stats_options *given, df_arena *arena, outcome *result, df_error *err)
{
    stats_hole *holes = df_alloc(arena, HOLES_LISTED, sizeof *holes, err);
    if (!holes)
        return false;
    result->count = stats_holes(result->of, given->holes, holes, HOLES_LISTED);
    result->shown = result->count < HOLES_LISTED ? result->count : HOLES_LISTED;
    result->holes = holes;
    if (!given->fill)
        return true;
    const stats_fill_setting setting = {.folder = given->folder,
                                        .model = given->model,
                                        .holes = holes,
                                        .count = result->count < STATS_FILL_MOST ? result->count : STATS_FILL_MOST};
    if (result->count > STATS_FILL_MOST)
        df_progress_note(&cli->progress, "%d holes: the commands fill the first %d", result->count, STATS_FILL_MOST);
    return stats_fill_commands(result->of, &setting, &result->commands, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const stats_options *given = options;
    const stats_setting setting = {
        .pairs = given->pairs.items, .pair_count = given->pairs.count, .sample = given->sample, .holes = given->holes};
    outcome result = {0};
    df_arena *arena = df_arena_new(MEMORY, err);
    bool is_good =
        arena && stats_read(given->folder, &setting, arena, &cli->progress, &result.of, err) && find_holes(cli, given, arena, &result, err);
    if (is_good && given->html)
        is_good =
            stats_page_write(given->html, given->folder, result.of, result.holes, result.shown, result.count, result.commands.data, err);
    is_good = is_good && print_result(cli, given, &result, err);
    df_text_free(&result.commands);
    df_arena_free(arena);
    return is_good;
}

const cli_command dataset_stats_command = {
    .name = "dataset",
    .verb = "stats",
    .summary = "counts what a data set holds, and what is missing",
    .details = "Holes are cells of the tables of pairs with few images. --fill prints the commands that would fill them, for a shell:\n"
               "people by sample, images by render with the set's own options, a new set by merge. docs/stats.md tells more.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(stats_options),
    .shared = CLI_JSON | CLI_THREADS,
    .run = run,
};
