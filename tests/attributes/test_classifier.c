/* The classifier's file: what it says of itself comes back, half the size when wanted, and wrong ones are refused. */
#include "attributes/classifier.h"

#include <math.h>

#include "base/random.h"
#include "nets/net_weights.h"
#include "scratch.h"
#include "tensor/weights.h"

static df_error err;

static const classifier_form form = {
    .side = 32, .channels = 1, .width = 4, .count = 2, .attributes = {{"male", "gender == \"male\"", 1.5, -0.25}, {"Smiling", NULL, 1, 0}}};

/* The logits of a file's network on a fixed image. */
static void run_file(const char *path, float out[2])
{
    df_arena *arena = df_arena_new(1 << 22, &err);
    nn_graph *graph = nn_graph_new(&err);
    classifier_form read;
    nn_node *x, *logits;
    must(classifier_read_form(path, arena, &read, &err), &err);
    must(classifier_build(&read, graph, 1, NN_EVALUATE, &x, &logits, &err), &err);
    nn_plan *plan = nn_plan_new(graph, 1, &logits, &err);
    net_weights *weights = net_weights_load(graph, &(net_source){.from = path}, &err);
    must(plan && weights, &err);
    float *pixels = df_alloc(arena, 32 * 32, sizeof *pixels, &err);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 32 * 32; i++)
        pixels[i] = df_random_normal(&random);
    net_weights_bind(weights, plan);
    nn_plan_bind(plan, x, pixels);
    must(nn_plan_run(plan, &err), &err);
    memcpy(out, nn_plan_value(plan, logits), 2 * sizeof *out);
    net_weights_close(weights);
    nn_plan_free(plan);
    nn_graph_free(graph);
    df_arena_free(arena);
}

/* The network's tensors by rule. */
static void make_tensors(df_arena *arena, tensor_list *out)
{
    nn_graph *graph = nn_graph_new(&err);
    nn_node *x, *logits;
    size_t count = 0;
    must(classifier_build(&form, graph, 1, NN_EVALUATE, &x, &logits, &err), &err);
    net_weights *weights = net_weights_load(graph, &(net_source){.from = "rule:test/"}, &err);
    must(weights != NULL, &err);
    out->tensors = df_alloc(arena, 400, sizeof *out->tensors, &err);
    for (int kind = 0; kind < 2; kind++)
        for (size_t i = 0; nn_leaf_at(graph, kind ? NN_BUFFER : NN_PARAMETER, i); i++, count++) {
            const nn_node *leaf = nn_leaf_at(graph, kind ? NN_BUFFER : NN_PARAMETER, i);
            const nn_shape *shape = nn_shape_at(leaf);
            tensor *t = &out->tensors[count];
            *t = (tensor){.name = df_copy_string(arena, nn_name(leaf), &err), .type = TENSOR_F32, .rank = shape->rank};
            memcpy(t->shape, shape->size, (size_t)shape->rank * sizeof *t->shape);
            t->data = df_copy(arena, net_weights_data(weights, count), (size_t)nn_elements(shape) * sizeof(float), &err);
            assert_non_null(t->data);
        }
    out->count = count;
    net_weights_close(weights);
    nn_graph_free(graph);
}

static void a_file_says_what_it_is_and_half_of_it_nearly_the_same(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(1 << 24, &err);
    tensor_list list = {0};
    float whole[2], half[2];
    classifier_form read;
    df_bytes bytes[2];
    make_tensors(arena, &list);
    for (int is_half = 0; is_half < 2; is_half++) {
        const char *path = scratch_path(&s, is_half ? "half.safetensors" : "whole.safetensors");
        must(classifier_save(path, &form, &list, is_half, &err), &err);
        must(classifier_read_form(path, arena, &read, &err), &err);
        assert_true(read.side == 32 && read.channels == 1 && read.width == 4 && read.count == 2);
        assert_string_equal(read.attributes[0].rule, "gender == \"male\"");
        assert_true(read.attributes[0].slope == 1.5 && read.attributes[0].offset == -0.25);
        assert_null(read.attributes[1].rule);
        must(df_file_read(path, 1 << 22, arena, &bytes[is_half], &err), &err);
        run_file(path, is_half ? half : whole);
    }
    assert_true(bytes[1].size < bytes[0].size * 6 / 10);
    for (int c = 0; c < 2; c++) /* 11 bits of mantissa, some twenty layers */
        must_lie(half[c] - whole[c], -0.02f * (1 + fabsf(whole[c])), 0.02f * (1 + fabsf(whole[c])));
    df_arena_free(arena);
    scratch_free(&s);
}

static void probabilities_are_those_of_slope_and_offset(void **state)
{
    (void)state;
    must_lie(classifier_probability(&form.attributes[1], 0), 0.5f, 0.5f);
    must_lie(classifier_probability(&form.attributes[0], 2) - 1 / (1 + expf(-2.75f)), -1e-6f, 1e-6f);
    must_lie(classifier_probability(&form.attributes[0], -1e6f), 0, 0);
    must_lie(classifier_probability(&form.attributes[0], 1e6f), 1, 1);
}

static void files_of_another_kind_are_refused(void **state)
{
    (void)state;
#define ONE "[{\"name\":\"a\",\"rule\":null,\"slope\":1,\"offset\":0}]"
#define INPUT "{\"side\":32,\"channels\":1,\"width\":4}"
    static const struct {
        const char *kind, *attributes, *input, *says;
    } cases[] = {{"other", ONE, INPUT, "another"},
                 {"attributes", "[]", INPUT, "a list of 1 to"},
                 {"attributes", "{", INPUT, "line 1"},
                 {"attributes", "[{\"name\":\"\",\"slope\":1,\"offset\":0}]", INPUT, "name"},
                 {"attributes", "[{\"name\":\"a\",\"slope\":-1,\"offset\":0}]", INPUT, "slope"},
                 {"attributes", "[{\"name\":\"a\",\"rule\":3,\"slope\":1,\"offset\":0}]", INPUT, "rule"},
                 {"attributes", ONE, "{\"side\":32,\"channels\":2,\"width\":4}", "channels"},
                 {"attributes", ONE, "{\"side\":100000,\"channels\":1,\"width\":4}", "side"},
                 {"attributes", ONE, "[]", "side"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_arena *arena = df_arena_new(1 << 20, &err);
        const char *metadata[3][2] = {{"kind", cases[i].kind}, {"attributes", cases[i].attributes}, {"input", cases[i].input}};
        classifier_form out;
        must_say(classifier_parse_form(&(tensor_list){.metadata = metadata, .metadata_count = 3}, arena, &out, &err), &err, cases[i].says);
        df_arena_free(arena);
    }
    df_arena *arena = df_arena_new(1 << 20, &err);
    classifier_form out;
    must_say(classifier_parse_form(&(tensor_list){0}, arena, &out, &err), &err, "missing");
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_says_what_it_is_and_half_of_it_nearly_the_same),
        cmocka_unit_test(probabilities_are_those_of_slope_and_offset),
        cmocka_unit_test(files_of_another_kind_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
