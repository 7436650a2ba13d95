/* camera.h: a pinhole camera. World: millimetres, x to the person's left, y up, z towards the camera when the person looks
   straight into it. Camera axes: x right, y down, z forward (as OpenCV). Pixels: x grows from 0 at the image's left edge,
   pixel c has its centre at c + 0.5. */
#ifndef DF_RENDER_CAMERA_H
#define DF_RENDER_CAMERA_H

#include <stdbool.h>

#include "base/api.h"

typedef struct camera {
    int width, height;     /* pixels */
    float fx, fy, cx, cy;  /* pixels: u = fx X / Z + cx, v = fy Y / Z + cy */
    float extrinsic[3][4]; /* world to camera, rotation and translation in mm */
} camera;

/* Rotation of the head (row-major, head to world): R = Rz(roll) Ry(yaw) Rx(-pitch), angles in radians. Positive yaw turns the
   face to the person's own left (to the right in the image), positive pitch lifts the chin, positive roll tilts the crown
   towards the person's right shoulder (to the left in the image). */
DF_API void head_rotation(float yaw, float pitch, float roll, float rotation[9]);

/* Pixel and depth (mm along the optical axis) of a world point; false behind the camera. */
DF_API bool camera_project(const camera *camera, const float world[3], float pixel[2], float *depth);

/* The same camera seen through a similarity of the image plane, pixel' = [a -b; b a] pixel + t, as a new pinhole camera: the
   rotation goes into the extrinsic, the scale into fx and fy. Exact, so an aligned crop is rendered and not resampled. */
DF_API camera camera_through(const camera *camera, float a, float b, const float t[2], int width, int height);

/* Least-squares similarity (Umeyama without reflection) that takes n points `from` to `to`; x, y interleaved. */
DF_API void similarity_fit(const float *from, const float *to, int n, float *a, float *b, float t[2]);

#endif
