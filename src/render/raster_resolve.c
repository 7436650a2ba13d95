/* raster_resolve.c: from the visibility buffer to the picture. Pixels are read in order; each triangle that a pixel sees waits in
   its mesh's list, and full lists are shaded together. */
#include "render/raster_internal.h"
#include "render/shade.h"

static const float ALL_OF_IT = -1.0f; /* in place of a weight */

/* Points of a mesh that wait for their colour: a pixel and a triangle seen in it each. Arrays, written field by field: a struct
   put together and copied would stall on its own stores. */
typedef struct waiting {
    int count;
    int32_t triangle[SHADE_BATCH];
    int32_t x[SHADE_BATCH], y[SHADE_BATCH]; /* where it is shaded, 1/256 pixel */
    int32_t pixel[SHADE_BATCH];             /* in the picture */
    float weight[SHADE_BATCH];              /* share of the pixel's light that comes from here; ALL_OF_IT: no other does */
    bool has_labels[SHADE_BATCH];           /* the pixel's labels are this triangle's */
} waiting;

typedef struct resolving {
    const raster_target *target;
    const scene *stage;
    const raster_mesh *meshes;
    const scene_picture *picture;
    shade_view view;
    bool has_labels;
    int left, right;  /* pixels of a row that may see anything */
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

static void write_labels(const resolving *r, const scene_mesh *mesh, const waiting *list, int i)
{
    const scene_picture *picture = r->picture;
    const int32_t x = list->x[i] >> 8, y = list->y[i] >> 8;
    const size_t pixel = (size_t)list->pixel[i];
    if (picture->regions)
        picture->regions[pixel] = mesh->regions ? mesh->regions[list->triangle[i]] : mesh->region;
    if (picture->depth)
        picture->depth[pixel] = 1 / centre_w(r->batch, i, (float)(x * 256 + 128 - list->x[i]), (float)(y * 256 + 128 - list->y[i]));
    if (picture->normals) {
        const float normal[3] = {r->batch->normal[0][i], r->batch->normal[1][i], r->batch->normal[2][i]};
        raster_camera_normal(&r->stage->camera, normal, picture->normals + 3 * pixel);
    }
}

/* Adds a point's light to its pixel, or sets it where nothing of the pixel was to be kept. */
static inline void write_colour(float *restrict out, const shade_batch *restrict b, int i, int channels, float weight)
{
    for (int c = 0; c < channels; c++)
        out[c] = weight < 0 ? b->colour[c][i] : out[c] + weight * b->colour[c][i];
}

static void write_colours(const resolving *r, const waiting *list)
{
    const int count = list->count;
    float *colour = r->picture->colour;
    const shade_batch *b = r->batch;
    if (r->view.channels == 1)
        for (int i = 0; i < count; i++)
            write_colour(colour + list->pixel[i], b, i, 1, list->weight[i]);
    else
        for (int i = 0; i < count; i++)
            write_colour(colour + 3 * (size_t)list->pixel[i], b, i, 3, list->weight[i]);
}

static void shade_waiting(resolving *r, int mesh)
{
    waiting *list = &r->waiting[mesh];
    shade_batch *b = r->batch;
    b->count = list->count;
    memcpy(b->triangle, list->triangle, sizeof b->triangle);
    memcpy(b->x, list->x, sizeof b->x);
    memcpy(b->y, list->y, sizeof b->y);
    shade_solid_points(&r->view, &r->meshes[mesh], b);
    if (r->picture->colour)
        write_colours(r, list);
    for (int i = 0; i < list->count && r->has_labels; i++)
        if (list->has_labels[i])
            write_labels(r, r->meshes[mesh].mesh, list, i);
    list->count = 0;
}

static inline void add_point(resolving *r, uint32_t id, int x, int y, uint32_t mask, float weight, bool has_labels)
{
    const int mesh = raster_id_mesh(id);
    waiting *list = &r->waiting[mesh];
    const int i = list->count++;
    list->triangle[i] = raster_id_triangle(id);
    list->x[i] = x * 256 + r->target->shading_point[mask][0];
    list->y[i] = y * 256 + r->target->shading_point[mask][1];
    list->weight[i] = weight;
    list->pixel[i] = y * r->target->width + x;
    list->has_labels[i] = has_labels;
    if (i + 1 == SHADE_BATCH)
        shade_waiting(r, mesh);
}

/* What is left of a pixel's background; all else that the pixel shows is added to it. */
static inline void scale_pixel(const resolving *r, int x, int y, float share)
{
    if (!r->picture->colour)
        return;
    float *colour = r->picture->colour + ((size_t)y * (size_t)r->target->width + (size_t)x) * (size_t)r->view.channels;
    for (int c = 0; c < r->view.channels; c++)
        colour[c] *= share;
}

/* Samples of one mesh at about the same depth are one surface: on it colour changes little within a pixel, and it is shaded once.
   The step between two depths that are not, in units of w's last bit (0.8 to 1.6 %). */
enum { SURFACE_STEP = 1 << 17 };

static inline bool is_one_surface(raster_key a, raster_key b)
{
    const int64_t step = (a >> 32) - (b >> 32);
    return step <= SURFACE_STEP && step >= -SURFACE_STEP && ((uint32_t)a ^ (uint32_t)b) >> RASTER_TRIANGLE_BITS == 0;
}

/* The surfaces of a pixel: the triangle of the first sample, and the samples. */
typedef struct pixel_parts {
    int count;
    raster_key first[4];
    uint32_t mask[4];
} pixel_parts;

static pixel_parts parts_of(const raster_key *seen, int samples)
{
    pixel_parts parts = {.count = 0};
    for (int s = 0; s < samples; s++) {
        if (seen[s] == 0)
            continue;
        int k = 0;
        while (k < parts.count && !is_one_surface(parts.first[k], seen[s]))
            k++;
        if (k == parts.count) {
            parts.first[k] = seen[s];
            parts.mask[k] = 0;
            parts.count++;
        }
        parts.mask[k] |= 1u << s;
    }
    return parts;
}

/* The surface with the most samples names the pixel; the background does where it has more than half of them. */
static int label_owner(const pixel_parts *parts, int samples)
{
    int owner = -1, most = 0, covered = 0;
    for (int k = 0; k < parts->count; k++) {
        const int here = __builtin_popcount(parts->mask[k]);
        covered += here;
        if (here > most) {
            most = here;
            owner = k;
        }
    }
    return 2 * covered >= samples ? owner : -1;
}

/* The light through the veil from the samples of a mask, as a share of the pixel; `through` NULL: no veil. */
static float share_of(const float *through, int samples, uint32_t mask)
{
    float sum = 0;
    for (int s = 0; s < samples; s++)
        if (mask >> s & 1u)
            sum += through ? through[s] : 1;
    return samples == 1 ? sum : 0.25f * sum;
}

static void add_parts(resolving *r, int x, int y, const pixel_parts *parts, const float *through, int owner)
{
    const int samples = r->target->samples;
    uint32_t open = (1u << samples) - 1;
    for (int k = 0; k < parts->count; k++)
        open &= ~parts->mask[k];
    scale_pixel(r, x, y, share_of(through, samples, open));
    for (int k = 0; k < parts->count; k++) {
        const float weight = share_of(through, samples, parts->mask[k]);
        if (weight > 0 || k == owner)
            add_point(r, raster_key_id(parts->first[k]), x, y, parts->mask[k], weight, k == owner);
    }
}

static void resolve_row_one(resolving *r, int y)
{
    const raster_key *seen = r->target->seen + (size_t)y * (size_t)r->target->stride;
    for (int x = r->left; x < r->right; x++)
        if (seen[x])
            add_point(r, raster_key_id(seen[x]), x, y, 1, ALL_OF_IT, true);
}

/* Whether one surface has all four samples, which is so of nearly every pixel. */
static inline bool is_filled(const raster_key seen[4])
{
    const raster_key low01 = seen[0] < seen[1] ? seen[0] : seen[1], low23 = seen[2] < seen[3] ? seen[2] : seen[3];
    const raster_key high01 = seen[0] > seen[1] ? seen[0] : seen[1], high23 = seen[2] > seen[3] ? seen[2] : seen[3];
    const raster_key low = low01 < low23 ? low01 : low23, high = high01 > high23 ? high01 : high23;
    const uint32_t differ = (uint32_t)((seen[0] ^ seen[1]) | (seen[0] ^ seen[2]) | (seen[0] ^ seen[3]));
    return (low != 0) & ((high >> 32) - (low >> 32) <= SURFACE_STEP) & (differ >> RASTER_TRIANGLE_BITS == 0);
}

static void resolve_row_four(resolving *r, int y)
{
    const raster_key *row = r->target->seen + (size_t)y * (size_t)r->target->stride * 4;
    for (int x = r->left; x < r->right; x++) {
        const raster_key *seen = row + 4 * (size_t)x;
        if ((seen[0] | seen[1] | seen[2] | seen[3]) == 0)
            continue;
        if (is_filled(seen)) {
            add_point(r, raster_key_id(seen[0]), x, y, 15, ALL_OF_IT, true);
            continue;
        }
        const pixel_parts parts = parts_of(seen, 4);
        add_parts(r, x, y, &parts, NULL, label_owner(&parts, 4));
    }
}

static void add_veil(const resolving *r, int x, int y, const float *veil)
{
    if (!r->picture->colour)
        return;
    float *colour = r->picture->colour + ((size_t)y * (size_t)r->target->width + (size_t)x) * (size_t)r->view.channels;
    for (int c = 0; c < r->view.channels; c++)
        colour[c] += veil[c];
}

static void resolve_row_veiled(resolving *r, int y)
{
    const raster_target *target = r->target;
    const int samples = target->samples;
    for (int x = r->left; x < r->right; x++) {
        const size_t place = (size_t)y * (size_t)target->stride + (size_t)x;
        const pixel_parts parts = parts_of(target->seen + place * (size_t)samples, samples);
        const int owner = target->veil_w[place] > 0 ? -1 : label_owner(&parts, samples);
        add_parts(r, x, y, &parts, target->through + place * (size_t)samples, owner);
        add_veil(r, x, y, target->veil + 3 * place);
    }
}

static void begin_row(const resolving *r, int y)
{
    const size_t values = (size_t)r->target->width * (size_t)r->view.channels, start = (size_t)y * values;
    if (!r->picture->colour)
        return;
    if (r->stage->background)
        memcpy(r->picture->colour + start, r->stage->background + start, values * sizeof(float));
    else
        memset(r->picture->colour + start, 0, values * sizeof(float));
}

bool raster_resolve(const raster_target *target, const scene *stage, const raster_mesh *meshes, const scene_picture *picture, df_arena *scratch,
                    df_error *err)
{
    resolving r = {.target = target, .stage = stage, .meshes = meshes, .picture = picture, .view = shade_view_of(stage)};
    r.has_labels = picture->regions || picture->depth || picture->normals;
    r.waiting = df_alloc(scratch, (size_t)stage->mesh_count, sizeof *r.waiting, err);
    r.batch = r.waiting ? df_alloc(scratch, 1, sizeof *r.batch, err) : NULL;
    if (!r.batch)
        return false;
    r.left = target->drawn[0];
    r.right = target->drawn[2];
    for (int y = 0; y < target->height; y++) {
        begin_row(&r, y);
        if (y < target->drawn[1] || y >= target->drawn[3])
            continue;
        if (target->has_veil)
            resolve_row_veiled(&r, y);
        else if (target->samples == 1)
            resolve_row_one(&r, y);
        else
            resolve_row_four(&r, y);
    }
    for (int mesh = 0; mesh < stage->mesh_count; mesh++)
        if (r.waiting[mesh].count > 0)
            shade_waiting(&r, mesh);
    return true;
}
