/* raster_draw.c: meshes into the visibility buffer; what lets light through goes to the veil's list. */
#include "render/raster_veil.h"
#include "render/shade.h"

/* From SOLID_ALPHA on hair is drawn as a surface: what it lets through would not be missed. Below LEAST_ALPHA nothing is seen. */
static const float CUTOUT_ALPHA = 0.5f, SOLID_ALPHA = 0.9f, LEAST_ALPHA = 1 / 128.0f;

typedef struct drawing {
    raster_target *target;
    const raster_mesh *meshes;
    int mesh; /* index */
    raster_veil *veil;
    raster_fragment *fragments; /* [RASTER_FRAGMENTS] */
    shade_batch *batch;
} drawing;

static void draw_solid(void *user, const raster_tiles *tiles)
{
    const drawing *d = user;
    raster_put_tiles(d->target, tiles);
}

static void put_fragment(raster_target *target, const raster_tiles *tiles, const raster_fragment *fragment)
{
    const int t = fragment->tile;
    raster_put_tile(target, tiles, t, fragment->y - tiles->top[t], fragment->x - tiles->left[t], fragment->mask);
}

/* A fragment by its alpha at the shading point: a surface, part of the veil, or nothing. */
static void place_fragment(drawing *d, const raster_tiles *tiles, const raster_fragment *fragment, float alpha, float w)
{
    const bool is_cutout = d->meshes[d->mesh].mesh->material.alpha == SCENE_CUTOUT;
    if (alpha >= (is_cutout ? CUTOUT_ALPHA : SOLID_ALPHA))
        put_fragment(d->target, tiles, fragment);
    else if (!is_cutout && alpha >= LEAST_ALPHA)
        raster_veil_add(
            d->veil,
            (veil_fragment){.id = fragment->id, .x = (uint16_t)fragment->x, .y = (uint16_t)fragment->y, .mask = fragment->mask, .w = w});
}

static void draw_by_alpha(void *user, const raster_tiles *tiles)
{
    drawing *d = user;
    shade_batch *batch = d->batch;
    const int count = raster_fragments(d->target, tiles, d->fragments);
    for (int first = 0; first < count; first += SHADE_BATCH) {
        const int here = count - first < SHADE_BATCH ? count - first : SHADE_BATCH;
        batch->count = here;
        for (int i = 0; i < here; i++)
            shade_take(d->target, &d->fragments[first + i], i, batch);
        shade_alpha_points(&d->meshes[d->mesh], batch);
        for (int i = 0; i < here; i++)
            place_fragment(d, tiles, &d->fragments[first + i], batch->alpha[i], batch->w[i]);
    }
}

static void draw_mesh(drawing *d, raster_tiles *tiles, raster_selection *selection)
{
    const raster_mesh *mesh = &d->meshes[d->mesh];
    const raster_sink sink = {.tiles = mesh->mesh->material.alpha == SCENE_OPAQUE ? draw_solid : draw_by_alpha, .user = d};
    for (int first = 0; first < mesh->mesh->triangle_count; first += RASTER_CHUNK) {
        const int left = mesh->mesh->triangle_count - first;
        raster_select(d->target, mesh, first, left < RASTER_CHUNK ? left : RASTER_CHUNK, selection);
        raster_push_all(d->target, mesh, d->mesh, selection, tiles, &sink);
    }
    raster_flush(d->target, tiles, &sink);
}

/* Opaque meshes come first: what they hide is then not looked at. */
bool raster_draw_meshes(raster_target *target, const scene *stage, const raster_mesh *meshes, raster_veil *veil, df_arena *scratch,
                        df_error *err)
{
    drawing d = {.target = target, .meshes = meshes, .veil = veil};
    raster_tiles *tiles = df_alloc(scratch, 1, sizeof *tiles, err);
    raster_selection *selection = tiles ? df_alloc(scratch, 1, sizeof *selection, err) : NULL;
    d.fragments = selection ? df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d.fragments, err) : NULL;
    d.batch = d.fragments ? df_alloc(scratch, 1, sizeof *d.batch, err) : NULL;
    if (!d.batch)
        return false;
    for (int is_opaque = 1; is_opaque >= 0; is_opaque--)
        for (d.mesh = 0; d.mesh < stage->mesh_count; d.mesh++)
            if ((stage->meshes[d.mesh].material.alpha == SCENE_OPAQUE) == is_opaque)
                draw_mesh(&d, tiles, selection);
    return !veil->failed;
}
