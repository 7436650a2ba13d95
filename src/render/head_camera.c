/* head_camera.c: where the camera stands, and the pinhole camera that sees an aligned crop directly. */
#include "render/head_internal.h"

static const float FULL_FRAME_MM = 36.0f;

camera head_loose_camera(const head_params *params)
{
    const float side = (float)params->size, focal = params->focal / FULL_FRAME_MM * side;
    return (camera){
        .width = params->size,
        .height = params->size,
        .fx = focal,
        .fy = focal,
        .cx = (0.5f + params->offset[0]) * side,
        .cy = (0.5f + params->offset[1]) * side,
        /* In front of the face, looking back at the head's origin: image x is world x, image y is -y. */
        .extrinsic = {{1, 0, 0, 0}, {0, -1, 0, 0}, {0, 0, -1, params->distance}},
    };
}

/* ArcFace's template (insightface): right eye, left eye, nose tip, right and left corner of the mouth in a 112 x 112 crop;
   it counts pixel centres at whole numbers. */
static const float ARCFACE_TEMPLATE[5][2] = {
    {38.2946f, 51.6963f}, {73.5318f, 51.5014f}, {56.0252f, 71.7366f}, {41.5493f, 92.3655f}, {70.7299f, 92.2041f}};
static const float ARCFACE_SIDE = 112.0f;

static void mean_of(const float landmarks2d[FACE_LANDMARKS][2], int first, int count, float out[2])
{
    out[0] = out[1] = 0;
    for (int i = first; i < first + count; i++) {
        out[0] += landmarks2d[i][0] / (float)count;
        out[1] += landmarks2d[i][1] / (float)count;
    }
}

camera head_arcface_camera(const camera *loose, const float landmarks2d[FACE_LANDMARKS][2], int size)
{
    float from[5][2], to[5][2];
    mean_of(landmarks2d, 36, 6, from[0]);
    mean_of(landmarks2d, 42, 6, from[1]);
    mean_of(landmarks2d, 30, 1, from[2]);
    mean_of(landmarks2d, 48, 1, from[3]);
    mean_of(landmarks2d, 54, 1, from[4]);
    for (int i = 0; i < 5; i++)
        for (int axis = 0; axis < 2; axis++)
            to[i][axis] = (ARCFACE_TEMPLATE[i][axis] + 0.5f) * (float)size / ARCFACE_SIDE;
    float a, b, t[2];
    similarity_fit(&from[0][0], &to[0][0], 5, &a, &b, t);
    return camera_through(loose, a, b, t, size, size);
}
