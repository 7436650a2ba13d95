/* model_parts.c: reads a model's textures, of which the file holds the largest level only, and the parts that hang on the
   cage. */
#include "face/model_read.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

enum { MOST_TEXTURES = 256, MOST_PARTS = 256, MOST_SIDE = 8192, MOST_PART_VERTICES = 1 << 20, TENSOR_NAME = 64 };

static int at_least_one(int side)
{
    return side < 1 ? 1 : side;
}

/* One texel of the next level. Colours are averaged as squares of their codes, which is light to a gamma of 2, and by their
   alpha where there is one, so that what is transparent lends no colour to what is not. */
static void halve_texel(const uint8_t *const from[4], int channels, uint8_t *to)
{
    const bool has_alpha = channels == 2 || channels == 4;
    const int colours = has_alpha ? channels - 1 : channels;
    float weight[4], total = 0;
    for (int i = 0; i < 4; i++)
        total += weight[i] = has_alpha ? (float)from[i][colours] : 1;
    for (int c = 0; c < colours; c++) {
        float plain = 0, weighted = 0;
        for (int i = 0; i < 4; i++) {
            const float square = (float)from[i][c] * (float)from[i][c];
            plain += square;
            weighted += weight[i] * square;
        }
        to[c] = (uint8_t)(sqrtf(total > 0 ? weighted / total : plain / 4) + 0.5f);
    }
    if (has_alpha)
        to[colours] = (uint8_t)(total / 4 + 0.5f);
}

static void halve(const uint8_t *from, int width, int height, int channels, uint8_t *to)
{
    const int half_width = at_least_one(width / 2), half_height = at_least_one(height / 2);
    for (int y = 0; y < half_height; y++)
        for (int x = 0; x < half_width; x++) {
            const uint8_t *four[4];
            for (int i = 0; i < 4; i++) {
                const int row = height > 1 ? 2 * y + i / 2 : 0, column = width > 1 ? 2 * x + i % 2 : 0;
                four[i] = from + ((size_t)row * (size_t)width + (size_t)column) * (size_t)channels;
            }
            halve_texel(four, channels, to + ((size_t)y * (size_t)half_width + (size_t)x) * (size_t)channels);
        }
}

static bool make_levels(const model_reader *reader, face_texture *texture)
{
    int width = texture->width, height = texture->height;
    texture->levels = 1;
    while (width > 1 || height > 1) {
        const int half_width = at_least_one(width / 2), half_height = at_least_one(height / 2);
        uint8_t *level = df_alloc(reader->arena, (size_t)half_width * (size_t)half_height, (size_t)texture->channels, reader->err);
        if (!level)
            return false;
        halve(texture->level[texture->levels - 1], width, height, texture->channels, level);
        texture->level[texture->levels++] = level;
        width = half_width;
        height = half_height;
    }
    return true;
}

static bool read_texture(const model_reader *reader, size_t index, const char *name, face_texture *texture)
{
    char tensor_name[TENSOR_NAME];
    snprintf(tensor_name, sizeof tensor_name, "texture.%zu", index);
    if (!model_name(reader, "metadata 'textures'", name, texture->name) ||
        !model_bytes(reader, tensor_name, 3, (int64_t[]){-1, -1, -1}, 0, UINT8_MAX, &texture->level[0]))
        return false;
    const int64_t height = model_dimension(reader, tensor_name, 0), width = model_dimension(reader, tensor_name, 1);
    const int64_t channels = model_dimension(reader, tensor_name, 2);
    if (height < 1 || height > MOST_SIDE || width < 1 || width > MOST_SIDE || channels < 2 || channels > 4)
        return df_fail(reader->err,
                       "tensor '%s': %" PRId64 " rows of %" PRId64 " texels of %" PRId64
                       " channels, expected 1 to %d each and 2 to 4 channels",
                       tensor_name, height, width, channels, MOST_SIDE);
    texture->height = (int)height;
    texture->width = (int)width;
    texture->channels = (int)channels;
    return make_levels(reader, texture);
}

bool model_read_textures(const model_reader *reader, face_model *model)
{
    json_t *names = model_array(reader, "textures", MOST_TEXTURES);
    if (!names)
        return false;
    const size_t count = json_array_size(names);
    face_texture *textures = df_alloc(reader->arena, count, sizeof *textures, reader->err);
    bool good = textures != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = read_texture(reader, i, json_string_value(json_array_get(names, i)), &textures[i]);
    json_decref(names);
    model->textures = textures;
    model->texture_count = (int)count;
    return good;
}

static bool read_kind(const model_reader *reader, const json_t *row, face_part_kind *out)
{
    const char *name = NULL;
    if (!df_json_get_string(row, "kind", &name, reader->err))
        return false;
    for (int kind = 0; kind < FACE_PART_KIND_COUNT; kind++)
        if (strcmp(face_part_rows[kind].name, name) == 0) {
            *out = (face_part_kind)kind;
            return true;
        }
    return df_fail(reader->err, "kind: '%.40s' is no kind of part", name);
}

static bool read_label(const model_reader *reader, const json_t *row, int textures, face_part *part)
{
    const char *name = NULL;
    int64_t texture = -1;
    if (!df_json_get_string(row, "name", &name, reader->err) || !model_name(reader, "name", name, part->name) ||
        !read_kind(reader, row, &part->kind) || !df_json_get_integer(row, "texture", -1, textures - 1, &texture, reader->err))
        return false;
    part->texture = (int)texture;
    return true;
}

/* "part.INDEX.FIELD". */
static const char *field(char buffer[TENSOR_NAME], size_t index, const char *name)
{
    snprintf(buffer, TENSOR_NAME, "part.%zu.%s", index, name);
    return buffer;
}

static bool read_scale(const model_reader *reader, size_t index, int cage_count, face_part *part)
{
    char name[TENSOR_NAME];
    const int32_t *refs;
    const float *lengths;
    if (!model_indices(reader, field(name, index, "scale_refs"), 2, (int64_t[]){3, 2}, 0, cage_count - 1, &refs) ||
        !model_floats(reader, field(name, index, "scale_lengths"), 1, (int64_t[]){3}, &lengths))
        return false;
    memcpy(part->scale_refs, refs, sizeof part->scale_refs);
    memcpy(part->scale_lengths, lengths, sizeof part->scale_lengths);
    return true;
}

static bool read_arrays(const model_reader *reader, size_t index, int cage_count, face_part *part)
{
    char name[TENSOR_NAME];
    const int64_t n = model_dimension(reader, field(name, index, "refs"), 0),
                  triangles = model_dimension(reader, field(name, index, "triangles"), 0);
    if (n > MOST_PART_VERTICES || triangles > 2 * MOST_PART_VERTICES)
        return df_fail(reader->err, "%" PRId64 " vertices and %" PRId64 " triangles, expected at most %d vertices", n, triangles,
                       MOST_PART_VERTICES);
    part->vertex_count = (int)n;
    part->triangle_count = (int)triangles;
    if (!model_indices(reader, field(name, index, "refs"), 2, (int64_t[]){n, 3}, 0, cage_count - 1, &part->refs) ||
        !model_floats(reader, field(name, index, "weights"), 2, (int64_t[]){n, 3}, &part->weights) ||
        !model_floats(reader, field(name, index, "offsets"), 2, (int64_t[]){n, 3}, &part->offsets) ||
        !model_floats(reader, field(name, index, "uv"), 2, (int64_t[]){n, 2}, &part->uv) ||
        !model_indices(reader, field(name, index, "triangles"), 2, (int64_t[]){triangles, 3}, 0, n - 1, &part->triangles) ||
        !model_bytes(reader, field(name, index, "regions"), 1, (int64_t[]){triangles}, FACE_SKIN, FACE_REGION_COUNT - 1, &part->regions))
        return false;
    if (tensor_find(&reader->list, field(name, index, "eye")) && !model_bytes(reader, name, 1, (int64_t[]){n}, 0, 2, &part->eye))
        return false;
    return read_scale(reader, index, cage_count, part);
}

bool model_read_parts(const model_reader *reader, face_model *model)
{
    json_t *rows = model_array(reader, "parts", MOST_PARTS);
    if (!rows)
        return false;
    const size_t count = json_array_size(rows);
    face_part *parts = df_alloc(reader->arena, count, sizeof *parts, reader->err);
    bool good = parts != NULL;
    model->parts = parts;
    for (size_t i = 0; good && i < count; i++) {
        if (!read_label(reader, json_array_get(rows, i), model->texture_count, &parts[i]) ||
            !read_arrays(reader, i, model->cage_count, &parts[i])) {
            good = df_fail_in(reader->err, "part %zu", i);
        } else if (face_model_part(model, parts[i].kind, parts[i].name) >= 0) {
            good = df_fail(reader->err, "part %zu: a second %s '%s'", i, face_part_rows[parts[i].kind].name, parts[i].name);
        }
        model->part_count = (int)i + 1;
    }
    json_decref(rows);
    return good;
}
