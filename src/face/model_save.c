/* model_save.c: writes a face model: the tensors that model_file.c reads, made into one list. */
#include "face/model_file.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "face/traits.h"
#include "tensor/safetensors.h"

enum { MODEL_TENSORS = 28, PART_TENSORS = 9, TENSOR_NAME = 64, MODEL_METADATA = 16 };

/* The list under construction. The first failure stays: later additions do nothing. */
typedef struct model_list {
    tensor_list list;
    df_arena *arena;
    df_error *err;
    bool failed;
} model_list;

static void add(model_list *model, const char *name, tensor_type type, int rank, const int64_t *shape, const void *data)
{
    char *copy = model->failed ? NULL : df_copy_string(model->arena, name, model->err);
    if (!copy) {
        model->failed = true;
        return;
    }
    tensor *made = &model->list.tensors[model->list.count++];
    *made = (tensor){.name = copy, .type = type, .rank = rank, .data = data};
    memcpy(made->shape, shape, (size_t)rank * sizeof *shape);
}

/* Nothing where the model lacks the array. */
static void add_optional(model_list *model, const char *name, tensor_type type, int rank, const int64_t *shape, const void *data)
{
    if (data)
        add(model, name, type, rank, shape, data);
}

static void add_note(model_list *model, const char *key, const char *value)
{
    const char *copy = model->failed ? NULL : df_copy_string(model->arena, value, model->err);
    if (!copy) {
        model->failed = true;
        return;
    }
    const char **row = model->list.metadata[model->list.metadata_count++];
    row[0] = key;
    row[1] = copy;
}

static void add_skin(model_list *to, const face_model *m)
{
    const int64_t skin = m->skin_count, triangles = m->triangle_count, entries = m->subdivision.start ? m->subdivision.start[skin] : 0;
    add(to, "skin.triangles", TENSOR_I32, 2, (int64_t[]){triangles, 3}, m->triangles);
    add_optional(to, "skin.regions", TENSOR_U8, 1, (int64_t[]){triangles}, m->regions);
    const int64_t coarse = m->coarse_triangle_count;
    add_optional(to, "skin.coarse_triangles", TENSOR_I32, 2, (int64_t[]){coarse, 3}, m->coarse_triangles);
    add_optional(to, "skin.coarse_regions", TENSOR_U8, 1, (int64_t[]){coarse}, m->coarse_regions);
    add_optional(to, "skin.uv", TENSOR_F32, 2, (int64_t[]){skin, 2}, m->uv);
    add_optional(to, "skin.occlusion", TENSOR_F32, 1, (int64_t[]){skin}, m->occlusion);
    add_optional(to, "skin.landmarks", TENSOR_I32, 1, (int64_t[]){FACE_LANDMARKS}, m->has_landmarks ? m->landmarks : NULL);
    add_optional(to, "skin.named_landmarks", TENSOR_I32, 1, (int64_t[]){m->named_count}, m->named_count > 0 ? m->named_landmarks : NULL);
    add_optional(to, "skin.subdivision.start", TENSOR_I32, 1, (int64_t[]){skin + 1}, m->subdivision.start);
    add_optional(to, "skin.subdivision.column", TENSOR_I32, 1, (int64_t[]){entries}, m->subdivision.column);
    add_optional(to, "skin.subdivision.weight", TENSOR_F32, 1, (int64_t[]){entries}, m->subdivision.weight);
}

static void add_cage(model_list *to, const face_model *m)
{
    const int64_t cage = m->cage_count, skin = m->skin_count;
    add(to, "cage.mean", TENSOR_F32, 2, (int64_t[]){cage, 3}, m->cage_mean);
    add(to, "cage.skin_count", TENSOR_I32, 1, (int64_t[]){1}, &m->cage_skin_count);
    add(to, "cage.origin", TENSOR_F32, 1, (int64_t[]){3}, m->origin);
    add(to, "cage.shape", TENSOR_F32, 3, (int64_t[]){m->shape_count, cage, 3}, m->shape);
    add(to, "cage.expression", TENSOR_F32, 3, (int64_t[]){m->expression_count, cage, 3}, m->expression);
    add_optional(to, "cage.expression_mean", TENSOR_F32, 2, (int64_t[]){cage, 3}, m->expression_mean);
    add(to, "albedo.mean", TENSOR_F32, 2, (int64_t[]){skin, 3}, m->albedo_mean);
    add(to, "albedo.components", TENSOR_F32, 3, (int64_t[]){m->albedo_count, skin, 3}, m->albedo);
}

static void add_people(model_list *to, const face_model *m)
{
    const int64_t shape = m->shape_count, albedo = m->albedo_count, n = shape + albedo, groups = m->group_count;
    if (m->law.features > 0) {
        add(to, "law.shape", TENSOR_F32, 2, (int64_t[]){m->law.features, shape}, m->law.shape);
        add(to, "law.albedo", TENSOR_F32, 2, (int64_t[]){m->law.features, albedo}, m->law.albedo);
        add(to, "law.shape_residual", TENSOR_F32, 2, (int64_t[]){shape, shape}, m->law.shape_residual);
        add(to, "law.albedo_residual", TENSOR_F32, 2, (int64_t[]){albedo, albedo}, m->law.albedo_residual);
    }
    add_optional(to, "groups.mean", TENSOR_F32, 3, (int64_t[]){groups, 2, n}, m->group_mean);
    add_optional(to, "groups.covariance", TENSOR_F32, 4, (int64_t[]){groups, 2, n, n}, m->group_covariance);
    add_optional(to, "attributes.directions", TENSOR_F32, 2, (int64_t[]){FACE_ATTRIBUTE_COUNT, n}, m->attribute_directions);
    add_optional(to, "attributes.amounts", TENSOR_F32, 2, (int64_t[]){FACE_AMOUNT_COUNT, n}, m->amount_directions);
}

static void add_eyes(model_list *to, const face_model *m)
{
    const size_t count = (size_t)m->eye_ref_count;
    int32_t *refs = count ? df_alloc(to->arena, 2 * count, sizeof *refs, to->err) : NULL;
    if (!refs) {
        to->failed = to->failed || count > 0;
        return;
    }
    for (size_t eye = 0; eye < 2; eye++)
        memcpy(refs + eye * count, m->eye_refs[eye], count * sizeof *refs);
    add(to, "eyes.refs", TENSOR_I32, 2, (int64_t[]){2, (int64_t)count}, refs);
}

static void add_part(model_list *to, size_t index, const face_part *part)
{
    const int64_t n = part->vertex_count, triangles = part->triangle_count;
    const struct {
        const char *field;
        tensor_type type;
        int rank;
        int64_t shape[2];
        const void *data;
    } rows[PART_TENSORS] = {
        {"refs", TENSOR_I32, 2, {n, 3}, part->refs},
        {"weights", TENSOR_F32, 2, {n, 3}, part->weights},
        {"offsets", TENSOR_F32, 2, {n, 3}, part->offsets},
        {"uv", TENSOR_F32, 2, {n, 2}, part->uv},
        {"triangles", TENSOR_I32, 2, {triangles, 3}, part->triangles},
        {"regions", TENSOR_U8, 1, {triangles}, part->regions},
        {"eye", TENSOR_U8, 1, {n}, part->eye},
        {"scale_refs", TENSOR_I32, 2, {3, 2}, part->scale_refs},
        {"scale_lengths", TENSOR_F32, 1, {3}, part->scale_lengths},
    };
    for (int i = 0; i < PART_TENSORS; i++) {
        char name[TENSOR_NAME];
        snprintf(name, sizeof name, "part.%zu.%s", index, rows[i].field);
        add_optional(to, name, rows[i].type, rows[i].rank, rows[i].shape, rows[i].data);
    }
}

static void add_texture(model_list *to, size_t index, const face_texture *texture)
{
    char name[TENSOR_NAME];
    snprintf(name, sizeof name, "texture.%zu", index);
    add(to, name, TENSOR_U8, 3, (int64_t[]){texture->height, texture->width, texture->channels}, texture->level[0]);
}

/* A JSON array of the names that stand `stride` bytes apart from `first` on. */
static void note_names(model_list *to, const char *key, const void *first, size_t stride, int count)
{
    df_text text = {0};
    df_text_add(&text, "[");
    for (int i = 0; i < count; i++) {
        df_text_add(&text, i ? "," : "");
        df_text_json_string(&text, (const char *)first + (size_t)i * stride);
    }
    df_text_add(&text, "]");
    if (!df_text_ok(&text, to->err))
        to->failed = true;
    else
        add_note(to, key, text.data);
    df_text_free(&text);
}

static void note_parts(model_list *to, const face_model *m)
{
    df_text text = {0};
    df_text_add(&text, "[");
    for (int i = 0; i < m->part_count; i++)
        df_text_addf(&text, "%s{\"name\":\"%s\",\"kind\":\"%s\",\"texture\":%d}", i ? "," : "", m->parts[i].name,
                     face_part_rows[m->parts[i].kind].name, m->parts[i].texture);
    df_text_add(&text, "]");
    if (!df_text_ok(&text, to->err))
        to->failed = true;
    else
        add_note(to, "parts", text.data);
    df_text_free(&text);
}

static void add_metadata(model_list *to, const face_model *m, const char *const (*notes)[2])
{
    add_note(to, "format", "diffuse-face-model");
    add_note(to, "version", "1");
    add_note(to, "name", m->name);
    note_names(to, "expressions", m->expression_names, FACE_NAME, m->expression_count);
    note_names(to, "groups", m->group_names, FACE_NAME, m->group_count);
    note_names(to, "textures", m->textures, sizeof *m->textures, m->texture_count);
    note_parts(to, m);
    if (m->named_count > 0)
        note_names(to, "named_landmarks", m->named_names, FACE_NAME, m->named_count);
    for (size_t i = 0; notes && notes[i][0]; i++)
        add_note(to, notes[i][0], notes[i][1]);
}

static size_t note_count(const char *const (*notes)[2])
{
    size_t count = 0;
    while (notes && notes[count][0])
        count++;
    return count;
}

static bool save_in(df_arena *arena, const char *path, const face_model *m, const char *const (*notes)[2], df_error *err)
{
    const size_t room = MODEL_TENSORS + (size_t)m->part_count * PART_TENSORS + (size_t)m->texture_count;
    model_list to = {.arena = arena, .err = err};
    to.list.tensors = df_alloc(arena, room, sizeof *to.list.tensors, err);
    to.list.metadata = to.list.tensors ? df_alloc(arena, MODEL_METADATA + note_count(notes), sizeof *to.list.metadata, err) : NULL;
    if (!to.list.metadata)
        return false;
    add_metadata(&to, m, notes);
    add_cage(&to, m);
    add_skin(&to, m);
    add_people(&to, m);
    add_eyes(&to, m);
    for (size_t i = 0; i < (size_t)m->part_count; i++)
        add_part(&to, i, &m->parts[i]);
    for (size_t i = 0; i < (size_t)m->texture_count; i++)
        add_texture(&to, i, &m->textures[i]);
    return !to.failed && safetensors_write(path, &to.list, err);
}

bool face_model_save(const char *path, const face_model *model, const char *const (*notes)[2], df_error *err)
{
    const size_t limit = (size_t)1 << 24; /* names and lists; the arrays are borrowed */
    df_arena *arena = df_arena_new(limit, err);
    const bool saved = arena && save_in(arena, path, model, notes, err);
    df_arena_free(arena);
    return saved;
}
