/* net_bench_command.c: `diffuse net bench`: where the time of a network goes. */
#include <inttypes.h>

#include "cli/commands.h"
#include "cli/net_options.h"
#include "nn/fma_peak.h"
#include "train/net_meter.h"

typedef struct net_bench_options {
    net_image_choice images;
    const char *weights;
    int64_t repeats;
    bool trains;
} net_bench_options;

static const option rows[] = {
    NET_IMAGE_ROWS(net_bench_options),
    {.name = "weights",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(net_bench_options, weights),
     .initial = "rule:bench.",
     .help = "a weight file of any kind; random ones where it is not given"},
    {.name = "repeat",
     .kind = OPTION_INTEGER,
     .at = offsetof(net_bench_options, repeats),
     .low = 1,
     .high = 1e5,
     .initial = "5",
     .help = "runs as a whole, and runs layer by layer, behind one that is not counted"},
    {.name = "train",
     .kind = OPTION_FLAG,
     .at = offsetof(net_bench_options, trains),
     .help = "a step of training: forward, backward, update"},
};

/* Operations a second; a multiply-add is two. */
static double rate_of(int64_t multiply_adds, double seconds)
{
    return seconds > 0 ? 2 * (double)multiply_adds / seconds : 0;
}

static void print_layer(const net_info_step *step, double seconds, double peak)
{
    char shape[NN_SHAPE_TEXT], kernel[48] = "";
    if (step->kernel[0] > 0)
        snprintf(kernel, sizeof kernel, "%" PRId64 "x%" PRId64, step->kernel[0], step->kernel[1]);
    printf("%-44s %-22s %5s %10.3f %10.3f", step->name, nn_shape_text(&step->shape, shape), kernel, 1e-6 * (double)step->multiply_adds,
           1e3 * seconds);
    if (step->multiply_adds > 0)
        printf(" %9.1f %6.1f", 1e-9 * rate_of(step->multiply_adds, seconds), 100 * rate_of(step->multiply_adds, seconds) / peak);
    putchar('\n');
}

static void print_table(const net_bench_options *given, const net_meter_times *times, const nn_fma_peak *peak)
{
    const double rate = rate_of(times->info.multiply_adds, times->whole);
    double sum = 0;
    size_t left_out = 0;
    printf("%-44s %-22s %5s %10s %10s %9s %6s\n", "layer", "result", "", "M mul-adds", "ms", "GFLOP/s", "% peak");
    for (size_t i = 0; i < times->info.step_count; i++) {
        if (times->steps[i] > 0)
            print_layer(&times->info.steps[i], times->steps[i], peak->rate);
        else
            left_out++;
        sum += times->steps[i];
    }
    if (left_out > 0)
        printf("%zu steps that depend on weights alone ran once and are left out\n", left_out);
    printf("FMA peak        %.1f GFLOP/s measured, %s\n", 1e-9 * peak->rate, peak->instructions);
    printf("layers          %.3f ms together, each the median of %" PRId64 "\n", 1e3 * sum, given->repeats);
    printf("%-15s %.3f ms, the median of %" PRId64 " (%.3f to %.3f)\n", given->trains ? "training step" : "network", 1e3 * times->whole,
           given->repeats, 1e3 * times->least, 1e3 * times->most);
    printf("multiply-adds   %.1f M for %" PRId64 " at a time: %.1f GFLOP/s, %.1f %% of the peak\n",
           1e-6 * (double)times->info.multiply_adds, given->images.batch, 1e-9 * rate, 100 * rate / peak->rate);
}

static json_t *layer_json(const net_info_step *step, double seconds, double peak)
{
    const double rate = rate_of(step->multiply_adds, seconds);
    return json_pack("{s:s, s:o, s:[I,I], s:I, s:f, s:f, s:f}", "name", step->name, "shape", net_shape_json(&step->shape), "kernel",
                     (json_int_t)step->kernel[0], (json_int_t)step->kernel[1], "multiply_adds", (json_int_t)step->multiply_adds, "ms",
                     1e3 * seconds, "gflops", 1e-9 * rate, "peak_share", rate / peak);
}

static bool print_json(const net_bench_options *given, const nn_shape *shape, const net_meter_times *times, const nn_fma_peak *peak,
                       df_error *err)
{
    json_t *layers = json_array();
    const double rate = rate_of(times->info.multiply_adds, times->whole);
    for (size_t i = 0; i < times->info.step_count; i++)
        json_array_append_new(layers, layer_json(&times->info.steps[i], times->steps[i], peak->rate));
    return cli_print_json(json_pack("{s:s, s:b, s:I, s:[I,I], s:I, s:f, s:f, s:f, s:I, s:f, s:f, s:f, s:s, s:o}", "net", given->images.net,
                                    "train", given->trains, "batch", (json_int_t)shape->size[0], "size", (json_int_t)shape->size[2],
                                    (json_int_t)shape->size[3], "repeat", (json_int_t)given->repeats, "ms", 1e3 * times->whole, "least_ms",
                                    1e3 * times->least, "most_ms", 1e3 * times->most, "multiply_adds",
                                    (json_int_t)times->info.multiply_adds, "gflops", 1e-9 * rate, "peak_share", rate / peak->rate,
                                    "peak_gflops", 1e-9 * peak->rate, "peak_instructions", peak->instructions, "layers", layers),
                          err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const net_bench_options *given = options;
    net_task task = {.options = {.classes = given->images.classes}, .weights = {.from = given->weights}};
    net_meter_task measured = {.task = &task, .repeats = given->repeats, .trains = given->trains, .progress = &cli->progress};
    if (!net_image_choice_read(cli, &given->images, &task.row, &measured.shape, err))
        return false;
    net_meter_times times;
    if (!net_meter_run(&measured, cli->arena, &times, err))
        return false;
    const nn_fma_peak peak = nn_measure_fma_peak();
    if (cli->shared.json)
        return print_json(given, &measured.shape, &times, &peak, err);
    print_table(given, &times, &peak);
    return true;
}

const cli_command net_bench_command = {
    .name = "net",
    .verb = "bench",
    .summary = "times a network layer by layer",
    .details = "A layer's result, millions of multiply-adds, milliseconds, and its share of what fused multiply-adds could do at most on\n"
               "these threads, measured at the end. Layers are steps of the plan: what was joined to a convolution is timed with it.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(net_bench_options),
    .shared = CLI_THREADS_ROUNDED | CLI_JSON,
    .run = run,
};
