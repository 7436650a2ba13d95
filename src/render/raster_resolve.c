/* raster_resolve.c: from the visibility buffer to the picture. Runs of pixels that one mesh fills are shaded together; triangles
   of other pixels wait in their mesh's list, and full lists are shaded. */
#include "base/clones.h"
#include "render/raster_parts.h"
#include "render/shade.h"

/* Points of a mesh that wait for their colour: a pixel and a triangle seen in it each. Arrays, written field by field: a struct
   put together and copied would stall on its own stores. */
typedef struct waiting {
    int count;
    int32_t triangle[SHADE_BATCH];
    int32_t x[SHADE_BATCH], y[SHADE_BATCH]; /* where it is shaded, 1/256 pixel */
    float weight[SHADE_BATCH];              /* share of the pixel's light that comes from here */
    bool has_labels[SHADE_BATCH];           /* the pixel's labels are this triangle's */
} waiting;

typedef struct resolving {
    const raster_target *target;
    const scene *stage;
    const raster_mesh *meshes;
    const scene_picture *picture;
    shade_view view;
    bool has_labels;
    waiting *waiting; /* [meshes] */
    shade_batch *batch;
} resolving;

static size_t pixel_at(const resolving *r, int x, int y)
{
    return (size_t)y * (size_t)r->target->width + (size_t)x;
}

/* Whether what is drawn of a mesh counts in a matte that is wanted. */
static bool is_matted_mesh(const resolving *r, int mesh)
{
    return r->picture->matte && r->meshes[mesh].mesh->is_matted;
}

static void shade_waiting(resolving *r, int mesh)
{
    waiting *list = &r->waiting[mesh];
    const bool is_matted = is_matted_mesh(r, mesh);
    shade_batch *b = r->batch;
    const int channels = r->view.channels;
    b->count = list->count;
    memcpy(b->triangle, list->triangle, sizeof b->triangle);
    memcpy(b->x, list->x, sizeof b->x);
    memcpy(b->y, list->y, sizeof b->y);
    shade_solid_points(&r->view, &r->meshes[mesh], b);
    for (int i = 0; i < list->count; i++) {
        const size_t pixel = pixel_at(r, b->x[i] >> 8, b->y[i] >> 8);
        for (int c = 0; r->picture->colour && c < channels; c++)
            r->picture->colour[pixel * (size_t)channels + (size_t)c] += list->weight[i] * b->colour[c][i];
        if (is_matted)
            r->picture->matte[pixel] += list->weight[i];
        if (list->has_labels[i])
            raster_label_point(r->stage, r->meshes[mesh].mesh, b, i, pixel, r->picture);
    }
    list->count = 0;
}

static void add_point(resolving *r, uint32_t id, int x, int y, uint32_t mask, float weight, bool has_labels)
{
    const int mesh = raster_id_mesh(id);
    waiting *list = &r->waiting[mesh];
    const int i = list->count++;
    list->triangle[i] = raster_id_triangle(id);
    list->x[i] = x * 256 + r->target->shading_point[mask][0];
    list->y[i] = y * 256 + r->target->shading_point[mask][1];
    list->weight[i] = weight;
    list->has_labels[i] = has_labels && r->has_labels;
    if (i + 1 == SHADE_BATCH)
        shade_waiting(r, mesh);
}

/* What is left of a pixel's background; all else that the pixel shows is added to it. */
static void scale_pixel(const resolving *r, int x, int y, float share)
{
    if (!r->picture->colour)
        return;
    float *colour = r->picture->colour + pixel_at(r, x, y) * (size_t)r->view.channels;
    for (int c = 0; c < r->view.channels; c++)
        colour[c] *= share;
}

static void add_veil(const resolving *r, int x, int y, const float *veil)
{
    if (!r->picture->colour)
        return;
    float *colour = r->picture->colour + pixel_at(r, x, y) * (size_t)r->view.channels;
    for (int c = 0; c < r->view.channels; c++)
        colour[c] += veil[c];
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

/* A pixel of several surfaces, of some background, or under a veil. */
static void add_pixel(resolving *r, int x, int y)
{
    const raster_target *target = r->target;
    const int samples = target->samples;
    const size_t place = (size_t)y * (size_t)target->stride + (size_t)x;
    const raster_parts parts = raster_parts_of(target->seen + place * (size_t)samples, samples);
    const float *through = target->has_veil ? target->through + place * (size_t)samples : NULL;
    const int owner = target->has_veil && target->veil_w[place] > 0 ? -1 : raster_parts_owner(&parts, samples);
    uint32_t open = (1u << samples) - 1;
    for (int k = 0; k < parts.count; k++)
        open &= ~parts.mask[k];
    scale_pixel(r, x, y, share_of(through, samples, open));
    if (target->has_veil)
        add_veil(r, x, y, target->veil + 3 * place);
    for (int k = 0; k < parts.count; k++) {
        const float weight = share_of(through, samples, parts.mask[k]);
        if (weight > 0 || k == owner)
            add_point(r, raster_key_id(parts.first[k]), x, y, parts.mask[k], weight, k == owner);
    }
}

/* Centres of `count` pixels from (x, y), and the triangles that fill them. */
DF_CLONES static void place_run(const raster_key *restrict seen, int samples, int x, int y, int count, shade_batch *restrict b)
{
    for (int i = 0; i < count; i++) {
        b->triangle[i] = (int32_t)(~(uint32_t)seen[i * samples] & ((1u << RASTER_TRIANGLE_BITS) - 1));
        b->x[i] = (x + i) * 256 + 128;
        b->y[i] = y * 256 + 128;
    }
}

DF_CLONES static void write_run(const shade_batch *restrict b, int count, int channels, float *restrict out)
{
    if (channels == 1)
        for (int i = 0; i < count; i++)
            out[i] = b->colour[0][i];
    else
        for (int i = 0; i < count; i++) {
            out[3 * i] = b->colour[0][i];
            out[3 * i + 1] = b->colour[1][i];
            out[3 * i + 2] = b->colour[2][i];
        }
}

/* Pixels [x, end) of a row, all filled by one mesh. */
static void shade_run(resolving *r, int x, int end, int y)
{
    const raster_target *target = r->target;
    const raster_key *seen = target->seen + ((size_t)y * (size_t)target->stride + (size_t)x) * (size_t)target->samples;
    const int mesh = raster_id_mesh(raster_key_id(*seen));
    const bool is_matted = is_matted_mesh(r, mesh);
    shade_batch *b = r->batch;
    for (; x < end; x += SHADE_BATCH, seen += SHADE_BATCH * target->samples) {
        const size_t pixel = pixel_at(r, x, y);
        const int count = end - x < SHADE_BATCH ? end - x : SHADE_BATCH;
        b->count = count;
        place_run(seen, target->samples, x, y, count, b);
        shade_solid_points(&r->view, &r->meshes[mesh], b);
        if (r->picture->colour)
            write_run(b, count, r->view.channels, r->picture->colour + pixel * (size_t)r->view.channels);
        for (int i = 0; is_matted && i < count; i++)
            r->picture->matte[pixel + (size_t)i] = 1;
        for (int i = 0; r->has_labels && i < count; i++)
            raster_label_point(r->stage, r->meshes[mesh].mesh, b, i, pixel + (size_t)i, r->picture);
    }
}

/* How the rows of a target are read; a constant wherever the functions below are put in. */
typedef struct row_kind {
    int samples;
    bool has_veil;
} row_kind;

/* Whether no veil lies before a pixel. */
static inline bool is_clear(const raster_target *target, row_kind kind, size_t place)
{
    const float *through = target->through + place * (size_t)kind.samples;
    if (!kind.has_veil)
        return true;
    return kind.samples == 1 ? through[0] == 1 : through[0] + through[1] + through[2] + through[3] == 4;
}

static inline bool is_empty(const raster_target *target, row_kind kind, size_t place)
{
    const raster_key *seen = target->seen + place * (size_t)kind.samples;
    const raster_key any = kind.samples == 1 ? seen[0] : seen[0] | seen[1] | seen[2] | seen[3];
    return any == 0 && is_clear(target, kind, place);
}

/* How many of the `most` pixels from `place` on one mesh fills, with no veil before them. */
static inline int run_length(const raster_target *target, row_kind kind, size_t place, int most)
{
    const raster_key *seen = target->seen + place * (size_t)kind.samples;
    const uint32_t mesh = (uint32_t)seen[0] >> RASTER_TRIANGLE_BITS;
    int n = 0;
    for (; n < most; n++, seen += kind.samples)
        if (!raster_is_filled(seen, kind.samples) || (uint32_t)seen[0] >> RASTER_TRIANGLE_BITS != mesh ||
            !is_clear(target, kind, place + (size_t)n))
            break;
    return n;
}

enum { LEAST_RUN = 16 }; /* pixels for which a batch of their own is worth its calls */

static inline void resolve_pixels(resolving *r, row_kind kind, int y)
{
    const raster_target *target = r->target;
    const size_t row = (size_t)y * (size_t)target->stride;
    const int end = target->drawn[2];
    for (int x = target->drawn[0]; x < end;) {
        if (is_empty(target, kind, row + (size_t)x)) {
            x++;
            continue;
        }
        const int length = run_length(target, kind, row + (size_t)x, end - x);
        if (length >= LEAST_RUN) {
            shade_run(r, x, x + length, y);
            x += length;
            continue;
        }
        for (const int last = x + (length > 0 ? length : 1); x < last; x++)
            add_pixel(r, x, y);
    }
}

static void resolve_row(resolving *r, int y)
{
    if (r->target->has_veil)
        resolve_pixels(r, (row_kind){r->target->samples, true}, y);
    else if (r->target->samples == 1)
        resolve_pixels(r, (row_kind){1, false}, y);
    else
        resolve_pixels(r, (row_kind){4, false}, y);
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

bool raster_resolve(const raster_target *target, const scene *stage, const raster_mesh *meshes, const scene_picture *picture,
                    df_arena *scratch, df_error *err)
{
    resolving r = {.target = target, .stage = stage, .meshes = meshes, .picture = picture, .view = shade_view_of(stage)};
    r.has_labels = picture->regions || picture->depth || picture->normals || picture->albedo || picture->uv;
    r.waiting = df_alloc(scratch, (size_t)stage->mesh_count, sizeof *r.waiting, err);
    r.batch = r.waiting ? df_alloc(scratch, 1, sizeof *r.batch, err) : NULL;
    if (!r.batch)
        return false;
    for (int y = 0; y < target->height; y++) {
        begin_row(&r, y);
        if (y >= target->drawn[1] && y < target->drawn[3])
            resolve_row(&r, y);
    }
    for (int mesh = 0; mesh < stage->mesh_count; mesh++)
        if (r.waiting[mesh].count > 0)
            shade_waiting(&r, mesh);
    return true;
}
