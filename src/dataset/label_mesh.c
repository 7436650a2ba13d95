/* label_mesh.c: the posed face as binary PLY: numbers are put together by a part at a time, as floats and integers of the processor,
   which is little-endian. */
#include <string.h>

#include "dataset/label_files_internal.h"
#include "render/head_points.h"

/* A mesh and what stands in the file of it. */
typedef struct mesh_view {
    int vertex_count, triangle_count;
    const float *positions, *uv; /* [vertices][3], [vertices][2] or NULL */
    const int32_t *triangles;
    const uint8_t *regions; /* NULL: all skin */
} mesh_view;

static void add_header(df_text *out, int vertices, int triangles)
{
    df_text_addf(out,
                 "ply\nformat binary_little_endian 1.0\ncomment millimetres in the world of the manifest\nelement vertex %d\n"
                 "property float x\nproperty float y\nproperty float z\nproperty float s\nproperty float t\nelement face %d\n"
                 "property list uchar int vertex_indices\nproperty uchar region\nend_header\n",
                 vertices, triangles);
}

static void add_vertices(df_text *out, const mesh_view *mesh)
{
    for (size_t v = 0; v < (size_t)mesh->vertex_count; v++) {
        float numbers[5] = {0};
        memcpy(numbers, mesh->positions + 3 * v, 3 * sizeof(float));
        if (mesh->uv)
            memcpy(numbers + 3, mesh->uv + 2 * v, 2 * sizeof(float));
        df_text_add_bytes(out, (const char *)numbers, sizeof numbers);
    }
}

static void add_triangles(df_text *out, const mesh_view *mesh, int32_t first)
{
    for (size_t t = 0; t < (size_t)mesh->triangle_count; t++) {
        char bytes[1 + 3 * sizeof(int32_t) + 1] = {3};
        int32_t corners[3];
        for (size_t c = 0; c < 3; c++)
            corners[c] = mesh->triangles[3 * t + c] + first;
        memcpy(bytes + 1, corners, sizeof corners);
        bytes[sizeof bytes - 1] = (char)(mesh->regions ? mesh->regions[t] : FACE_SKIN);
        df_text_add_bytes(out, bytes, sizeof bytes);
    }
}

static bool has_eyes(const face_model *model)
{
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == FACE_PART_EYES)
            return true;
    return false;
}

static bool view_eyes(const label_shot *shot, mesh_view *out, df_arena *scratch, df_error *err)
{
    const face_part *part;
    float *vertices;
    if (!has_eyes(shot->model))
        return true;
    if (!head_eyes_points(shot->identity, shot->params, &part, &vertices, scratch, err))
        return false;
    *out = (mesh_view){.vertex_count = part->vertex_count,
                       .triangle_count = part->triangle_count,
                       .positions = vertices,
                       .triangles = part->triangles,
                       .regions = part->regions};
    return true;
}

bool label_mesh(const label_shot *shot, df_text *out, df_arena *scratch, df_error *err)
{
    const face_model *model = shot->model;
    mesh_view eyes = {0};
    float *vertices = df_alloc(scratch, (size_t)model->skin_count, 3 * sizeof(float), err);
    if (!vertices || !head_skin_points(shot->identity, shot->params, NULL, model->skin_count, vertices, scratch, err) ||
        !view_eyes(shot, &eyes, scratch, err))
        return false;
    const mesh_view skin = {.vertex_count = model->skin_count,
                            .triangle_count = model->triangle_count,
                            .positions = vertices,
                            .uv = model->uv,
                            .triangles = model->triangles,
                            .regions = model->regions};
    add_header(out, skin.vertex_count + eyes.vertex_count, skin.triangle_count + eyes.triangle_count);
    add_vertices(out, &skin);
    add_vertices(out, &eyes);
    add_triangles(out, &skin, 0);
    add_triangles(out, &eyes, skin.vertex_count);
    return true;
}
