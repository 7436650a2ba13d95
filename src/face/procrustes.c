/* procrustes.c: the best rotation is the eigenvector, for the largest eigenvalue, of a symmetric 4 x 4 matrix made of the
   points' cross-covariance; read as a quaternion. */
#include "face/procrustes.h"

#include <lapacke.h>
#include <stddef.h>

static void mean_of(const float *points, const int32_t *chosen, int count, double mean[3])
{
    for (int axis = 0; axis < 3; axis++) {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += (double)points[3 * (size_t)chosen[i] + (size_t)axis];
        mean[axis] = sum / count;
    }
}

/* s[a][b] = sum of (from - mean)[a] (to - mean)[b]. */
static void cross_covariance(const float *from, const float *to, const int32_t *chosen, int count, const double from_mean[3],
                             const double to_mean[3], double s[3][3])
{
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            double sum = 0;
            for (int i = 0; i < count; i++)
                sum += ((double)from[3 * (size_t)chosen[i] + (size_t)a] - from_mean[a]) *
                       ((double)to[3 * (size_t)chosen[i] + (size_t)b] - to_mean[b]);
            s[a][b] = sum;
        }
}

static bool best_quaternion(const double s[3][3], double q[4], df_error *err)
{
    double n[16] = {
        s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1],           s[2][0] - s[0][2],           s[0][1] - s[1][0],
        s[1][2] - s[2][1],           s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0],           s[2][0] + s[0][2],
        s[2][0] - s[0][2],           s[0][1] + s[1][0],           s[1][1] - s[0][0] - s[2][2], s[1][2] + s[2][1],
        s[0][1] - s[1][0],           s[2][0] + s[0][2],           s[1][2] + s[2][1],           s[2][2] - s[0][0] - s[1][1],
    };
    double values[4];
    if (LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'V', 'U', 4, n, 4, values) != 0)
        return df_fail(err, "rigid alignment: the eigenvalues did not converge");
    for (int i = 0; i < 4; i++)
        q[i] = n[4 * i + 3]; /* eigenvalues ascend: the last column */
    return true;
}

static void rotation_of(const double q[4], float rotation[9])
{
    const double w = q[0], x = q[1], y = q[2], z = q[3];
    const double r[9] = {
        w * w + x * x - y * y - z * z, 2 * (x * y - w * z),           2 * (x * z + w * y),
        2 * (x * y + w * z),           w * w - x * x + y * y - z * z, 2 * (y * z - w * x),
        2 * (x * z - w * y),           2 * (y * z + w * x),           w * w - x * x - y * y + z * z,
    };
    for (int i = 0; i < 9; i++)
        rotation[i] = (float)r[i];
}

bool procrustes_fit(const float *from, const float *to, const int32_t *chosen, int count, rigid_motion *out, df_error *err)
{
    double from_mean[3], to_mean[3], s[3][3], q[4] = {0};
    mean_of(from, chosen, count, from_mean);
    mean_of(to, chosen, count, to_mean);
    cross_covariance(from, to, chosen, count, from_mean, to_mean, s);
    if (!best_quaternion(s, q, err))
        return false;
    rotation_of(q, out->rotation);
    for (int row = 0; row < 3; row++) {
        double turned = 0;
        for (int k = 0; k < 3; k++)
            turned += (double)out->rotation[3 * row + k] * from_mean[k];
        out->translation[row] = (float)(to_mean[row] - turned);
    }
    return true;
}

void procrustes_apply(const rigid_motion *motion, float *points, int count)
{
    const float *r = motion->rotation, *t = motion->translation;
    for (size_t i = 0; i < (size_t)count; i++) {
        float *p = points + 3 * i;
        const float x = p[0], y = p[1], z = p[2];
        for (size_t row = 0; row < 3; row++)
            p[row] = r[3 * row] * x + r[3 * row + 1] * y + r[3 * row + 2] * z + t[row];
    }
}
