/* export_glb.c: binary glTF 2.0 (Khronos, 2021): a JSON chunk that describes, a binary chunk that holds. Everything goes into one
   buffer, piece by piece, each at a multiple of 4; the JSON is written as the pieces are listed. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "face/export_internal.h"
#include "image/colour.h"
#include "image/png.h"

enum {
    GLB_MAGIC = 0x46546C67,
    GLB_VERSION = 2,
    CHUNK_JSON = 0x4E4F534A,
    CHUNK_BIN = 0x004E4942,
    COMPONENT_FLOAT = 5126,
    COMPONENT_U32 = 5125,
    TARGET_ARRAY = 34962,
    TARGET_INDICES = 34963,
    ALIGNMENT = 4
};
static const size_t ARENA_LIMIT = (size_t)2 << 30, MOST_BYTES = UINT32_MAX;

typedef struct piece {
    const void *data;
    size_t size;
} piece;

/* The file under construction. */
typedef struct glb {
    df_arena *arena;
    df_text views, accessors, images; /* members of the JSON's arrays, without their brackets */
    piece *pieces;
    size_t piece_count, accessor_count, image_count, bytes;
    df_error *err;
} glb;

static void comma(df_text *text)
{
    if (text->size > 0)
        df_text_add(text, ",");
}

static size_t padded(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* A buffer view over `data`; target 0: none. Returns its index. */
static size_t add_view(glb *g, const void *data, size_t size, int target)
{
    comma(&g->views);
    df_text_addf(&g->views, "{\"buffer\":0,\"byteOffset\":%zu,\"byteLength\":%zu", g->bytes, size);
    if (target)
        df_text_addf(&g->views, ",\"target\":%d", target);
    df_text_add(&g->views, "}");
    g->pieces[g->piece_count] = (piece){.data = data, .size = size};
    g->bytes += padded(size);
    return g->piece_count++;
}

static void add_bounds(df_text *text, const char *key, const float *values, size_t count, float sign)
{
    df_text_addf(text, ",\"%s\":[", key);
    for (size_t axis = 0; axis < 3; axis++) {
        float most = sign * values[axis];
        for (size_t i = 1; i < count; i++)
            most = fmaxf(most, sign * values[3 * i + axis]);
        df_text_addf(text, "%s%.9g", axis ? "," : "", (double)(sign * most));
    }
    df_text_add(text, "]");
}

/* An accessor of vectors over vertices; positions and their displacements have bounds. Returns its index. */
static size_t add_vectors(glb *g, const float *values, size_t count, int size, bool has_bounds)
{
    const size_t view = add_view(g, values, count * (size_t)size * sizeof *values, TARGET_ARRAY);
    comma(&g->accessors);
    df_text_addf(&g->accessors, "{\"bufferView\":%zu,\"componentType\":%d,\"count\":%zu,\"type\":\"VEC%d\"", view, COMPONENT_FLOAT, count,
                 size);
    if (has_bounds) {
        add_bounds(&g->accessors, "min", values, count, -1);
        add_bounds(&g->accessors, "max", values, count, 1);
    }
    df_text_add(&g->accessors, "}");
    return g->accessor_count++;
}

static size_t add_indices(glb *g, const int32_t *triangles, size_t count)
{
    const size_t view = add_view(g, triangles, 3 * count * sizeof *triangles, TARGET_INDICES);
    comma(&g->accessors);
    df_text_addf(&g->accessors, "{\"bufferView\":%zu,\"componentType\":%d,\"count\":%zu,\"type\":\"SCALAR\"}", view, COMPONENT_U32,
                 3 * count);
    return g->accessor_count++;
}

/* glTF's v runs down. */
static const float *turned_uv(glb *g, const export_mesh *mesh)
{
    float *uv = df_alloc(g->arena, 2 * (size_t)mesh->vertex_count, sizeof *uv, g->err);
    for (size_t i = 0; uv && i < 2 * (size_t)mesh->vertex_count; i++)
        uv[i] = i % 2 ? 1 - mesh->uv[i] : mesh->uv[i];
    return uv;
}

/* glTF's vertex colours are linear. */
static const float *linear_colours(glb *g, const export_mesh *mesh)
{
    float *colours = df_alloc(g->arena, 3 * (size_t)mesh->vertex_count, sizeof *colours, g->err);
    for (size_t i = 0; colours && i < 3 * (size_t)mesh->vertex_count; i++)
        colours[i] = srgb_to_linear(mesh->colours[i]);
    return colours;
}

static bool add_targets(glb *g, const export_mesh *mesh, int count, df_text *json)
{
    const size_t n = (size_t)mesh->vertex_count;
    df_text_add(json, ",\"targets\":[");
    for (int t = 0; t < count; t++)
        df_text_addf(json, "%s{\"POSITION\":%zu}", t ? "," : "", add_vectors(g, mesh->targets + 3 * n * (size_t)t, n, 3, true));
    df_text_add(json, "]");
    return true;
}

static void add_target_names(const export_scene *scene, df_text *json)
{
    df_text_add(json, ",\"weights\":[");
    for (int t = 0; t < scene->target_count; t++)
        df_text_addf(json, "%s%.9g", t ? "," : "", (double)scene->target_weights[t]);
    df_text_add(json, "],\"extras\":{\"targetNames\":[");
    for (int t = 0; t < scene->target_count; t++) {
        df_text_add(json, t ? "," : "");
        df_text_json_string(json, scene->target_names[t]);
    }
    df_text_add(json, "]}");
}

static bool add_mesh(glb *g, const export_scene *scene, size_t index, df_text *json)
{
    const export_mesh *mesh = &scene->meshes[index];
    const size_t n = (size_t)mesh->vertex_count;
    const float *uv = mesh->uv ? turned_uv(g, mesh) : NULL, *colours = mesh->colours ? linear_colours(g, mesh) : NULL;
    if ((mesh->uv && !uv) || (mesh->colours && !colours))
        return false;
    const size_t indices = add_indices(g, mesh->triangles, (size_t)mesh->triangle_count);
    const size_t positions = add_vectors(g, mesh->targets ? mesh->rest : mesh->vertices, n, 3, true);
    comma(json);
    df_text_addf(json, "{\"name\":\"%s\",\"primitives\":[{\"mode\":4,\"material\":%zu,\"indices\":%zu,\"attributes\":{\"POSITION\":%zu",
                 mesh->name, index, indices, positions);
    df_text_addf(json, ",\"NORMAL\":%zu", add_vectors(g, mesh->normals, n, 3, false));
    if (uv)
        df_text_addf(json, ",\"TEXCOORD_0\":%zu", add_vectors(g, uv, n, 2, false));
    if (colours)
        df_text_addf(json, ",\"COLOR_0\":%zu", add_vectors(g, colours, n, 3, false));
    df_text_add(json, "}");
    if (mesh->targets && !add_targets(g, mesh, scene->target_count, json))
        return false;
    df_text_add(json, "}]");
    if (mesh->targets)
        add_target_names(scene, json);
    df_text_add(json, "}");
    return true;
}

/* A PNG in the buffer. */
static bool add_image(glb *g, const face_texture *texture)
{
    image picture;
    df_bytes bytes;
    png_writer *writer = png_writer_new(g->err);
    const void *copy = NULL;
    if (writer && export_texture(texture, g->arena, &picture, g->err) && png_encode(writer, &picture, &bytes, g->err))
        copy = df_copy(g->arena, bytes.data, bytes.size, g->err);
    if (copy) {
        comma(&g->images);
        df_text_addf(&g->images, "{\"mimeType\":\"image/png\",\"bufferView\":%zu}", add_view(g, copy, bytes.size, 0));
        g->image_count++;
    }
    png_writer_free(writer);
    return copy != NULL;
}

static bool add_material(glb *g, const export_mesh *mesh, df_text *json)
{
    comma(json);
    df_text_addf(json, "{\"name\":\"%s\",\"doubleSided\":true,\"pbrMetallicRoughness\":{\"metallicFactor\":0,\"roughnessFactor\":0.6",
                 mesh->name);
    if (mesh->texture && mesh->uv) {
        if (!add_image(g, mesh->texture))
            return false;
        df_text_addf(json, ",\"baseColorTexture\":{\"index\":%zu}", g->image_count - 1);
    }
    df_text_addf(json, "}%s}", mesh->texture && mesh->texture->channels != 3 ? ",\"alphaMode\":\"BLEND\"" : "");
    return true;
}

/* "[0,1,2" and so on, each in `format`. */
static void add_list(df_text *json, const char *key, const char *before, size_t count, const char *after)
{
    df_text_addf(json, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++)
        df_text_addf(json, "%s%s%zu%s", i ? "," : "", before, i, after);
    df_text_add(json, "]");
}

static bool describe(glb *g, const export_scene *scene, df_text *json)
{
    df_text meshes = {0}, materials = {0};
    bool is_good = true;
    for (size_t i = 0; is_good && i < (size_t)scene->mesh_count; i++)
        is_good = add_mesh(g, scene, i, &meshes) && add_material(g, &scene->meshes[i], &materials);
    df_text_add(json, "{\"asset\":{\"version\":\"2.0\",\"generator\":\"diffuse\"},\"scene\":0,\"scenes\":[{\"nodes\":[0]}]");
    df_text_addf(json, ",\"nodes\":[{\"name\":\"%s\",\"scale\":[0.001,0.001,0.001]", scene->name);
    df_text_add(json, ",\"children\":[");
    for (int i = 0; i < scene->mesh_count; i++)
        df_text_addf(json, "%s%d", i ? "," : "", i + 1);
    df_text_add(json, "]}");
    for (int i = 0; i < scene->mesh_count; i++)
        df_text_addf(json, ",{\"name\":\"%s\",\"mesh\":%d}", scene->meshes[i].name, i);
    df_text_addf(json, "],\"meshes\":[%s],\"materials\":[%s]", meshes.data, materials.data);
    if (g->image_count > 0) {
        df_text_addf(json, ",\"images\":[%s]", g->images.data);
        add_list(json, "textures", "{\"source\":", g->image_count, "}");
    }
    df_text_addf(json, ",\"accessors\":[%s],\"bufferViews\":[%s],\"buffers\":[{\"byteLength\":%zu}]}", g->accessors.data, g->views.data,
                 g->bytes);
    while (json->size % ALIGNMENT != 0)
        df_text_add(json, " ");
    is_good = is_good && df_text_ok(json, g->err) && df_text_ok(&meshes, g->err) && df_text_ok(&materials, g->err) &&
              df_text_ok(&g->views, g->err) && df_text_ok(&g->accessors, g->err) && df_text_ok(&g->images, g->err);
    df_text_free(&meshes);
    df_text_free(&materials);
    return is_good;
}

static bool put_words(df_writer *writer, const uint32_t *words, size_t count, df_error *err)
{
    return df_writer_put(writer, words, count * sizeof *words, err);
}

static bool put_pieces(df_writer *writer, const glb *g, df_error *err)
{
    static const char zeros[ALIGNMENT] = {0};
    for (size_t i = 0; i < g->piece_count; i++)
        if (!df_writer_put(writer, g->pieces[i].data, g->pieces[i].size, err) ||
            !df_writer_put(writer, zeros, padded(g->pieces[i].size) - g->pieces[i].size, err))
            return false;
    return true;
}

static bool put_file(df_writer *writer, const glb *g, const df_text *json, df_error *err)
{
    const size_t total = 12 + 8 + json->size + 8 + g->bytes;
    if (total > MOST_BYTES)
        return df_fail(err, "%zu bytes, of which glTF's binary form holds 4 GB at most: export fewer expressions", total);
    const uint32_t head[5] = {GLB_MAGIC, GLB_VERSION, (uint32_t)total, (uint32_t)json->size, CHUNK_JSON};
    const uint32_t chunk[2] = {(uint32_t)g->bytes, CHUNK_BIN};
    return put_words(writer, head, 5, err) && df_writer_put(writer, json->data, json->size, err) && put_words(writer, chunk, 2, err) &&
           put_pieces(writer, g, err);
}

static bool write_file(const char *path, const glb *g, const df_text *json, df_error *err)
{
    df_writer *writer = df_writer_open(path, err);
    if (!writer)
        return false;
    if (put_file(writer, g, json, err))
        return df_writer_commit(writer, err);
    df_writer_abandon(writer);
    return df_fail_in(err, "%s", path);
}

bool export_glb(const export_scene *scene, const char *path, df_error *err)
{
    const size_t room = EXPORT_MAX_MESHES * (6 + (size_t)scene->target_count); /* indices, four attributes, a texture */
    glb g = {.arena = df_arena_new(ARENA_LIMIT, err), .err = err};
    df_text json = {0};
    g.pieces = g.arena ? df_alloc(g.arena, room, sizeof *g.pieces, err) : NULL;
    const bool is_done = g.pieces && describe(&g, scene, &json) && write_file(path, &g, &json, err);
    df_text_free(&json);
    df_text_free(&g.views);
    df_text_free(&g.accessors);
    df_text_free(&g.images);
    df_arena_free(g.arena);
    return is_done;
}
