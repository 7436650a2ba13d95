/* occluder_scarf.c: a scarf: a drape around neck and jaw in rolls, with folds that run round it; over the chin, or up to the nose. */
#include <math.h>

#include "render/drape.h"
#include "render/occluder_internal.h"

enum { ROWS = 34, COLUMNS = 120, NECK = 0 };
static const float PI = 3.14159265f;

/* Folds: the sum of waves that run round and slowly up, 0 to 1. */
static float folds(const float phase[OCCLUDER_PLACES], float azimuth, float t)
{
    const float a = azimuth * PI / 180;
    const float waves = sinf(3 * a + 9 * t + 6 * phase[1]) + 0.6f * sinf(5 * a - 13 * t + 9 * phase[2]) + 0.5f * sinf(17 * t + 2 * a);
    return 0.5f + waves / 4.2f;
}

/* Elevation of the upper edge: high in front, lower behind. */
static float upper_edge(float front, float back, float azimuth)
{
    const float c = fminf(0.62f + 0.6f * cosf(azimuth * PI / 180), 1), in_front = c > 0 ? c * c * (3 - 2 * c) : 0;
    return back + (front - back) * in_front;
}

bool occluder_scarf(const occluder_site *site, occluder_mesh *out)
{
    const occluder_params *params = site->params;
    drape *d = df_alloc(site->scratch, 1, sizeof *d, site->err);
    if (!d)
        return false;
    const float unit = site->unit, *chin = site->landmarks[8];
    const float centre[3] = {chin[0], chin[1] - 32 * unit, 0.5f * (site->landmarks[0][2] + site->landmarks[16][2]) - 26 * unit};
    float azimuth, front;
    const bool is_low = params->style == NECK;
    drape_measure(d, centre, 66 * unit, site->skin, site->triangles, site->triangle_count);
    drape_angles(d, site->landmarks[is_low ? 8 : 33], &azimuth, &front);
    front += is_low ? 14 * (params->place[0] - 0.7f) : 6 * (params->place[0] - 1.0f);
    drape_stretch(d, 120, -60, front + 6);
    const int first = out->vertex_count;
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLUMNS; c++) {
            const float t = (float)r / (ROWS - 1), around = 360 * ((float)c + 0.5f) / COLUMNS - 180;
            const float top = upper_edge(front, fminf(front, 8), around), elevation = top + t * (-46 - top);
            const float rolls = is_low ? 2 : 3, roll = fabsf(sinf(PI * rolls * t + 0.35f * sinf(around * PI / 180 + 6 * params->place[1])));
            const float edge = fminf(1, fminf(t, 1 - t) * 14);
            const float above = 3 + edge * (4 + 9 * roll + 5 * folds(params->place, around, t)) + 10 * t;
            float at[3];
            drape_point(d, around, elevation, unit * above, at);
            occluder_vertex(out, at, 1 - 0.8f * t);
        }
    occluder_grid(out, first, ROWS, COLUMNS, OCCLUDER_CLOSED, FACE_SCARF);
    return true;
}
