/* occluder_internal.h: what the shapes of occluders are made with; private to src/render.

   Shapes are built in the head's axes, before the head turns, in mm; each vertex says how far it goes along with the head: 1 for a
   mask, 0 for a belt. All are drawn from both sides. */
#ifndef DF_RENDER_OCCLUDER_INTERNAL_H
#define DF_RENDER_OCCLUDER_INTERNAL_H

#include "render/head_internal.h"
#include "render/occluder.h"

/* Where an occluder is put. */
typedef struct occluder_site {
    const occluder_params *params;
    const float *skin; /* [skin_count][3] with expression, head axes */
    int skin_count, triangle_count;
    const int32_t *triangles;
    float landmarks[FACE_LANDMARKS][3]; /* head axes */
    float unit;                         /* this face's size by an adult's: shapes are made for an adult */
    const scene_mesh *clothes;          /* posed, world axes; NULL: none */
    float distance, focal;              /* of the camera: head_params */
    df_arena *scratch;
    df_error *err;
} occluder_site;

enum { OCCLUDER_MOST_VERTICES = 40000, OCCLUDER_MOST_TRIANGLES = 80000 };

typedef struct occluder_mesh {
    int vertex_count, triangle_count;
    float *positions;   /* [OCCLUDER_MOST_VERTICES][3] */
    float *follow;      /* [OCCLUDER_MOST_VERTICES] */
    int32_t *triangles; /* [OCCLUDER_MOST_TRIANGLES][3] */
    uint8_t *regions;   /* [OCCLUDER_MOST_TRIANGLES] face_region */
} occluder_mesh;

bool occluder_mesh_new(df_arena *scratch, occluder_mesh *out, df_error *err) DF_CHECKED;

/* The index of the new vertex. Beyond the most it is the last one again: a shape that large is a mistake of ours. */
int occluder_vertex(occluder_mesh *mesh, const float at[3], float follow);
void occluder_triangle(occluder_mesh *mesh, int a, int b, int c, face_region region);

/* Triangles between rows of `columns` vertices that were added row by row from `first`. */
typedef enum occluder_edge { OCCLUDER_OPEN, OCCLUDER_CLOSED } occluder_edge; /* closed: the last column joins the first */
void occluder_grid(occluder_mesh *mesh, int first, int rows, int columns, occluder_edge edge, face_region region);

/* A round tube along `path` [count][3], count 2 or more. */
void occluder_tube(occluder_mesh *mesh, const float (*path)[3], int count, float radius, float follow, face_region region);

/* The shapes, one a kind. */
bool occluder_mask(const occluder_site *site, occluder_mesh *out);
bool occluder_scarf(const occluder_site *site, occluder_mesh *out);
bool occluder_hand(const occluder_site *site, occluder_mesh *out);
bool occluder_phone(const occluder_site *site, occluder_mesh *out);
bool occluder_wheel(const occluder_site *site, occluder_mesh *out);
bool occluder_belt(const occluder_site *site, occluder_mesh *out);

/* vec3 by hand */
static inline void vec_sub(const float a[3], const float b[3], float out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = a[i] - b[i];
}

static inline void vec_mix(const float a[3], const float b[3], float t, float out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = a[i] + t * (b[i] - a[i]);
}

/* a + t b */
static inline void vec_along(const float a[3], const float b[3], float t, float out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = a[i] + t * b[i];
}

static inline float vec_dot(const float a[3], const float b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline void vec_cross(const float a[3], const float b[3], float out[3])
{
    const float c[3] = {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    for (int i = 0; i < 3; i++)
        out[i] = c[i];
}

/* Length 1; (0, 0, 1) for a vector of no length. */
void vec_unit(float v[3]);

#endif
