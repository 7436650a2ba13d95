/* raster_veil.c: the list of pixels that let light through, and its sorting and composing. */
#include "render/raster_veil.h"

#include "render/shade.h"

static const float THROUGH_LEAST = 1 / 256.0f; /* less light than that is none */

void raster_veil_add(raster_veil *veil, veil_fragment fragment)
{
    if (!veil->last || veil->last->count == VEIL_CHUNK) {
        veil_chunk *more = veil->failed ? NULL : df_alloc(veil->arena, 1, sizeof *more, veil->err);
        if (!more) {
            veil->failed = true;
            return;
        }
        *(veil->last ? &veil->last->next : &veil->first) = more;
        veil->last = more;
    }
    veil->last->fragments[veil->last->count++] = fragment;
    veil->count++;
}

typedef struct composing {
    raster_target *target;
    const raster_mesh *meshes;
    int mesh_count;
    const scene_picture *picture;
    const camera *camera;
    shade_view view;
    veil_fragment *block; /* [VEIL_CHUNK] */
    float (*colour)[3];   /* [VEIL_CHUNK] */
    float (*normal)[3];   /* [VEIL_CHUNK] */
    float (*albedo)[3];   /* [VEIL_CHUNK] */
    float *alpha;         /* [VEIL_CHUNK] */
    int32_t *mine;        /* [VEIL_CHUNK] */
    shade_batch *batch;
} composing;

static size_t place_of(const raster_target *target, const veil_fragment *fragment)
{
    return (size_t)fragment->y * (size_t)target->stride + fragment->x;
}

/* The samples of a fragment that can still be seen. */
static uint32_t visible(const raster_target *target, const veil_fragment *fragment)
{
    const size_t first = place_of(target, fragment) * (size_t)target->samples;
    const raster_key key = raster_key_of(fragment->w, fragment->id);
    uint32_t mask = 0;
    for (int s = 0; s < target->samples; s++)
        mask |= (uint32_t)(target->through[first + (size_t)s] > 0 && key > target->seen[first + (size_t)s]) << s;
    return mask & fragment->mask;
}

static void label(const composing *c, const veil_fragment *fragment, int f)
{
    const size_t pixel = (size_t)fragment->y * (size_t)c->target->width + fragment->x;
    const scene_mesh *mesh = c->meshes[raster_id_mesh(fragment->id)].mesh;
    if (c->picture->regions)
        c->picture->regions[pixel] = mesh->regions ? mesh->regions[raster_id_triangle(fragment->id)] : mesh->region;
    if (c->picture->depth)
        c->picture->depth[pixel] = 1 / fragment->w;
    if (c->picture->normals)
        raster_camera_normal(c->camera, c->normal[f], c->picture->normals + 3 * pixel);
    if (c->picture->albedo)
        memcpy(c->picture->albedo + pixel * (size_t)c->view.channels, c->albedo[f], (size_t)c->view.channels * sizeof(float));
}

static void add_to_matte(const composing *c, const veil_fragment *fragment, float share)
{
    if (c->picture->matte && c->meshes[raster_id_mesh(fragment->id)].mesh->is_matted)
        c->picture->matte[(size_t)fragment->y * (size_t)c->target->width + fragment->x] += share;
}

static void compose(composing *c, int f)
{
    const veil_fragment *fragment = &c->block[f];
    raster_target *target = c->target;
    const size_t place = place_of(target, fragment);
    float *through = target->through + place * (size_t)target->samples, *veil = target->veil + 3 * place;
    float share = 0, left = 0;
    for (int s = 0; s < target->samples; s++) {
        if (fragment->mask >> s & 1u) {
            share += through[s];
            const float behind = through[s] * (1 - c->alpha[f]);
            through[s] = behind < THROUGH_LEAST ? 0 : behind;
        }
        left += through[s];
    }
    const float per_sample = 1 / (float)target->samples;
    for (int k = 0; k < c->view.channels; k++)
        veil[k] += share * per_sample * c->colour[f][k];
    add_to_matte(c, fragment, share * per_sample * c->alpha[f]);
    if (left * per_sample <= 0.5f && target->veil_w[place] == 0) {
        target->veil_w[place] = fragment->w;
        label(c, fragment, f);
    }
}

static void shade_some(composing *c, int mesh, const int32_t *some, int count)
{
    shade_batch *b = c->batch;
    b->count = count;
    for (int i = 0; i < count; i++) {
        const veil_fragment *from = &c->block[some[i]];
        shade_take(c->target, &(raster_fragment){.id = from->id, .x = from->x, .y = from->y, .mask = from->mask}, i, b);
    }
    shade_points(&c->view, &c->meshes[mesh], b);
    for (int i = 0; i < count; i++) {
        const int f = some[i];
        c->alpha[f] = b->alpha[i];
        for (int k = 0; k < 3; k++) {
            c->colour[f][k] = k < c->view.channels ? b->colour[k][i] : 0;
            c->normal[f][k] = b->normal[k][i];
            if (c->picture->albedo)
                c->albedo[f][k] = k < c->view.channels ? c->meshes[mesh].mesh->material.colour[k] * b->albedo[k][i] : 0;
        }
    }
}

static void shade_mesh(composing *c, int mesh, int count)
{
    int mine = 0;
    for (int f = 0; f < count; f++) {
        c->mine[mine] = f;
        mine += raster_id_mesh(c->block[f].id) == mesh;
    }
    for (int first = 0; first < mine; first += SHADE_BATCH)
        shade_some(c, mesh, c->mine + first, mine - first < SHADE_BATCH ? mine - first : SHADE_BATCH);
}

static void compose_block(composing *c, int count)
{
    for (int mesh = 0; mesh < c->mesh_count; mesh++)
        if (c->meshes[mesh].mesh->material.alpha == SCENE_BLEND)
            shade_mesh(c, mesh, count);
    for (int f = 0; f < count; f++)
        compose(c, f);
}

enum { DIGIT = 11, DIGITS = 2, BUCKETS = 1 << DIGIT };

/* A fragment's place in the order: 0 the nearest, in as many steps as two digits have. */
typedef struct order_entry {
    uint32_t key;
    const veil_fragment *fragment;
} order_entry;

static void list_order(const raster_veil *veil, order_entry *out)
{
    int32_t nearest = 0, farthest = INT32_MAX;
    size_t n = 0;
    for (const veil_chunk *chunk = veil->first; chunk; chunk = chunk->next)
        for (int i = 0; i < chunk->count; i++, n++) {
            int32_t bits;
            memcpy(&bits, &chunk->fragments[i].w, sizeof bits);
            out[n] = (order_entry){.key = (uint32_t)bits, .fragment = &chunk->fragments[i]};
            nearest = bits > nearest ? bits : nearest;
            farthest = bits < farthest ? bits : farthest;
        }
    int shift = 0;
    while ((nearest - farthest) >> shift >= 1 << (DIGIT * DIGITS))
        shift++;
    for (size_t i = 0; i < n; i++)
        out[i].key = ((uint32_t)nearest - out[i].key) >> shift;
}

/* By one digit, keeping the order of equal ones. */
static void sort_by(const order_entry *from, order_entry *to, size_t count, int shift, uint32_t start[BUCKETS + 1])
{
    memset(start, 0, (BUCKETS + 1) * sizeof *start);
    for (size_t i = 0; i < count; i++)
        start[(from[i].key >> shift & (BUCKETS - 1)) + 1]++;
    for (int b = 0; b < BUCKETS; b++)
        start[b + 1] += start[b];
    for (size_t i = 0; i < count; i++)
        to[start[from[i].key >> shift & (BUCKETS - 1)]++] = from[i];
}

static void clear(raster_target *target)
{
    const size_t left = (size_t)target->drawn[0], width = (size_t)(target->drawn[2] - target->drawn[0]), samples = (size_t)target->samples;
    for (int y = target->drawn[1]; y < target->drawn[3]; y++) {
        const size_t place = (size_t)y * (size_t)target->stride + left;
        for (size_t i = 0; i < width * samples; i++)
            target->through[place * samples + i] = 1;
        memset(target->veil + 3 * place, 0, width * 3 * sizeof(float));
        memset(target->veil_w + place, 0, width * sizeof(float));
    }
}

static bool make_room(composing *c, df_arena *scratch, df_error *err)
{
    return (c->block = df_alloc(scratch, VEIL_CHUNK, sizeof *c->block, err)) &&
           (c->colour = df_alloc(scratch, VEIL_CHUNK, sizeof *c->colour, err)) &&
           (c->normal = df_alloc(scratch, VEIL_CHUNK, sizeof *c->normal, err)) &&
           (c->albedo = df_alloc(scratch, VEIL_CHUNK, sizeof *c->albedo, err)) &&
           (c->alpha = df_alloc(scratch, VEIL_CHUNK, sizeof *c->alpha, err)) &&
           (c->mine = df_alloc(scratch, VEIL_CHUNK, sizeof *c->mine, err)) && (c->batch = df_alloc(scratch, 1, sizeof *c->batch, err));
}

static void compose_all(composing *c, const order_entry *order, size_t count)
{
    int n = 0;
    for (size_t i = 0; i < count; i++) {
        veil_fragment here = *order[i].fragment;
        here.mask = visible(c->target, &here);
        c->block[n] = here;
        n += here.mask != 0;
        if (n == VEIL_CHUNK) {
            compose_block(c, n);
            n = 0;
        }
    }
    compose_block(c, n);
}

bool raster_veil_compose(const raster_veil *veil, raster_target *target, const scene *stage, const raster_mesh *meshes,
                         const scene_picture *picture, df_arena *scratch, df_error *err)
{
    target->has_veil = veil->count > 0;
    if (!target->has_veil)
        return true;
    composing c = {.target = target,
                   .meshes = meshes,
                   .mesh_count = stage->mesh_count,
                   .picture = picture,
                   .camera = &stage->camera,
                   .view = shade_view_of(stage)};
    order_entry *order = df_alloc(scratch, veil->count, sizeof *order, err),
                *spare = order ? df_alloc(scratch, veil->count, sizeof *spare, err) : NULL;
    uint32_t *start = spare ? df_alloc(scratch, BUCKETS + 1, sizeof *start, err) : NULL;
    if (!start || !make_room(&c, scratch, err))
        return false;
    clear(target);
    list_order(veil, order);
    sort_by(order, spare, veil->count, 0, start);
    sort_by(spare, order, veil->count, DIGIT, start);
    compose_all(&c, order, veil->count);
    return true;
}
