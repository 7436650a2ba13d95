/* model_eval.c: `diffuse model eval`: coefficients in, meshes out, both as NumPy archives: the model for other programs, and
   the way to compare it with them. */
#include <omp.h>

#include "base/file.h"
#include "base/size.h"
#include "base/stop.h"
#include "cli/commands.h"
#include "face/face_eval.h"
#include "face/model_file.h"
#include "tensor/npz.h"

typedef struct model_eval_options {
    const char *model, *coefficients, *out;
} model_eval_options;

static const option rows[] = {
    {.name = "MODEL",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(model_eval_options, model),
     .help = "a face model"},
    {.name = "coefficients",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_eval_options, coefficients),
     .help = "npz with shape, albedo and expression, or some of them"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_eval_options, out),
     .help = "npz with vertices, albedo, triangles and landmarks"},
};

/* One of the input's arrays, [faces][count]; NULL values where it is absent. */
typedef struct coefficients {
    const float *values;
    int count;
} coefficients;

typedef struct eval_input {
    size_t faces;
    coefficients shape, albedo, expression;
} eval_input;

typedef struct eval_output {
    float *vertices, *albedo, *landmarks; /* [faces][V][3], [faces][V][3], [faces][68][3] */
} eval_output;

static bool check_finite(const float *values, size_t faces, int count, const char *name, df_error *err)
{
    for (size_t i = 0; i < faces * (size_t)count; i++)
        if (!isfinite(values[i]))
            return df_fail(err, "array '%s', face %zu, coefficient %zu: expected a finite number", name, i / (size_t)count,
                           i % (size_t)count);
    return true;
}

static bool read_array(const tensor_list *list, const char *name, int limit, bool *is_first, size_t *faces, coefficients *out,
                       df_arena *arena, df_error *err)
{
    const tensor *array = tensor_find(list, name);
    if (!array)
        return true;
    if (array->rank != 2 || array->shape[1] > limit)
        return df_fail(err, "array '%s': expected two dimensions, faces x at most %d coefficients, found %d dimensions%s", name, limit,
                       array->rank, array->rank == 2 ? " with more coefficients" : "");
    if (!*is_first && (size_t)array->shape[0] != *faces)
        return df_fail(err, "array '%s': %lld faces, the arrays before it %zu", name, (long long)array->shape[0], *faces);
    const float *values = tensor_floats(array, arena, err);
    if (!values || !check_finite(values, (size_t)array->shape[0], (int)array->shape[1], name, err))
        return false;
    *is_first = false;
    *faces = (size_t)array->shape[0];
    *out = (coefficients){.values = values, .count = (int)array->shape[1]};
    return true;
}

static bool check_names(const tensor_list *list, df_error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->tensors[i].name;
        if (strcmp(name, "shape") != 0 && strcmp(name, "albedo") != 0 && strcmp(name, "expression") != 0)
            return df_fail(err, "array '%.80s': expected shape, albedo or expression", name);
    }
    return true;
}

static bool read_input(const tensor_list *list, const face_model *model, eval_input *out, df_arena *arena, df_error *err)
{
    eval_input input = {0};
    bool is_first = true;
    if (!check_names(list, err) || !read_array(list, "shape", model->shape_count, &is_first, &input.faces, &input.shape, arena, err) ||
        !read_array(list, "albedo", model->albedo_count, &is_first, &input.faces, &input.albedo, arena, err) ||
        !read_array(list, "expression", model->expression_count, &is_first, &input.faces, &input.expression, arena, err))
        return false;
    if (is_first)
        return df_fail(err, "no array: expected shape, albedo or expression");
    *out = input;
    return true;
}

static bool allocate_output(const face_model *model, size_t faces, df_arena *arena, eval_output *out, df_error *err)
{
    size_t numbers;
    if (!df_size_mul(faces, (size_t)model->skin_count * 3, &numbers))
        return df_fail(err, "%zu faces are too many", faces);
    out->vertices = df_alloc(arena, numbers, sizeof(float), err);
    out->albedo = out->vertices ? df_alloc(arena, numbers, sizeof(float), err) : NULL;
    out->landmarks = out->albedo ? df_alloc(arena, faces, FACE_LANDMARKS * 3 * sizeof(float), err) : NULL;
    return out->landmarks != NULL;
}

static const float *row_of(const coefficients *all, size_t face)
{
    return all->values ? all->values + face * (size_t)all->count : NULL;
}

/* One face: mean, shape, expression, subdivision; albedo limited to 0 to 1. `cage` is scratch, [C][3]. */
static void eval_face(const face_model *model, const eval_input *in, size_t face, float *cage, const eval_output *out)
{
    const size_t numbers = (size_t)model->skin_count * 3;
    float *vertices = out->vertices + face * numbers, *albedo = out->albedo + face * numbers;
    float weights[FACE_MAX_EXPRESSIONS] = {0};
    face_shape(model, row_of(&in->shape, face), in->shape.count, cage);
    if (in->expression.count > 0)
        memcpy(weights, row_of(&in->expression, face), (size_t)in->expression.count * sizeof(float));
    face_express(model, weights, cage);
    face_skin(model, cage, vertices);
    face_albedo(model, row_of(&in->albedo, face), in->albedo.count, albedo);
    for (size_t i = 0; i < numbers; i++)
        albedo[i] = fminf(fmaxf(albedo[i], 0), 1);
    for (size_t i = 0; model->has_landmarks && i < FACE_LANDMARKS; i++)
        memcpy(out->landmarks + (face * FACE_LANDMARKS + i) * 3, vertices + (size_t)model->landmarks[i] * 3, 3 * sizeof(float));
}

static bool eval_faces(const face_model *model, const eval_input *in, const eval_output *out, df_arena *arena, df_error *err)
{
    const size_t cage_numbers = (size_t)model->cage_count * 3;
    float *cages = df_alloc(arena, (size_t)omp_get_max_threads(), cage_numbers * sizeof(float), err);
    if (!cages)
        return false;
#pragma omp parallel for schedule(dynamic)
    for (size_t face = 0; face < in->faces; face++)
        if (!df_stop_signal())
            eval_face(model, in, face, cages + (size_t)omp_get_thread_num() * cage_numbers, out);
    return df_stop_signal() ? df_fail(err, "stopped by a signal") : true;
}

static bool write_output(const face_model *model, size_t faces, const eval_output *out, const char *path, df_error *err)
{
    const int64_t n = (int64_t)faces;
    tensor tensors[] = {
        {.name = "vertices", .type = TENSOR_F32, .rank = 3, .shape = {n, model->skin_count, 3}, .data = out->vertices},
        {.name = "albedo", .type = TENSOR_F32, .rank = 3, .shape = {n, model->skin_count, 3}, .data = out->albedo},
        {.name = "triangles", .type = TENSOR_I32, .rank = 2, .shape = {model->triangle_count, 3}, .data = model->triangles},
        {.name = "landmarks", .type = TENSOR_F32, .rank = 3, .shape = {n, FACE_LANDMARKS, 3}, .data = out->landmarks},
    };
    const tensor_list list = {.tensors = tensors, .count = DF_ARRAY_LEN(tensors) - !model->has_landmarks};
    return npz_write(path, &list, err);
}

static bool eval(cli_context *cli, const face_model *model, df_bytes bytes, const model_eval_options *given, df_error *err)
{
    tensor_list list = {0};
    eval_input in = {0};
    eval_output out = {0};
    if (!npz_parse(bytes, cli->arena, &list, err) || !read_input(&list, model, &in, cli->arena, err))
        return df_fail_in(err, "%s", given->coefficients);
    if (!model->has_landmarks)
        df_progress_note(&cli->progress, "%s knows no landmarks: the output has none", given->model);
    return allocate_output(model, in.faces, cli->arena, &out, err) && eval_faces(model, &in, &out, cli->arena, err) &&
           write_output(model, in.faces, &out, given->out, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_eval_options *given = options;
    df_bytes bytes = {0};
    face_model_handle *handle = face_model_open(given->model, err);
    const bool is_done = handle && df_file_map(given->coefficients, &bytes, err) && eval(cli, face_model_of(handle), bytes, given, err);
    df_file_unmap(&bytes);
    face_model_close(handle);
    return is_done;
}

const cli_command model_eval_command = {
    .name = "model",
    .verb = "eval",
    .summary = "computes faces from coefficients",
    .details = "In: shape, albedo and expression, each [n][k] in standard deviations (expression: weights); missing trailing\n"
               "coefficients are 0. Out: vertices [n][V][3] in mm, albedo [n][V][3] limited to 0..1 (display values), triangles [F][3]\n"
               "from 0, outward, landmarks [n][68][3] in mm.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_eval_options),
    .shared = CLI_THREADS,
    .run = run,
};
