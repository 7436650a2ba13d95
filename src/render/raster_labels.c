/* raster_labels.c: what is known of a pixel beside its colour: the region, depth, normal, albedo and texture
   coordinates of what is seen there. */
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

/* As the material's colour tints it. */
static void put_albedo(const scene_material *material, int channels, const shade_batch *b, int i, float *out)
{
    for (int c = 0; c < channels; c++)
        out[c] = material->colour[c] * b->albedo[c][i];
}

/* Of the nearest place in the triangle where the point lies beside it: other triangles may have another part of the texture. */
static void put_uv(const scene_mesh *mesh, const shade_batch *b, int i, float out[2])
{
    float weight[3], sum = 0;
    for (int k = 0; k < 3; k++)
        sum += weight[k] = b->weight[k][i] > 0 ? b->weight[k][i] : 0;
    for (int axis = 0; axis < 2; axis++) {
        out[axis] = 0;
        for (int k = 0; k < 3; k++)
            out[axis] += weight[k] / sum * mesh->uv[2 * (size_t)b->corner[k][i] + (size_t)axis];
    }
}

void raster_label_point(const scene *stage, const scene_mesh *mesh, const shade_batch *batch, int i, size_t pixel,
                        const scene_picture *picture)
{
    const camera *cam = &stage->camera;
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
    if (picture->albedo)
        put_albedo(&mesh->material, stage->channels, batch, i, picture->albedo + (size_t)stage->channels * pixel);
    if (picture->uv && mesh->has_skin_uv && mesh->uv)
        put_uv(mesh, batch, i, picture->uv + 2 * pixel);
}
