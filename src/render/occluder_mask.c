/* occluder_mask.c: a face mask: cloth drawn tight over nose, cheeks and chin, between curves that the landmarks give, with loops
   behind the ears. Surgical masks have pleats, respirators a stiff ridge, cloth masks neither. */
#include <math.h>

#include "render/drape.h"
#include "render/occluder_internal.h"

enum { ROWS = 41, COLUMNS = 49, LOOP = 9 };
enum { SURGICAL, RESPIRATOR, CLOTH }; /* as the row's styles */

/* Where the mask's edges are, degrees on the drape. */
typedef struct mask_edges {
    float bridge, corner_top;  /* elevation of the upper edge: on the nose, and at the sides */
    float chin, corner_bottom; /* of the lower edge */
    float side;                /* azimuth of the sides */
} mask_edges;

static const float ABOVE_SKIN = 6.5f; /* mm; landmarks below count as hidden from 5 mm on */

static float mean_elevation(const occluder_site *site, const drape *d, int a, int b)
{
    float azimuth, first, second;
    drape_angles(d, site->landmarks[a], &azimuth, &first);
    drape_angles(d, site->landmarks[b], &azimuth, &second);
    return 0.5f * (first + second);
}

static float mean_azimuth(const occluder_site *site, const drape *d, int right, int left)
{
    float first, second, elevation;
    drape_angles(d, site->landmarks[right], &first, &elevation);
    drape_angles(d, site->landmarks[left], &second, &elevation);
    return 0.5f * (second - first);
}

static void find_edges(const occluder_site *site, const drape *d, mask_edges *out)
{
    const float on_bridge = mean_elevation(site, d, 28, 28), on_nose = mean_elevation(site, d, 29, 29);
    const float high = 0.35f + 0.65f * site->params->place[0];
    *out = (mask_edges){
        .bridge = on_nose + high * (on_bridge - on_nose),
        .corner_top = mean_elevation(site, d, 1, 15) - 11,
        .chin = mean_elevation(site, d, 8, 8) - 19,
        .corner_bottom = mean_elevation(site, d, 3, 13) - 17,
        .side = (0.78f + 0.06f * site->params->place[1]) * mean_azimuth(site, d, 2, 14),
    };
}

static float smooth(float t)
{
    t = fminf(fmaxf(t, 0), 1);
    return t * t * (3 - 2 * t);
}

/* s: -1 at the person's right to 1; t: 0 at the upper edge to 1. */
static float elevation_at(const mask_edges *edges, float s, float t)
{
    const float side = fabsf(s);
    const float cheek = 1 - 0.55f * smooth(side / 0.45f) * (1 - smooth((side - 0.45f) / 0.55f)); /* the edge dips beside the nose */
    const float top = edges->corner_top + (edges->bridge - edges->corner_top) * (1 - smooth(side)) * cheek;
    const float bottom = edges->corner_bottom + (edges->chin - edges->corner_bottom) * (1 - powf(side, 3));
    return top + t * (bottom - top);
}

/* What the style adds to the distance from the skin, mm. */
static float relief(int style, float s, float t)
{
    const float inside = smooth(fminf(t, 1 - t) / 0.12f) * smooth((1 - fabsf(s)) / 0.15f);
    if (style == RESPIRATOR)
        return inside * (9 * (1 - s * s) + 3 * (1 - fminf(fabsf(s) / 0.08f, 1))); /* a ridge down the middle */
    if (style == CLOTH)
        return inside * 1.5f * (1 - fminf(fabsf(s) / 0.04f, 1)); /* its seam */
    const float fold = 4 * t - floorf(4 * t);                    /* four pleats, each a slope and a step */
    return inside * 2.4f * (t > 0.12f && t < 0.88f ? 1 - fold : 0.5f);
}

static void add_cloth(const occluder_site *site, const drape *skin, const drape *tight, const mask_edges *edges, occluder_mesh *out)
{
    const int first = out->vertex_count;
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLUMNS; c++) {
            const float t = (float)r / (ROWS - 1), s = 2 * (float)c / (COLUMNS - 1) - 1;
            const float azimuth = s * edges->side, elevation = elevation_at(edges, s, t);
            const float at_edge = 1 - smooth(fminf(t / 0.12f, (1 - fabsf(s)) / 0.12f)); /* a wire and the loops press the edge down */
            const float loose = drape_reach(tight, azimuth, elevation), close = drape_reach(skin, azimuth, elevation);
            const float above = ABOVE_SKIN - 3 * at_edge + relief(site->params->style, s, t);
            float at[3];
            drape_point(tight, azimuth, elevation, 0.6f * at_edge * (close - loose) + site->unit * above, at);
            occluder_vertex(out, at, 1);
        }
    occluder_grid(out, first, ROWS, COLUMNS, OCCLUDER_OPEN, FACE_MASK);
}

/* From a corner of the mask over the cheek behind the ear. */
static void add_loop(const occluder_site *site, const drape *skin, const mask_edges *edges, float sign, float from, int landmark,
                     float rise, occluder_mesh *out)
{
    float path[LOOP][3], azimuth, elevation;
    drape_angles(skin, site->landmarks[landmark], &azimuth, &elevation);
    for (int i = 0; i < LOOP; i++) {
        const float t = (float)i / (LOOP - 1);
        drape_point(skin, sign * (edges->side - 2) + t * (azimuth + sign * 22 - sign * (edges->side - 2)),
                    from + t * (elevation + rise - from), site->unit * (3 - t), path[i]);
    }
    occluder_tube(out, (const float(*)[3])path, LOOP, 1.4f * site->unit, 1, FACE_MASK);
}

bool occluder_mask(const occluder_site *site, occluder_mesh *out)
{
    drape *skin = df_alloc(site->scratch, 2, sizeof *skin, site->err);
    if (!skin)
        return false;
    mask_edges edges;
    float centre[3];
    for (int axis = 0; axis < 3; axis++)
        centre[axis] = 0.5f * (site->landmarks[2][axis] + site->landmarks[14][axis]);
    centre[1] = site->landmarks[33][1] - 10 * site->unit;
    centre[2] -= 15 * site->unit;
    drape_measure(skin, centre, 40 * site->unit, site->skin, site->triangles, site->triangle_count);
    drape *tight = skin + 1;
    *tight = *skin;
    find_edges(site, skin, &edges);
    drape_stretch(tight, edges.side + 6, edges.chin - 4, fmaxf(edges.bridge, edges.corner_top) + 4);
    add_cloth(site, skin, tight, &edges, out);
    for (int side = -1; side <= 1; side += 2) {
        add_loop(site, skin, &edges, (float)side, edges.corner_top - 2, side < 0 ? 0 : 16, 6, out);
        add_loop(site, skin, &edges, (float)side, edges.corner_bottom + 2, side < 0 ? 1 : 15, -14, out);
    }
    return true;
}
