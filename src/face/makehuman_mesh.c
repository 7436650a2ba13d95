/* makehuman_mesh.c: reads three.js JSON format 3. `faces` is one stream of integers; each face begins with a word of bits that
   says what follows, and in this package that word is always the same. */
#include "face/makehuman_mesh.h"

#include <math.h>

#include "base/json.h"

enum {
    QUAD = 1,
    MATERIAL = 2,
    CORNER_UVS = 8,
    FACE_TYPE = QUAD | MATERIAL | CORNER_UVS,
    FACE_WORDS = 1 + 4 + 1 + 4, /* type, corners, material, uvs */
    MOST_NUMBERS = 1 << 22,
    FILE_LIMIT = 64 << 20
};

static json_t *array_of(const json_t *object, const char *key, df_error *err)
{
    json_t *array = json_object_get(object, key);
    if (!json_is_array(array) || json_array_size(array) > MOST_NUMBERS) {
        df_fail(err, "%s: expected an array of at most %d members", key, MOST_NUMBERS);
        return NULL;
    }
    return array;
}

static bool number_of(const json_t *value, const char *key, size_t index, float *out, df_error *err)
{
    const double number = json_is_number(value) ? json_number_value(value) : (double)NAN;
    if (!(fabs(number) < 1e6))
        return df_fail(err, "%s: member %zu is no number below 1e6", key, index);
    *out = (float)number;
    return true;
}

static bool index_of(const json_t *value, const char *key, size_t index, int limit, int32_t *out, df_error *err)
{
    const json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    if (number < 0 || number >= limit)
        return df_fail(err, "%s: member %zu is no index below %d", key, index, limit);
    *out = (int32_t)number;
    return true;
}

/* A flat array of numbers in rows of `width`. */
static bool read_rows(const json_t *array, const char *key, size_t width, df_arena *arena, const float **out, int *rows, df_error *err)
{
    const size_t count = json_array_size(array);
    if (count == 0 || count % width != 0)
        return df_fail(err, "%s: %zu numbers, expected a multiple of %zu", key, count, width);
    float *values = df_alloc(arena, count, sizeof *values, err);
    if (!values)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!number_of(json_array_get(array, i), key, i, &values[i], err))
            return false;
    *out = values;
    *rows = (int)(count / width);
    return true;
}

/* `rows` arrays of 3 members each; their total is the caller's to read with number_of or index_of. */
static bool check_triples(const json_t *array, const char *key, int rows, df_error *err)
{
    if (json_array_size(array) != (size_t)rows)
        return df_fail(err, "%s: %zu rows, expected one for each of %d vertices", key, json_array_size(array), rows);
    for (size_t i = 0; i < (size_t)rows; i++)
        if (json_array_size(json_array_get(array, i)) != 3)
            return df_fail(err, "%s: row %zu: expected 3 members", key, i);
    return true;
}

static const json_t *triple_member(const json_t *array, size_t i)
{
    return json_array_get(json_array_get(array, i / 3), i % 3);
}

static bool read_triples(const json_t *root, const char *key, int rows, df_arena *arena, const float **out, df_error *err)
{
    const json_t *array = array_of(root, key, err);
    if (!array || !check_triples(array, key, rows, err))
        return false;
    float *values = df_alloc(arena, (size_t)rows, 3 * sizeof *values, err);
    if (!values)
        return false;
    for (size_t i = 0; i < 3 * (size_t)rows; i++)
        if (!number_of(triple_member(array, i), key, i / 3, &values[i], err))
            return false;
    *out = values;
    return true;
}

static bool read_refs(const json_t *root, int rows, int base_count, df_arena *arena, const int32_t **out, df_error *err)
{
    const json_t *array = array_of(root, "ref_vIdxs", err);
    if (!array || !check_triples(array, "ref_vIdxs", rows, err))
        return false;
    int32_t *refs = df_alloc(arena, (size_t)rows, 3 * sizeof *refs, err);
    if (!refs)
        return false;
    for (size_t i = 0; i < 3 * (size_t)rows; i++)
        if (!index_of(triple_member(array, i), "ref_vIdxs", i / 3, base_count, &refs[i], err))
            return false;
    *out = refs;
    return true;
}

static bool read_face(const json_t *stream, size_t face, const makehuman_mesh *mesh, int32_t quad[4], int32_t quad_uv[4], df_error *err)
{
    const size_t at = face * FACE_WORDS;
    const json_t *type = json_array_get(stream, at);
    if (!json_is_integer(type) || json_integer_value(type) != FACE_TYPE)
        return df_fail(err, "faces: face %zu is not of type %d (a quad with material and corner uvs)", face, FACE_TYPE);
    for (size_t c = 0; c < 4; c++)
        if (!index_of(json_array_get(stream, at + 1 + c), "faces", at + 1 + c, mesh->vertex_count, &quad[c], err) ||
            !index_of(json_array_get(stream, at + 6 + c), "faces", at + 6 + c, mesh->uv_count, &quad_uv[c], err))
            return false;
    return true;
}

static bool read_faces(const json_t *root, df_arena *arena, makehuman_mesh *mesh, df_error *err)
{
    const json_t *stream = array_of(root, "faces", err);
    if (!stream)
        return false;
    const size_t words = json_array_size(stream), count = words / FACE_WORDS;
    if (count == 0 || words % FACE_WORDS != 0)
        return df_fail(err, "faces: %zu words, expected a multiple of %d", words, FACE_WORDS);
    int32_t *quads = df_alloc(arena, count, 4 * sizeof *quads, err), *quads_uv = df_alloc(arena, count, 4 * sizeof *quads_uv, err);
    if (!quads || !quads_uv)
        return false;
    for (size_t face = 0; face < count; face++)
        if (!read_face(stream, face, mesh, quads + 4 * face, quads_uv + 4 * face, err))
            return false;
    mesh->quads = quads;
    mesh->quads_uv = quads_uv;
    mesh->quad_count = (int)count;
    return true;
}

static const char *license_text(const json_t *root, const char *key)
{
    const char *text = json_string_value(json_object_get(json_object_get(json_object_get(root, "metadata"), "license"), key));
    return text ? text : "unknown";
}

static bool read_mesh(const json_t *root, int base_count, df_arena *arena, makehuman_mesh *mesh, df_error *err)
{
    const json_t *vertices = array_of(root, "vertices", err), *layers = vertices ? array_of(root, "uvs", err) : NULL;
    if (!layers)
        return false;
    const json_t *uv = json_array_get(layers, 0);
    if (!json_is_array(uv) || json_array_size(uv) > MOST_NUMBERS)
        return df_fail(err, "uvs: expected an array of uvs in its first member");
    mesh->author = df_copy_string(arena, license_text(root, "author"), err);
    mesh->license = mesh->author ? df_copy_string(arena, license_text(root, "license"), err) : NULL;
    if (!mesh->license || !read_rows(vertices, "vertices", 3, arena, &mesh->vertices, &mesh->vertex_count, err) ||
        !read_rows(uv, "uvs", 2, arena, &mesh->uv, &mesh->uv_count, err) || !read_faces(root, arena, mesh, err))
        return false;
    return base_count == 0 || (read_refs(root, mesh->vertex_count, base_count, arena, &mesh->refs, err) &&
                               read_triples(root, "weights", mesh->vertex_count, arena, &mesh->weights, err) &&
                               read_triples(root, "offsets", mesh->vertex_count, arena, &mesh->offsets, err));
}

bool makehuman_mesh_parse(df_bytes bytes, int base_count, df_arena *arena, makehuman_mesh *out, df_error *err)
{
    json_t *root = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (!root)
        return false;
    makehuman_mesh mesh = {0};
    const bool good = read_mesh(root, base_count, arena, &mesh, err);
    json_decref(root);
    if (good)
        *out = mesh;
    return good;
}

bool makehuman_mesh_read(const char *path, int base_count, df_arena *arena, makehuman_mesh *out, df_error *err)
{
    df_bytes bytes;
    if (!df_file_read(path, FILE_LIMIT, arena, &bytes, err))
        return false;
    return makehuman_mesh_parse(bytes, base_count, arena, out, err) || df_fail_in(err, "%s", path);
}
