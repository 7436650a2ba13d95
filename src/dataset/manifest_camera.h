/* manifest_camera.h: a camera as a manifest writes it, so that what is written in pixels agrees with what is written in the world. */
#ifndef DF_DATASET_MANIFEST_CAMERA_H
#define DF_DATASET_MANIFEST_CAMERA_H

#include "render/camera.h"

/* Digits of camera and landmarks, in double so that a reader's arithmetic gives the same pixels. */
typedef struct manifest_camera {
    double fx, fy, cx, cy, extrinsic[3][4];
} manifest_camera;

manifest_camera manifest_camera_of(const camera *view);

/* A place in mm as it is written. */
void manifest_place(const float world[3], double out[3]);

/* Pixel and depth of a place; a place in or behind the camera's plane has depth 0 or less, and pixels that mean nothing. */
void manifest_project(const manifest_camera *view, const double world[3], double pixel[2], double *depth);

#endif
