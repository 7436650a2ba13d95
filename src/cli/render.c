/* render.c: `diffuse render`: identities in, a labelled data set out. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/render_add.h"
#include "cli/render_plan.h"
#include "cli/stop_limit.h"
#include "dataset/generate.h"
#include "dataset/label_files.h"
#include "face/model_file.h"

typedef struct render_options {
    const char *folder, *model, *identities, *out, *background, *only, *shard, *landmarks;
    int64_t per_identity, size;
    int engine, band, crop, bits, samples, law, noise, sync;
    option_range ranges[JOB_RANGE_COUNT];
    double glasses, sunglasses, hat, occluder;
    option_list labels, add, occluder_kinds;
    bool normals16, resume, force, timing, plan;
} render_options;

static const char *const engines[] = {"raster", NULL};
static const char *const bands[] = {"rgb", "850", "940", NULL}; /* as render_band */
static const char *const crops[] = {"loose", "arcface", NULL};  /* as crop_kind */
static const char *const bit_choices[] = {"8", "16", NULL};
static const char *const sample_choices[] = {"1", "4", NULL};
static const char *const laws[] = {"uniform", "peaked", NULL};
static const char *const switches[] = {"off", "on", NULL};
#define LABEL_NAME(ID, NAME, ENDING) NAME,
static const char *const label_names[] = {LABEL_KINDS(LABEL_NAME) NULL}; /* as label_kind */
#undef LABEL_NAME
static const char *const occluder_names[] = {"mask",  "scarf", "hand",           "phone",
                                             "wheel", "belt",  "nir-sunglasses", NULL}; /* as occluder_kind, from 1 */
static const char *const syncs[] = {"none", "identity", NULL};                          /* as generate_sync */

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .at = offsetof(render_options, folder),
     .help = "with --add: the data set that gets labels"},
    {.name = "model",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(render_options, model),
     .help = "the face model; with --add one with the recorded hash is looked for"},
    {.name = "identities",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(render_options, identities),
     .help = "who is drawn: identities.jsonl of `diffuse sample`; with --add the set's own copy"},
    {.name = "out", .kind = OPTION_STRING, .argument = "DIR", .at = offsetof(render_options, out), .help = "folder of the data set"},
    {.name = "per-identity",
     .kind = OPTION_INTEGER,
     .at = offsetof(render_options, per_identity),
     .low = 1,
     .high = JOB_MAX_PER_IDENTITY,
     .initial = "20",
     .help = "images of each identity"},
    {.name = "engine",
     .kind = OPTION_CHOICE,
     .at = offsetof(render_options, engine),
     .choices = engines,
     .initial = "raster",
     .help = "what draws"},
    {.name = "size",
     .kind = OPTION_INTEGER,
     .at = offsetof(render_options, size),
     .low = JOB_MIN_SIZE,
     .high = JOB_MAX_SIZE,
     .initial = "112",
     .unit = "pixels",
     .help = "width and height of an image"},
    {.name = "crop",
     .kind = OPTION_CHOICE,
     .at = offsetof(render_options, crop),
     .choices = crops,
     .initial = "loose",
     .help = "loose: the head as the camera sees it; arcface: aligned to the 5-point template"},
    {.name = "band",
     .kind = OPTION_CHOICE,
     .at = offsetof(render_options, band),
     .choices = bands,
     .initial = "940",
     .help = "near infrared at 850 or 940 nm, or colour"},
    {.name = "bits",
     .kind = OPTION_CHOICE,
     .at = offsetof(render_options, bits),
     .choices = bit_choices,
     .initial = "8",
     .help = "of a pixel's channel"},
    {.name = "samples",
     .kind = OPTION_CHOICE,
     .at = offsetof(render_options, samples),
     .choices = sample_choices,
     .initial = "4",
     .help = "of a pixel: 4 smooths edges"},
#define RANGE_OPTION(ID, NAME, LEAST, MOST, LOW, HIGH, INITIAL, IS_PEAKED, UNIT, HELP)                                                     \
    {.name = NAME,                                                                                                                         \
     .kind = OPTION_RANGE,                                                                                                                 \
     .at = offsetof(render_options, ranges[JOB_##ID]),                                                                                     \
     .low = (double)(LEAST),                                                                                                               \
     .high = (double)(MOST),                                                                                                               \
     .initial = INITIAL,                                                                                                                   \
     .unit = UNIT,                                                                                                                         \
     .help = HELP},
    JOB_RANGES(RANGE_OPTION)
#undef RANGE_OPTION
        {.name = "law",
         .kind = OPTION_CHOICE,
         .at = offsetof(render_options, law),
         .choices = laws,
         .initial = "peaked",
         .help = "how angles of head and eyes are drawn: all alike, or the middle more often"},
    {.name = "glasses",
     .kind = OPTION_NUMBER,
     .at = offsetof(render_options, glasses),
     .low = 0,
     .high = 1,
     .initial = "0.2",
     .help = "share of images with clear glasses"},
    {.name = "sunglasses",
     .kind = OPTION_NUMBER,
     .at = offsetof(render_options, sunglasses),
     .low = 0,
     .high = 1,
     .initial = "0.03",
     .help = "share of images with dark glasses; clear ones take what is left"},
    {.name = "hat",
     .kind = OPTION_NUMBER,
     .at = offsetof(render_options, hat),
     .low = 0,
     .high = 1,
     .initial = "0.05",
     .help = "share of images with a hat"},
    {.name = "occluder",
     .kind = OPTION_NUMBER,
     .at = offsetof(render_options, occluder),
     .low = 0,
     .high = 1,
     .initial = "0",
     .help = "share of images with something before the face"},
    {.name = "occluder-kinds",
     .kind = OPTION_LIST,
     .at = offsetof(render_options, occluder_kinds),
     .choices = occluder_names,
     .help = "what that may be, all alike; without it anything"},
    {.name = "background",
     .kind = OPTION_STRING,
     .argument = "KIND|DIR",
     .at = offsetof(render_options, background),
     .initial = "mixed",
     .help = "cabin, gradient, noise, plain, mixed, or a folder of images"},
    {.name = "noise",
     .kind = OPTION_CHOICE,
     .at = offsetof(render_options, noise),
     .choices = switches,
     .initial = "on",
     .help = "shot and read noise"},
    {.name = "labels",
     .kind = OPTION_LIST,
     .at = offsetof(render_options, labels),
     .choices = label_names,
     .help = "dense labels, a file each"},
    {.name = "landmarks",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(render_options, landmarks),
     .help = "vertices of the landmarks' label, which it implies: dense, or a file with a vertex's number a line; without it dense"},
    {.name = "add",
     .kind = OPTION_LIST,
     .at = offsetof(render_options, add),
     .choices = label_names,
     .help = "makes these labels for the data set DIR, as if they had been asked for when it was drawn"},
    {.name = "normals16", .kind = OPTION_FLAG, .at = offsetof(render_options, normals16), .help = "normals in 2 x 16 bit instead of 2 x 8"},
    {.name = "only",
     .kind = OPTION_STRING,
     .argument = "ID/INDEX",
     .at = offsetof(render_options, only),
     .help = "that one image, the same as in the whole set"},
    {.name = "shard",
     .kind = OPTION_STRING,
     .argument = "K/N",
     .at = offsetof(render_options, shard),
     .help = "part K, from 0, of N; all parts may share a folder, in any order, at the same time"},
    {.name = "resume", .kind = OPTION_FLAG, .at = offsetof(render_options, resume), .help = "go on with what a stopped run left"},
    {.name = "force", .kind = OPTION_FLAG, .at = offsetof(render_options, force), .help = "replace the data set that is there"},
    {.name = "sync",
     .kind = OPTION_CHOICE,
     .at = offsetof(render_options, sync),
     .choices = syncs,
     .initial = "none",
     .help = "identity: a power loss costs no finished image, for some speed; none: only a kill does not"},
    {.name = "timing", .kind = OPTION_FLAG, .at = offsetof(render_options, timing), .help = "print where the time went"},
    {.name = "plan",
     .kind = OPTION_FLAG,
     .at = offsetof(render_options, plan),
     .help = "make nothing: print images, bytes, hours and memory, measured on a handful of images"},
};

static const int bit_values[] = {8, 16}, sample_values[] = {1, 4};

/* "K/N". */
static bool read_shard(const char *text, generate_run *run)
{
    char *end;
    if (text[strspn(text, "0123456789/")] != '\0')
        return false;
    const long shard = strtol(text, &end, 10);
    if (end == text || *end != '/' || end[1] == '\0')
        return false;
    const long shards = strtol(end + 1, &end, 10);
    if (*end != '\0' || shards < 1 || shards > JOURNAL_MAX_SHARDS || shard < 0 || shard >= shards)
        return false;
    run->shard = (int)shard;
    run->shards = (int)shards;
    return true;
}

static void fill_job(const render_options *given, uint64_t seed, render_job *job)
{
    *job = job_defaults((render_band)given->band);
    job->seed = seed;
    job->per_identity = (int)given->per_identity;
    job->size = (int)given->size;
    job->samples = sample_values[given->samples];
    job->bits = bit_values[given->bits];
    job->crop = (crop_kind)given->crop;
    job->is_peaked = given->law == 1;
    job->noise = given->noise == 1;
    job->normals16 = given->normals16;
    job->glasses = (float)given->glasses;
    job->sunglasses = (float)given->sunglasses;
    job->hat = (float)given->hat;
    job->occluder = (float)given->occluder;
    for (int kind = OCCLUDER_NONE + 1; kind < OCCLUDER_KIND_COUNT && given->occluder_kinds.count > 0; kind++)
        job->occluders[kind] = given->occluder_kinds.chosen >> (kind - 1) & 1;
    snprintf(job->engine, sizeof job->engine, "%s", engines[given->engine]);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        job->labels[kind] = given->labels.chosen >> kind & 1;
    job->labels[LABEL_LANDMARKS] |= given->landmarks != NULL;
    for (int id = 0; id < JOB_RANGE_COUNT; id++)
        if (!isnan(given->ranges[id].low))
            job->ranges[id] = (job_range){.low = (float)given->ranges[id].low, .high = (float)given->ranges[id].high};
}

/* What only --add can do without. */
static bool check_given(cli_context *cli, const render_options *given, df_error *err)
{
    if (!given->model)
        return cli_usage(cli, err, "--model is missing: the face model");
    if (!given->identities)
        return cli_usage(cli, err, "--identities is missing: who is drawn");
    if (!given->out)
        return cli_usage(cli, err, "--out is missing: folder of the data set");
    return !given->folder || cli_usage(cli, err, "unexpected argument '%.80s': DIR stands with --add", given->folder);
}

static bool read_landmarks(cli_context *cli, const render_options *given, job_landmarks *out, df_error *err)
{
    return !given->landmarks || strcmp(given->landmarks, "dense") == 0 || label_read_vertices(given->landmarks, out, cli->arena, err);
}

static bool read_options(cli_context *cli, const render_options *given, render_job *job, generate_run *run, df_error *err)
{
    df_error problem = {0};
    if (!check_given(cli, given, err))
        return false;
    fill_job(given, cli->shared.seed, job);
    if (snprintf(job->background, sizeof job->background, "%s", given->background) >= (int)sizeof job->background)
        return cli_usage(cli, err, "--background: expected at most %zu bytes", sizeof job->background - 1);
    if (given->only && !job_parse_only(given->only, job, &problem))
        return cli_usage(cli, err, "%s", problem.text);
    if (!job_check(job, &problem))
        return cli_usage(cli, err, "%s", problem.text);
    *run = (generate_run){
        .identities = given->identities, .out = given->out, .shards = 1, .sync = (generate_sync)given->sync, .progress = &cli->progress};
    if (given->shard && !read_shard(given->shard, run))
        return cli_usage(cli, err, "--shard: expected K/N with 0 <= K < N <= %d, found '%.40s'", JOURNAL_MAX_SHARDS, given->shard);
    if (given->resume && given->force)
        return cli_usage(cli, err, "--resume and --force: expected one of them");
    if (given->shard && (given->force || given->only))
        return cli_usage(cli, err, "--shard: expected without --force and --only");
    run->start = given->force ? SET_REPLACE : given->resume ? SET_RESUME : SET_CREATE;
    return true;
}

/* Under mpirun each rank is a shard, and rank 0 speaks for all. */
static bool join_ranks(cli_context *cli, const render_options *given, generate_run *how, df_error *err)
{
    if (!ranks_open(&cli->ranks, err))
        return false;
    if (cli->ranks.size < 2)
        return true;
    if (given->shard || given->force || given->only)
        return cli_usage(cli, err, "--shard, --force and --only: expected without mpirun, where each rank is a shard");
    how->shard = cli->ranks.rank;
    how->shards = cli->ranks.size;
    how->progress = cli->ranks.rank == 0 ? how->progress : NULL;
    return true;
}

static bool generate_together(cli_context *cli, render_job *job, const generate_run *how, generate_result *result, df_error *err)
{
    *result = (generate_result){0};
    const bool is_good = generate(job, how, result, err);
    int64_t sums[] = {result->images, result->made, result->threads};
    if (!ranks_end(&cli->ranks, is_good, sums, DF_ARRAY_LEN(sums), &result->is_complete, err))
        return false;
    result->images = sums[0];
    result->made = sums[1];
    result->threads = (int)sums[2];
    return true;
}

static void print_timing(const generate_result *result)
{
    const double all = result->seconds * result->threads;
    printf("%-12s %9s %6s %12s\n", "stage", "seconds", "share", "us an image");
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        printf("%-12s %9.3f %5.1f%% %12.1f\n", maker_stage_names[stage], result->stages[stage], 100 * result->stages[stage] / all,
               1e6 * result->stages[stage] / (double)result->made);
    printf("%-12s %9.3f %5.1f%%\n", "waiting", result->waiting, 100 * result->waiting / all);
}

static json_t *result_json(const generate_result *result, const render_options *given)
{
    json_t *stages = json_object();
    for (int stage = 0; stages && stage < STAGE_COUNT; stage++)
        json_object_set_new(stages, maker_stage_names[stage], json_real(result->stages[stage]));
    return json_pack("{s:s, s:I, s:I, s:b, s:f, s:i, s:o}", "out", given->out, "images", (json_int_t)result->images, "made",
                     (json_int_t)result->made, "complete", (int)result->is_complete, "seconds", result->seconds, "threads", result->threads,
                     "stages", stages);
}

static bool print_result(const cli_context *cli, const render_options *given, const generate_result *result, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(result_json(result, given), err);
    printf("%s: %lld images", given->out, (long long)result->images);
    if (result->made > 0 && result->seconds > 0)
        printf(", %lld made in %.1f s (%.0f a second, %d threads)", (long long)result->made, result->seconds,
               (double)result->made / result->seconds, result->threads);
    else
        printf(", all there already");
    printf(result->is_complete ? "\n" : "; other shards are not done yet\n");
    if (given->timing && result->made > 0)
        print_timing(result);
    return true;
}

static bool add_labels(cli_context *cli, const render_options *given, df_error *err)
{
    render_add_options how = {.folder = given->folder ? given->folder : given->out,
                              .model = given->model,
                              .identities = given->identities,
                              .background = strcmp(given->background, "mixed") == 0 ? NULL : given->background,
                              .labels = given->add.chosen | (given->landmarks ? (uint64_t)1 << LABEL_LANDMARKS : 0),
                              .normals16 = given->normals16};
    if (given->folder && given->out)
        return cli_usage(cli, err, "DIR and --out: expected one of them");
    return read_landmarks(cli, given, &how.landmarks, err) && render_add(cli, &how, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const render_options *given = options;
    if (given->add.count > 0)
        return add_labels(cli, given, err);
    generate_run how;
    generate_result result;
    render_job *job = df_alloc(cli->arena, 1, sizeof *job, err);
    if (!job || !read_options(cli, given, job, &how, err) || !read_landmarks(cli, given, &job->landmarks, err) ||
        !join_ranks(cli, given, &how, err))
        return false;
    face_model_handle *model = face_model_open(given->model, err);
    if (!model)
        return false;
    how.model = face_model_of(model);
    how.model_path = given->model;
    stop_limit_start("stopped in the middle of an image; what is done stays: --resume goes on");
    if (given->plan) {
        const bool is_planned = cli->ranks.rank > 0 || render_plan(cli, job, &how, err);
        face_model_close(model);
        return is_planned;
    }
    const bool is_good = generate_together(cli, job, &how, &result, err);
    face_model_close(model);
    return is_good && (cli->ranks.rank > 0 || print_result(cli, given, &result, err));
}

const cli_command render_command = {
    .name = "render",
    .summary = "draws a labelled data set of the sampled people",
    .details = "Writes DIR/ID/0000.png and so on, and DIR/manifest.jsonl with every label of every image.\n"
               "The same model, identities, seed and options give the same bytes with any number of threads, in\n"
               "shards, alone (--only) or after a resume. `mpirun -np N diffuse render ...` makes N shards at once.\n"
               "With --add DIR gets further labels, and nothing else changes.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(render_options),
    .shared = CLI_SEED | CLI_THREADS | CLI_JSON,
    .run = run,
};
