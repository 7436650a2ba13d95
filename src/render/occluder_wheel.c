/* occluder_wheel.c: the upper part of a steering wheel's rim, between the camera behind it and the driver; it stays where the image's
   lower part is, however the head turns. */
#include <math.h>

#include "render/occluder_internal.h"

enum { ARC = 72, AROUND = 16 };
static const float RADIUS = 185, THICK = 15, TILT = 0.45f; /* mm; radians from the vertical, the top away from the driver */
static const float HALF_ARC = 1.9f;                        /* radians */
static const float FULL_FRAME_MM = 36;
static const float TURN = 6.2831853f;

bool occluder_wheel(const occluder_site *site, occluder_mesh *out)
{
    const float *place = site->params->place;
    const float depth = site->distance * (0.42f + 0.2f * place[1]), side = depth * FULL_FRAME_MM / site->focal;
    const float top[3] = {(place[2] - 0.5f) * 0.4f * side, (0.5f - (0.7f + 0.18f * place[0])) * side, site->distance - depth};
    const float up[3] = {0, cosf(TILT), sinf(TILT)}, out_of[3] = {0, -sinf(TILT), cosf(TILT)}, across[3] = {1, 0, 0};
    const int first = out->vertex_count;
    for (int i = 0; i < ARC; i++) {
        const float turn = HALF_ARC * (2 * (float)i / (ARC - 1) - 1);
        float outward[3], middle[3];
        for (int axis = 0; axis < 3; axis++) {
            outward[axis] = sinf(turn) * across[axis] + cosf(turn) * up[axis];
            middle[axis] = top[axis] - (RADIUS + THICK) * up[axis] + RADIUS * outward[axis];
        }
        for (int a = 0; a < AROUND; a++) {
            const float angle = TURN * (float)a / AROUND;
            float at[3];
            vec_along(middle, outward, THICK * cosf(angle), at);
            vec_along(at, out_of, 1.15f * THICK * sinf(angle), at);
            occluder_vertex(out, at, 0);
        }
    }
    occluder_grid(out, first, ARC, AROUND, OCCLUDER_CLOSED, FACE_WHEEL);
    return true;
}
