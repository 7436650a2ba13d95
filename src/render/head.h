/* head.h: a person and one image's parameters to a scene: the face evaluated, posed and dressed; labels that follow from
   geometry alone. Two steps, because a person has many images. */
#ifndef DF_RENDER_HEAD_H
#define DF_RENDER_HEAD_H

#include "face/person.h"
#include "render/nir.h"
#include "render/occluder.h"
#include "render/scene.h"
#include "render/sensor.h"

enum { HEAD_MAX_MESHES = 20 };

typedef enum crop_kind { CROP_LOOSE, CROP_ARCFACE, CROP_KIND_COUNT } crop_kind;
DF_API extern const char *const crop_kind_names[CROP_KIND_COUNT];

/* Everything drawn for one image; the manifest holds all of it. Angles in degrees, as users give them. */
typedef struct head_params {
    float yaw, pitch, roll;
    float distance;             /* mm from the camera to the head's origin */
    float focal;                /* mm on a sensor of 36 mm width (full frame) before the crop */
    float offset[2];            /* share of the image's width that the head is off centre, right and down */
    float gaze_yaw, gaze_pitch; /* degrees relative to the head; positive to the person's left, up */
    float expression[FACE_MAX_EXPRESSIONS];
    char glasses[FACE_NAME], hat[FACE_NAME]; /* part names or "none" */
    float glasses_tint;                      /* opacity of the lenses: 0.04 clear, 0.8 sunglasses */
    float clothes[3];                        /* linear albedo of the shirt, per channel of the band */
    occluder_params occluder;
    light light;
    sensor sensor;
    crop_kind crop;
    int size; /* pixels, width and height */
    render_band band;
} head_params;

/* A person's face without expression and pose, for one band. */
typedef struct head_identity head_identity;
DF_API head_identity *head_identity_new(const face_model *model, const person *who, render_band band, df_arena *arena,
                                        df_error *err) DF_CHECKED;

/* Geometry of the labels. Camera axes and world as camera.h. */
typedef struct head_labels {
    float landmarks3d[FACE_LANDMARKS][3]; /* mm, world (the posed head) */
    float landmarks2d[FACE_LANDMARKS][2]; /* pixels */
    float landmark_depth[FACE_LANDMARKS]; /* mm along the optical axis */
    float gaze[2][3];                     /* unit, world: person's right eye, left eye */
    float head_pose[3][4];                /* head to world */
    float box[4]; /* x, y, width, height of the face (skin without neck and ears, all landmarks), clipped to the image */
} head_labels;

/* The scene of one image; arrays live in `scratch`. `background` may be NULL. */
DF_API bool head_scene(const head_identity *identity, const head_params *params, const float *background, scene *out, head_labels *labels,
                       df_arena *scratch, df_error *err) DF_CHECKED;

#endif
