/* occluder_belt.c: a seat belt: from the pillar behind the shoulder over the chest to the other hip. It lies where a plane through
   shoulder and hip cuts the clothes, drawn tight; without clothes, around an adult's shoulders. */
#include <math.h>

#include "render/occluder_internal.h"

enum { STEPS = 46, ACROSS = 4 };
static const float WIDTH = 47, ABOVE = 3.5f; /* mm */
static const float STEP = 0.0698132f;        /* radians, 4 degrees: from -4 degrees at the shoulder over the chest */
static const float BODY_HALF_WIDTH = 150, BODY_HALF_DEPTH = 95;

/* A cut through the body: along runs up to the shoulder, z forward. */
typedef struct belt_plane {
    float centre[3], along[3], normal[3];
} belt_plane;

static belt_plane plane_of(const occluder_site *site)
{
    const float sign = site->params->side ? 1.0f : -1.0f, *chin = site->landmarks[8];
    const float shoulder[3] = {sign * (70 + 40 * site->params->place[0]), chin[1] - 75, -10};
    const float hip[3] = {-sign * (110 + 60 * site->params->place[1]), chin[1] - 420, -10};
    belt_plane plane;
    vec_sub(shoulder, hip, plane.along);
    vec_unit(plane.along);
    vec_along(shoulder, plane.along, -170, plane.centre);
    const float forward[3] = {0, 0, 1};
    vec_cross(plane.along, forward, plane.normal);
    return plane;
}

/* Where the edge a b crosses the plane, its direction's bin takes the distance. */
static void cut_edge(const belt_plane *plane, const float *a, const float *b, float reach[STEPS])
{
    float from[3], to[3], at[3];
    vec_sub(a, plane->centre, from);
    vec_sub(b, plane->centre, to);
    const float da = vec_dot(from, plane->normal), db = vec_dot(to, plane->normal);
    if ((da < 0) == (db < 0))
        return;
    vec_mix(from, to, da / (da - db), at);
    const float u = vec_dot(at, plane->along), angle = atan2f(at[2], u) / STEP + 1;
    const int bin = (int)floorf(angle + 0.5f);
    if (bin >= 0 && bin < STEPS)
        reach[bin] = fmaxf(reach[bin], sqrtf(u * u + at[2] * at[2]));
}

static void measure(const occluder_site *site, const belt_plane *plane, float reach[STEPS])
{
    for (int i = 0; i < STEPS; i++) {
        const float angle = STEP * (float)(i - 1), c = cosf(angle) / BODY_HALF_WIDTH, s = sinf(angle) / BODY_HALF_DEPTH;
        reach[i] = 1 / sqrtf(c * c + s * s);
    }
    for (int t = 0; site->clothes && t < site->clothes->triangle_count; t++)
        for (int c = 0; c < 3; c++) {
            const int32_t *corner = site->clothes->triangles + 3 * t;
            cut_edge(plane, site->clothes->positions + 3 * (size_t)corner[c], site->clothes->positions + 3 * (size_t)corner[(c + 1) % 3],
                     reach);
        }
}

/* As drape_stretch: in 1 / r a chord is the mean by the cosine of its half angle. */
static void draw_tight(float reach[STEPS])
{
    for (int pass = 0; pass < 6; pass++)
        for (int width = 16; width >= 1; width /= 2)
            for (int i = width; i + width < STEPS; i++) {
                const float chord = 2 * cosf(STEP * (float)width) / (1 / reach[i - width] + 1 / reach[i + width]);
                reach[i] = fmaxf(reach[i], chord);
            }
}

static void add_section(const belt_plane *plane, const float at[3], const float outward[3], occluder_mesh *out)
{
    for (int i = 0; i < ACROSS; i++) {
        float corner[3];
        vec_along(at, plane->normal, WIDTH * ((float)i / (ACROSS - 1) - 0.5f), corner);
        vec_along(corner, outward, i == 0 || i == ACROSS - 1 ? -0.6f : 0, corner);
        occluder_vertex(out, corner, 0);
    }
}

bool occluder_belt(const occluder_site *site, occluder_mesh *out)
{
    const belt_plane plane = plane_of(site);
    const float sign = site->params->side ? 1.0f : -1.0f;
    const float pillar[3] = {sign * 260, site->landmarks[8][1] + 40, -230};
    float reach[STEPS];
    const int first = out->vertex_count;
    measure(site, &plane, reach);
    draw_tight(reach);
    add_section(&plane, pillar, plane.along, out);
    for (int i = 0; i < STEPS; i++) {
        const float angle = STEP * (float)(i - 1);
        float outward[3], at[3];
        for (int axis = 0; axis < 3; axis++)
            outward[axis] = cosf(angle) * plane.along[axis] + (axis == 2 ? sinf(angle) : 0);
        vec_along(plane.centre, outward, reach[i] + ABOVE, at);
        add_section(&plane, at, outward, out);
    }
    occluder_grid(out, first, STEPS + 1, ACROSS, OCCLUDER_OPEN, FACE_BELT);
    return true;
}
