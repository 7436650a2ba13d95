/* raster_blend.c: hair, lashes, beards and lenses over what the visibility buffer holds. Triangles of all blended meshes are
   composed from near to far: each sample keeps how much light still comes through, each pixel the light gathered so far. That
   equals painting from far to near, and whatever lies behind full cover is not shaded at all. */
#include "render/raster_internal.h"
#include "render/shade.h"

static const float THROUGH_LEAST = 1 / 256.0f; /* less light than that is none */

typedef struct sorted_triangle {
    uint32_t key; /* ascending from near */
    uint32_t id;
    raster_reach reach;
} sorted_triangle;

typedef struct veil_drawing {
    raster_target *target;
    const raster_mesh *meshes;
    int mesh_count;
    const scene_picture *picture;
    const camera *camera;
    shade_view view;
    raster_fragment *fragments; /* [RASTER_FRAGMENTS] */
    float (*colour)[3];         /* [RASTER_FRAGMENTS] */
    float *alpha, *w;           /* [RASTER_FRAGMENTS] */
    float (*normal)[3];         /* [RASTER_FRAGMENTS] */
    int32_t *mine;              /* [RASTER_FRAGMENTS] */
    shade_batch *batch;
} veil_drawing;

static void label(const veil_drawing *d, const raster_fragment *fragment, int f)
{
    const size_t pixel = (size_t)fragment->y * (size_t)d->target->width + (size_t)fragment->x;
    const scene_mesh *mesh = d->meshes[raster_id_mesh(fragment->id)].mesh;
    if (d->picture->regions)
        d->picture->regions[pixel] = mesh->regions ? mesh->regions[raster_id_triangle(fragment->id)] : mesh->region;
    if (d->picture->depth)
        d->picture->depth[pixel] = 1 / d->w[f];
    if (d->picture->normals)
        raster_camera_normal(d->camera, d->normal[f], d->picture->normals + 3 * pixel);
}

static void compose(veil_drawing *d, int f)
{
    const raster_fragment *fragment = &d->fragments[f];
    raster_target *target = d->target;
    const size_t pixel = (size_t)fragment->y * (size_t)target->stride + (size_t)fragment->x;
    float *through = target->through + pixel * (size_t)target->samples, *veil = target->veil + 3 * pixel;
    float share = 0, left = 0;
    for (int s = 0; s < target->samples; s++) {
        if (fragment->mask >> s & 1u) {
            share += through[s];
            const float behind = through[s] * (1 - d->alpha[f]);
            through[s] = behind < THROUGH_LEAST ? 0 : behind;
        }
        left += through[s];
    }
    const float per_sample = 1 / (float)target->samples;
    for (int c = 0; c < d->view.channels; c++)
        veil[c] += share * per_sample * d->colour[f][c];
    if (left * per_sample <= 0.5f && target->veil_w[pixel] == 0) {
        target->veil_w[pixel] = d->w[f];
        label(d, fragment, f);
    }
}

/* Drops fragments that nothing of could be seen, and shades the others mesh by mesh. */
static int drop_hidden(const veil_drawing *d, int count)
{
    const raster_target *target = d->target;
    int kept = 0;
    for (int f = 0; f < count; f++) {
        raster_fragment fragment = d->fragments[f];
        const float *through = target->through + ((size_t)fragment.y * (size_t)target->stride + (size_t)fragment.x) * (size_t)target->samples;
        for (int s = 0; s < target->samples; s++)
            if (through[s] == 0)
                fragment.mask &= ~(1u << s);
        d->fragments[kept] = fragment;
        kept += fragment.mask != 0;
    }
    return kept;
}

static void shade_some(veil_drawing *d, int mesh, const int32_t *some, int count)
{
    shade_batch *b = d->batch;
    b->count = count;
    for (int i = 0; i < count; i++)
        shade_take(d->target, &d->fragments[some[i]], i, b);
    shade_points(&d->view, &d->meshes[mesh], b);
    for (int i = 0; i < count; i++) {
        const int f = some[i];
        d->alpha[f] = b->alpha[i];
        d->w[f] = b->w[i];
        for (int c = 0; c < 3; c++) {
            d->colour[f][c] = c < d->view.channels ? b->colour[c][i] : 0;
            d->normal[f][c] = b->normal[c][i];
        }
    }
}

static void shade_mesh(veil_drawing *d, int mesh, int count)
{
    int mine = 0;
    for (int f = 0; f < count; f++) {
        d->mine[mine] = f;
        mine += raster_id_mesh(d->fragments[f].id) == mesh;
    }
    for (int first = 0; first < mine; first += SHADE_BATCH)
        shade_some(d, mesh, d->mine + first, mine - first < SHADE_BATCH ? mine - first : SHADE_BATCH);
}

static void draw_veil(void *user, const raster_tiles *tiles)
{
    veil_drawing *d = user;
    const int count = drop_hidden(d, raster_fragments(d->target, tiles, d->fragments));
    for (int mesh = 0; mesh < d->mesh_count; mesh++)
        if (d->meshes[mesh].mesh->material.alpha == SCENE_BLEND)
            shade_mesh(d, mesh, count);
    for (int f = 0; f < count; f++)
        compose(d, f);
}

/* Larger w is nearer; its bits grow with it. The nearest corner decides. */
static uint32_t near_key(const raster_mesh *mesh, int triangle)
{
    const int32_t *corner = mesh->mesh->triangles + 3 * (size_t)triangle;
    const float w = mesh->w[corner[0]] + mesh->w[corner[1]] + mesh->w[corner[2]];
    uint32_t bits;
    memcpy(&bits, &w, sizeof bits);
    return ~bits;
}

static size_t list_triangles(const raster_target *target, const scene *stage, const raster_mesh *meshes, raster_selection *selection, sorted_triangle *out)
{
    size_t n = 0;
    for (int m = 0; m < stage->mesh_count; m++) {
        const scene_mesh *mesh = &stage->meshes[m];
        if (mesh->material.alpha != SCENE_BLEND)
            continue;
        for (int first = 0; first < mesh->triangle_count; first += RASTER_CHUNK) {
            const int left = mesh->triangle_count - first;
            raster_select(target, &meshes[m], first, left < RASTER_CHUNK ? left : RASTER_CHUNK, selection);
            for (int i = 0; i < selection->count; i++)
                out[n++] = (sorted_triangle){.key = near_key(&meshes[m], selection->triangle[i]),
                                             .id = raster_id_of(m, selection->triangle[i]),
                                             .reach = (raster_reach)selection->reach[i]};
        }
    }
    return n;
}

/* Stable, by bytes of the key from the lowest: equal keys stay in the order of meshes and triangles. */
static sorted_triangle *sort(sorted_triangle *from, sorted_triangle *to, size_t count)
{
    for (int shift = 0; shift < 32; shift += 8) {
        size_t start[257] = {0};
        for (size_t i = 0; i < count; i++)
            start[(from[i].key >> shift & 0xFF) + 1]++;
        for (int b = 0; b < 256; b++)
            start[b + 1] += start[b];
        for (size_t i = 0; i < count; i++)
            to[start[from[i].key >> shift & 0xFF]++] = from[i];
        sorted_triangle *other = from;
        from = to;
        to = other;
    }
    return from;
}

static size_t blended_triangles(const scene *stage)
{
    size_t count = 0;
    for (int m = 0; m < stage->mesh_count; m++)
        if (stage->meshes[m].material.alpha == SCENE_BLEND)
            count += (size_t)stage->meshes[m].triangle_count;
    return count;
}

static void clear(raster_target *target)
{
    const size_t pixels = (size_t)target->stride * (size_t)(target->height + RASTER_TILE - 1);
    for (size_t i = 0; i < pixels * (size_t)target->samples; i++)
        target->through[i] = 1;
    memset(target->veil, 0, pixels * 3 * sizeof(float));
    memset(target->veil_w, 0, pixels * sizeof(float));
}

static bool make_room(veil_drawing *d, df_arena *scratch, df_error *err)
{
    return (d->fragments = df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d->fragments, err)) &&
           (d->colour = df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d->colour, err)) &&
           (d->normal = df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d->normal, err)) &&
           (d->alpha = df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d->alpha, err)) &&
           (d->w = df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d->w, err)) && (d->mine = df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d->mine, err)) &&
           (d->batch = df_alloc(scratch, 1, sizeof *d->batch, err));
}

bool raster_draw_veil(raster_target *target, const scene *stage, const raster_mesh *meshes, const scene_picture *picture, df_arena *scratch,
                      df_error *err)
{
    const size_t most = blended_triangles(stage);
    target->has_veil = most > 0;
    if (!target->has_veil)
        return true;
    veil_drawing d = {.target = target,
                      .meshes = meshes,
                      .mesh_count = stage->mesh_count,
                      .picture = picture,
                      .camera = &stage->camera,
                      .view = shade_view_of(stage)};
    sorted_triangle *list = df_alloc(scratch, most, sizeof *list, err), *spare = list ? df_alloc(scratch, most, sizeof *spare, err) : NULL;
    raster_tiles *tiles = spare ? df_alloc(scratch, 1, sizeof *tiles, err) : NULL;
    raster_selection *selection = tiles ? df_alloc(scratch, 1, sizeof *selection, err) : NULL;
    if (!selection || !make_room(&d, scratch, err))
        return false;
    clear(target);
    const size_t count = list_triangles(target, stage, meshes, selection, list);
    const sorted_triangle *order = sort(list, spare, count);
    const raster_sink sink = {.tiles = draw_veil, .user = &d};
    for (size_t i = 0; i < count; i++) {
        const int mesh = raster_id_mesh(order[i].id);
        raster_push(target, &meshes[mesh], mesh, raster_id_triangle(order[i].id), order[i].reach, tiles, &sink);
    }
    raster_flush(target, tiles, &sink);
    return true;
}
