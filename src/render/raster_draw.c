/* raster_draw.c: meshes into the visibility buffer. */
#include "render/raster_internal.h"
#include "render/shade.h"

static const float CUTOUT_ALPHA = 0.5f, SOLID_ALPHA = 0.9f; /* above SOLID_ALPHA hair is drawn as a surface: sorting it would gain nothing */

typedef struct drawing {
    raster_target *target;
    const raster_mesh *meshes;
    int mesh; /* index */
    float least_alpha;
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

/* Fragments whose alpha at the shading point is enough. */
static void draw_by_alpha(void *user, const raster_tiles *tiles)
{
    drawing *d = user;
    shade_batch *batch = d->batch;
    const int count = raster_fragments(d->target, tiles, d->fragments);
    for (int first = 0; first < count; first += SHADE_BATCH) {
        const raster_fragment *from = d->fragments + first;
        const int here = count - first < SHADE_BATCH ? count - first : SHADE_BATCH;
        batch->count = here;
        for (int i = 0; i < here; i++)
            shade_take(d->target, &from[i], i, batch);
        shade_gather(&d->meshes[d->mesh], 0, batch);
        shade_locate(batch);
        shade_alpha(&d->meshes[d->mesh], batch);
        for (int i = 0; i < here; i++)
            if (batch->alpha[i] >= d->least_alpha)
                put_fragment(d->target, tiles, &from[i]);
    }
}

static void draw_mesh(drawing *d, raster_tiles *tiles, raster_selection *selection)
{
    const raster_mesh *mesh = &d->meshes[d->mesh];
    const scene_material *material = &mesh->mesh->material;
    const raster_sink sink = {.tiles = material->alpha == SCENE_OPAQUE ? draw_solid : draw_by_alpha, .user = d};
    d->least_alpha = material->alpha == SCENE_CUTOUT ? CUTOUT_ALPHA : SOLID_ALPHA;
    for (int first = 0; first < mesh->mesh->triangle_count; first += RASTER_CHUNK) {
        const int left = mesh->mesh->triangle_count - first;
        raster_select(d->target, mesh, first, left < RASTER_CHUNK ? left : RASTER_CHUNK, selection);
        raster_push_all(d->target, mesh, d->mesh, selection, tiles, &sink);
    }
    raster_flush(d->target, tiles, &sink);
}

bool raster_draw_seen(raster_target *target, const scene *stage, const raster_mesh *meshes, df_arena *scratch, df_error *err)
{
    drawing d = {.target = target, .meshes = meshes};
    raster_tiles *tiles = df_alloc(scratch, 1, sizeof *tiles, err);
    raster_selection *selection = tiles ? df_alloc(scratch, 1, sizeof *selection, err) : NULL;
    d.fragments = selection ? df_alloc(scratch, RASTER_FRAGMENTS, sizeof *d.fragments, err) : NULL;
    d.batch = d.fragments ? df_alloc(scratch, 1, sizeof *d.batch, err) : NULL;
    if (!d.batch)
        return false;
    for (d.mesh = 0; d.mesh < stage->mesh_count; d.mesh++) {
        const scene_material *material = &stage->meshes[d.mesh].material;
        if (material->alpha != SCENE_BLEND || material->texture)
            draw_mesh(&d, tiles, selection);
    }
    return true;
}
