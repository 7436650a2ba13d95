/* ball_head.h: a mesh with a head's size, triangles and roughness, made by formulas: an ellipsoid with bumps. Used by tests and by
   bench/raster, so that both need no model. */
#ifndef DF_TESTS_RENDER_BALL_HEAD_H
#define DF_TESTS_RENDER_BALL_HEAD_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "face/face_eval.h"
#include "render/scene.h"

typedef struct ball_head {
    int columns, rows; /* vertices */
    int vertex_count, triangle_count;
    float *positions, *normals, *uv;
    int32_t *triangles;
    uint8_t *texels[16];
    face_texture texture;
} ball_head;

static inline float ball_bump(float u, float v)
{
    return 1 + 0.035f * sinf(7 * u) * sinf(5 * v) + 0.012f * sinf(23 * u + 1) * sinf(19 * v);
}

/* A grid of columns x rows vertices round an ellipsoid of 75 x 115 x 95 mm; 2 (columns - 1) (rows - 1) triangles. */
static inline void ball_head_make(ball_head *head, int columns, int rows)
{
    *head = (ball_head){.columns = columns, .rows = rows, .vertex_count = columns * rows, .triangle_count = 2 * (columns - 1) * (rows - 1)};
    head->positions = calloc((size_t)head->vertex_count, 3 * sizeof(float));
    head->normals = calloc((size_t)head->vertex_count, 3 * sizeof(float));
    head->uv = calloc((size_t)head->vertex_count, 2 * sizeof(float));
    head->triangles = calloc((size_t)head->triangle_count, 3 * sizeof(int32_t));
    for (int i = 0; i < head->vertex_count; i++) {
        const float s = (float)(i % columns) / (float)(columns - 1), t = (float)(i / columns) / (float)(rows - 1);
        const float u = 6.2831853f * s, v = 3.1415927f * t, r = ball_bump(u, v);
        head->positions[3 * i] = 75 * r * sinf(v) * sinf(u);
        head->positions[3 * i + 1] = 115 * r * cosf(v);
        head->positions[3 * i + 2] = -95 * r * sinf(v) * cosf(u);
        head->uv[2 * i] = s;
        head->uv[2 * i + 1] = 1 - t;
    }
    int32_t *out = head->triangles;
    for (int row = 0; row + 1 < rows; row++)
        for (int column = 0; column + 1 < columns; column++) {
            const int32_t a = row * columns + column, b = a + 1, c = a + columns, d = c + 1;
            const int32_t two[6] = {a, b, c, b, d, c};
            memcpy(out, two, sizeof two);
            out += 6;
        }
    mesh_normals(head->positions, head->vertex_count, head->triangles, head->triangle_count, head->normals);
    for (int row = 0; row < rows; row++) { /* the seam is one line */
        float *first = head->normals + 3 * (row * columns), *last = first + 3 * (columns - 1);
        for (int k = 0; k < 3; k++)
            first[k] = last[k] = 0.5f * (first[k] + last[k]);
    }
}

/* A smooth texture of `side` (a power of two) with all its levels. */
static inline void ball_head_paint(ball_head *head, int side)
{
    int levels = 0;
    for (int at = side; at > 0; at /= 2, levels++) {
        head->texels[levels] = malloc((size_t)at * (size_t)at * 3);
        for (int i = 0; i < at * at; i++) {
            const float u = ((float)(i % at) + 0.5f) / (float)at, v = ((float)(i / at) + 0.5f) / (float)at;
            const float damp = at > 64 ? 1 : (float)at / 64;
            for (int c = 0; c < 3; c++)
                head->texels[levels][3 * i + c] =
                    (uint8_t)(150 - 20 * (float)c + 30 * damp * sinf(40 * u + (float)c) * cosf(36 * v) + 20 * sinf(12 * u) * sinf(9 * v));
        }
        head->texture.level[levels] = head->texels[levels];
    }
    head->texture.width = head->texture.height = side;
    head->texture.channels = 3;
    head->texture.levels = levels;
}

static inline void ball_head_free(ball_head *head)
{
    free(head->positions);
    free(head->normals);
    free(head->uv);
    free(head->triangles);
    for (int i = 0; i < 16; i++)
        free(head->texels[i]);
}

static inline scene_mesh ball_head_mesh(const ball_head *head)
{
    return (scene_mesh){
        .name = "head",
        .vertex_count = head->vertex_count,
        .triangle_count = head->triangle_count,
        .positions = head->positions,
        .normals = head->normals,
        .uv = head->uv,
        .triangles = head->triangles,
        .region = FACE_SKIN,
        .material = {.surface = SCENE_DIFFUSE,
                     .colour = {1, 1, 1},
                     .opacity = 1,
                     .roughness = 1,
                     .texture = head->texture.levels ? &head->texture : NULL},
    };
}

/* Looks at the origin from `distance` mm in front; the head's height fills three quarters of the picture. */
static inline camera ball_head_camera(int side, float distance)
{
    const float focal = (float)side * 0.75f / 230 * distance;
    return (camera){.width = side,
                    .height = side,
                    .fx = focal,
                    .fy = focal,
                    .cx = 0.5f * (float)side,
                    .cy = 0.5f * (float)side,
                    .extrinsic = {{1, 0, 0, 0}, {0, -1, 0, 0}, {0, 0, -1, distance}}};
}

#endif
