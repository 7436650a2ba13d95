/* head_internal.h: what head_identity.c prepares and head_scene.c uses; private to src/render. */
#ifndef DF_RENDER_HEAD_INTERNAL_H
#define DF_RENDER_HEAD_INTERNAL_H

#include "face/face_eval.h"
#include "render/head.h"

struct head_identity {
    const face_model *model;
    const person *person;
    render_band band;
    int channels;
    const float *cage;               /* [C][3] mm, neutral */
    const float *albedo;             /* [V][channels] linear */
    const uint8_t *is_face;          /* [V] 1 on skin that counts for the box: not neck, ears, scalp, mouth, sockets */
    float hair[3];                   /* linear albedo of hair, per channel */
    int parts[FACE_PART_KIND_COUNT]; /* indices into model->parts, -1 none; glasses and hat come with the image */
    const face_texture *iris;        /* NULL: the eyes part's own */
    const face_texture *detail;      /* of skin; NULL: none */
};

/* Posed vertices and normals of all meshes are in world axes: rotation of the head, row-major. */
typedef struct head_frame {
    float rotation[9];
    float eye_rotation[2][9]; /* of the right and the left eye in the head */
    const float *cage;        /* [C][3] with expression, head axes */
} head_frame;

/* The cage lives in `scratch`. */
bool head_pose(const head_identity *identity, const head_params *params, head_frame *out, df_arena *scratch, df_error *err) DF_CHECKED;

/* The material that a part has in this band. */
scene_material head_part_material(const head_identity *identity, const head_params *params, face_part_kind kind, face_region region);

/* The height of a worn hat's opening around the head, head axes. */
enum { HAT_BINS = 32 };
typedef struct hat_rim {
    float x, z;             /* mm: the axis */
    float height[HAT_BINS]; /* mm */
} hat_rim;

void hat_measure(const float *vertices, int count, hat_rim *rim);
/* Leaves out of `part` (a copy of the model's, which gets its own lists in `scratch`) what lies under the hat. */
bool hat_cover(const hat_rim *rim, const float *vertices, face_part *part, df_arena *scratch, df_error *err) DF_CHECKED;

/* Moves glasses [count][3] forward until they clear the skin [skin_count][3], head axes, mm. */
void glasses_push(const float *skin, int skin_count, float *vertices, int count);

/* What an occluder is put before: a posed head whose other meshes are made. */
typedef struct head_stage {
    const head_identity *identity;
    const head_params *params;
    const float *cage;         /* [C][3] with expression, head axes */
    const float *rotation;     /* [9] of the head */
    const scene_mesh *clothes; /* world axes; NULL: none */
    df_arena *scratch;
} head_stage;

/* Adds the image's occluder, if it has one, to meshes [HEAD_MAX_MESHES]. */
bool head_occluder_add(const head_stage *stage, scene_mesh *meshes, int *count, df_error *err) DF_CHECKED;

scene_material head_skin_material(const head_identity *identity);

/* The camera of the parameters, before and after the crop; the crop needs the landmarks in pixels of the former. */
camera head_loose_camera(const head_params *params);
camera head_arcface_camera(const camera *loose, const float landmarks2d[FACE_LANDMARKS][2], int size);

/* v = rotation . v for count vectors. */
void head_rotate(const float rotation[9], float *vectors, int count);

#endif
