/* model_build.c: `diffuse model build`: the default face model out of MakeHuman's assets and the identity modes. */
#include "base/file.h"
#include "cli/assets.h"
#include "cli/commands.h"
#include "face/build.h"

typedef struct model_build_options {
    const char *out, *data;
    int modes, groups;
    int64_t heads;
} model_build_options;

static const char *const modes[] = {[BUILD_MODES_ICT] = "ict", [BUILD_MODES_NONE] = "none", NULL};
static const char *const groups[] = {[BUILD_GROUPS_SOFT] = "soft", [BUILD_GROUPS_PURE] = "pure", NULL};

static const option rows[] = {
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_build_options, out),
     .help = "the model, one safetensors file"},
    {.name = "data",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .at = offsetof(model_build_options, data),
     .help = "where setup.sh put its packages; without it $XDG_DATA_HOME/diffuse or ~/.local/share/diffuse"},
    {.name = "identity-modes",
     .kind = OPTION_CHOICE,
     .choices = modes,
     .initial = "ict",
     .at = offsetof(model_build_options, modes),
     .help = "variation learned from scans that is added to MakeHuman's own"},
    {.name = "groups",
     .kind = OPTION_CHOICE,
     .choices = groups,
     .initial = "soft",
     .at = offsetof(model_build_options, groups),
     .help = "heads that the components are learned from: mixtures of the groups, or pure members"},
    {.name = "heads",
     .kind = OPTION_INTEGER,
     .low = 200,
     .high = 100000,
     .initial = "4000",
     .at = offsetof(model_build_options, heads),
     .help = "how many heads the components are learned from"},
};

static const int variance_counts[] = {1, 5, 10, 20, 40, 80};

static json_t *shares_json(const float *shares)
{
    json_t *object = json_object();
    for (size_t i = 0; i < DF_ARRAY_LEN(variance_counts); i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", variance_counts[i]);
        json_object_set_new(object, key, json_real((double)shares[i]));
    }
    return object;
}

static void print_shares(const char *name, const float *shares, int meaningful)
{
    printf("%s: %d components hold 99.9 %% of the variance;", name, meaningful);
    for (size_t i = 0; i < DF_ARRAY_LEN(variance_counts); i++)
        printf("%s the first %d hold %.1f %%", i ? "," : "", variance_counts[i], 100 * (double)shares[i]);
    printf("\n");
}

static bool print_report(const cli_context *cli, const char *out, const build_report *report, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s, s:f, s:f, s:f, s:i, s:i, s:o, s:o}", "model", out, "shape_error_mm",
                                        (double)report->shape_error, "gender_separable", (double)report->gender_separable,
                                        "group_separable", (double)report->group_separable, "shape_meaningful", report->shape_meaningful,
                                        "albedo_meaningful", report->albedo_meaningful, "shape_variance",
                                        shares_json(report->shape_variance), "albedo_variance", shares_json(report->albedo_variance)),
                              err);
    print_shares("shape", report->shape_variance, report->shape_meaningful);
    print_shares("albedo", report->albedo_variance, report->albedo_meaningful);
    printf("a head is %.2f mm away from the sum of its components (mean over vertices)\n", (double)report->shape_error);
    printf("told apart by a linear classifier in the shape components, held-out heads: gender %.1f %%, group %.1f %%\n",
           100 * (double)report->gender_separable, 100 * (double)report->group_separable);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_build_options *given = options;
    char package[PATH_MAX], modes_file[PATH_MAX];
    if (!assets_makehuman(given->data, package, err))
        return false;
    if (given->modes == BUILD_MODES_ICT && !assets_file("identity-modes.npz", modes_file, err))
        return false;
    const build_options build = {
        .assets = package,
        .modes_file = given->modes == BUILD_MODES_ICT ? modes_file : NULL,
        .modes = (build_modes)given->modes,
        .groups = (build_groups)given->groups,
        .heads = (int)given->heads,
        .seed = cli->shared.seed,
    };
    build_report report = {0};
    return face_build(&build, given->out, &report, &cli->progress, err) && print_report(cli, given->out, &report, err);
}

const cli_command model_build_command = {
    .name = "model",
    .verb = "build",
    .summary = "builds the default face model",
    .details = "Needs the assets that ./setup.sh fetches. The same options and seed give the same file.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_build_options),
    .shared = CLI_SEED | CLI_THREADS | CLI_JSON,
    .run = run,
};
