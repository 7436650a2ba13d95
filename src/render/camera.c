/* camera.c: pinhole projection, rotations of the head and similarities of the image plane. */
#include "render/camera.h"

#include <math.h>

void head_rotation(float yaw, float pitch, float roll, float rotation[9])
{
    const float cy = cosf(yaw), sy = sinf(yaw), cp = cosf(pitch), sp = sinf(pitch), cr = cosf(roll), sr = sinf(roll);
    /* Ry(yaw) Rx(-pitch), then Rz(roll) mixes its first two rows. */
    const float turned[9] = {cy, -sy * sp, sy * cp, 0, cp, sp, -sy, -cy * sp, cy * cp};
    for (int c = 0; c < 3; c++) {
        rotation[c] = cr * turned[c] - sr * turned[3 + c];
        rotation[3 + c] = sr * turned[c] + cr * turned[3 + c];
        rotation[6 + c] = turned[6 + c];
    }
}

bool camera_project(const camera *cam, const float world[3], float pixel[2], float *depth)
{
    float seen[3];
    for (int r = 0; r < 3; r++) {
        const float *row = cam->extrinsic[r];
        seen[r] = row[0] * world[0] + row[1] * world[1] + row[2] * world[2] + row[3];
    }
    if (!(seen[2] > 0))
        return false;
    pixel[0] = cam->fx * seen[0] / seen[2] + cam->cx;
    pixel[1] = cam->fy * seen[1] / seen[2] + cam->cy;
    *depth = seen[2];
    return true;
}

camera camera_through(const camera *from, float a, float b, const float t[2], int width, int height)
{
    const float scale = sqrtf(a * a + b * b), cosine = a / scale, sine = b / scale;
    camera through = {
        .width = width,
        .height = height,
        .fx = from->fx * scale,
        .fy = from->fy * scale,
        .cx = a * from->cx - b * from->cy + t[0],
        .cy = b * from->cx + a * from->cy + t[1],
    };
    for (int c = 0; c < 4; c++) {
        through.extrinsic[0][c] = cosine * from->extrinsic[0][c] - sine * from->extrinsic[1][c];
        through.extrinsic[1][c] = sine * from->extrinsic[0][c] + cosine * from->extrinsic[1][c];
        through.extrinsic[2][c] = from->extrinsic[2][c];
    }
    return through;
}

static void centre_of(const float *points, int n, double centre[2])
{
    centre[0] = centre[1] = 0;
    for (int i = 0; i < n; i++)
        for (int axis = 0; axis < 2; axis++)
            centre[axis] += (double)points[2 * i + axis] / n;
}

void similarity_fit(const float *from, const float *to, int n, float *a, float *b, float t[2])
{
    double f0[2], t0[2], along = 0, across = 0, square = 0;
    centre_of(from, n, f0);
    centre_of(to, n, t0);
    for (int i = 0; i < n; i++) {
        const double fx = (double)from[2 * i] - f0[0], fy = (double)from[2 * i + 1] - f0[1];
        const double tx = (double)to[2 * i] - t0[0], ty = (double)to[2 * i + 1] - t0[1];
        along += fx * tx + fy * ty;
        across += fx * ty - fy * tx;
        square += fx * fx + fy * fy;
    }
    const double cosine = square > 0 ? along / square : 1, sine = square > 0 ? across / square : 0;
    *a = (float)cosine;
    *b = (float)sine;
    t[0] = (float)(t0[0] - cosine * f0[0] + sine * f0[1]);
    t[1] = (float)(t0[1] - sine * f0[0] - cosine * f0[1]);
}
