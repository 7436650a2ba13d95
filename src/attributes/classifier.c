/* classifier.c: the network and the file's metadata. */
#include "attributes/classifier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tensor/safetensors.h"
#include "tensor/weights.h"

static const char kind[] = "attributes";
static const double LARGEST = 1e6; /* of slope and offset */
enum { METADATA = 3 };

bool classifier_build(const classifier_form *form, nn_graph *graph, int batch, nn_mode mode, nn_node **x, nn_node **logits, df_error *err)
{
    const nn_shape shape = nn_shape_of(batch, form->channels, form->side, form->side);
    const net_options options = {.mode = mode, .classes = form->count, .width = form->width};
    net_ports ports;
    if (!net_build(net_find("resnet18"), graph, &shape, &options, &ports, err))
        return false;
    *x = ports.inputs[0].node;
    *logits = ports.outputs[0].node;
    return true;
}

float classifier_probability(const classifier_attribute *attribute, float logit)
{
    return (float)(1 / (1 + exp(-(attribute->slope * (double)logit + attribute->offset))));
}

void classifier_labels(const classifier_form *form, sample_label *out)
{
    for (int i = 0; i < form->count; i++) {
        const classifier_attribute *a = &form->attributes[i];
        out[i] =
            (sample_label){.name = a->name, .kind = a->rule ? SAMPLE_CONDITION : SAMPLE_ATTRIBUTE, .text = a->rule ? a->rule : a->name};
    }
}

/* ---- writing ---- */

static json_t *attributes_json(const classifier_form *form)
{
    json_t *list = json_array();
    for (int i = 0; i < form->count; i++) {
        const classifier_attribute *a = &form->attributes[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s?, s:f, s:f}", "name", a->name, "rule", a->rule, "slope", a->slope, "offset", a->offset));
    }
    return list;
}

static char *json_line(json_t *value, df_arena *arena, df_error *err)
{
    char *text = df_json_is_complete(err) ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    char *copy = text ? df_copy_string(arena, text, err) : NULL;
    free(text);
    json_decref(value);
    return copy;
}

static bool to_half(const tensor_list *weights, tensor *out, df_arena *arena, df_error *err)
{
    for (size_t i = 0; i < weights->count; i++) {
        const size_t count = (size_t)tensor_elements(&weights->tensors[i]);
        const float *values = tensor_floats(&weights->tensors[i], arena, err);
        uint16_t *halves = values ? df_alloc(arena, count, sizeof *halves, err) : NULL;
        if (!halves)
            return false;
        for (size_t j = 0; j < count; j++)
            halves[j] = float_to_half(values[j]);
        out[i] = weights->tensors[i];
        out[i].type = TENSOR_F16;
        out[i].data = halves;
    }
    return true;
}

static bool write_file(const char *path, const classifier_form *form, const tensor_list *weights, bool is_half, df_arena *arena,
                       df_error *err)
{
    json_t *input = json_pack("{s:i, s:i, s:i}", "side", form->side, "channels", form->channels, "width", form->width);
    const char *attributes = json_line(attributes_json(form), arena, err), *shape = json_line(input, arena, err);
    if (!attributes || !shape)
        return df_fail(err, "%s: no memory for its description", path);
    const char *metadata[METADATA][2] = {{"kind", kind}, {"attributes", attributes}, {"input", shape}};
    tensor_list list = {.tensors = weights->tensors, .count = weights->count, .metadata = metadata, .metadata_count = METADATA};
    if (is_half) {
        list.tensors = df_alloc(arena, weights->count, sizeof *list.tensors, err);
        if (!list.tensors || !to_half(weights, list.tensors, arena, err))
            return false;
    }
    return safetensors_write(path, &list, err);
}

bool classifier_save(const char *path, const classifier_form *form, const tensor_list *weights, bool is_half, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    const bool ok = arena && write_file(path, form, weights, is_half, arena, err);
    df_arena_free(arena);
    return ok;
}

/* ---- reading ---- */

static bool read_attribute(const json_t *from, df_arena *arena, classifier_attribute *out, df_error *err)
{
    const char *name;
    const json_t *rule = json_object_get(from, "rule");
    if (!df_json_get_string(from, "name", &name, err) || !df_json_get_number(from, "slope", 0, LARGEST, &out->slope, err) ||
        !df_json_get_number(from, "offset", -LARGEST, LARGEST, &out->offset, err))
        return false;
    if (name[0] == '\0' || strlen(name) >= CLASSIFIER_NAME)
        return df_fail(err, "name: expected 1 to %d bytes", CLASSIFIER_NAME - 1);
    if (rule && !json_is_null(rule) && !json_is_string(rule))
        return df_fail(err, "rule: expected a text or null");
    out->name = df_copy_string(arena, name, err);
    out->rule = json_is_string(rule) ? df_copy_string(arena, json_string_value(rule), err) : NULL;
    return out->name && (out->rule || !json_is_string(rule));
}

static bool read_attributes(const json_t *list, df_arena *arena, classifier_form *out, df_error *err)
{
    const size_t count = json_array_size(list);
    if (count < 1 || count > SAMPLE_LABELS)
        return df_fail(err, "metadata 'attributes': expected a list of 1 to %d", SAMPLE_LABELS);
    out->count = (int)count;
    for (size_t i = 0; i < count; i++)
        if (!read_attribute(json_array_get(list, i), arena, &out->attributes[i], err))
            return df_fail_in(err, "metadata 'attributes', %zu", i);
    return true;
}

static bool read_input(const json_t *from, classifier_form *out, df_error *err)
{
    int64_t side, channels, width;
    if (!df_json_get_integer(from, "side", CLASSIFIER_SIDE_LEAST, CLASSIFIER_SIDE_MOST, &side, err) ||
        !df_json_get_integer(from, "channels", 1, 3, &channels, err) ||
        !df_json_get_integer(from, "width", 1, CLASSIFIER_WIDTH_MOST, &width, err))
        return df_fail_in(err, "metadata 'input'");
    if (channels == 2)
        return df_fail(err, "metadata 'input': channels: 2, expected 1 or 3");
    out->side = (int)side;
    out->channels = (int)channels;
    out->width = (int)width;
    return true;
}

static json_t *parse(const tensor_list *file, const char *key, df_error *err)
{
    const char *text = tensor_metadata(file, key);
    json_t *value = text ? df_json_parse(text, strlen(text), err) : NULL;
    if (!text)
        (void)df_fail(err, "no metadata '%s': expected a file of `diffuse attributes train`", key);
    return value;
}

bool classifier_parse_form(const tensor_list *file, df_arena *arena, classifier_form *out, df_error *err)
{
    classifier_form form = {0};
    const char *found = tensor_metadata(file, "kind");
    if (!found || strcmp(found, kind) != 0)
        return df_fail(err, "metadata 'kind' is %s, expected '%s', as `diffuse attributes train` writes it", found ? "another" : "missing",
                       kind);
    json_t *attributes = parse(file, "attributes", err), *input = attributes ? parse(file, "input", err) : NULL;
    const bool ok = input && read_attributes(attributes, arena, &form, err) && read_input(input, &form, err);
    json_decref(attributes);
    json_decref(input);
    if (ok)
        *out = form;
    return ok;
}

bool classifier_read_form(const char *path, df_arena *arena, classifier_form *out, df_error *err)
{
    weights_file *file = weights_open(path, err);
    if (!file)
        return false;
    const bool ok = classifier_parse_form(weights_tensors(file), arena, out, err) || df_fail_in(err, "%s", path);
    weights_close(file);
    return ok;
}
