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
     .help = "npz with shape, albedo, expression, gender, age, height, weight, or some of them"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_eval_options, out),
     .help = "npz with vertices, albedo, triangles and the landmarks that the model has"},
};

/* One of the input's arrays, [faces][count]; NULL values where it is absent. Amounts are [faces]. */
typedef struct coefficients {
    const float *values;
    int count;
} coefficients;

typedef struct eval_input {
    size_t faces;
    coefficients shape, albedo, expression, amount[FACE_AMOUNT_COUNT];
} eval_input;

typedef struct eval_output {
    float *vertices, *albedo, *landmarks, *named; /* [faces][V][3], [faces][V][3], [faces][68][3], [faces][named_count][3] */
} eval_output;

static bool check_finite(const float *values, size_t faces, int count, const char *name, df_error *err)
{
    for (size_t i = 0; i < faces * (size_t)count; i++)
        if (!isfinite(values[i]))
            return df_fail(err, "array '%s', face %zu, coefficient %zu: expected a finite number", name, i / (size_t)count,
                           i % (size_t)count);
    return true;
}

/* What read_array has seen so far: all arrays have one row a face. */
typedef struct row_count {
    bool is_known;
    size_t faces;
} row_count;

static bool read_array(const tensor_list *list, const char *name, int rank, int limit, row_count *rows_seen, coefficients *out,
                       df_arena *arena, df_error *err)
{
    const tensor *array = tensor_find(list, name);
    if (!array)
        return true;
    if (array->rank != rank || (rank == 2 && array->shape[1] > limit))
        return df_fail(err, "array '%s': expected %s%d, found %d dimensions%s", name,
                       rank == 2 ? "two dimensions, faces x coefficients, at most " : "one number a face in one dimension, at most ", limit,
                       array->rank, array->rank == rank ? " with more coefficients" : "");
    if (rows_seen->is_known && (size_t)array->shape[0] != rows_seen->faces)
        return df_fail(err, "array '%s': %lld faces, the arrays before it %zu", name, (long long)array->shape[0], rows_seen->faces);
    const int count = rank == 2 ? (int)array->shape[1] : 1;
    const float *values = tensor_floats(array, arena, err);
    if (!values || !check_finite(values, (size_t)array->shape[0], count, name, err))
        return false;
    *rows_seen = (row_count){.is_known = true, .faces = (size_t)array->shape[0]};
    *out = (coefficients){.values = values, .count = count};
    return true;
}

static bool is_amount(const char *name)
{
    for (int a = 0; a < FACE_AMOUNT_COUNT; a++)
        if (strcmp(name, face_amount_names[a]) == 0)
            return true;
    return false;
}

static bool check_names(const tensor_list *list, const face_model *model, df_error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->tensors[i].name;
        if (is_amount(name) && !model->amount_directions)
            return df_fail(err, "array '%s': the model '%s' has no direction of %s", name, model->name, name);
        if (!is_amount(name) && strcmp(name, "shape") != 0 && strcmp(name, "albedo") != 0 && strcmp(name, "expression") != 0)
            return df_fail(err, "array '%.80s': expected shape, albedo, expression, gender, age, height or weight", name);
    }
    return true;
}

static bool read_amounts(const tensor_list *list, row_count *rows_seen, eval_input *input, df_arena *arena, df_error *err)
{
    for (int a = 0; a < FACE_AMOUNT_COUNT; a++)
        if (!read_array(list, face_amount_names[a], 1, 1, rows_seen, &input->amount[a], arena, err))
            return false;
    return true;
}

static bool read_input(const tensor_list *list, const face_model *model, eval_input *out, df_arena *arena, df_error *err)
{
    eval_input input = {0};
    row_count rows_seen = {0};
    if (!check_names(list, model, err) || !read_array(list, "shape", 2, model->shape_count, &rows_seen, &input.shape, arena, err) ||
        !read_array(list, "albedo", 2, model->albedo_count, &rows_seen, &input.albedo, arena, err) ||
        !read_array(list, "expression", 2, model->expression_count, &rows_seen, &input.expression, arena, err) ||
        !read_amounts(list, &rows_seen, &input, arena, err))
        return false;
    if (!rows_seen.is_known)
        return df_fail(err, "no array: expected shape, albedo, expression or an amount");
    input.faces = rows_seen.faces;
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
    out->named = out->landmarks ? df_alloc(arena, faces, (size_t)model->named_count * 3 * sizeof(float), err) : NULL;
    return out->named != NULL;
}

/* The coefficients of one face from `first` to before `first + count` of the joint ones: as given, the rest 0, plus what the amounts add. */
static void joint_row(const face_model *model, const eval_input *in, const coefficients *given, size_t face, int first, int count,
                      float *out)
{
    const size_t n = (size_t)model->shape_count + (size_t)model->albedo_count;
    memset(out, 0, (size_t)count * sizeof *out);
    if (given->count > 0)
        memcpy(out, given->values + face * (size_t)given->count, (size_t)given->count * sizeof *out);
    for (size_t a = 0; a < FACE_AMOUNT_COUNT; a++)
        for (int i = 0; in->amount[a].values && i < count; i++)
            out[i] += in->amount[a].values[face] * model->amount_directions[a * n + (size_t)(first + i)];
}

static void copy_vertices(const float *vertices, const int32_t *chosen, int count, float *out)
{
    for (size_t i = 0; i < (size_t)count; i++)
        memcpy(out + 3 * i, vertices + (size_t)chosen[i] * 3, 3 * sizeof *out);
}

/* One face: mean, shape, expression, subdivision. `cage` is scratch, [C][3]. */
static void eval_face(const face_model *model, const eval_input *in, size_t face, float *cage, const eval_output *out)
{
    const size_t numbers = (size_t)model->skin_count * 3;
    float *vertices = out->vertices + face * numbers;
    float shape[FACE_MAX_COMPONENTS], albedo[FACE_MAX_COMPONENTS], weights[FACE_MAX_EXPRESSIONS] = {0};
    joint_row(model, in, &in->shape, face, 0, model->shape_count, shape);
    joint_row(model, in, &in->albedo, face, model->shape_count, model->albedo_count, albedo);
    face_shape(model, shape, model->shape_count, cage);
    if (in->expression.count > 0)
        memcpy(weights, in->expression.values + face * (size_t)in->expression.count, (size_t)in->expression.count * sizeof(float));
    face_express(model, weights, cage);
    face_skin(model, cage, vertices);
    face_albedo(model, albedo, model->albedo_count, out->albedo + face * numbers);
    if (model->has_landmarks)
        copy_vertices(vertices, model->landmarks, FACE_LANDMARKS, out->landmarks + face * FACE_LANDMARKS * 3);
    copy_vertices(vertices, model->named_landmarks, model->named_count, out->named + face * (size_t)model->named_count * 3);
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
    tensor tensors[5] = {
        {.name = "vertices", .type = TENSOR_F32, .rank = 3, .shape = {n, model->skin_count, 3}, .data = out->vertices},
        {.name = "albedo", .type = TENSOR_F32, .rank = 3, .shape = {n, model->skin_count, 3}, .data = out->albedo},
        {.name = "triangles", .type = TENSOR_I32, .rank = 2, .shape = {model->triangle_count, 3}, .data = model->triangles},
    };
    tensor_list list = {.tensors = tensors, .count = 3};
    if (model->has_landmarks)
        tensors[list.count++] =
            (tensor){.name = "landmarks", .type = TENSOR_F32, .rank = 3, .shape = {n, FACE_LANDMARKS, 3}, .data = out->landmarks};
    if (model->named_count > 0)
        tensors[list.count++] =
            (tensor){.name = "named_landmarks", .type = TENSOR_F32, .rank = 3, .shape = {n, model->named_count, 3}, .data = out->named};
    return npz_write(path, &list, err);
}

static bool eval(cli_context *cli, const face_model *model, df_bytes bytes, const model_eval_options *given, df_error *err)
{
    tensor_list list = {0};
    eval_input in = {0};
    eval_output out = {0};
    if (!npz_parse(bytes, cli->arena, &list, err) || !read_input(&list, model, &in, cli->arena, err))
        return df_fail_in(err, "%s", given->coefficients);
    if (!model->has_landmarks && model->named_count == 0)
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
               "coefficients are 0. gender, age, height and weight, each [n], where the model has their maker's directions:\n"
               "amount x direction is added to both. Out: vertices [n][V][3] in mm, in the model's own axes, albedo [n][V][3] (display\n"
               "values, not limited), triangles [F][3] from 0, outward, landmarks [n][68][3] and named_landmarks [n][L][3] in mm.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_eval_options),
    .shared = CLI_THREADS,
    .run = run,
};
