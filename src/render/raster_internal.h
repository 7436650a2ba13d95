/* raster_internal.h: what the files of the rasterizer share; private to src/render.

   The way of a picture: raster_project makes pixel coordinates of vertices (raster_setup.c); raster_select keeps the triangles
   whose front may hold a sample; tiles of 4 x 4 pixels of these are tested for coverage side by side (raster_cover.c); opaque
   ones go into the visibility buffer, cut-out ones by their alpha (raster_draw.c); blended ones lie as a veil before it
   (raster_veil.c); and each pixel and triangle that are left are shaded once (raster_resolve.c).

   Pixel coordinates are integers, 1/256 pixel. Depth is w = 1 / z (1/mm): linear in the image, larger is nearer. */
#ifndef DF_RENDER_RASTER_INTERNAL_H
#define DF_RENDER_RASTER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "render/raster.h"

enum {
    RASTER_TILE = 4,          /* pixels a side */
    RASTER_BLOCK = 64,        /* tiles that are tested together */
    RASTER_OUTSIDE = 1 << 28, /* 2^20 pixels: the x of a vertex that must not be drawn */
    RASTER_MAX_MESHES = 255,
    RASTER_TRIANGLE_BITS = 24
};

/* A mesh as the camera sees it. */
typedef struct raster_mesh {
    const scene_mesh *mesh;
    const int32_t *xy; /* [vertices][2] 1/256 pixel; x RASTER_OUTSIDE: not to be drawn */
    const float *w;    /* [vertices] */
} raster_mesh;

/* What is seen at a sample, as one number of which the larger wins: w's bits above, the complement of mesh and triangle below,
   so that of equal depths the earlier mesh, then the lower triangle stays. 0: nothing. */
typedef int64_t raster_key; /* never negative: signed because processors compare signed numbers side by side */

static inline raster_key raster_key_of(float w, uint32_t id)
{
    uint32_t bits;
    memcpy(&bits, &w, sizeof bits);
    return (raster_key)((uint64_t)bits << 32 | (uint32_t)~id);
}

static inline float raster_key_w(raster_key key)
{
    const uint32_t bits = (uint32_t)((uint64_t)key >> 32);
    float w;
    memcpy(&w, &bits, sizeof w);
    return w;
}

static inline uint32_t raster_id_of(int mesh, int triangle)
{
    return (uint32_t)mesh << RASTER_TRIANGLE_BITS | (uint32_t)triangle;
}

static inline uint32_t raster_key_id(raster_key key)
{
    return ~(uint32_t)key;
}

static inline int raster_id_mesh(uint32_t id)
{
    return (int)(id >> RASTER_TRIANGLE_BITS);
}

static inline int raster_id_triangle(uint32_t id)
{
    return (int)(id & ((1u << RASTER_TRIANGLE_BITS) - 1));
}

/* Planes have room for a whole tile beyond the right and lower edge, so that tiles need no clipping there. */
struct raster_target {
    int width, height, samples;
    int stride; /* pixels from row to row in the planes below */
    int32_t shading_point
        [16][2];      /* of a mask of samples: their mean, which lies in the triangle; 1/256 pixel. One sample counts as four equal ones */
    int drawn[4];     /* pixels that may differ from nothing: left, top, right, bottom (the latter two excluded) */
    raster_key *seen; /* [height + 3][stride][samples] */
    /* The veil of blended surfaces; valid in the last drawn scene only if has_veil. */
    bool has_veil;
    float *through; /* [height + 3][stride][samples] share of the light behind that still comes through */
    float *veil;    /* [height + 3][stride][3] light of the blended surfaces */
    float *veil_w;  /* [height + 3][stride] where their coverage passed one half, 0: nowhere */
};

/* Position of sample s in its pixel, 1/256 pixel. */
static const int32_t RASTER_ONE[1][2] = {{128, 128}};
static const int32_t RASTER_FOUR[4][2] = {{96, 32}, {224, 96}, {32, 160}, {160, 224}};

/* Samples lie on a grid of 2^shift, half a step off its lines. */
static inline int raster_grid_shift(int samples)
{
    return samples == 1 ? 8 : 6;
}

/* Pixel coordinates and w of vertices; `box` grows to hold them: left, top, right, bottom in 1/256 pixel. */
void raster_project(const camera *camera, const float *positions, int count, int32_t *xy, float *w, int32_t box[4]);

/* How a triangle is to be drawn. */
typedef enum raster_reach {
    RASTER_NOWHERE, /* its box holds no sample, or it shows its back, or a vertex is outside */
    RASTER_ONE_TILE,
    RASTER_MANY_TILES,
    RASTER_WIDE /* so large that edge functions need 64 bits */
} raster_reach;

/* Lists the triangles of [first, first + count) that may be seen, in order; count at most RASTER_CHUNK. */
enum { RASTER_CHUNK = 256 };
typedef struct raster_selection {
    int count;
    int32_t triangle[RASTER_CHUNK];
    uint8_t reach[RASTER_CHUNK]; /* raster_reach */
} raster_selection;
void raster_select(const raster_target *target, const raster_mesh *mesh, int first, int count, raster_selection *out);

/* Tiles, each with one triangle that may cover samples of it. */
typedef struct raster_tiles {
    int count;
    bool is_prepared; /* tiles of wide triangles come with their cover */
    uint32_t id[RASTER_BLOCK];
    int32_t column[RASTER_BLOCK], row[RASTER_BLOCK]; /* of the tile in the triangle's box */
    int32_t xy[3][2 * RASTER_BLOCK];
    float w[3][RASTER_BLOCK];
    /* What raster_cover makes of these. */
    int32_t left[RASTER_BLOCK], top[RASTER_BLOCK];                             /* pixels */
    float w_origin[RASTER_BLOCK], w_right[RASTER_BLOCK], w_down[RASTER_BLOCK]; /* at the tile's corner; per pixel */
    float w_low[RASTER_BLOCK], w_high[RASTER_BLOCK];
    /* With four samples, of each row of pixels; bit: pixel * 4 + sample. With one, all in [0]; bit: row * 4 + pixel. */
    uint32_t cover[RASTER_TILE][RASTER_BLOCK];
} raster_tiles;

/* What happens to full blocks. */
typedef struct raster_sink {
    void (*tiles)(void *user, const raster_tiles *tiles);
    void *user;
} raster_sink;

/* Adds a triangle's tiles to the block; blocks that become full go to the sink with their cover made. */
void raster_push(const raster_target *target, const raster_mesh *mesh, int mesh_index, int triangle, raster_reach reach,
                 raster_tiles *tiles, const raster_sink *sink);
void raster_push_all(const raster_target *target, const raster_mesh *mesh, int mesh_index, const raster_selection *selection,
                     raster_tiles *tiles, const raster_sink *sink);
void raster_flush(const raster_target *target, raster_tiles *tiles, const raster_sink *sink);
void raster_cover(const raster_target *target, raster_tiles *tiles);

/* The key at a place of tile t (pixels from its corner), its w kept within the triangle's own. */
static inline raster_key raster_tile_key(const raster_tiles *tiles, int t, float x, float y)
{
    const float w = tiles->w_origin[t] + x * tiles->w_right[t] + y * tiles->w_down[t];
    const float above = w > tiles->w_low[t] ? w : tiles->w_low[t];
    return raster_key_of(above < tiles->w_high[t] ? above : tiles->w_high[t], tiles->id[t]);
}

/* The bits of a tile's pixel. */
static inline uint32_t raster_tile_cover(const raster_tiles *tiles, int t, int samples, int row, int column)
{
    return samples == 1 ? tiles->cover[0][t] >> (RASTER_TILE * row + column) & 1u : tiles->cover[row][t] >> (4 * column) & 15u;
}

/* The samples that a tile's triangle covers go into the visibility buffer where they are nearer. */
void raster_put_tile(const raster_target *target, const raster_tiles *tiles, int t, int row, int column, uint32_t mask);
void raster_put_tiles(const raster_target *target, const raster_tiles *tiles);

/* A pixel and a triangle that covers `mask` of its samples nearer than what the visibility buffer holds. */
typedef struct raster_fragment {
    uint32_t id;
    int32_t x, y; /* pixel */
    uint32_t mask;
    int32_t tile;
} raster_fragment;
enum { RASTER_FRAGMENTS = RASTER_BLOCK * RASTER_TILE * RASTER_TILE };
int raster_fragments(const raster_target *target, const raster_tiles *tiles, raster_fragment *out);

/* Draws all meshes: what covers into the visibility buffer, what lets light through into the veil's list. */
typedef struct raster_veil raster_veil;
bool raster_draw_meshes(raster_target *target, const scene *scene, const raster_mesh *meshes, raster_veil *veil, df_arena *scratch,
                        df_error *err);

/* A world normal in camera axes. */
void raster_camera_normal(const camera *camera, const float world[3], float out[3]);

/* Shades what is seen and joins it with the veil and the background. */
bool raster_resolve(const raster_target *target, const scene *stage, const raster_mesh *meshes, const scene_picture *picture,
                    df_arena *scratch, df_error *err);

#endif
