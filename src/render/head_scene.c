/* head_scene.c: one image of a person as a scene: expression, gaze, pose, the parts that are worn, camera and light; and the
   labels that follow from the geometry. */
#include "render/head_internal.h"

#include <math.h>
#include <string.h>

#include "render/camera.h"

static const float RADIANS = 0.0174532925f;

void head_rotate(const float rotation[9], float *vectors, int count)
{
    for (int i = 0; i < count; i++) {
        float *v = vectors + 3 * (size_t)i;
        const float x = v[0], y = v[1], z = v[2];
        for (int r = 0; r < 3; r++)
            v[r] = rotation[3 * r] * x + rotation[3 * r + 1] * y + rotation[3 * r + 2] * z;
    }
}

typedef struct builder {
    const head_identity *identity;
    const head_params *params;
    head_frame frame;
    bool has_hat;
    hat_rim rim;
    scene_mesh *meshes;
    int count;
    df_arena *scratch;
} builder;

static float *vectors_new(const builder *b, int count, df_error *err)
{
    return df_alloc(b->scratch, (size_t)count, 3 * sizeof(float), err);
}

/* Below that many pixels the coarse mesh is drawn: each of its triangles covers about a pixel there, and the pictures agree to
   40 dB (tests/default_model). */
static const int COARSE_BELOW = 160;

static bool add_skin(builder *b, const float **skin_vertices, df_error *err)
{
    const face_model *model = b->identity->model;
    const bool is_coarse = model->coarse_triangles && b->params->size < COARSE_BELOW;
    scene_mesh mesh = {
        .name = "skin",
        .vertex_count = is_coarse ? model->cage_skin_count : model->skin_count,
        .triangle_count = is_coarse ? model->coarse_triangle_count : model->triangle_count,
        .triangles = is_coarse ? model->coarse_triangles : model->triangles,
        .regions = is_coarse ? model->coarse_regions : model->regions,
        .albedo = b->identity->albedo,
        .occlusion = model->occlusion,
        .region = FACE_SKIN,
        .uv = model->uv,
        .has_skin_uv = model->uv != NULL,
        .material = head_skin_material(b->identity),
    };
    float *skin = vectors_new(b, mesh.vertex_count, err);
    float *normals = skin ? vectors_new(b, mesh.vertex_count, err) : NULL;
    if (!normals)
        return false;
    face_skin_first(model, b->frame.cage, mesh.vertex_count, skin);
    head_rotate(b->frame.rotation, skin, mesh.vertex_count);
    mesh_normals(skin, mesh.vertex_count, mesh.triangles, mesh.triangle_count, normals);
    mesh.positions = skin;
    mesh.normals = normals;
    b->meshes[b->count++] = mesh;
    *skin_vertices = skin;
    return true;
}

/* The triangles of one region of a part; the part's own list where all are of that region. */
static bool triangles_of(builder *b, const face_part *part, face_region region, const int32_t **triangles, int *count, df_error *err)
{
    int32_t *list = df_alloc(b->scratch, (size_t)part->triangle_count, 3 * sizeof(int32_t), err);
    if (!list)
        return false;
    int n = 0;
    for (int t = 0; t < part->triangle_count; t++)
        if (part->regions[t] == region)
            memcpy(list + 3 * n++, part->triangles + 3 * t, 3 * sizeof(int32_t));
    *triangles = list;
    *count = n;
    return true;
}

/* Adds the part once for each region that its triangles have (an eye: sclera and iris; glasses: frame and lenses). */
static bool add_regions(builder *b, const face_part *part, const float *vertices, const float *normals, df_error *err)
{
    uint32_t present = 0;
    for (int t = 0; t < part->triangle_count; t++)
        present |= 1u << part->regions[t];
    for (int region = 0; region < FACE_REGION_COUNT; region++) {
        if (!(present >> region & 1u) || b->count >= HEAD_MAX_MESHES)
            continue;
        scene_mesh *mesh = &b->meshes[b->count];
        *mesh = (scene_mesh){
            .name = part->name,
            .vertex_count = part->vertex_count,
            .positions = vertices,
            .normals = normals,
            .uv = part->uv,
            .region = (uint8_t)region,
            .is_matted = part->kind == FACE_PART_HAIR || part->kind == FACE_PART_BEARD || part->kind == FACE_PART_MOUSTACHE,
            .two_sided = part->kind != FACE_PART_EYES && part->kind != FACE_PART_TEETH && part->kind != FACE_PART_TONGUE &&
                         part->kind != FACE_PART_CLOTHES,
            .material = head_part_material(b->identity, b->params, part->kind, (face_region)region),
        };
        if (!triangles_of(b, part, (face_region)region, &mesh->triangles, &mesh->triangle_count, err))
            return false;
        if (region != FACE_LENS && part->texture >= 0)
            mesh->material.texture = &b->identity->model->textures[part->texture];
        if (part->kind == FACE_PART_EYES && b->identity->iris)
            mesh->material.texture = b->identity->iris;
        b->count++;
    }
    return true;
}

/* Clothes: what lies on the neck follows the head, what lies on the body does not; v of the uv says how much. */
static void turn_with_the_neck(const face_part *part, const float rotation[9], float *vertices)
{
    for (int i = 0; i < part->vertex_count; i++) {
        float *at = vertices + 3 * (size_t)i, turned[3];
        memcpy(turned, at, sizeof turned);
        head_rotate(rotation, turned, 1);
        for (int axis = 0; axis < 3; axis++)
            at[axis] += part->uv[2 * i + 1] * (turned[axis] - at[axis]);
    }
}

static bool add_part(builder *b, int index, df_error *err)
{
    if (index < 0)
        return true;
    const face_part *part = &b->identity->model->parts[index];
    face_part seen = *part;
    float *vertices = vectors_new(b, part->vertex_count, err);
    float *normals = vertices ? vectors_new(b, part->vertex_count, err) : NULL;
    if (!normals)
        return false;
    face_part_vertices(part, b->frame.cage, vertices);
    if (part->kind == FACE_PART_GLASSES)
        glasses_push(b->frame.cage, b->identity->model->cage_skin_count, vertices, part->vertex_count);
    if (part->kind == FACE_PART_HAIR && b->has_hat && !hat_cover(&b->rim, vertices, &seen, b->scratch, err))
        return false;
    if (part->kind == FACE_PART_EYES)
        face_turn_eyes(b->identity->model, part, b->frame.cage, (const float(*)[9])b->frame.eye_rotation, vertices);
    if (part->kind == FACE_PART_CLOTHES)
        turn_with_the_neck(part, b->frame.rotation, vertices);
    else
        head_rotate(b->frame.rotation, vertices, part->vertex_count);
    mesh_normals(vertices, part->vertex_count, part->triangles, part->triangle_count, normals);
    return add_regions(b, &seen, vertices, normals, err);
}

static bool add_worn(builder *b, face_part_kind kind, const char *name, df_error *err)
{
    if (strcmp(name, "none") == 0 || name[0] == '\0')
        return true;
    const int index = face_model_part(b->identity->model, kind, name);
    if (index < 0)
        return df_fail(err, "%s '%s': the model has none of that name", face_part_rows[kind].name, name);
    return add_part(b, index, err);
}

static bool measure_hat(builder *b, df_error *err)
{
    const int index = face_model_part(b->identity->model, FACE_PART_HAT, b->params->hat);
    if (index < 0)
        return true;
    const face_part *hat = &b->identity->model->parts[index];
    float *vertices = vectors_new(b, hat->vertex_count, err);
    if (!vertices)
        return false;
    face_part_vertices(hat, b->frame.cage, vertices);
    hat_measure(vertices, hat->vertex_count, &b->rim);
    b->has_hat = true;
    return true;
}

/* How far the upper inner lip (landmarks 61 to 63) is above the lower (67 to 65) where teeth begin to show, mm. Closed lips of
   the default model overlap by 2 to 4 mm. */
static const float LIPS_APART = 0.3f;

static bool mouth_is_closed(const builder *b)
{
    const face_model *model = b->identity->model;
    bool is_closed = model->has_landmarks;
    for (int i = 0; i < 3; i++) {
        float upper[3], lower[3];
        face_skin_vertex(model, b->frame.cage, model->landmarks[61 + i], upper);
        face_skin_vertex(model, b->frame.cage, model->landmarks[67 - i], lower);
        is_closed = is_closed && upper[1] - lower[1] < LIPS_APART;
    }
    return is_closed;
}

static bool add_parts(builder *b, df_error *err)
{
    if (!measure_hat(b, err))
        return false;
    const bool hides_teeth = mouth_is_closed(b), has_mask = b->params->occluder.kind == OCCLUDER_MASK;
    for (int kind = 0; kind < FACE_PART_KIND_COUNT; kind++) {
        if (hides_teeth && (kind == FACE_PART_TEETH || kind == FACE_PART_TONGUE))
            continue;
        if (has_mask && (kind == FACE_PART_BEARD || kind == FACE_PART_MOUSTACHE))
            continue; /* pressed down below it */
        if (!add_part(b, b->identity->parts[kind], err))
            return false;
    }
    return add_worn(b, FACE_PART_GLASSES, b->params->glasses, err) && add_worn(b, FACE_PART_HAT, b->params->hat, err);
}

static bool add_occluder(builder *b, df_error *err)
{
    head_stage stage = {
        .identity = b->identity, .params = b->params, .cage = b->frame.cage, .rotation = b->frame.rotation, .scratch = b->scratch};
    for (int i = 0; i < b->count; i++)
        if (b->meshes[i].region == FACE_CLOTHES)
            stage.clothes = &b->meshes[i];
    return head_occluder_add(&stage, b->meshes, &b->count, err);
}

/* Always of the fine mesh. */
static void label_landmarks(const builder *b, const camera *view, head_labels *labels)
{
    const face_model *model = b->identity->model;
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        face_skin_vertex(model, b->frame.cage, model->landmarks[i], labels->landmarks3d[i]);
        head_rotate(b->frame.rotation, labels->landmarks3d[i], 1);
        camera_project(view, labels->landmarks3d[i], labels->landmarks2d[i], &labels->landmark_depth[i]);
    }
}

/* The face's bounding box in the image: its skin, and all landmarks; clipped to the image. Of a subdivided skin the vertices
   of the cage's mesh are enough: they come first, and the others lie within a millimetre of their hull. */
static void label_box(const head_identity *identity, const float *skin, const camera *view, head_labels *labels)
{
    float low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    const int vertices = identity->model->cage_skin_count, count = vertices + (identity->model->has_landmarks ? FACE_LANDMARKS : 0);
    for (int i = 0; i < count; i++) {
        float pixel[2], depth;
        if (i < vertices && (!identity->is_face[i] || !camera_project(view, skin + 3 * (size_t)i, pixel, &depth)))
            continue;
        if (i >= vertices)
            memcpy(pixel, labels->landmarks2d[i - vertices], sizeof pixel);
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fminf(low[axis], pixel[axis]);
            high[axis] = fmaxf(high[axis], pixel[axis]);
        }
    }
    const float side[2] = {(float)view->width, (float)view->height};
    for (int axis = 0; axis < 2; axis++) {
        labels->box[axis] = fminf(fmaxf(low[axis], 0), side[axis]);
        labels->box[2 + axis] = fminf(fmaxf(high[axis], 0), side[axis]) - labels->box[axis];
    }
}

static void label_gaze(const builder *b, head_labels *labels)
{
    for (int eye = 0; eye < 2; eye++) {
        const float *r = b->frame.eye_rotation[eye];
        float direction[3] = {r[2], r[5], r[8]}; /* of an eye that looks along +z */
        head_rotate(b->frame.rotation, direction, 1);
        memcpy(labels->gaze[eye], direction, sizeof direction);
    }
    for (int r = 0; r < 3; r++) {
        memcpy(labels->head_pose[r], b->frame.rotation + 3 * r, 3 * sizeof(float));
        labels->head_pose[r][3] = 0;
    }
}

bool head_pose(const head_identity *identity, const head_params *params, head_frame *out, df_arena *scratch, df_error *err)
{
    const face_model *model = identity->model;
    float *cage = df_copy(scratch, identity->cage, (size_t)model->cage_count * 3 * sizeof(float), err);
    if (!cage)
        return false;
    face_express(model, params->expression, cage);
    out->cage = cage;
    head_rotation(params->yaw * RADIANS, params->pitch * RADIANS, params->roll * RADIANS, out->rotation);
    for (int eye = 0; eye < 2; eye++)
        head_rotation(params->gaze_yaw * RADIANS, params->gaze_pitch * RADIANS, 0, out->eye_rotation[eye]);
    return true;
}

bool head_scene(const head_identity *identity, const head_params *params, const float *background, scene *out, head_labels *labels,
                df_arena *scratch, df_error *err)
{
    builder b = {.identity = identity, .params = params, .scratch = scratch};
    b.meshes = df_alloc(scratch, HEAD_MAX_MESHES, sizeof(scene_mesh), err);
    if (!b.meshes || !head_pose(identity, params, &b.frame, scratch, err))
        return false;
    const float *skin;
    if (!add_skin(&b, &skin, err) || !add_parts(&b, err) || !add_occluder(&b, err))
        return false;

    camera view = head_loose_camera(params);
    if (identity->model->has_landmarks) {
        label_landmarks(&b, &view, labels);
        if (params->crop == CROP_ARCFACE) {
            view = head_arcface_camera(&view, (const float(*)[2])labels->landmarks2d, params->size);
            label_landmarks(&b, &view, labels);
        }
    }
    label_box(identity, skin, &view, labels);
    label_gaze(&b, labels);
    *out = (scene){.channels = identity->channels,
                   .camera = view,
                   .light = params->light,
                   .mesh_count = b.count,
                   .meshes = b.meshes,
                   .background = background};
    return true;
}
