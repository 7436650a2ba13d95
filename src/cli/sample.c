/* sample.c: `diffuse sample`: identities with chosen demographics. */
#include "cli/commands.h"
#include "cli/sample_demand.h"
#include "face/model_file.h"

typedef struct sample_options {
    const char *model, *out, *include;
    int64_t count, components;
    demand_texts demand;
    option_numbers age_bins;
    bool overlap, gaussian;
    double variation, min_distance, sigma, gender_value, age, weight;
} sample_options;

static const option rows[] = {
    {.name = "model",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(sample_options, model),
     .help = "a face model"},
    {.name = "count",
     .kind = OPTION_INTEGER,
     .required = true,
     .low = 1,
     .high = 1e9,
     .at = offsetof(sample_options, count),
     .help = "how many people"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(sample_options, out),
     .help = "the identities, a line of JSON each"},
    {.name = "balance",
     .kind = OPTION_LIST,
     .choices = demand_traits,
     .at = offsetof(sample_options, demand.balance),
     .help = "traits whose values get equal shares"},
    {.name = "share",
     .kind = OPTION_LIST,
     .repeats = true,
     .argument = "SHARES",
     .at = offsetof(sample_options, demand.share),
     .help = "exact shares, as gender=male:0.88,female:0.12; ethnicity=African:0.5,...; age=18-30:0.2,..."},
    {.name = "age-bins",
     .kind = OPTION_NUMBERS,
     .low = SAMPLER_YOUNGEST,
     .high = SAMPLER_OLDEST,
     .unit = "years",
     .initial = "18,30,45,60,76",
     .at = offsetof(sample_options, age_bins),
     .help = "edges of the age bins"},
    {.name = "overlap",
     .kind = OPTION_FLAG,
     .at = offsetof(sample_options, overlap),
     .help = "soft groups and genders instead of pure ones"},
    {.name = "variation",
     .kind = OPTION_NUMBER,
     .low = 0,
     .high = 10,
     .initial = "1",
     .at = offsetof(sample_options, variation),
     .help = "factor on how far people differ in what their traits do not explain"},
    {.name = "min-distance",
     .kind = OPTION_NUMBER,
     .low = 0,
     .high = PERSON_MOST_DEVIATIONS,
     .initial = "0",
     .unit = "standard deviations",
     .at = offsetof(sample_options, min_distance),
     .help = "least root mean square difference in shape to everybody before"},
    {.name = "gender-value",
     .kind = OPTION_NUMBER,
     .low = 0,
     .high = 1,
     .at = offsetof(sample_options, gender_value),
     .help = "everybody's gender, 0 female to 1 male"},
    {.name = "age",
     .kind = OPTION_NUMBER,
     .low = SAMPLER_YOUNGEST,
     .high = SAMPLER_OLDEST,
     .unit = "years",
     .at = offsetof(sample_options, age),
     .help = "everybody's age"},
    {.name = "weight",
     .kind = OPTION_NUMBER,
     .low = 0,
     .high = 1,
     .at = offsetof(sample_options, weight),
     .help = "everybody's weight, 0 thin to 1 heavy"},
    {.name = "mixture",
     .kind = OPTION_LIST,
     .argument = "WEIGHTS",
     .at = offsetof(sample_options, demand.mixture),
     .help = "everybody's group weights, as African:0.5,Asian:0.5"},
    {.name = "include",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(sample_options, include),
     .help = "earlier identities, used first where the shares have room for them, ids and all"},
    {.name = "take",
     .kind = OPTION_LIST,
     .argument = "COUNTS",
     .at = offsetof(sample_options, demand.take),
     .help = "the first so many of --include and nobody else, as gender=male:500; without it everybody"},
    {.name = "gaussian",
     .kind = OPTION_FLAG,
     .at = offsetof(sample_options, gaussian),
     .help = "coefficients from N(0, sigma^2), traits read back by the model's attribute directions"},
    {.name = "sigma",
     .kind = OPTION_NUMBER,
     .low = 0,
     .high = 10,
     .initial = "1",
     .at = offsetof(sample_options, sigma),
     .help = "of --gaussian"},
    {.name = "components",
     .kind = OPTION_INTEGER,
     .low = 0,
     .high = FACE_MAX_COMPONENTS,
     .initial = "80",
     .at = offsetof(sample_options, components),
     .help = "of --gaussian: draw the first so many of shape and of albedo, 0 for all"},
};

static bool set_bins(cli_context *cli, const option_numbers *edges, sampler_options *out, df_error *err)
{
    if (edges->count < 2 || edges->count > SAMPLER_MAX_BINS + 1)
        return cli_usage(cli, err, "--age-bins: %zu edges, expected 2 to %d", edges->count, SAMPLER_MAX_BINS + 1);
    out->age_bins = (int)edges->count - 1;
    for (size_t i = 0; i < edges->count; i++)
        out->age_edge[i] = (float)edges->items[i];
    return true;
}

static bool set_options(cli_context *cli, const sample_options *given, const face_model *model, sampler_options *out, df_error *err)
{
    *out = sampler_defaults();
    out->seed = cli->shared.seed;
    out->count = given->count;
    out->overlap = given->overlap;
    out->variation = (float)given->variation;
    out->min_distance = (float)given->min_distance;
    out->gaussian = given->gaussian;
    out->sigma = (float)given->sigma;
    out->components = (int)given->components;
    out->fixed_gender = (float)given->gender_value;
    out->fixed_age = (float)given->age;
    out->fixed_weight = (float)given->weight;
    out->include = given->include;
    return set_bins(cli, &given->age_bins, out, err) && demand_read(cli, &given->demand, model, out, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const sample_options *given = options;
    sampler_options sampling;
    face_model_handle *handle = face_model_open(given->model, err);
    if (!handle)
        return false;
    const face_model *model = face_model_of(handle);
    const bool is_good = set_options(cli, given, model, &sampling, err) && sampler_run(model, &sampling, given->out, &cli->progress, err);
    face_model_close(handle);
    return is_good;
}

const cli_command sample_command = {
    .name = "sample",
    .summary = "draws identities with chosen demographics",
    .details = "People are dealt one by one, gender first, within it ethnicity, within that the age bin, so that every beginning of\n"
               "the file keeps the demanded shares. Person k is the same however many follow. docs/identities.md explains the file.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(sample_options),
    .shared = CLI_SEED,
    .run = run,
};
