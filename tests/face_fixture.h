/* face_fixture.h: a small face model made in code, for tests of everything that uses one: a bulge with a nose over a grid of
   14 x 14 cage vertices and two eye joints of 8, drawn as 27 x 27 skin vertices (each the mean of 1, 2 or 4 cage vertices),
   3 shape and 2 albedo components, 3 expressions, 2 groups with a trait law, all 68 landmarks, and a part of every kind. */
#ifndef DF_TESTS_FACE_FIXTURE_H
#define DF_TESTS_FACE_FIXTURE_H

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "face/face_model.h"
#include "face/traits.h"

enum {
    FIXTURE_SIDE = 14,
    FIXTURE_FINE = 2 * FIXTURE_SIDE - 1,
    FIXTURE_SKIN = FIXTURE_SIDE * FIXTURE_SIDE,
    FIXTURE_CAGE = FIXTURE_SKIN + 16,
    FIXTURE_VERTICES = FIXTURE_FINE * FIXTURE_FINE,
    FIXTURE_TRIANGLES = 2 * (FIXTURE_FINE - 1) * (FIXTURE_FINE - 1),
    FIXTURE_SHAPE = 3,
    FIXTURE_ALBEDO = 2,
    FIXTURE_EXPRESSIONS = 3,
    FIXTURE_GROUPS = 2,
    FIXTURE_TEXTURE = 4
};

/* Position on the bulge for s, t in -1 .. 1: s to the person's left, t up. */
static inline void fixture_point(float s, float t, float out[3])
{
    out[0] = 75 * s;
    out[1] = 105 * t - 5;
    out[2] = 85 - 40 * s * s - 25 * t * t + 18 / (1 + 30 * (s * s + (t + 0.1f) * (t + 0.1f)));
}

static inline float fixture_coordinate(int index, int side)
{
    return 2 * (float)index / (float)(side - 1) - 1;
}

static inline void *fixture_alloc(df_arena *arena, size_t count, size_t size)
{
    df_error err;
    return df_alloc(arena, count, size, &err); /* NULL makes the test that uses it crash, which is a failure too */
}

static inline void fixture_cage(df_arena *arena, face_model *m)
{
    float *mean = fixture_alloc(arena, FIXTURE_CAGE, 3 * sizeof *mean);
    float *shape = fixture_alloc(arena, FIXTURE_SHAPE * FIXTURE_CAGE, 3 * sizeof *shape);
    float *expression = fixture_alloc(arena, FIXTURE_EXPRESSIONS * FIXTURE_CAGE, 3 * sizeof *expression);
    for (int i = 0; i < FIXTURE_CAGE; i++) {
        float *p = mean + 3 * i;
        if (i < FIXTURE_SKIN) {
            fixture_point(fixture_coordinate(i % FIXTURE_SIDE, FIXTURE_SIDE), fixture_coordinate(i / FIXTURE_SIDE, FIXTURE_SIDE), p);
        } else { /* the corners of a cube about each eye, the right one first */
            const int corner = (i - FIXTURE_SKIN) % 8, eye = (i - FIXTURE_SKIN) / 8;
            p[0] = (eye ? 29.0f : -29.0f) + (corner & 1 ? 1.0f : -1.0f);
            p[1] = 21 + (corner & 2 ? 1.0f : -1.0f);
            p[2] = 68 + (corner & 4 ? 1.0f : -1.0f);
        }
        const float s = p[0] / 75, t = (p[1] + 5) / 105;
        float *wide = shape + 3 * i, *tall = wide + 3 * FIXTURE_CAGE, *nose = tall + 3 * FIXTURE_CAGE;
        wide[0] = 4 * s;
        tall[1] = 5 * t;
        nose[2] = i < FIXTURE_SKIN ? 3 / (1 + 30 * (s * s + t * t)) : 0;
        float *smile = expression + 3 * i, *open = smile + 3 * FIXTURE_CAGE, *blink = open + 3 * FIXTURE_CAGE;
        smile[0] = t < -0.3f ? 6 * s : 0;
        smile[1] = t < -0.3f ? 5 * s * s : 0;
        open[1] = t < -0.5f ? -8 : 0;
        blink[1] = i < FIXTURE_SKIN && t > 0.2f && t < 0.4f ? -2 : 0;
    }
    m->cage_count = FIXTURE_CAGE;
    m->cage_skin_count = FIXTURE_SKIN;
    m->shape_count = FIXTURE_SHAPE;
    m->expression_count = FIXTURE_EXPRESSIONS;
    m->cage_mean = mean;
    m->shape = shape;
    m->expression = expression;
    m->eye_ref_count = 8;
    for (int i = 0; i < 16; i++)
        m->eye_refs[i / 8][i % 8] = FIXTURE_SKIN + i;
    static const char names[FIXTURE_EXPRESSIONS][FACE_NAME] = {"mouth-corner-puller", "mouth-open", "eye-left-closure"};
    m->expression_names = names;
}

/* Fine vertex (column, row) is the mean of the cage vertices beside it: one where both are even, four where both are odd. */
static inline void fixture_subdivision(df_arena *arena, face_model *m)
{
    int32_t *start = fixture_alloc(arena, FIXTURE_VERTICES + 1, sizeof *start);
    int32_t *column = fixture_alloc(arena, 4 * FIXTURE_VERTICES, sizeof *column);
    float *weight = fixture_alloc(arena, 4 * FIXTURE_VERTICES, sizeof *weight);
    int32_t entries = 0;
    for (int v = 0; v < FIXTURE_VERTICES; v++) {
        const int x = v % FIXTURE_FINE, y = v / FIXTURE_FINE, count = (1 + x % 2) * (1 + y % 2);
        for (int dy = 0; dy <= y % 2; dy++)
            for (int dx = 0; dx <= x % 2; dx++) {
                column[entries] = (y / 2 + dy) * FIXTURE_SIDE + x / 2 + dx;
                weight[entries++] = 1 / (float)count;
            }
        start[v + 1] = entries;
    }
    m->subdivision = (face_matrix){.start = start, .column = column, .weight = weight};
}

static inline uint8_t fixture_region(float s, float t)
{
    if (t > 0.8f)
        return FACE_SCALP;
    if (t < -0.85f)
        return FACE_NECK;
    if (s * s * 20 + (t + 0.5f) * (t + 0.5f) * 80 < 1)
        return FACE_LIPS;
    if (s * s * 30 + t * t * 12 < 1)
        return FACE_NOSE;
    if (fabsf(s) > 0.9f)
        return FACE_EARS;
    return fabsf(t - 0.25f) < 0.08f && fabsf(s) > 0.2f && fabsf(s) < 0.6f ? FACE_EYELIDS : FACE_SKIN;
}

static inline void fixture_skin(df_arena *arena, face_model *m)
{
    int32_t *triangles = fixture_alloc(arena, FIXTURE_TRIANGLES, 3 * sizeof *triangles);
    uint8_t *regions = fixture_alloc(arena, FIXTURE_TRIANGLES, 1);
    float *uv = fixture_alloc(arena, FIXTURE_VERTICES, 2 * sizeof *uv);
    float *occlusion = fixture_alloc(arena, FIXTURE_VERTICES, sizeof *occlusion);
    int t = 0;
    for (int y = 0; y < FIXTURE_FINE - 1; y++)
        for (int x = 0; x < FIXTURE_FINE - 1; x++)
            for (int half = 0; half < 2; half++, t++) {
                const int a = y * FIXTURE_FINE + x, across = a + FIXTURE_FINE + 1;
                triangles[3 * t] = a;
                triangles[3 * t + 1] = half ? across : a + 1;
                triangles[3 * t + 2] = half ? a + FIXTURE_FINE : across;
                regions[t] = fixture_region(fixture_coordinate(x, FIXTURE_FINE), fixture_coordinate(y, FIXTURE_FINE));
            }
    for (int v = 0; v < FIXTURE_VERTICES; v++) {
        uv[2 * v] = (float)(v % FIXTURE_FINE) / (FIXTURE_FINE - 1);
        uv[2 * v + 1] = (float)(v / FIXTURE_FINE) / (FIXTURE_FINE - 1); /* NOLINT(bugprone-integer-division): the row */
        occlusion[v] = 0.9f;
    }
    m->skin_count = FIXTURE_VERTICES;
    m->triangle_count = FIXTURE_TRIANGLES;
    m->triangles = triangles;
    m->regions = regions;
    m->uv = uv;
    m->occlusion = occlusion;
}

static inline void fixture_albedo(df_arena *arena, face_model *m)
{
    float *mean = fixture_alloc(arena, FIXTURE_VERTICES, 3 * sizeof *mean);
    float *components = fixture_alloc(arena, FIXTURE_ALBEDO * FIXTURE_VERTICES, 3 * sizeof *components);
    for (int v = 0; v < FIXTURE_VERTICES; v++)
        for (int c = 0; c < 3; c++) {
            mean[3 * v + c] = (float[]){0.72f, 0.56f, 0.48f}[c];
            components[3 * v + c] = (float[]){0.05f, 0.06f, 0.06f}[c];
            components[3 * (FIXTURE_VERTICES + v) + c] = 0.02f * sinf((float)v * 0.05f);
        }
    m->albedo_count = FIXTURE_ALBEDO;
    m->albedo_mean = mean;
    m->albedo = components;
}

/* Where landmark i of the iBUG scheme lies on the bulge. */
static inline void fixture_landmark_place(int i, float *s, float *t)
{
    const float pi = 3.14159265f;
    if (i < 17) { /* jaw, from the person's right */
        *s = -0.8f * cosf(pi * (float)i / 16);
        *t = 0.1f - 0.9f * sinf(pi * (float)i / 16);
    } else if (i < 27) { /* brows */
        *s = i < 22 ? -0.65f + 0.12f * (float)(i - 17) : 0.17f + 0.12f * (float)(i - 22);
        *t = 0.45f;
    } else if (i < 31) { /* bridge of the nose */
        *s = 0;
        *t = 0.25f - 0.12f * (float)(i - 27);
    } else if (i < 36) { /* nostrils */
        *s = 0.1f * (float)(i - 33);
        *t = -0.22f;
    } else if (i < 48) { /* eyes, each from its corner on the person's right over the upper lid */
        const float angle = pi - pi / 3 * (float)((i - 36) % 6);
        *s = (i < 42 ? -0.38f : 0.38f) + 0.16f * cosf(angle);
        *t = 0.25f + 0.08f * sinf(angle);
    } else { /* mouth: 12 outside, 8 inside */
        const bool outer = i < 60;
        const float angle = outer ? pi - pi / 6 * (float)(i - 48) : pi - pi / 4 * (float)(i - 60);
        *s = (outer ? 0.32f : 0.22f) * cosf(angle);
        *t = -0.5f + (outer ? 0.12f : 0.08f) * sinf(angle);
    }
}

static inline int fixture_cell(float coordinate, int side)
{
    return (int)((coordinate + 1) / 2 * (float)(side - 1) + 0.5f);
}

static inline void fixture_landmarks(face_model *m)
{
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        float s, t;
        fixture_landmark_place(i, &s, &t);
        m->landmarks[i] = fixture_cell(t, FIXTURE_FINE) * FIXTURE_FINE + fixture_cell(s, FIXTURE_FINE);
    }
    m->has_landmarks = true;
}

static inline float *fixture_diagonal(df_arena *arena, int n, float value)
{
    float *matrix = fixture_alloc(arena, (size_t)n * (size_t)n, sizeof *matrix);
    for (int i = 0; i < n; i++)
        matrix[i * n + i] = value;
    return matrix;
}

/* Component 0 of shape follows gender, component 0 of albedo the group. */
static inline void fixture_people(df_arena *arena, face_model *m)
{
    enum { JOINT = FIXTURE_SHAPE + FIXTURE_ALBEDO };
    static const char names[FIXTURE_GROUPS][FACE_NAME] = {"African", "Asian"};
    memcpy(m->group_names, names, sizeof names);
    m->group_count = FIXTURE_GROUPS;
    const int features = traits_feature_count(FIXTURE_GROUPS);
    float *shape = fixture_alloc(arena, (size_t)features * FIXTURE_SHAPE, sizeof *shape);
    float *albedo = fixture_alloc(arena, (size_t)features * FIXTURE_ALBEDO, sizeof *albedo);
    for (int f = 0; f < FIXTURE_GROUPS * 2 * TRAITS_AGE_KNOTS; f++) {
        const int group = f / (2 * TRAITS_AGE_KNOTS), male = f / TRAITS_AGE_KNOTS % 2;
        shape[f * FIXTURE_SHAPE] = male ? 0.8f : -0.8f;
        albedo[f * FIXTURE_ALBEDO] = group ? 0.9f : -0.9f;
    }
    m->law = (face_trait_law){.features = features,
                              .shape = shape,
                              .albedo = albedo,
                              .shape_residual = fixture_diagonal(arena, FIXTURE_SHAPE, 0.5f),
                              .albedo_residual = fixture_diagonal(arena, FIXTURE_ALBEDO, 0.5f)};
    float *mean = fixture_alloc(arena, FIXTURE_GROUPS * 2 * JOINT, sizeof *mean);
    float *covariance = fixture_alloc(arena, FIXTURE_GROUPS * 2 * JOINT * JOINT, sizeof *covariance);
    for (int cell = 0; cell < FIXTURE_GROUPS * 2; cell++) {
        mean[cell * JOINT] = cell % 2 ? 0.8f : -0.8f;
        mean[cell * JOINT + FIXTURE_SHAPE] = cell / 2 ? 0.9f : -0.9f;
        for (int i = 0; i < JOINT; i++)
            covariance[(cell * JOINT + i) * JOINT + i] = 0.25f;
    }
    float *directions = fixture_alloc(arena, FACE_ATTRIBUTE_COUNT * JOINT, sizeof *directions);
    directions[FACE_GENDER * JOINT] = 1.6f;
    directions[FACE_AGE * JOINT + 1] = 0.02f;
    directions[FACE_WEIGHT * JOINT + 2] = 0.5f;
    m->group_mean = mean;
    m->group_covariance = covariance;
    m->attribute_directions = directions;
}

typedef struct fixture_part_row {
    face_part_kind kind;
    const char *name;
    int pieces;                         /* rectangles side by side, mirrored: 1 in the middle or 2 */
    float s, t, width, height, forward; /* of the right piece; mm forward of the skin */
    int texture;
} fixture_part_row;

static const fixture_part_row fixture_parts[] = {
    {FACE_PART_EYES, "eyes", 2, 0.38f, 0.25f, 20, 9, 1, 0},         {FACE_PART_TEETH, "teeth", 1, 0, -0.5f, 24, 5, -4, 2},
    {FACE_PART_TONGUE, "tongue", 1, 0, -0.5f, 16, 4, -5, 2},        {FACE_PART_LASHES, "eyelashes01", 2, 0.38f, 0.32f, 22, 2, 2, 3},
    {FACE_PART_BROWS, "eyebrow001", 2, 0.38f, 0.45f, 30, 6, 1, 3},  {FACE_PART_BROWS, "eyebrow002", 2, 0.38f, 0.47f, 28, 4, 1, 3},
    {FACE_PART_HAIR, "short02", 1, 0, 0.8f, 150, 45, 3, 3},         {FACE_PART_HAIR, "long01", 1, 0, 0.7f, 170, 70, 3, 3},
    {FACE_PART_BEARD, "full_beard", 1, 0, -0.85f, 80, 30, 3, 3},    {FACE_PART_MOUSTACHE, "moustache", 1, 0, -0.35f, 40, 8, 3, 3},
    {FACE_PART_GLASSES, "glasses", 2, 0.38f, 0.25f, 48, 34, 12, 4}, {FACE_PART_HAT, "fedora", 1, 0, 0.9f, 160, 40, 8, 2},
};

/* A rectangle of 4 vertices that hangs on the cage vertex nearest to (s, t). */
static inline void fixture_rectangle(const fixture_part_row *row, int piece, face_part *part, int32_t *refs, float *weights, float *offsets,
                                     float *uv)
{
    const float side = row->pieces == 1 ? 0 : piece ? 1.0f : -1.0f;
    const int anchor = fixture_cell(row->t, FIXTURE_SIDE) * FIXTURE_SIDE + fixture_cell(side * row->s, FIXTURE_SIDE);
    for (int corner = 0; corner < 4; corner++) {
        const int v = 4 * piece + corner, right = corner == 1 || corner == 2, top = corner >= 2;
        for (int j = 0; j < 3; j++)
            refs[3 * v + j] = anchor;
        weights[3 * v] = 1;
        offsets[3 * v] = row->width * ((float)right - 0.5f);
        offsets[3 * v + 1] = row->height * ((float)top - 0.5f);
        offsets[3 * v + 2] = row->forward;
        uv[2 * v] = (float)right;
        uv[2 * v + 1] = (float)top;
    }
    part->vertex_count += 4;
    part->triangle_count += 2;
}

static inline face_part fixture_part(df_arena *arena, const fixture_part_row *row)
{
    face_part part = {.kind = row->kind, .texture = row->texture};
    strncpy(part.name, row->name, FACE_NAME - 1);
    int32_t *refs = fixture_alloc(arena, 8, 3 * sizeof *refs), *triangles = fixture_alloc(arena, 4, 3 * sizeof *triangles);
    float *weights = fixture_alloc(arena, 8, 3 * sizeof *weights), *offsets = fixture_alloc(arena, 8, 3 * sizeof *offsets);
    float *uv = fixture_alloc(arena, 8, 2 * sizeof *uv);
    uint8_t *regions = fixture_alloc(arena, 4, 1), *eye = fixture_alloc(arena, 8, 1);
    for (int piece = 0; piece < row->pieces; piece++) {
        fixture_rectangle(row, piece, &part, refs, weights, offsets, uv);
        const int32_t a = 4 * piece, two[6] = {a, a + 1, a + 2, a, a + 2, a + 3};
        memcpy(triangles + 6 * piece, two, sizeof two);
        regions[2 * piece] = (uint8_t)face_part_rows[row->kind].region;
        regions[2 * piece + 1] = regions[2 * piece];
        if (row->kind == FACE_PART_EYES)
            regions[2 * piece + 1] = FACE_IRIS;
        if (row->kind == FACE_PART_GLASSES)
            regions[2 * piece + 1] = FACE_LENS;
        memset(eye + 4 * piece, piece + 1, 4);
    }
    part.refs = refs;
    part.weights = weights;
    part.offsets = offsets;
    part.uv = uv;
    part.triangles = triangles;
    part.regions = regions;
    part.eye = row->kind == FACE_PART_EYES ? eye : NULL;
    part.scale_refs[0][1] = FIXTURE_SIDE - 1; /* the width of the lowest row */
    part.scale_lengths[0] = row->kind == FACE_PART_GLASSES ? 150.0f : 0.0f;
    return part;
}

static inline face_texture fixture_texture(df_arena *arena, const char *name, int channels, const uint8_t *texel)
{
    face_texture texture = {.width = FIXTURE_TEXTURE, .height = FIXTURE_TEXTURE, .channels = channels};
    strncpy(texture.name, name, FACE_NAME - 1);
    for (int side = FIXTURE_TEXTURE; side >= 1; side /= 2) {
        uint8_t *level = fixture_alloc(arena, (size_t)(side * side), (size_t)channels);
        for (int i = 0; i < side * side; i++)
            memcpy(level + i * channels, texel, (size_t)channels);
        texture.level[texture.levels++] = level;
    }
    return texture;
}

static inline void fixture_dress(df_arena *arena, face_model *m)
{
    enum { TEXTURES = 5, PARTS = sizeof fixture_parts / sizeof *fixture_parts };
    face_texture *textures = fixture_alloc(arena, TEXTURES, sizeof *textures);
    textures[0] = fixture_texture(arena, "iris-brown", 3, (uint8_t[]){120, 80, 50});
    textures[1] = fixture_texture(arena, "iris-blue", 3, (uint8_t[]){90, 130, 180});
    textures[2] = fixture_texture(arena, "cloth", 3, (uint8_t[]){200, 190, 180});
    textures[3] = fixture_texture(arena, "strands", 2, (uint8_t[]){210, 220});
    textures[4] = fixture_texture(arena, "glasses", 4, (uint8_t[]){40, 40, 40, 255});
    face_part *parts = fixture_alloc(arena, PARTS, sizeof *parts);
    for (int i = 0; i < PARTS; i++)
        parts[i] = fixture_part(arena, &fixture_parts[i]);
    m->texture_count = TEXTURES;
    m->textures = textures;
    m->part_count = PARTS;
    m->parts = parts;
}

/* The whole model, in `arena` (of 8 MB at least). */
static inline face_model face_fixture(df_arena *arena)
{
    face_model m = {.name = "fixture"};
    fixture_cage(arena, &m);
    fixture_subdivision(arena, &m);
    fixture_skin(arena, &m);
    fixture_albedo(arena, &m);
    fixture_landmarks(&m);
    fixture_people(arena, &m);
    fixture_dress(arena, &m);
    return m;
}

#endif
