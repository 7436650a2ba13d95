/* auth_eval.c: `diffuse auth eval`: how well embeddings tell people apart, for everybody and by group. */
#include "cli/auth_json.h"
#include "cli/auth_page.h"
#include "cli/commands.h"

enum { NOTE = 256, MOST_LIST = 1 << 30 };

typedef struct auth_eval_options {
    const char *embeddings, *pairs, *manifest, *html;
    option_list groups;
    int64_t bootstrap;
    int at;
    bool extrapolate;
} auth_eval_options;

static const option rows[] = {
    {.name = "embeddings",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(auth_eval_options, embeddings),
     .help = "npz with embedding (n, d), label (n; integers) and, for --pairs and --groups, name (n; texts)"},
    {.name = "pairs",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(auth_eval_options, pairs),
     .help = "compare the pairs of this list, in the form of LFW's pairs.txt, instead of all"},
    {.name = "groups",
     .kind = OPTION_LIST,
     .at = offsetof(auth_eval_options, groups),
     .help = "rates by these keys of --manifest and by their combinations, as gender,ethnicity,age"},
    {.name = "manifest",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(auth_eval_options, manifest),
     .help = "says which group an image is of: a data set's folder, a manifest, or a CSV file with a column name or label"},
    {.name = "at",
     .kind = OPTION_CHOICE,
     .choices = auth_rate_names,
     .initial = "1e-3",
     .at = offsetof(auth_eval_options, at),
     .help = "FAR whose threshold groups are compared at; a larger one where the pairs are too few"},
    {.name = "bootstrap",
     .kind = OPTION_INTEGER,
     .low = 0,
     .high = 100000,
     .initial = "1000",
     .at = offsetof(auth_eval_options, bootstrap),
     .help = "replicates of people for 95 % intervals; 0: no intervals"},
    {.name = "extrapolate",
     .kind = OPTION_FLAG,
     .at = offsetof(auth_eval_options, extrapolate),
     .help = "guess rates that the pairs are too few for from the tail of the impostor scores"},
    {.name = "html",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(auth_eval_options, html),
     .help = "a page with curves and tables; the JSON result is written beside it"},
};

static bool read_pairs(const char *path, const embedding_set *set, df_arena *arena, pairs_list *out, df_error *err)
{
    df_bytes text;
    return df_file_read(path, MOST_LIST, arena, &text, err) && (pairs_list_read(text, set, arena, out, err) || df_fail_in(err, "%s", path));
}

static bool read_embeddings(const auth_eval_options *given, df_arena *arena, embedding_set *out, df_error *err)
{
    df_bytes bytes = {0};
    const bool is_good = df_file_map(given->embeddings, &bytes, err) &&
                         (embedding_set_read(bytes, given->pairs ? EMBEDDING_NO_LABELS : EMBEDDING_LABELS, arena, out, err) ||
                          df_fail_in(err, "%s", given->embeddings));
    df_file_unmap(&bytes);
    return is_good;
}

static bool measure(const cli_context *cli, const auth_eval_options *given, const auth_setting *setting, auth_result *out, df_error *err)
{
    embedding_set set;
    pairs_list list;
    group_table groups;
    if (!read_embeddings(given, cli->arena, &set, err))
        return false;
    if (given->pairs)
        return read_pairs(given->pairs, &set, cli->arena, &list, err) && auth_measure_list(&set, &list, setting, cli->arena, out, err);
    if (given->groups.count > 0 &&
        !group_table_read(given->manifest, given->groups.items, given->groups.count, &set, cli->arena, &groups, err))
        return false;
    return auth_measure(&set, given->groups.count > 0 ? &groups : NULL, setting, cli->arena, &cli->progress, out, err) ||
           df_fail_in(err, "%s", given->embeddings);
}

static void note(const cli_context *cli, const auth_eval_options *given, const auth_result *r)
{
    char text[NOTE];
    for (int e = 0; e < VERIFICATION_RATES; e++)
        if (!r->all.rates.points[e].has_value) {
            auth_rate_note(&r->all.rates, e, text, sizeof text);
            df_progress_note(&cli->progress, "%s", text);
        }
    if (r->all.alone > 0)
        df_progress_note(&cli->progress, "%lld of %lld people have one image: they are in impostor pairs only", (long long)r->all.alone,
                         (long long)r->all.people);
    if (given->groups.count > 0 && r->at != given->at)
        df_progress_note(&cli->progress, "groups are compared at FAR %s, the lowest that the pairs show", auth_rate_names[r->at]);
}

static void print_rate(const char *name, double value, const interval *between)
{
    printf("%-14s %10.5f", name, value);
    if (between->has_value)
        printf("   (%.5f to %.5f)", between->low, between->high);
    printf("\n");
}

static void print_groups(const auth_result *r)
{
    for (size_t a = 0; a < r->axis_count; a++) {
        const group_rates *rates = &r->axes[a].rates;
        const size_t n = rates->axis->count;
        printf("\n%s at the threshold of FAR %s: images, people, FMR, FNMR, EER of its own\n", rates->axis->name, auth_rate_names[r->at]);
        for (size_t g = 0; g < n; g++)
            printf("%-32s %8lld %8lld %12.4g %10.5f %10.5f\n", rates->axis->names[g], (long long)r->axes[a].own[g].images,
                   (long long)r->axes[a].own[g].people, rates->fmr[g * n + g].rate, rates->fnmr[g].rate,
                   r->axes[a].own[g].has_value ? r->axes[a].own[g].rates.eer : (double)NAN);
        printf("worst to geometric mean: FMR %.3g, FNMR %.3g; FDR %.5f, GARBE %.3f\n", rates->fmr_spread.value.worst_to_mean,
               rates->fnmr_spread.value.worst_to_mean, rates->fdr, rates->garbe);
    }
}

static void print_result(const auth_result *r)
{
    char name[NOTE];
    printf("%lld images of %lld people: %lld genuine and %lld impostor pairs\n", (long long)r->all.images, (long long)r->all.people,
           (long long)r->all.rates.genuine, (long long)r->all.rates.impostor);
    for (int e = 0; e < VERIFICATION_RATES; e++) {
        snprintf(name, sizeof name, "FRR@FAR=%s", auth_rate_names[e]);
        if (r->all.rates.points[e].has_value)
            print_rate(name, r->all.rates.points[e].frr, &r->all.between.frr[e]);
        else if (r->all.beyond[e].has_value)
            printf("%-14s %10.5f   extrapolated\n", name, r->all.beyond[e].frr);
        else
            printf("%-14s %10s\n", name, "-");
    }
    print_rate("EER", r->all.rates.eer, &r->all.between.eer);
    print_rate("AUC", r->all.rates.auc, &r->all.between.auc);
    if (r->search.probes > 0)
        print_rate("rank-1", r->search.cmc[0], &r->search.rank1);
    print_groups(r);
}

static bool give_out(const cli_context *cli, const auth_eval_options *given, const auth_setting *setting, const auth_result *r,
                     df_error *err)
{
    if (given->html && !auth_page_write(r, setting, given->embeddings, given->html, err))
        return false;
    if (cli->shared.json)
        return cli_print_json(auth_json(r, setting), err);
    print_result(r);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const auth_eval_options *given = options;
    const auth_setting setting = {
        .bootstrap = {.replicates = (int)given->bootstrap, .seed = cli->shared.seed, .threads = (int)cli->shared.threads},
        .extrapolates = given->extrapolate,
        .at = given->at};
    auth_result result;
    if ((given->groups.count > 0) != (given->manifest != NULL))
        return cli_usage(cli, err, "--groups and --manifest go together");
    if (given->groups.count > 0 && given->pairs)
        return cli_usage(cli, err, "--groups: expected all pairs, not a list (--pairs)");
    if (given->groups.count >= GROUP_AXES)
        return cli_usage(cli, err, "--groups: %zu keys, expected %d at most", given->groups.count, GROUP_AXES - 1);
    if (!measure(cli, given, &setting, &result, err))
        return false;
    note(cli, given, &result);
    return give_out(cli, given, &setting, &result, err);
}

const cli_command auth_eval_command = {
    .name = "auth",
    .verb = "eval",
    .summary = "tells how well embeddings of faces tell people apart, for all and by group",
    .details = "Compares all pairs of embeddings by their cosine: FRR at FAR 1e-1 to 1e-6, EER, AUC, rank-1, with intervals by people.\n"
               "A rate that the pairs are too few for has no value. docs/auth.md explains the numbers.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(auth_eval_options),
    .shared = CLI_SEED | CLI_THREADS | CLI_JSON,
    .run = run,
};
