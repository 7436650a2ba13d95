/* latent_score.c: `diffuse latent score`: DCI of importances, MIG and SAP of codes. */
#include "cli/commands.h"
#include "metrics/disentanglement.h"
#include "tensor/npz.h"

typedef struct latent_score_options {
    const char *importance, *codes;
} latent_score_options;

static const option rows[] = {
    {.name = "importance",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(latent_score_options, importance),
     .help = "npz with importance (codes, factors): gives disentanglement and completeness (DCI)"},
    {.name = "codes",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(latent_score_options, codes),
     .help = "npz with codes (samples, codes) and factors (samples, factors; integers): gives mig and sap"},
};

static const tensor *find(const tensor_list *list, const char *name, df_error *err)
{
    const tensor *t = tensor_find(list, name);
    if (!t)
        df_fail(err, "no array '%s'", name);
    return t;
}

static bool score_importance(const tensor_list *list, df_arena *arena, json_t *scores, df_error *err)
{
    disentanglement_dci dci;
    const tensor *importance = find(list, "importance", err);
    if (!importance || !disentanglement_of_importance(importance, arena, &dci, err))
        return false;
    json_object_set_new(scores, "disentanglement", json_real(dci.disentanglement));
    json_object_set_new(scores, "completeness", json_real(dci.completeness));
    return true;
}

static bool score_codes(const tensor_list *list, df_arena *arena, json_t *scores, df_error *err)
{
    disentanglement_gap gaps;
    const tensor *codes = find(list, "codes", err), *factors = codes ? find(list, "factors", err) : NULL;
    if (!codes || !factors || !disentanglement_of_codes(codes, factors, arena, &gaps, err))
        return false;
    json_object_set_new(scores, "mig", json_real(gaps.mig));
    json_object_set_new(scores, "sap", json_real(gaps.sap));
    return true;
}

typedef bool score_arrays(const tensor_list *list, df_arena *arena, json_t *scores, df_error *err);

/* path NULL: this was not asked for. */
static bool score_file(const char *path, score_arrays *score, df_arena *arena, json_t *scores, df_error *err)
{
    df_bytes bytes = {0};
    tensor_list list;
    if (!path)
        return true;
    const bool is_good = df_file_map(path, &bytes, err) &&
                         ((npz_parse(bytes, arena, &list, err) && score(&list, arena, scores, err)) || df_fail_in(err, "%s", path));
    df_file_unmap(&bytes);
    return is_good;
}

static bool print_scores(const cli_context *cli, json_t *scores, df_error *err)
{
    const char *key;
    json_t *value;
    if (cli->shared.json)
        return cli_print_json(scores, err);
    json_object_foreach(scores, key, value)
        printf("%-16s %.4f\n", key, json_real_value(value));
    json_decref(scores);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const latent_score_options *given = options;
    if (!given->importance && !given->codes)
        return cli_usage(cli, err, "expected --importance or --codes, or both");
    json_t *scores = json_object();
    if (!score_file(given->importance, score_importance, cli->arena, scores, err) ||
        !score_file(given->codes, score_codes, cli->arena, scores, err)) {
        json_decref(scores);
        return false;
    }
    return print_scores(cli, scores, err);
}

const cli_command latent_score_command = {
    .name = "latent",
    .verb = "score",
    .summary = "tells how well single codes stand for single factors: DCI, MIG, SAP",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(latent_score_options),
    .shared = CLI_JSON,
    .run = run,
};
