/* model_file.c: reads a face model. Order: sizes, then the arrays over them, then what refers to those; each tensor is checked
   completely when it is taken, so that nothing that follows needs to look again. */
#include "face/model_file.h"

#include <math.h>
#include <string.h>

#include "base/sha256.h"
#include "face/model_notes.h"
#include "face/model_read.h"
#include "face/traits.h"
#include "tensor/safetensors.h"

enum { MOST_VERTICES = 1 << 22, ARENA_BASE = 1 << 24 };
static const float ROW_SUM_TOLERANCE = 1e-3f; /* weights are float32 and a row has tens of them at most */

struct face_model_handle {
    df_bytes bytes;
    df_arena *arena;
    face_model model;
};

static bool check_label(const model_reader *reader, const char *key, const char *expected)
{
    const char *found = tensor_metadata(&reader->list, key);
    if (!found || strcmp(found, expected) != 0)
        return df_fail(reader->err, "metadata '%s' is %s%.40s%s, expected '%s'", key, found ? "'" : "", found ? found : "missing",
                       found ? "'" : "", expected);
    return true;
}

static bool size_of(const model_reader *reader, const char *name, int axis, int64_t most, int *out)
{
    const int64_t size = model_dimension(reader, name, axis);
    if (size < 0 || size > most)
        return df_fail(reader->err, "tensor '%s': %lld along axis %d, expected at most %lld", name, (long long)size, axis, (long long)most);
    *out = (int)size;
    return true;
}

/* Sizes come from the tensors that hold them as dimensions; model_floats and its like then hold all others to them. */
static bool read_sizes(const model_reader *reader, face_model *m)
{
    const int32_t *skin_count;
    if (!size_of(reader, "cage.mean", 0, MOST_VERTICES, &m->cage_count) ||
        !size_of(reader, "cage.shape", 0, FACE_MAX_COMPONENTS, &m->shape_count) ||
        !size_of(reader, "cage.expression", 0, FACE_MAX_EXPRESSIONS, &m->expression_count) ||
        !size_of(reader, "albedo.mean", 0, MOST_VERTICES, &m->skin_count) ||
        !size_of(reader, "albedo.components", 0, FACE_MAX_COMPONENTS, &m->albedo_count) ||
        !size_of(reader, "skin.triangles", 0, 2 * MOST_VERTICES, &m->triangle_count) ||
        !model_indices(reader, "cage.skin_count", 1, (int64_t[]){1}, 1, m->cage_count, &skin_count))
        return false;
    m->cage_skin_count = skin_count[0];
    return true;
}

static bool read_vertices(const model_reader *reader, face_model *m)
{
    const int64_t cage = m->cage_count, skin = m->skin_count;
    return model_floats(reader, "cage.mean", 2, (int64_t[]){cage, 3}, &m->cage_mean) &&
           model_floats(reader, "cage.shape", 3, (int64_t[]){m->shape_count, cage, 3}, &m->shape) &&
           model_floats(reader, "cage.expression", 3, (int64_t[]){m->expression_count, cage, 3}, &m->expression) &&
           model_floats(reader, "albedo.mean", 2, (int64_t[]){skin, 3}, &m->albedo_mean) &&
           model_floats(reader, "albedo.components", 3, (int64_t[]){m->albedo_count, skin, 3}, &m->albedo) &&
           model_indices(reader, "skin.triangles", 2, (int64_t[]){m->triangle_count, 3}, 0, skin - 1, &m->triangles);
}

static bool check_matrix(const model_reader *reader, const face_matrix *matrix, int rows, int64_t entries)
{
    if (matrix->start[0] != 0 || matrix->start[rows] != entries)
        return df_fail(reader->err, "tensor 'skin.subdivision.start': expected 0 at first and %lld at last", (long long)entries);
    for (int row = 0; row < rows; row++) {
        if (matrix->start[row] > matrix->start[row + 1])
            return df_fail(reader->err, "tensor 'skin.subdivision.start': decreases after row %d", row);
        float sum = 0;
        for (int32_t i = matrix->start[row]; i < matrix->start[row + 1]; i++)
            sum += matrix->weight[i];
        if (!(fabsf(sum - 1) <= ROW_SUM_TOLERANCE))
            return df_fail(reader->err, "tensor 'skin.subdivision.weight': row %d sums to %g, expected 1", row, (double)sum);
    }
    return true;
}

static bool read_subdivision(const model_reader *reader, face_model *m)
{
    face_matrix *matrix = &m->subdivision;
    if (!tensor_find(&reader->list, "skin.subdivision.start"))
        return m->skin_count == m->cage_skin_count ||
               df_fail(reader->err, "%d skin vertices and %d of the cage, but no 'skin.subdivision.start'", m->skin_count,
                       m->cage_skin_count);
    const int64_t entries = model_dimension(reader, "skin.subdivision.column", 0);
    return model_indices(reader, "skin.subdivision.start", 1, (int64_t[]){(int64_t)m->skin_count + 1}, 0, entries, &matrix->start) &&
           model_indices(reader, "skin.subdivision.column", 1, (int64_t[]){entries}, 0, m->cage_count - 1, &matrix->column) &&
           model_floats(reader, "skin.subdivision.weight", 1, (int64_t[]){entries}, &matrix->weight) &&
           check_matrix(reader, matrix, m->skin_count, entries);
}

static bool check_range(const model_reader *reader, const char *name, const float *values, int64_t count, float low, float high)
{
    for (int64_t i = 0; i < count; i++)
        if (values[i] < low || values[i] > high)
            return df_fail(reader->err, "tensor '%s': number %lld is %g, expected %g to %g", name, (long long)i, (double)values[i],
                           (double)low, (double)high);
    return true;
}

static bool read_landmarks(const model_reader *reader, face_model *m)
{
    const int32_t *landmarks;
    if (!model_indices(reader, "skin.landmarks", 1, (int64_t[]){FACE_LANDMARKS}, 0, m->skin_count - 1, &landmarks))
        return false;
    memcpy(m->landmarks, landmarks, sizeof m->landmarks);
    return m->has_landmarks = true;
}

/* Names of metadata `key` into names [most][FACE_NAME]; no two may be equal. */
static bool read_names(const model_reader *reader, const char *key, size_t most, char (*names)[FACE_NAME], int *count)
{
    json_t *array = model_array(reader, key, most);
    if (!array)
        return false;
    const size_t n = json_array_size(array);
    bool good = true;
    for (size_t i = 0; good && i < n; i++) {
        good = model_name(reader, key, json_string_value(json_array_get(array, i)), names[i]);
        for (size_t j = 0; good && j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                good = df_fail(reader->err, "metadata '%s': '%s' stands there twice", key, names[i]);
    }
    json_decref(array);
    *count = (int)n;
    return good;
}

static bool read_named(const model_reader *reader, face_model *m)
{
    char(*names)[FACE_NAME] = df_alloc(reader->arena, FACE_MAX_NAMED, FACE_NAME, reader->err);
    if (!names || !read_names(reader, "named_landmarks", FACE_MAX_NAMED, names, &m->named_count))
        return false;
    m->named_names = (const char(*)[FACE_NAME])names;
    return model_indices(reader, "skin.named_landmarks", 1, (int64_t[]){m->named_count}, 0, m->skin_count - 1, &m->named_landmarks);
}

static bool read_eyes(const model_reader *reader, face_model *m)
{
    const int64_t count = model_dimension(reader, "eyes.refs", 1);
    const int32_t *refs;
    if (count < 1 || count > (int64_t)DF_ARRAY_LEN(m->eye_refs[0]))
        return df_fail(reader->err, "tensor 'eyes.refs': %lld vertices an eye, expected 1 to %zu", (long long)count,
                       DF_ARRAY_LEN(m->eye_refs[0]));
    if (!model_indices(reader, "eyes.refs", 2, (int64_t[]){2, count}, 0, m->cage_count - 1, &refs))
        return false;
    m->eye_ref_count = (int)count;
    for (int eye = 0; eye < 2; eye++)
        memcpy(m->eye_refs[eye], refs + eye * count, (size_t)count * sizeof *refs);
    return true;
}

/* What a model may lack. */
static bool read_coarse(const model_reader *reader, face_model *m)
{
    return size_of(reader, "skin.coarse_triangles", 0, 2 * MOST_VERTICES, &m->coarse_triangle_count) &&
           model_indices(reader, "skin.coarse_triangles", 2, (int64_t[]){m->coarse_triangle_count, 3}, 0, m->cage_skin_count - 1,
                         &m->coarse_triangles) &&
           (!m->regions || model_bytes(reader, "skin.coarse_regions", 1, (int64_t[]){m->coarse_triangle_count}, FACE_SKIN,
                                       FACE_REGION_COUNT - 1, &m->coarse_regions));
}

static bool read_optional(const model_reader *reader, face_model *m)
{
    const tensor_list *list = &reader->list;
    const int64_t skin = m->skin_count;
    if (tensor_find(list, "skin.regions") &&
        !model_bytes(reader, "skin.regions", 1, (int64_t[]){m->triangle_count}, FACE_SKIN, FACE_REGION_COUNT - 1, &m->regions))
        return false;
    if (tensor_find(list, "skin.uv") && !model_floats(reader, "skin.uv", 2, (int64_t[]){skin, 2}, &m->uv))
        return false;
    if (tensor_find(list, "skin.occlusion") && !(model_floats(reader, "skin.occlusion", 1, (int64_t[]){skin}, &m->occlusion) &&
                                                 check_range(reader, "skin.occlusion", m->occlusion, skin, 0, 1)))
        return false;
    if (tensor_find(list, "skin.landmarks") && !read_landmarks(reader, m))
        return false;
    if (tensor_find(list, "skin.named_landmarks") && !read_named(reader, m))
        return false;
    if (tensor_find(list, "cage.expression_mean") &&
        !model_floats(reader, "cage.expression_mean", 2, (int64_t[]){m->cage_count, 3}, &m->expression_mean))
        return false;
    const float *origin = m->origin;
    if (tensor_find(list, "cage.origin") && !model_floats(reader, "cage.origin", 1, (int64_t[]){3}, &origin))
        return false;
    memmove(m->origin, origin, sizeof m->origin);
    if (tensor_find(list, "skin.coarse_triangles") && !read_coarse(reader, m))
        return false;
    return !tensor_find(list, "eyes.refs") || read_eyes(reader, m);
}

static bool read_expression_names(const model_reader *reader, face_model *m)
{
    char(*names)[FACE_NAME] = df_alloc(reader->arena, FACE_MAX_EXPRESSIONS, FACE_NAME, reader->err);
    int count = 0;
    if (!names || !read_names(reader, "expressions", FACE_MAX_EXPRESSIONS, names, &count))
        return false;
    if (count != m->expression_count)
        return df_fail(reader->err, "metadata 'expressions': %d names, expected %d", count, m->expression_count);
    m->expression_names = (const char(*)[FACE_NAME])names;
    return true;
}

static bool read_law(const model_reader *reader, face_model *m)
{
    face_trait_law *law = &m->law;
    const int64_t shape = m->shape_count, albedo = m->albedo_count, features = traits_feature_count(m->group_count);
    if (!tensor_find(&reader->list, "law.shape"))
        return true;
    law->features = (int)features;
    return model_floats(reader, "law.shape", 2, (int64_t[]){features, shape}, &law->shape) &&
           model_floats(reader, "law.albedo", 2, (int64_t[]){features, albedo}, &law->albedo) &&
           model_floats(reader, "law.shape_residual", 2, (int64_t[]){shape, shape}, &law->shape_residual) &&
           model_floats(reader, "law.albedo_residual", 2, (int64_t[]){albedo, albedo}, &law->albedo_residual);
}

static bool read_statistics(const model_reader *reader, face_model *m)
{
    const int64_t n = (int64_t)m->shape_count + m->albedo_count, groups = m->group_count;
    if (tensor_find(&reader->list, "groups.mean") &&
        !(model_floats(reader, "groups.mean", 3, (int64_t[]){groups, 2, n}, &m->group_mean) &&
          model_floats(reader, "groups.covariance", 4, (int64_t[]){groups, 2, n, n}, &m->group_covariance)))
        return false;
    return true;
}

static bool read_directions(const model_reader *reader, face_model *m)
{
    const int64_t n = (int64_t)m->shape_count + m->albedo_count;
    if (tensor_find(&reader->list, "attributes.directions") &&
        !model_floats(reader, "attributes.directions", 2, (int64_t[]){FACE_ATTRIBUTE_COUNT, n}, &m->attribute_directions))
        return false;
    return !tensor_find(&reader->list, "attributes.amounts") ||
           model_floats(reader, "attributes.amounts", 2, (int64_t[]){FACE_AMOUNT_COUNT, n}, &m->amount_directions);
}

static bool read_people(const model_reader *reader, face_model *m)
{
    if (!read_names(reader, "groups", FACE_MAX_GROUPS, m->group_names, &m->group_count))
        return false;
    return (m->group_count == 0 || (read_law(reader, m) && read_statistics(reader, m))) && read_directions(reader, m);
}

bool face_model_take(const tensor_list *list, df_arena *arena, face_model *out, df_error *err)
{
    const model_reader reader = {.list = *list, .arena = arena, .err = err};
    face_model m = {0};
    if (!check_label(&reader, "format", "diffuse-face-model") || !check_label(&reader, "version", "1") ||
        !model_name(&reader, "metadata 'name'", tensor_metadata(&reader.list, "name"), m.name) || !read_sizes(&reader, &m) ||
        !read_vertices(&reader, &m) || !read_subdivision(&reader, &m) || !read_optional(&reader, &m) ||
        !read_expression_names(&reader, &m) || !read_people(&reader, &m) || !model_read_textures(&reader, &m) ||
        !model_read_parts(&reader, &m) || !model_notes_read(list, arena, &m, err))
        return false;
    *out = m;
    return true;
}

bool face_model_parse(df_bytes bytes, df_arena *arena, face_model *out, df_error *err)
{
    tensor_list list;
    face_model m;
    if (!safetensors_parse(bytes, arena, &list, err) || !face_model_take(&list, arena, &m, err))
        return false;
    df_sha256_of(bytes.data, bytes.size, m.sha256);
    *out = m;
    return true;
}

/* Maps the file and reads it into an arena of its own, in which the handle lives too. */
static face_model_handle *open_mapped(df_bytes bytes, df_error *err)
{
    df_arena *arena = df_arena_new(2 * bytes.size + ARENA_BASE, err);
    face_model_handle *handle = arena ? df_alloc(arena, 1, sizeof *handle, err) : NULL;
    if (!handle || !face_model_parse(bytes, arena, &handle->model, err)) {
        df_arena_free(arena);
        return NULL;
    }
    handle->bytes = bytes;
    handle->arena = arena;
    return handle;
}

face_model_handle *face_model_open(const char *path, df_error *err)
{
    df_bytes bytes = {0};
    if (!df_file_map(path, &bytes, err))
        return NULL;
    face_model_handle *handle = open_mapped(bytes, err);
    if (!handle) {
        df_fail_in(err, "%s", path);
        df_file_unmap(&bytes);
    }
    return handle;
}

const face_model *face_model_of(const face_model_handle *handle)
{
    return &handle->model;
}

void face_model_close(face_model_handle *handle)
{
    if (!handle)
        return;
    df_file_unmap(&handle->bytes);
    df_arena_free(handle->arena);
}
