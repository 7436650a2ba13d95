/* export_ply.c: all meshes as one, binary little-endian: position, normal, colour; texture coordinates where the first mesh has them. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "face/export_internal.h"

typedef struct ply_totals {
    size_t vertices, triangles;
    bool has_uv;
} ply_totals;

static ply_totals count_all(const export_scene *scene)
{
    ply_totals sum = {.has_uv = scene->meshes[0].uv != NULL};
    for (int i = 0; i < scene->mesh_count; i++) {
        sum.vertices += (size_t)scene->meshes[i].vertex_count;
        sum.triangles += (size_t)scene->meshes[i].triangle_count;
    }
    return sum;
}

static bool put_header(df_writer *writer, const ply_totals *sum, df_error *err)
{
    df_text text = {0};
    df_text_addf(&text,
                 "ply\nformat binary_little_endian 1.0\ncomment millimetres, x to the person's left, y up\nelement vertex %zu\n"
                 "property float x\nproperty float y\nproperty float z\nproperty float nx\nproperty float ny\nproperty float nz\n%s"
                 "property uchar red\nproperty uchar green\nproperty uchar blue\nelement face %zu\n"
                 "property list uchar int vertex_indices\nend_header\n",
                 sum->vertices, sum->has_uv ? "property float s\nproperty float t\n" : "", sum->triangles);
    const bool is_put = df_text_ok(&text, err) && df_writer_put(writer, text.data, text.size, err);
    df_text_free(&text);
    return is_put;
}

static void colour_of(const export_mesh *mesh, size_t vertex, uint8_t out[3])
{
    float colour[3] = {0.8f, 0.8f, 0.8f};
    if (mesh->colours)
        memcpy(colour, mesh->colours + 3 * vertex, sizeof colour);
    else if (mesh->texture && mesh->uv)
        export_texel(mesh->texture, mesh->uv + 2 * vertex, colour);
    for (int c = 0; c < 3; c++)
        out[c] = (uint8_t)lrintf(255 * colour[c]);
}

static bool put_vertices(df_writer *writer, const export_mesh *mesh, bool has_uv, df_error *err)
{
    for (size_t v = 0; v < (size_t)mesh->vertex_count; v++) {
        float numbers[8] = {0};
        uint8_t colour[3];
        memcpy(numbers, mesh->vertices + 3 * v, 3 * sizeof(float));
        memcpy(numbers + 3, mesh->normals + 3 * v, 3 * sizeof(float));
        if (has_uv && mesh->uv)
            memcpy(numbers + 6, mesh->uv + 2 * v, 2 * sizeof(float));
        colour_of(mesh, v, colour);
        if (!df_writer_put(writer, numbers, (has_uv ? 8 : 6) * sizeof(float), err) || !df_writer_put(writer, colour, sizeof colour, err))
            return false;
    }
    return true;
}

static bool put_triangles(df_writer *writer, const export_mesh *mesh, int32_t first, df_error *err)
{
    static const uint8_t three = 3;
    for (size_t t = 0; t < (size_t)mesh->triangle_count; t++) {
        const int32_t *corner = mesh->triangles + 3 * t, moved[3] = {corner[0] + first, corner[1] + first, corner[2] + first};
        if (!df_writer_put(writer, &three, 1, err) || !df_writer_put(writer, moved, sizeof moved, err))
            return false;
    }
    return true;
}

static bool put_all(df_writer *writer, const export_scene *scene, df_error *err)
{
    const ply_totals sum = count_all(scene);
    if (!put_header(writer, &sum, err))
        return false;
    for (int i = 0; i < scene->mesh_count; i++)
        if (!put_vertices(writer, &scene->meshes[i], sum.has_uv, err))
            return false;
    int32_t first = 0;
    for (int i = 0; i < scene->mesh_count; i++) {
        if (!put_triangles(writer, &scene->meshes[i], first, err))
            return false;
        first += scene->meshes[i].vertex_count;
    }
    return true;
}

bool export_ply(const export_scene *scene, const char *path, df_error *err)
{
    df_writer *writer = df_writer_open(path, err);
    if (!writer)
        return false;
    if (put_all(writer, scene, err))
        return df_writer_commit(writer, err);
    df_writer_abandon(writer);
    return false;
}
