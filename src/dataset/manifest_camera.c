/* manifest_camera.c: pixels of rounded numbers. */
#include "dataset/manifest_camera.h"

#include <math.h>

static double rounded(double value, double power)
{
    return floor(value * power + 0.5) / power;
}

manifest_camera manifest_camera_of(const camera *view)
{
    manifest_camera out = {.fx = rounded((double)view->fx, 1e4),
                           .fy = rounded((double)view->fy, 1e4),
                           .cx = rounded((double)view->cx, 1e4),
                           .cy = rounded((double)view->cy, 1e4)};
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 4; c++)
            out.extrinsic[r][c] = rounded((double)view->extrinsic[r][c], c < 3 ? 1e7 : 1e4);
    return out;
}

void manifest_place(const float world[3], double out[3])
{
    for (int axis = 0; axis < 3; axis++)
        out[axis] = rounded((double)world[axis], 1e4);
}

void manifest_project(const manifest_camera *view, const double world[3], double pixel[2], double *depth)
{
    double axes[3];
    for (int r = 0; r < 3; r++)
        axes[r] =
            view->extrinsic[r][0] * world[0] + view->extrinsic[r][1] * world[1] + view->extrinsic[r][2] * world[2] + view->extrinsic[r][3];
    pixel[0] = view->fx * axes[0] / axes[2] + view->cx;
    pixel[1] = view->fy * axes[1] / axes[2] + view->cy;
    *depth = axes[2];
}
