/* raster_labels.c: what is known of a pixel beside its colour: the region, the depth and the normal of what is seen there. */
#include "render/raster_internal.h"
#include "render/shade.h"

void raster_camera_normal(const camera *cam, const float world[3], float out[3])
{
    for (int r = 0; r < 3; r++)
        out[r] = cam->extrinsic[r][0] * world[0] + cam->extrinsic[r][1] * world[1] + cam->extrinsic[r][2] * world[2];
}

/* w at (dx, dy) from point i (1/256 pixel), which may lie outside the triangle: its plane, kept within its corners. */
static float w_beside(const shade_batch *b, int i, float dx, float dy)
{
    const float x0 = b->corner_x[0][i] - dx, y0 = b->corner_y[0][i] - dy, x1 = b->corner_x[1][i] - dx, y1 = b->corner_y[1][i] - dy,
                x2 = b->corner_x[2][i] - dx, y2 = b->corner_y[2][i] - dy;
    const float e0 = x2 * y1 - x1 * y2, e1 = x0 * y2 - x2 * y0, e2 = x1 * y0 - x0 * y1, sum = e0 + e1 + e2;
    const float w0 = b->corner_w[0][i], w1 = b->corner_w[1][i], w2 = b->corner_w[2][i];
    if (sum == 0)
        return b->w[i];
    const float w = (e0 * w0 + e1 * w1 + e2 * w2) / sum, low01 = w0 < w1 ? w0 : w1, high01 = w0 > w1 ? w0 : w1;
    const float low = low01 < w2 ? low01 : w2, high = high01 > w2 ? high01 : w2;
    return w < low ? low : w > high ? high : w;
}

void raster_label_point(const camera *cam, const scene_mesh *mesh, const shade_batch *batch, int i, size_t pixel,
                        const scene_picture *picture)
{
    if (picture->regions)
        picture->regions[pixel] = mesh->regions ? mesh->regions[batch->triangle[i]] : mesh->region;
    if (picture->depth) {
        const float dx = (float)(128 - (batch->x[i] & 255)), dy = (float)(128 - (batch->y[i] & 255)); /* to the pixel's centre */
        picture->depth[pixel] = 1 / w_beside(batch, i, dx, dy);
    }
    if (picture->normals) {
        const float normal[3] = {batch->normal[0][i], batch->normal[1][i], batch->normal[2][i]};
        raster_camera_normal(cam, normal, picture->normals + 3 * pixel);
    }
}
