/* export.c: a face as a list of meshes, and the table of formats. */
#include "face/export.h"

#include <string.h>

#include "base/file.h"
#include "face/export_internal.h"
#include "face/face_eval.h"

static const struct {
    const char *name;
    bool (*write)(const export_scene *scene, const char *path, df_error *err);
} formats[EXPORT_FORMAT_COUNT] = {
    [EXPORT_OBJ] = {"obj", export_obj},
    [EXPORT_PLY] = {"ply", export_ply},
    [EXPORT_GLB] = {"glb", export_glb},
};

const char *const export_format_names[EXPORT_FORMAT_COUNT + 1] = {
    [EXPORT_OBJ] = "obj", [EXPORT_PLY] = "ply", [EXPORT_GLB] = "glb", [EXPORT_FORMAT_COUNT] = NULL};

/* What everybody has; hair and accessories are cards that need a renderer's blending. */
static const bool is_exported[FACE_PART_KIND_COUNT] = {[FACE_PART_EYES] = true, [FACE_PART_TEETH] = true, [FACE_PART_TONGUE] = true};

/* The scene under construction. */
typedef struct builder {
    const face_model *model;
    const float *rest, *face; /* [C][3] without and with expression */
    float *moved;             /* [C][3] scratch */
    bool with_targets;
    df_arena *arena;
    export_scene *scene;
} builder;

/* Vertices of the skin (part NULL) or of a part. */
static void evaluate(const face_model *model, const face_part *part, const float *cage, float *out)
{
    if (part)
        face_part_vertices(part, cage, out);
    else
        face_skin(model, cage, out);
}

static bool add_targets(builder *b, const face_part *part, export_mesh *mesh, df_error *err)
{
    const face_model *model = b->model;
    const size_t cage_bytes = 3 * (size_t)model->cage_count * sizeof(float), numbers = 3 * (size_t)mesh->vertex_count;
    float *targets = df_alloc(b->arena, (size_t)model->expression_count, numbers * sizeof *targets, err);
    for (int e = 0; targets && e < model->expression_count; e++) {
        float weights[FACE_MAX_EXPRESSIONS] = {0}, *target = targets + (size_t)e * numbers;
        weights[e] = 1;
        memcpy(b->moved, b->rest, cage_bytes);
        face_express(model, weights, b->moved);
        evaluate(model, part, b->moved, target);
        for (size_t i = 0; i < numbers; i++)
            target[i] -= mesh->rest[i];
    }
    mesh->targets = targets;
    return targets != NULL;
}

static bool add_mesh(builder *b, const face_part *part, export_mesh mesh, df_error *err)
{
    const size_t bytes = 3 * (size_t)mesh.vertex_count * sizeof(float);
    float *rest = df_alloc(b->arena, 1, bytes, err), *vertices = df_alloc(b->arena, 1, bytes, err),
          *normals = df_alloc(b->arena, 1, bytes, err);
    if (!rest || !vertices || !normals)
        return false;
    evaluate(b->model, part, b->rest, rest);
    evaluate(b->model, part, b->face, vertices);
    mesh_normals(b->with_targets ? rest : vertices, mesh.vertex_count, mesh.triangles, mesh.triangle_count, normals);
    mesh.rest = rest;
    mesh.vertices = vertices;
    mesh.normals = normals;
    if (b->with_targets && b->model->expression_count > 0 && !add_targets(b, part, &mesh, err))
        return false;
    b->scene->meshes[b->scene->mesh_count++] = mesh;
    return true;
}

static bool add_skin(builder *b, const float *albedo, int count, df_error *err)
{
    const face_model *model = b->model;
    const size_t numbers = 3 * (size_t)model->skin_count;
    float *colours = df_alloc(b->arena, numbers, sizeof *colours, err);
    if (!colours)
        return false;
    face_albedo(model, albedo, count, colours);
    for (size_t i = 0; i < numbers; i++)
        colours[i] = colours[i] < 0 ? 0 : colours[i] > 1 ? 1 : colours[i];
    const export_mesh skin = {.name = "skin",
                              .vertex_count = model->skin_count,
                              .triangle_count = model->triangle_count,
                              .triangles = model->triangles,
                              .uv = model->uv,
                              .colours = colours};
    return add_mesh(b, NULL, skin, err);
}

static bool add_parts(builder *b, df_error *err)
{
    const face_model *model = b->model;
    bool is_taken[FACE_PART_KIND_COUNT] = {false};
    for (int i = 0; i < model->part_count; i++) {
        const face_part *part = &model->parts[i];
        if (!is_exported[part->kind] || is_taken[part->kind])
            continue;
        is_taken[part->kind] = true;
        const export_mesh mesh = {.name = part->name,
                                  .vertex_count = part->vertex_count,
                                  .triangle_count = part->triangle_count,
                                  .triangles = part->triangles,
                                  .uv = part->uv,
                                  .texture = part->texture >= 0 ? &model->textures[part->texture] : NULL};
        if (!add_mesh(b, part, mesh, err))
            return false;
    }
    return true;
}

bool export_face(const face_model *model, const float *shape, int shape_count, const float *albedo, int albedo_count,
                 const float *expression, bool with_targets, df_arena *arena, export_scene *out, df_error *err)
{
    const size_t cage_bytes = 3 * (size_t)model->cage_count * sizeof(float);
    export_scene scene = {.name = model->name};
    float *rest = df_alloc(arena, 1, cage_bytes, err), *face = df_alloc(arena, 1, cage_bytes, err),
          *moved = df_alloc(arena, 1, cage_bytes, err);
    if (!rest || !face || !moved)
        return false;
    face_shape(model, shape, shape_count, rest);
    memcpy(face, rest, cage_bytes);
    face_express(model, expression, face);
    builder b = {.model = model, .rest = rest, .face = face, .moved = moved, .with_targets = with_targets, .arena = arena, .scene = &scene};
    if (!add_skin(&b, albedo, albedo_count, err) || !add_parts(&b, err))
        return false;
    if (with_targets) {
        scene.target_count = model->expression_count;
        scene.target_names = model->expression_names;
        scene.target_weights = df_copy(arena, expression, (size_t)model->expression_count * sizeof *expression, err);
        if (!scene.target_weights)
            return false;
    }
    *out = scene;
    return true;
}

bool export_write(const export_scene *scene, export_format format, const char *path, df_error *err)
{
    if (df_path_is_folder(path)) /* before the first of several files is there */
        return df_fail(err, "%s: is a folder, expected a file's name", path);
    return formats[format].write(scene, path, err);
}

bool export_texture(const face_texture *texture, df_arena *arena, image *out, df_error *err)
{
    const int channels = texture->channels == 3 ? 3 : 4;
    if (!image_new(out, texture->width, texture->height, channels, IMAGE_U8, arena, err))
        return false;
    uint8_t *to = out->data;
    const uint8_t *from = texture->level[0];
    for (size_t i = 0; i < (size_t)texture->width * (size_t)texture->height; i++)
        for (size_t c = 0; c < (size_t)channels; c++) /* grey and alpha: 0 0 0 1 */
            to[i * (size_t)channels + c] = from[i * (size_t)texture->channels + (texture->channels == 2 ? c / 3 : c)];
    return true;
}

static int texel_at(float place, int count)
{
    const int index = (int)(place * (float)count);
    return index < 0 ? 0 : index >= count ? count - 1 : index;
}

void export_texel(const face_texture *texture, const float uv[2], float out[3])
{
    const int x = texel_at(uv[0], texture->width), y = texel_at(1 - uv[1], texture->height);
    const uint8_t *texel = texture->level[0] + ((size_t)y * (size_t)texture->width + (size_t)x) * (size_t)texture->channels;
    for (int c = 0; c < 3; c++)
        out[c] = (float)texel[texture->channels == 2 ? 0 : c] / 255;
}
