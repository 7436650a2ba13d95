/* head_occluder.c: what stands before a head, as meshes of its scene: the shape is built around the face as it is, then each vertex
   turns with the head as far as it goes along. */
#include <math.h>
#include <string.h>

#include "render/occluder_internal.h"

/* Mean distance of eyes' middle and chin on an adult's face; mm. */
static const float ADULT_FACE = 102;

/* Mean albedo of the face: hands have it too. */
static void skin_colour(const head_identity *identity, float colour[3])
{
    const size_t channels = (size_t)identity->channels;
    double sum[3] = {0};
    int count = 0;
    for (int v = 0; v < identity->model->skin_count; v++) {
        if (!identity->is_face[v])
            continue;
        for (size_t c = 0; c < channels; c++)
            sum[c] += (double)identity->albedo[channels * (size_t)v + c];
        count++;
    }
    for (size_t c = 0; c < 3; c++)
        colour[c] = count > 0 ? (float)(sum[c < channels ? c : 0] / count) : 0.4f;
}

static scene_material material_of(const head_identity *identity, const head_params *params, face_region region)
{
    const occluder_row *row = &occluder_rows[params->occluder.kind];
    if (region == FACE_CLOTHES)
        return head_part_material(identity, params, FACE_PART_CLOTHES, region);
    if (region == FACE_HAND) {
        scene_material skin = head_skin_material(identity);
        skin.texture = NULL;
        skin_colour(identity, skin.colour);
        return skin;
    }
    scene_material material = {.surface = SCENE_DIFFUSE, .opacity = 1, .specular = row->specular, .roughness = row->roughness};
    memcpy(material.colour, params->occluder.colour, sizeof material.colour);
    return material;
}

static bool site_of(const head_stage *stage, occluder_site *out, df_error *err)
{
    const face_model *model = stage->identity->model;
    float *skin = df_alloc(stage->scratch, (size_t)model->skin_count, 3 * sizeof *skin, err);
    if (!skin)
        return false;
    face_skin(model, stage->cage, skin);
    *out = (occluder_site){.params = &stage->params->occluder,
                           .skin = skin,
                           .skin_count = model->skin_count,
                           .triangles = model->triangles,
                           .triangle_count = model->triangle_count,
                           .clothes = stage->clothes,
                           .distance = stage->params->distance,
                           .focal = stage->params->focal,
                           .scratch = stage->scratch,
                           .err = err};
    float eyes[3] = {0}, down[3];
    for (int i = 0; i < FACE_LANDMARKS; i++)
        memcpy(out->landmarks[i], skin + 3 * (size_t)model->landmarks[i], sizeof out->landmarks[i]);
    for (int i = 36; i < 48; i++)
        vec_along(eyes, out->landmarks[i], 1.0f / 12, eyes);
    vec_sub(eyes, out->landmarks[8], down);
    out->unit = sqrtf(vec_dot(down, down)) / ADULT_FACE;
    return true;
}

static void turn_along(const float rotation[9], occluder_mesh *mesh)
{
    for (int i = 0; i < mesh->vertex_count; i++) {
        float *at = mesh->positions + 3 * (size_t)i, turned[3];
        memcpy(turned, at, sizeof turned);
        head_rotate(rotation, turned, 1);
        vec_mix(at, turned, mesh->follow[i], at);
    }
}

/* One mesh of the scene for each region that there is. */
static bool add_regions(const head_stage *stage, const occluder_mesh *mesh, scene_mesh *meshes, int *count, df_error *err)
{
    float *normals = df_alloc(stage->scratch, (size_t)mesh->vertex_count, 3 * sizeof *normals, err);
    if (!normals)
        return false;
    mesh_normals(mesh->positions, mesh->vertex_count, mesh->triangles, mesh->triangle_count, normals);
    for (int region = 0; region < FACE_REGION_COUNT; region++) {
        int32_t *list = df_alloc(stage->scratch, (size_t)mesh->triangle_count, 3 * sizeof *list, err);
        int n = 0;
        if (!list)
            return false;
        for (int t = 0; t < mesh->triangle_count; t++)
            if (mesh->regions[t] == region)
                memcpy(list + 3 * (size_t)n++, mesh->triangles + 3 * (size_t)t, 3 * sizeof *list);
        if (n == 0 || *count >= HEAD_MAX_MESHES)
            continue;
        meshes[(*count)++] = (scene_mesh){.name = occluder_rows[stage->params->occluder.kind].name,
                                          .vertex_count = mesh->vertex_count,
                                          .triangle_count = n,
                                          .positions = mesh->positions,
                                          .normals = normals,
                                          .triangles = list,
                                          .region = (uint8_t)region,
                                          .two_sided = true,
                                          .material = material_of(stage->identity, stage->params, (face_region)region)};
    }
    return true;
}

bool head_occluder_add(const head_stage *stage, scene_mesh *meshes, int *count, df_error *err)
{
    const occluder_row *row = &occluder_rows[stage->params->occluder.kind];
    occluder_site site;
    occluder_mesh mesh;
    if (!row->build)
        return true;
    if (!stage->identity->model->has_landmarks)
        return df_fail(err, "occluder '%s': the model has no landmarks to put it by", row->name);
    if (!site_of(stage, &site, err) || !occluder_mesh_new(stage->scratch, &mesh, err) || !row->build(&site, &mesh))
        return false;
    turn_along(stage->rotation, &mesh);
    return add_regions(stage, &mesh, meshes, count, err);
}
