/* occluder_hand.c: a left hand of an adult in one of a few poses, mirrored for the right one: bones by forward kinematics, flesh as a
   blob of round cones around them, a forearm in a sleeve. Lengths and widths are near the means of hand surveys (Greiner,
   "Hand anthropometry of U.S. Army personnel", 1991); bends of the poses by eye. */
#include <math.h>
#include <string.h>

#include "render/blob.h"
#include "render/drape.h"
#include "render/occluder_internal.h"

enum { FINGERS = 5, BONES = 3 };
static const float RADIANS = 0.0174532925f;
static const float CELL = 2.4f; /* mm of the blob's grid */

/* In the hand's own axes: x towards the thumb, y along the fingers, z out of the back; origin at the wrist. */
typedef struct finger_row {
    float root[3], knuckle[3]; /* ends of the bone in the palm */
    float length[BONES], radius[BONES + 1];
} finger_row;

static const finger_row fingers[FINGERS] = {
    {{20, 14, -6}, {20, 14, -6}, {44, 33, 28}, {14, 11.5f, 10.5f, 8.5f}}, /* thumb: all three bones move */
    {{13, 12, 0}, {27, 92, 0}, {43, 26, 21}, {10, 9, 8, 6.5f}},
    {{4, 10, 2}, {8, 96, 3}, {48, 30, 22}, {10.2f, 9, 8, 6.5f}},
    {{-6, 11, 1}, {-11, 91, 2}, {45, 28, 22}, {9.6f, 8.4f, 7.5f, 6.2f}},
    {{-15, 14, -1}, {-28, 81, -2}, {35, 21, 20}, {8.6f, 7.4f, 6.6f, 5.5f}},
};

typedef struct hand_pose {
    float y[3], z[3];           /* along the fingers and out of the back, head axes, for a left hand */
    float held[3];              /* point of the hand, in its own axes, that is put ... */
    int landmark[2];            /* ... at the middle of these (left ones) ... */
    float beside[3];            /* ... plus that, mm */
    float push[3];              /* the way in which it moves until it clears the skin */
    float bend[FINGERS][BONES]; /* degrees towards the palm; of the thumb: spread from y, bend of the others */
    float spread[FINGERS];      /* degrees towards the thumb */
    float thumb[3];             /* the direction of the thumb's first bone, own axes */
    float arm[3];               /* from the wrist to the elbow, own axes */
} hand_pose;

enum { CHIN, MOUTH, CHEEK, PHONE_HOLD, POSES }; /* the first as the row's styles */

static const hand_pose poses[POSES] = {
    [CHIN] = {.y = {-0.25f, 0.95f, 0.1f},
              .z = {0.25f, 0.1f, 0.95f},
              .held = {4, 96, -4},
              .landmark = {8, 10},
              .beside = {0, -16, -8},
              .push = {0, -0.3f, 0.95f},
              .bend = {{0, 22, 30}, {78, 88, 50}, {80, 92, 52}, {82, 92, 52}, {84, 90, 50}},
              .spread = {0, 2, 0, -2, -4},
              .thumb = {0.35f, 0.8f, -0.5f},
              .arm = {0.15f, -0.98f, 0.1f}},
    [MOUTH] = {.y = {-0.93f, 0.36f, 0.06f},
               .z = {0.1f, 0.1f, 0.99f},
               .held = {2, 104, -14},
               .landmark = {62, 66},
               .beside = {4, -2, 8},
               .push = {0, 0, 1},
               .bend = {{0, 14, 18}, {16, 18, 12}, {16, 20, 12}, {17, 21, 13}, {19, 22, 14}},
               .spread = {0, 2, 0, -1, -3},
               .thumb = {0.72f, 0.66f, -0.2f},
               .arm = {-0.42f, -0.9f, -0.05f}},
    [CHEEK] = {.y = {-0.12f, 0.93f, 0.34f},
               .z = {0.86f, -0.05f, 0.5f},
               .held = {0, 88, -14},
               .landmark = {12, 14},
               .beside = {6, 8, 14},
               .push = {0.87f, -0.1f, 0.48f},
               .bend = {{0, 12, 16}, {20, 22, 14}, {28, 36, 22}, {40, 56, 34}, {50, 66, 40}},
               .spread = {0, 6, 1, -3, -7},
               .thumb = {0.66f, 0.66f, -0.36f},
               .arm = {-0.1f, -0.98f, 0.15f}},
    [PHONE_HOLD] = {.y = {0},
                    .z = {0},
                    .held = {0, 62, -17},
                    .landmark = {0, 0},
                    .beside = {0},
                    .push = {0},
                    .bend = {{0, 12, 10}, {14, 50, 34}, {18, 56, 36}, {22, 58, 38}, {28, 56, 40}},
                    .spread = {0, 8, 1, -5, -11},
                    .thumb = {0.62f, 0.72f, -0.3f},
                    .arm = {-0.2f, -0.97f, 0.05f}},
};

/* The hand's axes in the head's: columns x, y, z, and where its wrist is. */
typedef struct hand_frame {
    float x[3], y[3], z[3], wrist[3];
} hand_frame;

static void turn_axes(const float y[3], const float z[3], hand_frame *out)
{
    memcpy(out->y, y, sizeof out->y);
    vec_unit(out->y);
    vec_along(z, out->y, -vec_dot(z, out->y), out->z);
    vec_unit(out->z);
    vec_cross(out->y, out->z, out->x);
}

static void to_head(const hand_frame *frame, float unit, const float own[3], float out[3])
{
    memcpy(out, frame->wrist, 3 * sizeof *out);
    vec_along(out, frame->x, unit * own[0], out);
    vec_along(out, frame->y, unit * own[1], out);
    vec_along(out, frame->z, unit * own[2], out);
}

/* Turns direction d (in own axes) by an angle about axis a, both unit (Rodrigues). */
static void turn(float d[3], const float a[3], float angle)
{
    float side[3], out[3];
    vec_cross(a, d, side);
    const float c = cosf(angle), s = sinf(angle), along = vec_dot(a, d) * (1 - c);
    for (int i = 0; i < 3; i++)
        out[i] = c * d[i] + s * side[i] + along * a[i];
    memcpy(d, out, sizeof out);
}

typedef struct flesh {
    blob_cone cones[BLOB_MOST_CONES];
    int count;
} flesh;

static void add_cone(flesh *f, const float a[3], const float b[3], float radius_a, float radius_b, int limb)
{
    blob_cone *cone = &f->cones[f->count++];
    memcpy(cone->a, a, sizeof cone->a);
    memcpy(cone->b, b, sizeof cone->b);
    cone->radius_a = radius_a;
    cone->radius_b = radius_b;
    cone->limb = limb;
}

/* A hand's width of bones and pads; the wrist and the first part of the forearm, which is flat. */
static void add_palm(flesh *f, const float arm[3])
{
    static const float heel[2][3] = {{14, 16, -9}, {-14, 18, -9}}, wrist[2][3] = {{11, -4, -2}, {-11, -4, -2}};
    for (int i = 1; i < FINGERS; i++)
        add_cone(f, fingers[i].root, fingers[i].knuckle, 11, 10.5f, 0);
    for (int i = 1; i + 1 < FINGERS; i++) { /* between the bones */
        float a[3], b[3];
        vec_mix(fingers[i].root, fingers[i + 1].root, 0.5f, a);
        vec_mix(fingers[i].knuckle, fingers[i + 1].knuckle, 0.5f, b);
        b[1] -= 8;
        add_cone(f, a, b, 10.5f, 9, 0);
    }
    add_cone(f, heel[0], (const float[3]){20, 48, -8}, 13, 11, 0);
    add_cone(f, heel[1], (const float[3]){-22, 60, -8}, 12, 10, 0);
    for (int i = 0; i < 2; i++) {
        add_cone(f, heel[i], wrist[i], 12, 16, 0);
        float far[3];
        vec_along(wrist[i], arm, 75, far);
        far[0] += i ? -3.0f : 3.0f;
        add_cone(f, wrist[i], far, 16, 21, 0);
    }
}

static void add_finger(flesh *f, const hand_pose *pose, int i)
{
    const finger_row *row = &fingers[i];
    float at[3], direction[3], hinge[3] = {-1, 0, 0}; /* bends towards -z */
    const float back[3] = {0, 0, 1};
    memcpy(at, row->knuckle, sizeof at);
    vec_sub(row->knuckle, row->root, direction);
    if (i == 0) {
        memcpy(direction, pose->thumb, sizeof direction);
        const float towards[3] = {-0.75f, 0.2f, -0.6f}; /* a thumb closes across the palm */
        vec_cross(pose->thumb, towards, hinge);
        vec_unit(hinge);
    } else {
        turn(direction, back, -pose->spread[i] * RADIANS);
    }
    vec_unit(direction);
    for (int bone = 0; bone < BONES; bone++) {
        float next[3];
        turn(direction, hinge, pose->bend[i][bone] * RADIANS);
        vec_along(at, direction, row->length[bone] - (bone == BONES - 1 ? row->radius[BONES] : 0), next);
        add_cone(f, at, next, row->radius[bone], row->radius[bone + 1], i + 1);
        memcpy(at, next, sizeof at);
    }
}

static void mirror(float at[3], int side)
{
    at[0] = side ? at[0] : -at[0];
}

/* How far the points must go along `push` to lie above the drape, at most `most`. */
static float clearance(const drape *skin, const float *points, int count, const float push[3], float most)
{
    float moved = 0;
    for (int i = 0; i < count; i++)
        for (int step = 0; step < 24; step++) {
            float at[3], azimuth, elevation, away[3];
            vec_along(points + 3 * (size_t)i, push, moved, at);
            drape_angles(skin, at, &azimuth, &elevation);
            vec_sub(at, skin->centre, away);
            const float depth = drape_reach(skin, azimuth, elevation) + 0.5f - sqrtf(vec_dot(away, away));
            if (depth <= 0 || moved >= most)
                break;
            moved = fminf(moved + fmaxf(depth, 0.5f), most);
        }
    return moved;
}

static bool measure_skin(const occluder_site *site, drape **out)
{
    *out = df_alloc(site->scratch, 1, sizeof **out, site->err);
    if (!*out)
        return false;
    const float *jaw = site->landmarks[4], *other = site->landmarks[12];
    const float centre[3] = {0.5f * (jaw[0] + other[0]), site->landmarks[33][1] - 8 * site->unit,
                             0.5f * (jaw[2] + other[2]) - 40 * site->unit};
    drape_measure(*out, centre, 30 * site->unit, site->skin, site->triangles, site->triangle_count);
    return true;
}

/* The sleeve: an oval tube from behind the wrist to the elbow. */
static void add_sleeve(const hand_frame *frame, const float arm[3], float unit, int side, occluder_mesh *out)
{
    enum { RINGS = 9, AROUND = 24 };
    const int first = out->vertex_count;
    float broad[3] = {-arm[1], arm[0], 0}, thick[3];
    vec_unit(broad);
    vec_cross(arm, broad, thick);
    for (int r = 0; r < RINGS; r++) {
        const float t = (float)r / (RINGS - 1), cuff = r == 0 ? -3.0f : r == 1 ? 1.5f : 0;
        const float radius = 29 + 14 * t + cuff + 0.8f * sinf(11 * t);
        float middle[3];
        vec_along((const float[3]){0, -4, -2}, arm, 58 + 190 * t, middle);
        for (int a = 0; a < AROUND; a++) {
            const float angle = 6.2831853f * (float)a / AROUND;
            float own[3], at[3];
            vec_along(middle, broad, 1.2f * radius * cosf(angle), own);
            vec_along(own, thick, 0.85f * radius * sinf(angle), own);
            to_head(frame, unit, own, at);
            mirror(at, side);
            occluder_vertex(out, at, 1);
        }
    }
    occluder_grid(out, first, RINGS, AROUND, OCCLUDER_CLOSED, FACE_CLOTHES);
}

/* Flesh of the pose in the hand's own axes, in units of an adult's hand. */
static bool make_flesh(const hand_pose *pose, df_arena *scratch, float **vertices, int *vertex_count, int32_t **triangles,
                       int *triangle_count, df_error *err)
{
    flesh f = {.count = 0};
    blob b;
    add_palm(&f, pose->arm);
    for (int i = 0; i < FINGERS; i++)
        add_finger(&f, pose, i);
    return blob_fill(f.cones, f.count, CELL, scratch, &b, err) &&
           blob_surface(&b, scratch, vertices, vertex_count, triangles, triangle_count, err);
}

/* Puts the hand of a pose into the mesh; *frame says where its wrist is unless `push` moves it. */
static bool add_hand(const occluder_site *site, const hand_pose *pose, hand_frame *frame, const drape *skin, const float push[3],
                     occluder_mesh *out)
{
    float *vertices;
    int32_t *triangles;
    int vertex_count, triangle_count;
    const int side = site->params->side, first = out->vertex_count;
    if (!make_flesh(pose, site->scratch, &vertices, &vertex_count, &triangles, &triangle_count, site->err))
        return false;
    for (int i = 0; i < vertex_count; i++) {
        float at[3];
        to_head(frame, site->unit, vertices + 3 * (size_t)i, at);
        mirror(at, side);
        memcpy(vertices + 3 * (size_t)i, at, sizeof at);
    }
    float way[3] = {push[0], push[1], push[2]}, moved[3];
    mirror(way, side);
    const float far = skin ? clearance(skin, vertices, vertex_count, way, 60 * site->unit) : 0;
    vec_along(frame->wrist, push, far, frame->wrist);
    for (int i = 0; i < vertex_count; i++) {
        vec_along(vertices + 3 * (size_t)i, way, far, moved);
        occluder_vertex(out, moved, 1);
    }
    for (int t = 0; t < triangle_count; t++)
        occluder_triangle(out, first + triangles[3 * t], first + triangles[3 * t + 1], first + triangles[3 * t + 2], FACE_HAND);
    add_sleeve(frame, pose->arm, site->unit, side, out);
    return true;
}

/* The left landmark, or the right one that mirrors it, as if it were left. */
static void left_landmark(const occluder_site *site, int left, float out[3])
{
    const int mirrored = left < 17 ? 16 - left : left;
    memcpy(out, site->landmarks[site->params->side ? left : mirrored], 3 * sizeof *out);
    mirror(out, site->params->side);
}

bool occluder_hand(const occluder_site *site, occluder_mesh *out)
{
    const hand_pose *pose = &poses[site->params->style];
    const float *place = site->params->place;
    drape *skin;
    if (!measure_skin(site, &skin))
        return false;
    float a[3], b[3], held[3];
    hand_frame frame = {0};
    const float tilt = (place[0] - 0.5f) * 0.3f;
    const float y[3] = {pose->y[0] + tilt * pose->y[1], pose->y[1] - tilt * pose->y[0], pose->y[2]};
    turn_axes(y, pose->z, &frame);
    left_landmark(site, pose->landmark[0], a);
    left_landmark(site, pose->landmark[1], b);
    vec_mix(a, b, 0.5f, held);
    vec_along(held, pose->beside, site->unit, held);
    vec_along(held, frame.y, site->unit * 12 * (place[1] - 0.5f), held);
    memcpy(frame.wrist, held, sizeof held);
    vec_along(frame.wrist, frame.x, -site->unit * pose->held[0], frame.wrist);
    vec_along(frame.wrist, frame.y, -site->unit * pose->held[1], frame.wrist);
    vec_along(frame.wrist, frame.z, -site->unit * pose->held[2], frame.wrist);
    return add_hand(site, pose, &frame, skin, pose->push, out);
}

/* ---- a phone at the ear ---- */

enum { OUTLINE = 32, LAYERS = 4 };
static const float PHONE_WIDTH = 73, PHONE_LENGTH = 150, PHONE_THICK = 8.5f, PHONE_CORNER = 10;

/* A point of the outline of a rectangle with round corners, `inset` mm inside. */
static void outline(int i, float inset, float *u, float *v)
{
    const float angle = 6.2831853f * ((float)i + 0.5f) / OUTLINE, c = cosf(angle), s = sinf(angle), corner = PHONE_CORNER - inset;
    *u = (c > 0 ? 1.0f : -1.0f) * (PHONE_WIDTH / 2 - PHONE_CORNER) + corner * c;
    *v = (s > 0 ? 1.0f : -1.0f) * (PHONE_LENGTH / 2 - PHONE_CORNER) + corner * s;
}

static void add_phone(const hand_frame *phone, float unit, int side, occluder_mesh *out)
{
    static const float depth[LAYERS] = {-0.5f, -0.32f, 0.32f, 0.5f}, inset[LAYERS] = {1.6f, 0, 0, 1.6f};
    const int first = out->vertex_count;
    for (int layer = 0; layer < LAYERS; layer++)
        for (int i = 0; i < OUTLINE; i++) {
            float own[3] = {0, 0, depth[layer] * PHONE_THICK}, at[3];
            outline(i, inset[layer], &own[0], &own[1]);
            to_head(phone, unit, own, at);
            mirror(at, side);
            occluder_vertex(out, at, 1);
        }
    occluder_grid(out, first, LAYERS, OUTLINE, OCCLUDER_CLOSED, FACE_PHONE);
    for (int end = 0; end < 2; end++) { /* faces, with vertices of their own so that they shade flat */
        const int start = out->vertex_count;
        for (int i = 0; i < OUTLINE; i++)
            occluder_vertex(out, out->positions + 3 * (size_t)(first + (end ? LAYERS - 1 : 0) * OUTLINE + i), 1);
        for (int i = 1; i + 1 < OUTLINE; i++)
            occluder_triangle(out, start, start + (end ? i + 1 : i), start + (end ? i : i + 1), FACE_PHONE);
    }
}

/* Along the phone, from the corner of the mouth to the ear, and out of its back, for the left side. */
static void lay_phone(const occluder_site *site, hand_frame *out)
{
    float ear[3], jaw[3];
    left_landmark(site, 16, ear);
    left_landmark(site, 12, jaw);
    const float unit = site->unit, *place = site->params->place;
    const float top[3] = {ear[0] + 12 * unit, ear[1] + 14 * unit, ear[2] - 34 * unit};
    const float bottom[3] = {jaw[0] + (14 + 14 * place[1]) * unit, jaw[1] - 6 * unit, jaw[2] + (4 + 14 * place[0]) * unit};
    float along[3];
    vec_sub(top, bottom, along);
    const float outwards[3] = {0.93f, -0.1f, 0.3f};
    turn_axes(along, outwards, out);
    vec_mix(top, bottom, 0.5f, out->wrist); /* its middle */
}

bool occluder_phone(const occluder_site *site, occluder_mesh *out)
{
    const hand_pose *pose = &poses[PHONE_HOLD];
    const float unit = site->unit;
    drape *skin;
    hand_frame phone = {0}, hand = {0};
    float corners[4 * OUTLINE * 3];
    if (!measure_skin(site, &skin))
        return false;
    lay_phone(site, &phone);
    float way[3] = {phone.z[0], phone.z[1], phone.z[2]};
    mirror(way, site->params->side);
    for (int i = 0; i < 4 * OUTLINE; i++) { /* its face, at four sizes */
        float own[3] = {0, 0, -PHONE_THICK / 2};
        outline(i % OUTLINE, 0, &own[0], &own[1]);
        const int size = i / OUTLINE + 1;
        own[0] *= 0.25f * (float)size;
        own[1] *= 0.25f * (float)size;
        to_head(&phone, unit, own, corners + 3 * i);
        mirror(corners + 3 * i, site->params->side);
    }
    const float far = clearance(skin, corners, 4 * OUTLINE, way, 40 * unit);
    vec_along(phone.wrist, phone.z, far, phone.wrist);
    add_phone(&phone, unit, site->params->side, out);

    float y[3];
    for (int axis = 0; axis < 3; axis++)
        y[axis] = 0.8f * phone.y[axis] - 0.6f * phone.x[axis];
    turn_axes(y, phone.z, &hand);
    memcpy(hand.wrist, phone.wrist, sizeof hand.wrist);
    vec_along(hand.wrist, phone.y, -unit * 12, hand.wrist);
    vec_along(hand.wrist, hand.x, -unit * pose->held[0], hand.wrist);
    vec_along(hand.wrist, hand.y, -unit * pose->held[1], hand.wrist);
    vec_along(hand.wrist, hand.z, unit * (PHONE_THICK / 2 - pose->held[2]), hand.wrist);
    return add_hand(site, pose, &hand, NULL, phone.z, out);
}
