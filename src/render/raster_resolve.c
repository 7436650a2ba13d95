/* raster_resolve.c: from the visibility buffer to the picture. Pixels are read in order; each triangle that a pixel sees waits in
   its mesh's list, and full lists are shaded together. */
#include "render/raster_internal.h"
#include "render/shade.h"

/* A pixel and a triangle seen in it. */
typedef struct pair {
    raster_fragment seen;
    float weight;    /* share of the pixel's light that comes from here */
    bool has_labels; /* the pixel's labels are this triangle's */
} pair;

typedef struct waiting {
    int count;
    pair pairs[SHADE_BATCH];
} waiting;

typedef struct resolving {
    const raster_target *target;
    const scene *stage;
    const raster_mesh *meshes;
    const scene_picture *picture;
    shade_view view;
    waiting *waiting; /* [meshes] */
    shade_batch *batch;
} resolving;

void raster_camera_normal(const camera *cam, const float world[3], float out[3])
{
    for (int r = 0; r < 3; r++)
        out[r] = cam->extrinsic[r][0] * world[0] + cam->extrinsic[r][1] * world[1] + cam->extrinsic[r][2] * world[2];
}

/* w at the pixel's centre, which may lie outside the triangle when other samples are seen: its plane, kept within its corners. */
static float centre_w(const shade_batch *b, int i, float dx, float dy)
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

static void write_labels(const resolving *r, const scene_mesh *mesh, const pair *seen, int i)
{
    const scene_picture *picture = r->picture;
    const size_t pixel = (size_t)seen->seen.y * (size_t)r->target->width + (size_t)seen->seen.x;
    if (picture->regions)
        picture->regions[pixel] = mesh->regions ? mesh->regions[r->batch->triangle[i]] : mesh->region;
    if (picture->depth)
        picture->depth[pixel] =
            1 / centre_w(r->batch, i, (float)(seen->seen.x * 256 + 128 - r->batch->x[i]), (float)(seen->seen.y * 256 + 128 - r->batch->y[i]));
    if (picture->normals) {
        const float normal[3] = {r->batch->normal[0][i], r->batch->normal[1][i], r->batch->normal[2][i]};
        raster_camera_normal(&r->stage->camera, normal, picture->normals + 3 * pixel);
    }
}

static void shade_waiting(resolving *r, int mesh)
{
    waiting *list = &r->waiting[mesh];
    shade_batch *b = r->batch;
    raster_fragment fragments[SHADE_BATCH];
    for (int i = 0; i < list->count; i++)
        fragments[i] = list->pairs[i].seen;
    shade_take(r->target->samples, fragments, list->count, b);
    shade_locate(&r->meshes[mesh], b);
    shade_texture(&r->meshes[mesh], r->view.channels, b);
    for (int i = 0; i < b->count; i++)
        b->alpha[i] = 1; /* what is in the visibility buffer covers */
    shade_light(&r->view, &r->meshes[mesh], b);
    for (int i = 0; i < list->count; i++) {
        const pair *p = &list->pairs[i];
        if (r->picture->colour) {
            float *out = r->picture->colour + ((size_t)p->seen.y * (size_t)r->target->width + (size_t)p->seen.x) * (size_t)r->view.channels;
            for (int c = 0; c < r->view.channels; c++)
                out[c] += p->weight * b->colour[c][i];
        }
        if (p->has_labels)
            write_labels(r, r->meshes[mesh].mesh, p, i);
    }
    list->count = 0;
}

static void add_pair(resolving *r, pair seen)
{
    const int mesh = raster_id_mesh(seen.seen.id);
    waiting *list = &r->waiting[mesh];
    list->pairs[list->count++] = seen;
    if (list->count == SHADE_BATCH)
        shade_waiting(r, mesh);
}

/* The triangles of a pixel's samples. */
static int distinct(const raster_key *seen, int samples, uint32_t ids[4], uint32_t masks[4])
{
    int n = 0;
    for (int s = 0; s < samples; s++) {
        if (seen[s] == 0)
            continue;
        const uint32_t id = raster_key_id(seen[s]);
        int k = 0;
        while (k < n && ids[k] != id)
            k++;
        if (k == n) {
            ids[n] = id;
            masks[n++] = 0;
        }
        masks[k] |= 1u << s;
    }
    return n;
}

static float sum_through(const float *through, int samples, uint32_t mask)
{
    float sum = 0;
    for (int s = 0; s < samples; s++)
        if (mask >> s & 1u)
            sum += through ? through[s] : 1;
    return sum / (float)samples;
}

static void clear_labels(const scene_picture *picture, size_t pixel)
{
    if (picture->regions)
        picture->regions[pixel] = FACE_BACKGROUND;
    if (picture->depth)
        picture->depth[pixel] = 0;
    if (picture->normals)
        memset(picture->normals + 3 * pixel, 0, 3 * sizeof(float));
}

/* The triangle with the most samples names the pixel, the background where it has more than half. */
static int label_owner(int count, const uint32_t masks[4], int samples)
{
    int owner = -1, most = 0, covered = 0;
    for (int k = 0; k < count; k++) {
        const int here = __builtin_popcount(masks[k]);
        covered += here;
        if (here > most) {
            most = here;
            owner = k;
        }
    }
    return 2 * covered >= samples ? owner : -1;
}

static void begin_colour(const resolving *r, size_t pixel, const float *veil, float uncovered)
{
    const int channels = r->view.channels;
    for (int c = 0; c < channels; c++) {
        const float behind = r->stage->background ? r->stage->background[pixel * (size_t)channels + (size_t)c] : 0;
        r->picture->colour[pixel * (size_t)channels + (size_t)c] = uncovered * behind + (veil ? veil[c] : 0);
    }
}

static void resolve_pixel(resolving *r, int x, int y)
{
    const raster_target *target = r->target;
    const int samples = target->samples;
    const size_t pixel = (size_t)y * (size_t)target->width + (size_t)x, place = (size_t)y * (size_t)target->stride + (size_t)x;
    const float *through = target->has_veil ? target->through + place * (size_t)samples : NULL;
    uint32_t ids[4], masks[4], covered = 0;
    const int count = distinct(target->seen + place * (size_t)samples, samples, ids, masks);
    for (int k = 0; k < count; k++)
        covered |= masks[k];
    if (r->picture->colour)
        begin_colour(r, pixel, target->has_veil ? target->veil + 3 * place : NULL, sum_through(through, samples, ~covered));
    const bool is_veiled = target->has_veil && target->veil_w[place] > 0;
    const int owner = is_veiled ? -1 : label_owner(count, masks, samples);
    if (!is_veiled && owner < 0)
        clear_labels(r->picture, pixel);
    for (int k = 0; k < count; k++) {
        const float weight = sum_through(through, samples, masks[k]);
        if (weight > 0 || k == owner)
            add_pair(r, (pair){.seen = {.id = ids[k], .x = x, .y = y, .mask = masks[k]}, .weight = weight, .has_labels = k == owner});
    }
}

bool raster_resolve(const raster_target *target, const scene *stage, const raster_mesh *meshes, const scene_picture *picture, df_arena *scratch,
                    df_error *err)
{
    resolving r = {.target = target, .stage = stage, .meshes = meshes, .picture = picture, .view = shade_view_of(stage)};
    r.waiting = df_alloc(scratch, (size_t)stage->mesh_count, sizeof *r.waiting, err);
    r.batch = r.waiting ? df_alloc(scratch, 1, sizeof *r.batch, err) : NULL;
    if (!r.batch)
        return false;
    for (int y = 0; y < target->height; y++)
        for (int x = 0; x < target->width; x++)
            resolve_pixel(&r, x, y);
    for (int mesh = 0; mesh < stage->mesh_count; mesh++)
        if (r.waiting[mesh].count > 0)
            shade_waiting(&r, mesh);
    return true;
}
