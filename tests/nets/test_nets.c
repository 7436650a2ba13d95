/* Networks against the published code's numbers (NAME.expect.npz, of weights made by rule), published counts of parameters, and the rule
   against numbers worked out by hand. */
#include "nets/net.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "check.h"
#include "nets/net_run.h"
#include "tensor/npz.h"

static void read_arrays(const char *name, df_arena *arena, tensor_list *out)
{
    char path[512];
    df_error err = {0};
    df_bytes bytes;
    snprintf(path, sizeof path, "%s/nets/%s.npz", TEST_DATA, name);
    must(df_file_read(path, 1 << 24, arena, &bytes, &err) && npz_parse(bytes, arena, out, &err), &err);
}

/* Distance of two arrays as a share of the second one's length. */
static double distance(const tensor *got, const tensor *wanted)
{
    double difference = 0, length = 0;
    assert_int_equal(tensor_elements(got), tensor_elements(wanted));
    for (int64_t i = 0; i < tensor_elements(got); i++) {
        const double a = tensor_number(got, (size_t)i), b = tensor_number(wanted, (size_t)i);
        difference += (a - b) * (a - b);
        length += b * b;
    }
    return sqrt(difference / length);
}

static void must_agree(const char *net, const char *prefix, const char *file, double tolerance, double gradient_tolerance)
{
    df_error err = {0};
    char name[64];
    df_arena *arena = df_arena_new((size_t)1 << 30, &err);
    tensor_list in, wanted, got;
    const net_task task = {.row = net_find(net), .options = {.classes = 1000}, .weights = {.from = prefix}, .gradients = true};
    snprintf(name, sizeof name, "%s.in", file);
    read_arrays(name, arena, &in);
    snprintf(name, sizeof name, "%s.expect", file);
    read_arrays(name, arena, &wanted);
    must(net_run(&task, &in, arena, &got, &err), &err);
    for (size_t i = 0; i < wanted.count; i++) {
        const tensor *found = tensor_find(&got, wanted.tensors[i].name);
        if (!found)
            fail_msg("no output '%s'", wanted.tensors[i].name);
        const double off = distance(found, &wanted.tensors[i]);
        if (!(off <= (strncmp(found->name, "grad", 4) == 0 ? gradient_tolerance : tolerance)))
            fail_msg("%s %s: off by %.2g", net, found->name, off);
    }
    df_arena_free(arena);
}

static void outputs_and_gradients_are_the_published_ones(void **state)
{
    (void)state;
    must_agree("resnet34", "rule:r34.", "resnet34_eval", 1e-5, 2e-5);
    must_agree("inception_fid", "rule:fid.", "inception_fid_eval", 1e-5, 0.05); /* ReLUs near 0 may fall to either side */
}

/* The picture that TensorFlow.js 4.22 was given: waves of three frequencies. */
static void fill_waves(float *x)
{
    for (int c = 0; c < 3; c++)
        for (int row = 0; row < 299; row++)
            for (int column = 0; column < 299; column++)
                *x++ = (float)(0.5 + 0.5 * sin(7 * (c + 1) * (column / 299.0) + 5 * (row / 299.0) + c));
}

/* Where setup.sh put the files of nsfwjs; skips the test where it has not run. */
static void find_inception(char *path, size_t size)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    snprintf(path, size, "%s%s/diffuse/nsfwjs-4.4.0/inception_v3/model.json", data ? data : home ? home : "", data ? "" : "/.local/share");
    if (!df_path_exists(path))
        skip();
}

static void keras_inception_gives_what_tensorflow_js_gives(void **state)
{
    (void)state;
    static const float features[] = {0.23015937f, 0.00815717f, 0.17914695f, 0.05229175f};
    static const double length = 2.7270399, classes[] = {0.00160428, 0.00070302, 0.99114096, 0.00622103, 0.00033066};
    char path[512];
    df_error err = {0};
    find_inception(path, sizeof path);
    df_arena *arena = df_arena_new((size_t)1 << 30, &err);
    float *pixels = df_alloc(arena, 3 * 299 * 299, sizeof *pixels, &err);
    must(pixels != NULL, &err);
    fill_waves(pixels);
    tensor x = {.name = "x", .type = TENSOR_F32, .rank = 4, .shape = {1, 3, 299, 299}, .data = pixels};
    tensor_list out;
    const net_task task = {.row = net_find("inception_keras"), .weights = {.from = path}};
    must(net_run(&task, &(tensor_list){.tensors = &x, .count = 1}, arena, &out, &err), &err);
    const tensor *got = tensor_find(&out, "features"), *logits = tensor_find(&out, "logits");
    double squares = 0, sum = 0;
    for (size_t i = 0; i < 4; i++)
        must_lie((float)tensor_number(got, i) - features[i], -1e-5f, 1e-5f);
    for (size_t i = 0; i < 2048; i++)
        squares += tensor_number(got, i) * tensor_number(got, i);
    must_lie((float)(sqrt(squares) / length), 1 - 1e-5f, 1 + 1e-5f);
    for (size_t i = 0; i < 5; i++)
        sum += exp(tensor_number(logits, i));
    for (size_t i = 0; i < 5; i++)
        must_lie((float)(exp(tensor_number(logits, i)) / sum - classes[i]), -1e-5f, 1e-5f);
    df_arena_free(arena);
}

static int64_t parameters_of(const char *name)
{
    df_error err = {0};
    nn_graph *g = nn_graph_new(&err);
    net_ports ports;
    const net_row *row = net_find(name);
    const net_options options = {.classes = 1000};
    int64_t count = 0;
    assert_non_null(row);
    must(net_build(row, g, &row->usual, &options, &ports, &err), &err);
    for (size_t i = 0; nn_leaf_at(g, NN_PARAMETER, i); i++)
        count += nn_elements(nn_shape_at(nn_leaf_at(g, NN_PARAMETER, i)));
    nn_graph_free(g);
    return count;
}

static void networks_have_as_many_parameters_as_published(void **state)
{
    (void)state;
    assert_int_equal(parameters_of("resnet18"), 11689512);
    assert_int_equal(parameters_of("resnet34"), 21797672);
    assert_int_equal(parameters_of("resnet50"), 25557032);
    assert_int_equal(parameters_of("mobilenet_v2"), 3504872);
    assert_int_equal(parameters_of("inception_v3"), 27161264 - 3326696); /* without the auxiliary classifier */
}

static void the_rule_gives_the_numbers_that_it_says(void **state)
{
    (void)state;
    float value;
    net_rule_fill("a", &(nn_shape){.rank = 1, .size = {1}}, 1, &value); /* FNV-1a of "a" is af63dc4c8601ec8c */
    uint64_t z = 0xaf63dc4c8601ec8cu + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    const double v = (2 * ((double)(z >> 40) / 16777216) - 1) * sqrt(3);
    assert_true(value == (float)(0.1 * v));
    float variance[2], weight[8];
    net_rule_fill("x.running_var", &(nn_shape){.rank = 1, .size = {2}}, 1, variance);
    must_lie(variance[1], 1 - 0.25f * 1.7321f, 1 + 0.25f * 1.7321f);
    net_rule_fill("x.weight", &(nn_shape){.rank = 2, .size = {2, 4}}, 0.5, weight); /* deviation 0.5 sqrt(2 / 4) */
    for (int i = 0; i < 8; i++)
        must_lie(weight[i], -0.6124f, 0.6124f);
}

static void a_missing_or_wrong_input_is_named(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 26, &err);
    tensor_list out;
    float zeros[12] = {0};
    const net_task task = {.row = net_find("resnet18"), .options = {.classes = 3}, .weights = {.from = "rule:t."}};
    must_say(net_run(&task, &(tensor_list){.count = 0}, arena, &out, &err), &err, "no array 'x'");
    tensor flat = {.name = "x", .type = TENSOR_F32, .rank = 2, .shape = {3, 4}, .data = zeros};
    must_say(net_run(&task, &(tensor_list){.tensors = &flat, .count = 1}, arena, &out, &err), &err, "resnet18");
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_and_gradients_are_the_published_ones),
        cmocka_unit_test(keras_inception_gives_what_tensorflow_js_gives),
        cmocka_unit_test(networks_have_as_many_parameters_as_published),
        cmocka_unit_test(the_rule_gives_the_numbers_that_it_says),
        cmocka_unit_test(a_missing_or_wrong_input_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
