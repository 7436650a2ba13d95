/* dress.c: both mean faces with their normals, the warp between their landmarks, and a part at a time through it. */
#include "face/dress.h"

#include <math.h>
#include <string.h>

#include "face/face_eval.h"
#include "face/landmark_warp.h"
#include "face/nearest.h"

/* What lies farther than that above the skin need not keep its distance; what lies farther beside the nearest vertex is not above
   the skin at all (a mask of a face has no crown). mm. */
static const float NEAR_SKIN = 6, BESIDE = 15;

static const bool is_worn[FACE_PART_KIND_COUNT] = {
    [FACE_PART_LASHES] = true,    [FACE_PART_BROWS] = true,   [FACE_PART_HAIR] = true, [FACE_PART_BEARD] = true,
    [FACE_PART_MOUSTACHE] = true, [FACE_PART_GLASSES] = true, [FACE_PART_HAT] = true,
};

/* A mean face to measure distances from. */
typedef struct surface {
    const float *points, *normals; /* [skin_count][3] */
    nearest_grid grid;
} surface;

typedef struct dresser {
    const face_model *from, *to;
    surface old_skin, new_skin;
    nearest_grid anchors; /* of the new model's control vertices, those of the skin */
    landmark_warp warp;
    df_arena *arena; /* the model's */
    df_arena *scratch;
    df_error *err;
} dresser;

static bool measure(const face_model *model, df_arena *arena, surface *out, df_error *err)
{
    float *points = df_alloc(arena, (size_t)model->skin_count, 3 * sizeof *points, err);
    float *normals = points ? df_alloc(arena, (size_t)model->skin_count, 3 * sizeof *normals, err) : NULL;
    if (!normals)
        return false;
    face_skin(model, model->cage_mean, points);
    mesh_normals(points, model->skin_count, model->triangles, model->triangle_count, normals);
    *out = (surface){.points = points, .normals = normals};
    return nearest_prepare(points, model->skin_count, arena, &out->grid, err);
}

static bool landmarks_of(const face_model *model, float out[FACE_LANDMARKS][3], df_error *err)
{
    if (!model->has_landmarks)
        return df_fail(err, "model '%s' has no landmarks: parts are fitted by the 68", model->name);
    for (int i = 0; i < FACE_LANDMARKS; i++)
        face_skin_vertex(model, model->cage_mean, model->landmarks[i], out[i]);
    return true;
}

static bool prepare(dresser *d)
{
    float from[FACE_LANDMARKS][3], to[FACE_LANDMARKS][3];
    return landmarks_of(d->from, from, d->err) && landmarks_of(d->to, to, d->err) &&
           landmark_warp_fit((const float(*)[3])from, (const float(*)[3])to, &d->warp, d->err) &&
           measure(d->from, d->scratch, &d->old_skin, d->err) && measure(d->to, d->scratch, &d->new_skin, d->err) &&
           nearest_prepare(d->to->cage_mean, d->to->cage_skin_count, d->scratch, &d->anchors, d->err);
}

/* How high above the skin, below 0 inside; false where there is no skin below. */
static bool height_above(const surface *skin, const float at[3], float *height, const float **normal)
{
    const size_t nearest = (size_t)nearest_find(&skin->grid, at);
    const float *foot = skin->points + 3 * nearest, *n = skin->normals + 3 * nearest;
    const float d[3] = {at[0] - foot[0], at[1] - foot[1], at[2] - foot[2]};
    *height = d[0] * n[0] + d[1] * n[1] + d[2] * n[2];
    *normal = n;
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - *height * *height < BESIDE * BESIDE;
}

static void place(const dresser *d, const float old[3], float out[3])
{
    float old_height, new_height;
    const float *normal;
    landmark_warp_apply(&d->warp, old, out);
    if (!height_above(&d->old_skin, old, &old_height, &normal) || !height_above(&d->new_skin, out, &new_height, &normal))
        return;
    const float wanted = fminf(d->warp.scale * old_height, NEAR_SKIN);
    for (int axis = 0; axis < 3 && new_height < wanted; axis++)
        out[axis] += (wanted - new_height) * normal[axis];
}

/* anchor[c]: the new model's control vertex for the old one's c, -1 where none was asked for yet. */
static int32_t anchor_of(const dresser *d, int32_t *anchor, int32_t old)
{
    if (anchor[old] < 0) {
        float at[3];
        landmark_warp_apply(&d->warp, d->from->cage_mean + 3 * (size_t)old, at);
        anchor[old] = nearest_find(&d->anchors, at);
    }
    return anchor[old];
}

static void hang(const dresser *d, const face_part *old, size_t v, int32_t *anchor, const float at[3], int32_t refs[3], float offset[3])
{
    memcpy(offset, at, 3 * sizeof *offset);
    for (size_t j = 0; j < 3; j++) {
        refs[j] = anchor_of(d, anchor, old->refs[3 * v + j]);
        for (size_t axis = 0; axis < 3; axis++)
            offset[axis] -= old->weights[3 * v + j] * d->to->cage_mean[3 * (size_t)refs[j] + axis];
    }
}

static bool fit_part(const dresser *d, const face_part *old, int32_t *anchor, face_part *out)
{
    const size_t count = (size_t)old->vertex_count;
    int32_t *refs = df_alloc(d->arena, count, 3 * sizeof *refs, d->err);
    float *offsets = refs ? df_alloc(d->arena, count, 3 * sizeof *offsets, d->err) : NULL;
    float *vertices = offsets ? df_alloc(d->scratch, count, 3 * sizeof *vertices, d->err) : NULL;
    if (!vertices)
        return false;
    face_part_vertices(old, d->from->cage_mean, vertices);
    for (size_t v = 0; v < count; v++) {
        float at[3];
        place(d, vertices + 3 * v, at);
        hang(d, old, v, anchor, at, refs + 3 * v, offsets + 3 * v);
    }
    *out = *old;
    out->refs = refs;
    out->offsets = offsets;
    memset(out->scale_refs, 0, sizeof out->scale_refs);
    memset(out->scale_lengths, 0, sizeof out->scale_lengths);
    return true;
}

/* The texture's index among `textures`, where it is added if no other has its name. */
static int texture_index(const face_texture *wanted, face_texture *textures, int *count)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(textures[i].name, wanted->name) == 0)
            return i;
    textures[*count] = *wanted;
    return (*count)++;
}

static bool collect(const dresser *d, face_part *parts, int *part_count, face_texture *textures, int *texture_count)
{
    int32_t *anchor = df_alloc(d->scratch, (size_t)d->from->cage_count, sizeof *anchor, d->err);
    if (!anchor)
        return false;
    for (int c = 0; c < d->from->cage_count; c++)
        anchor[c] = -1;
    for (int i = 0; i < d->to->part_count; i++)
        if (!is_worn[d->to->parts[i].kind])
            parts[(*part_count)++] = d->to->parts[i];
    for (int i = 0; i < d->from->part_count; i++) {
        face_part *part = &parts[*part_count];
        if (!is_worn[d->from->parts[i].kind])
            continue;
        if (!fit_part(d, &d->from->parts[i], anchor, part))
            return false;
        if (part->texture >= 0)
            part->texture = texture_index(&d->from->textures[part->texture], textures, texture_count);
        (*part_count)++;
    }
    return true;
}

static bool dress(const dresser *d, face_model *to)
{
    int part_count = 0, texture_count = to->texture_count;
    face_part *parts = df_alloc(d->arena, (size_t)to->part_count + (size_t)d->from->part_count, sizeof *parts, d->err);
    face_texture *textures =
        parts ? df_alloc(d->arena, (size_t)to->texture_count + (size_t)d->from->texture_count, sizeof *textures, d->err) : NULL;
    if (!textures)
        return false;
    if (to->texture_count > 0)
        memcpy(textures, to->textures, (size_t)to->texture_count * sizeof *textures);
    if (!collect(d, parts, &part_count, textures, &texture_count))
        return false;
    to->parts = parts;
    to->part_count = part_count;
    to->textures = textures;
    to->texture_count = texture_count;
    return true;
}

enum { SCRATCH = 1 << 30 };

bool face_dress(const face_model *from, face_model *to, df_arena *arena, df_error *err)
{
    dresser d = {.from = from, .to = to, .arena = arena, .err = err, .scratch = df_arena_new(SCRATCH, err)};
    const bool is_good = d.scratch && prepare(&d) && dress(&d, to);
    df_arena_free(d.scratch);
    return is_good;
}
