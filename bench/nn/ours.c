/* ours.c: DIFFUSE's side of bench/nn.sh and bench/nn_train.sh, which tell on standard input when it is its turn.

       bench_nn run NET WEIGHTS IN.npz        outputs of x
       bench_nn train NET WEIGHTS IN.npz      steps of SGD with momentum on x and y

   One answer for each line read: "run": milliseconds of wall clock and of processor time of one run or step, in training also the loss;
   "output FILE": "done", and the last run's main output is in the npz FILE; "memory": kilobytes that the process held at most so far,
   and before the network was made. Ends with the input. Threads are OMP_NUM_THREADS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/file.h"
#include "nets/net_run.h"
#include "tensor/npz.h"
#include "train/losses.h"
#include "train/trainer.h"

enum { LINE = 4096, MOST_STEPS = 100000 };

typedef struct side {
    const char *net, *weights;
    tensor_list in;
    df_arena *arena;
    double wall, processor; /* when the turn began */
    long memory_before;
    const float *arrays[2]; /* x and y of a training */
} side;

static double processor_time(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* Kilobytes. What getrusage tells is at least what the program held that started this one. */
static long memory(void)
{
    char line[LINE];
    long peak = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && peak < 0 && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = strtol(line + 6, NULL, 10);
    if (status)
        fclose(status);
    return peak;
}

static void begin_turn(side *s)
{
    s->processor = processor_time();
    s->wall = df_clock();
}

static void end_turn(const side *s)
{
    const double wall = df_clock() - s->wall;
    printf("%.4f %.4f", 1e3 * wall, 1e3 * (processor_time() - s->processor));
}

/* The next line's word, and what follows it. */
static const char *next_line(char line[LINE], const char **rest)
{
    fflush(stdout);
    if (!fgets(line, LINE, stdin))
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    char *space = strchr(line, ' ');
    *rest = space ? space + 1 : "";
    if (space)
        *space = '\0';
    return line;
}

static bool write_output(const char *path, const nn_plan *plan, const net_port *port, df_error *err)
{
    const nn_shape *shape = nn_shape_at(port->node);
    tensor t = {.name = port->name, .type = TENSOR_F32, .rank = shape->rank, .data = nn_plan_value(plan, port->node)};
    memcpy(t.shape, shape->size, (size_t)shape->rank * sizeof *shape->size);
    return npz_write(path, &(tensor_list){.tensors = &t, .count = 1}, err);
}

static bool take_turns(side *s, nn_plan *plan, const net_port *port, df_error *err)
{
    char line[LINE];
    const char *word, *rest;
    puts("ready");
    while ((word = next_line(line, &rest)) != NULL) {
        if (strcmp(word, "run") == 0) {
            begin_turn(s);
            if (!nn_plan_run(plan, err))
                return false;
            end_turn(s);
            putchar('\n');
        } else if (strcmp(word, "output") == 0) {
            if (!write_output(rest, plan, port, err))
                return false;
            puts("done");
        } else {
            printf("%ld %ld\n", memory(), s->memory_before);
        }
    }
    return true;
}

static bool run_outputs(side *s, df_error *err)
{
    const net_options options = {.classes = 1000};
    const tensor *x = tensor_find(&s->in, "x");
    nn_shape shape;
    net_ports ports;
    if (!x || !net_shape_of(x, &shape, err))
        return false;
    const float *images = tensor_floats(x, s->arena, err);
    nn_graph *graph = images ? nn_graph_new(err) : NULL;
    if (!graph || !net_build(net_find(s->net), graph, &shape, &options, &ports, err))
        return false;
    net_weights *weights = net_weights_load(graph, &(net_source){.from = s->weights}, err);
    nn_plan *plan = weights ? nn_plan_new_as(graph, 1, &ports.outputs[0].node, &(nn_plan_form){.is_frozen = true}, err) : NULL;
    if (!plan)
        return false;
    net_weights_bind(weights, plan);
    nn_plan_bind(plan, ports.inputs[0].node, images);
    const bool ok = take_turns(s, plan, &ports.outputs[0], err);
    nn_plan_free(plan);
    net_weights_close(weights);
    nn_graph_free(graph);
    return ok;
}

/* ---- training: a step begins when the line is there ---- */

/* As batches->get. */
static bool wait_for_turn(void *self, int64_t step, const float **arrays, df_error *err)
{
    side *s = self;
    char line[LINE];
    const char *word, *rest;
    (void)step;
    (void)err;
    while ((word = next_line(line, &rest)) != NULL && strcmp(word, "memory") == 0)
        printf("%ld %ld\n", memory(), s->memory_before);
    if (!word)
        exit(EXIT_SUCCESS);
    memcpy(arrays, s->arrays, sizeof s->arrays);
    begin_turn(s);
    return true;
}

static bool tell_step(void *user, trainer *t, const trainer_step *step, df_error *err)
{
    const side *s = user;
    (void)t;
    (void)err;
    end_turn(s);
    printf(" %.9g\n", step->loss);
    return true;
}

static bool train(side *s, nn_graph *graph, const net_ports *ports, df_error *err)
{
    const nn_shape *logits = nn_shape_at(ports->outputs[0].node);
    nn_node *labels = nn_input(graph, "y", nn_shape_of(logits->size[0]));
    const trainer_input inputs[2] = {{.node = ports->inputs[0].node}, {.node = labels, .classes = logits->size[1]}};
    const batches data = {.self = s, .get = wait_for_turn};
    net_weights *weights = net_weights_load(graph, &(net_source){.from = s->weights}, err);
    const trainer_form form = {.graph = graph,
                               .loss = loss_cross_entropy(ports->outputs[0].node, labels),
                               .inputs = inputs,
                               .input_count = 2,
                               .data = &data,
                               .weights = weights,
                               .optimizer = {.kind = OPTIMIZER_SGD, .rate = 0.001f, .momentum = 0.9f},
                               .steps = MOST_STEPS,
                               .hooks = {.user = s, .stepped = tell_step}};
    trainer_report report;
    trainer *t = weights ? trainer_new(&form, err) : NULL;
    if (t)
        puts("ready");
    const bool ok = t && trainer_run(t, &report, err);
    trainer_free(t);
    net_weights_close(weights);
    return ok;
}

static bool run_training(side *s, df_error *err)
{
    const net_options options = {.classes = 1000, .mode = NN_TRAIN};
    const tensor *x = tensor_find(&s->in, "x"), *y = tensor_find(&s->in, "y");
    nn_shape shape;
    net_ports ports;
    if (!x || !y || !net_shape_of(x, &shape, err))
        return false;
    s->arrays[0] = tensor_floats(x, s->arena, err);
    s->arrays[1] = tensor_floats(y, s->arena, err);
    nn_graph *graph = s->arrays[0] && s->arrays[1] ? nn_graph_new(err) : NULL;
    const bool ok = graph && net_build(net_find(s->net), graph, &shape, &options, &ports, err) && train(s, graph, &ports, err);
    nn_graph_free(graph);
    return ok;
}

int main(int argc, char **argv)
{
    df_error err = {0};
    df_bytes bytes;
    side s = {.arena = df_arena_new(SIZE_MAX, &err)};
    if (argc != 5 || !net_find(argv[2]))
        return EXIT_FAILURE;
    s.net = argv[2];
    s.weights = argv[3];
    const bool is_read = s.arena && df_file_read(argv[4], SIZE_MAX - 1, s.arena, &bytes, &err) && npz_parse(bytes, s.arena, &s.in, &err);
    s.memory_before = memory();
    if (is_read && (strcmp(argv[1], "train") == 0 ? run_training(&s, &err) : run_outputs(&s, &err)))
        return EXIT_SUCCESS;
    fprintf(stderr, "bench_nn: %s\n", err.text);
    return EXIT_FAILURE;
}
