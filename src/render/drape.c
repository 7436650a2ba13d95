/* drape.c: triangles are drawn into a map of directions, the outermost wins; gaps take their neighbours' mean. */
#include "render/drape.h"

#include <math.h>
#include <string.h>

static const float STEP = 2, LOWEST = -79, FIRST = -179; /* degrees: middles of the first row and column */
static const float DEGREES = 57.29578f;
static const float ACROSS_THE_SEAM = 180;
enum { FILL_PASSES = 6, STRETCH_PASSES = 3, WIDEST_CHORD = 16 };

void drape_angles(const drape *d, const float at[3], float *azimuth, float *elevation)
{
    const float x = at[0] - d->centre[0], y = at[1] - d->centre[1], z = at[2] - d->centre[2];
    *azimuth = atan2f(x, z) * DEGREES;
    *elevation = atan2f(y, sqrtf(x * x + z * z)) * DEGREES;
}

/* A triangle's corners on the map: column, row, nearness. */
static void put_triangle(drape *d, const float p[3][3])
{
    float low[2], high[2];
    for (int axis = 0; axis < 2; axis++) {
        low[axis] = fminf(fminf(p[0][axis], p[1][axis]), p[2][axis]);
        high[axis] = fmaxf(fmaxf(p[0][axis], p[1][axis]), p[2][axis]);
    }
    const float area = (p[1][0] - p[0][0]) * (p[2][1] - p[0][1]) - (p[2][0] - p[0][0]) * (p[1][1] - p[0][1]);
    if (area == 0 || (high[0] - low[0]) * STEP > ACROSS_THE_SEAM)
        return;
    for (int row = (int)fmaxf(ceilf(low[1]), 0); row < DRAPE_ROWS && (float)row <= high[1]; row++)
        for (int column = (int)fmaxf(ceilf(low[0]), 0); column < DRAPE_COLUMNS && (float)column <= high[0]; column++) {
            const float x = (float)column - p[0][0], y = (float)row - p[0][1];
            const float b = (x * (p[2][1] - p[0][1]) - y * (p[2][0] - p[0][0])) / area;
            const float c = (y * (p[1][0] - p[0][0]) - x * (p[1][1] - p[0][1])) / area;
            const float nearness = p[0][2] + b * (p[1][2] - p[0][2]) + c * (p[2][2] - p[0][2]);
            if (b >= 0 && c >= 0 && b + c <= 1 && nearness < d->nearness[row][column])
                d->nearness[row][column] = nearness;
        }
}

static void put_vertex(const drape *d, const float at[3], float out[3])
{
    float azimuth, elevation, away[3];
    drape_angles(d, at, &azimuth, &elevation);
    for (int axis = 0; axis < 3; axis++)
        away[axis] = at[axis] - d->centre[axis];
    out[0] = (azimuth - FIRST) / STEP;
    out[1] = (elevation - LOWEST) / STEP;
    out[2] = 1 / fmaxf(sqrtf(away[0] * away[0] + away[1] * away[1] + away[2] * away[2]), 1);
}

/* Directions where nothing was met take the mean of the neighbours where something was. */
static void fill_gaps(drape *d)
{
    float before[DRAPE_COLUMNS], here[DRAPE_COLUMNS];
    for (int pass = 0; pass < FILL_PASSES; pass++)
        for (int row = 0; row < DRAPE_ROWS; row++) {
            memcpy(here, d->nearness[row], sizeof here);
            for (int column = 0; column < DRAPE_COLUMNS; column++) {
                const float around[4] = {here[(column + 1) % DRAPE_COLUMNS], here[(column + DRAPE_COLUMNS - 1) % DRAPE_COLUMNS],
                                         row > 0 ? before[column] : INFINITY,
                                         row + 1 < DRAPE_ROWS ? d->nearness[row + 1][column] : INFINITY};
                float sum = 0;
                int count = 0;
                for (int i = 0; i < 4; i++)
                    if (isfinite(around[i])) {
                        sum += around[i];
                        count++;
                    }
                if (!isfinite(here[column]) && count >= 2)
                    d->nearness[row][column] = sum / (float)count;
            }
            memcpy(before, here, sizeof before);
        }
}

void drape_measure(drape *d, const float centre[3], float least, const float *vertices, const int32_t *triangles, int triangle_count)
{
    memcpy(d->centre, centre, sizeof d->centre);
    for (int row = 0; row < DRAPE_ROWS; row++)
        for (int column = 0; column < DRAPE_COLUMNS; column++)
            d->nearness[row][column] = INFINITY;
    for (int t = 0; t < triangle_count; t++) {
        float corners[3][3];
        for (int c = 0; c < 3; c++)
            put_vertex(d, vertices + 3 * (size_t)triangles[3 * (size_t)t + (size_t)c], corners[c]);
        put_triangle(d, (const float(*)[3])corners);
    }
    fill_gaps(d);
    for (int row = 0; row < DRAPE_ROWS; row++)
        for (int column = 0; column < DRAPE_COLUMNS; column++)
            d->nearness[row][column] = fminf(d->nearness[row][column], 1 / least);
}

static int row_of(float elevation)
{
    const int row = (int)((elevation - LOWEST) / STEP + 0.5f);
    return row < 0 ? 0 : row >= DRAPE_ROWS ? DRAPE_ROWS - 1 : row;
}

static int column_of(float azimuth)
{
    const int column = (int)((azimuth - FIRST) / STEP + 0.5f);
    return column < 0 ? 0 : column >= DRAPE_COLUMNS ? DRAPE_COLUMNS - 1 : column;
}

/* values[i] for low <= i <= high: no more than the chords of that many steps to both sides. cosine: of those steps' angle. */
static void draw_tight(const float *values, float *out, int low, int high, int steps, float cosine)
{
    for (int i = low; i <= high; i++) {
        const int reach = i - low < high - i ? i - low : high - i;
        out[i] = values[i];
        if (reach >= steps)
            out[i] = fminf(values[i], (values[i - steps] + values[i + steps]) / (2 * cosine));
    }
}

void drape_stretch(drape *d, float azimuth, float low_elevation, float high_elevation)
{
    const int low_row = row_of(low_elevation), high_row = row_of(high_elevation);
    const int low = column_of(-azimuth), high = column_of(azimuth);
    float values[DRAPE_COLUMNS], tight[DRAPE_COLUMNS];
    for (int pass = 0; pass < STRETCH_PASSES; pass++)
        for (int steps = WIDEST_CHORD; steps >= 1; steps /= 2) {
            const float angle = (float)steps * STEP / DEGREES;
            for (int row = low_row; row <= high_row; row++) {
                const float across = angle * cosf((LOWEST + STEP * (float)row) / DEGREES);
                memcpy(values, d->nearness[row], sizeof values);
                draw_tight(values, tight, low, high, steps, cosf(across));
                memcpy(d->nearness[row] + low, tight + low, (size_t)(high - low + 1) * sizeof *tight);
            }
            for (int column = low; column <= high; column++) {
                for (int row = low_row; row <= high_row; row++)
                    values[row] = d->nearness[row][column];
                draw_tight(values, tight, low_row, high_row, steps, cosf(angle));
                for (int row = low_row; row <= high_row; row++)
                    d->nearness[row][column] = tight[row];
            }
        }
}

float drape_reach(const drape *d, float azimuth, float elevation)
{
    const float x = (azimuth - FIRST) / STEP, y = fminf(fmaxf((elevation - LOWEST) / STEP, 0), DRAPE_ROWS - 1.001f);
    const float floor_x = floorf(x);
    const int row = (int)y, left = ((int)floor_x % DRAPE_COLUMNS + DRAPE_COLUMNS) % DRAPE_COLUMNS, right = (left + 1) % DRAPE_COLUMNS;
    const float tx = x - floor_x, ty = y - (float)row;
    const float below = d->nearness[row][left] + tx * (d->nearness[row][right] - d->nearness[row][left]);
    const float above = d->nearness[row + 1][left] + tx * (d->nearness[row + 1][right] - d->nearness[row + 1][left]);
    return 1 / (below + ty * (above - below));
}

void drape_point(const drape *d, float azimuth, float elevation, float above, float out[3])
{
    const float r = drape_reach(d, azimuth, elevation) + above, flat = r * cosf(elevation / DEGREES);
    out[0] = d->centre[0] + flat * sinf(azimuth / DEGREES);
    out[1] = d->centre[1] + r * sinf(elevation / DEGREES);
    out[2] = d->centre[2] + flat * cosf(azimuth / DEGREES);
}
