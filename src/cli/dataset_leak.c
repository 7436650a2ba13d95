/* dataset_leak.c: `diffuse dataset leak`: copies of another set's images, and copies within one set. */
#include "cli/commands.h"
#include "dataset/leak.h"
#include "dataset/likeness.h"

enum { LISTED = 1000, PER_CENT = 100 };

static const char *const feature_names[] = {"pixels", "gradients", NULL}; /* bit k: row k of likeness.h, tested */
static const char *const part_names[] = {"auto", "whole", "box", NULL};   /* leak_part */

typedef struct leak_command_options {
    const char *a, *b, *out, *html;
    int64_t count;
    double threshold;
    option_list features;
    int part;
} leak_command_options;

static const option rows[] = {
    {.name = "A",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(leak_command_options, a),
     .help = "the set that is tested: a data set or a folder of images"},
    {.name = "B",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .at = offsetof(leak_command_options, b),
     .help = "the set whose images should not be in it; without it copies within A are looked for"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(leak_command_options, out),
     .help = "a sheet of the closest pairs, a PNG file"},
    {.name = "html",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(leak_command_options, html),
     .help = "a page with the distances, the pairs and, with --out, the sheet"},
    {.name = "count",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = LEAK_MOST_PAIRS,
     .initial = "24",
     .at = offsetof(leak_command_options, count),
     .help = "pairs on the sheet, on the page and in the JSON result"},
    {.name = "threshold",
     .kind = OPTION_NUMBER,
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .at = offsetof(leak_command_options, threshold),
     .help = "distance up to which an image is a near copy"},
    {.name = "features",
     .kind = OPTION_LIST,
     .choices = feature_names,
     .initial = "pixels,gradients",
     .at = offsetof(leak_command_options, features),
     .help = "what is compared"},
    {.name = "part",
     .kind = OPTION_CHOICE,
     .choices = part_names,
     .initial = "auto",
     .at = offsetof(leak_command_options, part),
     .help = "of the images: whole, the face's box, or auto: the box where the first images of A and B have one"},
};

static json_t *pairs_json(const leak_result *r)
{
    json_t *list = json_array();
    for (int i = 0; i < r->pair_count; i++) {
        const leak_pair *pair = &r->pairs[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:f, s:s*}", "image", pair->names[0], "nearest", pair->names[1], "distance",
                                              (double)pair->distance, "copy", pair->kind >= 0 ? leak_kind_names[pair->kind] : NULL));
    }
    return list;
}

static double at_share(const float *sorted, int64_t count, int64_t per_cent)
{
    return (double)sorted[count * per_cent / PER_CENT];
}

static json_t *distances_json(const float *sorted, int64_t count)
{
    return count == 0 ? json_null()
                      : json_pack("{s:I, s:f, s:f, s:f}", "images", (json_int_t)count, "closest", (double)sorted[0], "percentile_1",
                                  at_share(sorted, count, 1), "median", at_share(sorted, count, PER_CENT / 2));
}

static bool print_json(const leak_result *r, df_error *err)
{
    json_t *result =
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "a", r->a.folder, "images", (json_int_t)r->a.count, "skipped",
                  (json_int_t)r->a.skipped + (json_int_t)r->b.skipped, "exact", (json_int_t)r->copies.kinds[LEAK_EXACT], "near",
                  (json_int_t)r->copies.kinds[LEAK_NEAR], "mirrored", (json_int_t)r->copies.kinds[LEAK_MIRRORED], "pairs", pairs_json(r));
    if (r->b.folder) {
        json_object_set_new(result, "b", json_string(r->b.folder));
        json_object_set_new(result, "part", json_string(r->crop == LEAK_BOX ? "box" : "whole"));
        json_object_set_new(result, "nearest", distances_json(r->sorted, r->a.count));
        json_object_set_new(result, "baseline", distances_json(r->baseline, r->baseline_count));
        json_object_set_new(result, "baseline_of", json_string(r->rule == LEAK_OTHER_PERSON ? "other people" : "other images"));
        json_object_set_new(result, "closer", json_integer(r->closer));
    } else {
        json_object_set_new(result, "groups", json_integer(r->copies.groups));
    }
    return cli_print_json(result, err);
}

static void print_comparison(const leak_result *r)
{
    printf("%s: %lld images, nearest of %lld images of %s: closest %.3f, median %.3f\n", r->a.folder, (long long)r->a.count,
           (long long)r->b.count, r->b.folder, (double)r->sorted[0], at_share(r->sorted, r->a.count, PER_CENT / 2));
    if (r->baseline_count == 0)
        return;
    printf("%s: nearest image of %s: closest 1 %% within %.3f, median %.3f\n", r->b.folder,
           r->rule == LEAK_OTHER_PERSON ? "another person" : "others", (double)r->limit,
           at_share(r->baseline, r->baseline_count, PER_CENT / 2));
    printf("%lld of %lld images (%.1f %%) are closer than that; 1 %% of an independent sample like %s would be\n", (long long)r->closer,
           (long long)r->a.count, (double)PER_CENT * (double)r->closer / (double)r->a.count, r->b.folder);
}

static void print_copies(const leak_result *r)
{
    const leak_gallery *originals = r->b.folder ? &r->b : &r->a;
    for (int64_t i = 0; i < r->copies.count && i < LISTED; i++) {
        const leak_copy *c = &r->copies.list[i];
        printf("%s is %s copy of %s (distance %.3f)\n", leak_gallery_name(&r->a, c->image),
               c->kind == LEAK_EXACT  ? "an exact"
               : c->kind == LEAK_NEAR ? "a near"
                                      : "a mirrored",
               leak_gallery_name(originals, c->original), (double)c->distance);
    }
    if (r->copies.count > LISTED)
        printf("and %lld more\n", (long long)(r->copies.count - LISTED));
    if (r->copies.count == 0)
        printf("%s: no copies in %lld images\n", r->a.folder, (long long)r->a.count);
}

static bool give_out(const leak_command_options *given, const leak_options *how, const leak_result *r, bool json, df_error *err)
{
    const char *sheet = given->out && r->pair_count > 0 ? given->out : NULL;
    if ((sheet && !leak_sheet_write(r, sheet, err)) || (given->html && !leak_page_write(r, how, sheet, given->html, err)))
        return false;
    if (json && !print_json(r, err))
        return false;
    if (!json && r->b.folder)
        print_comparison(r);
    if (!json)
        print_copies(r);
    return r->copies.count == 0 ||
           df_fail(err, "%s: %lld cop%s in %lld images: %lld exact, %lld near, %lld mirrored", r->a.folder, (long long)r->copies.count,
                   r->copies.count == 1 ? "y" : "ies", (long long)r->a.count, (long long)r->copies.kinds[LEAK_EXACT],
                   (long long)r->copies.kinds[LEAK_NEAR], (long long)r->copies.kinds[LEAK_MIRRORED]);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const leak_command_options *given = options;
    const leak_options how = {.features = (unsigned)given->features.chosen,
                              .part = (leak_part)given->part,
                              .threshold = (float)given->threshold,
                              .pairs = (int)given->count,
                              .threads = (int)cli->shared.threads};
    leak_result result;
    const bool is_found = given->b ? leak_between(given->a, given->b, &how, &cli->progress, cli->arena, &result, err)
                                   : leak_within(given->a, &how, &cli->progress, cli->arena, &result, err);
    if (!is_found)
        return false;
    const bool is_clean = give_out(given, &how, &result, cli->shared.json, err);
    leak_free(&result);
    return is_clean;
}

const cli_command dataset_leak_command = {
    .name = "dataset",
    .verb = "leak",
    .summary = "finds images of one set in another, and copies within a set",
    .details = "For each image of A the nearest of B, against how near B's own people are to each other. Exact copies have the same\n"
               "pixels, near ones were resized, compressed again or made brighter, mirrored ones have left and right exchanged.\n"
               "Exits with 1 where there are copies. docs/leak.md explains the numbers.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(leak_command_options),
    .shared = CLI_THREADS | CLI_JSON,
    .run = run,
};
