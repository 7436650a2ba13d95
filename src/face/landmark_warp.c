/* landmark_warp.c: scale from the spread of the points, rotation and shift by Procrustes, weights by a Cholesky factorization. The
   matrix of Gaussians is positive definite; a ridge on its diagonal keeps near landmarks from pulling in opposite directions. */
#include "face/landmark_warp.h"

#include <math.h>
#include <string.h>

#include "face/procrustes.h"

/* Of the mean distance of the landmarks from their middle: the width of the Gaussians. About 35 mm on an adult. */
static const float WIDTH = 0.6f;
static const double RIDGE = 0.02;

enum { N = FACE_LANDMARKS };

/* The mean distance from their middle. */
static float spread_of(const float points[N][3])
{
    float middle[3] = {0}, spread = 0;
    for (int i = 0; i < N; i++)
        for (int axis = 0; axis < 3; axis++)
            middle[axis] += points[i][axis] / N;
    for (int i = 0; i < N; i++) {
        const float d[3] = {points[i][0] - middle[0], points[i][1] - middle[1], points[i][2] - middle[2]};
        spread += sqrtf(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) / N;
    }
    return spread;
}

static bool fit_similarity(const float from[N][3], const float to[N][3], landmark_warp *warp, df_error *err)
{
    const float from_spread = spread_of(from), to_spread = spread_of(to);
    int32_t all[N];
    rigid_motion motion;
    if (!(from_spread > 0) || !(to_spread > 0))
        return df_fail(err, "the landmarks lie in one point: expected a face");
    warp->scale = to_spread / from_spread;
    for (int i = 0; i < N; i++) {
        all[i] = i;
        for (int axis = 0; axis < 3; axis++)
            warp->centre[i][axis] = warp->scale * from[i][axis];
    }
    if (!procrustes_fit(&warp->centre[0][0], &to[0][0], all, N, &motion, err))
        return false;
    procrustes_apply(&motion, &warp->centre[0][0], N);
    memcpy(warp->rotation, motion.rotation, sizeof warp->rotation);
    memcpy(warp->translation, motion.translation, sizeof warp->translation);
    warp->narrowness = 1 / (2 * WIDTH * WIDTH * to_spread * to_spread);
    return true;
}

static float bump(const landmark_warp *warp, const float a[3], const float b[3])
{
    const float d[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return expf(-warp->narrowness * (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]));
}

/* factor: lower triangle, factor factor^T = matrix, in place. */
static void cholesky(double factor[N][N])
{
    for (int c = 0; c < N; c++)
        for (int r = c; r < N; r++) {
            double sum = factor[r][c];
            for (int k = 0; k < c; k++)
                sum -= factor[r][k] * factor[c][k];
            factor[r][c] = r == c ? sqrt(sum) : sum / factor[c][c];
        }
}

static void solve(const double factor[N][N], double x[N])
{
    for (int r = 0; r < N; r++) {
        for (int k = 0; k < r; k++)
            x[r] -= factor[r][k] * x[k];
        x[r] /= factor[r][r];
    }
    for (int r = N - 1; r >= 0; r--) {
        for (int k = r + 1; k < N; k++)
            x[r] -= factor[k][r] * x[k];
        x[r] /= factor[r][r];
    }
}

bool landmark_warp_fit(const float from[N][3], const float to[N][3], landmark_warp *out, df_error *err)
{
    landmark_warp warp;
    df_arena *scratch = df_arena_new(1 << 20, err);
    double(*factor)[N] = scratch ? df_alloc(scratch, N, sizeof *factor, err) : NULL;
    const bool is_good = factor && fit_similarity(from, to, &warp, err);
    if (is_good) {
        for (int r = 0; r < N; r++)
            for (int c = 0; c <= r; c++)
                factor[r][c] = (double)bump(&warp, warp.centre[r], warp.centre[c]) + (r == c ? RIDGE : 0);
        cholesky(factor);
        for (int axis = 0; axis < 3; axis++) {
            double residual[N];
            for (int i = 0; i < N; i++)
                residual[i] = (double)(to[i][axis] - warp.centre[i][axis]);
            solve((const double(*)[N])factor, residual);
            for (int i = 0; i < N; i++)
                warp.weight[i][axis] = (float)residual[i];
        }
        *out = warp;
    }
    df_arena_free(scratch);
    return is_good;
}

void landmark_warp_apply(const landmark_warp *warp, const float from[3], float to[3])
{
    float at[3], out[3];
    for (int r = 0; r < 3; r++) {
        const float *row = warp->rotation + 3 * r;
        at[r] = warp->scale * (row[0] * from[0] + row[1] * from[1] + row[2] * from[2]) + warp->translation[r];
    }
    memcpy(out, at, sizeof out);
    for (int i = 0; i < N; i++) {
        const float height = bump(warp, at, warp->centre[i]);
        for (int axis = 0; axis < 3; axis++)
            out[axis] += height * warp->weight[i][axis];
    }
    memcpy(to, out, sizeof out);
}
