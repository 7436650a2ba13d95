/* face_overlay.h: an image's labels drawn over it, for the eye that checks them: the 68 landmarks joined as iBUG groups them (those
   that are hidden fainter), the box, a white arrow of 40 mm along each eye's gaze, and the head's axes of 50 mm from the tip of the
   nose: x (the person's left) vermilion, y (up) green, z (out of the face) blue. Of an imported image what its source knew: the
   box, and five dots in the colours of the parts that they belong to. */
#ifndef DF_DATASET_FACE_OVERLAY_H
#define DF_DATASET_FACE_OVERLAY_H

#include "dataset/manifest_read.h"
#include "plot/canvas.h"

typedef struct face_overlay {
    bool has_landmarks, has_five, has_box;
    float landmarks2d[FACE_LANDMARKS][2], landmarks3d[FACE_LANDMARKS][3];
    bool visible[FACE_LANDMARKS];
    float five[MANIFEST_FIVE][2];
    float box[4];
    float gaze[2][3];
    float fx, fy, cx, cy, extrinsic[3][4];
    float head_pose[3][4]; /* head to world */
    bool has_pose;
    int width, height; /* of the image, which the coordinates belong to */
} face_overlay;

/* From a line of the manifest; json: its object (the head's pose stands only there). */
DF_API void face_overlay_read(const manifest_entry *entry, const json_t *json, face_overlay *out);

/* Draws onto the image in another size: where canvas_picture put it when it filled `onto`. */
DF_API void face_overlay_draw(const face_overlay *overlay, image *onto);

/* The groups of landmarks, for whoever draws them. */
typedef struct face_landmark_group {
    int first, count;
    canvas_chain chain;
    canvas_hue hue;
} face_landmark_group;

enum { FACE_LANDMARK_GROUPS = 9 };
DF_API extern const face_landmark_group face_landmark_groups[FACE_LANDMARK_GROUPS];

#endif
