#include "face/procrustes.h"

#include <math.h>

#include "base/random.h"
#include "check.h"

enum { POINTS = 50 };

static df_error err;

static void cloud(float points[3 * POINTS], int32_t all[POINTS])
{
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 3 * POINTS; i++)
        points[i] = 50 * df_random_normal(&random);
    for (int i = 0; i < POINTS; i++)
        all[i] = i;
}

/* About the axis (1, 2, 3) by `angle`, then a shift. */
static rigid_motion motion_of(float angle)
{
    const float n = sqrtf(14), x = 1 / n, y = 2 / n, z = 3 / n, c = cosf(angle), s = sinf(angle), d = 1 - c;
    return (rigid_motion){
        .rotation = {c + x * x * d, x * y * d - z * s, x * z * d + y * s, y * x * d + z * s, c + y * y * d, y * z * d - x * s,
                     z * x * d - y * s, z * y * d + x * s, c + z * z * d},
        .translation = {10, -20, 30},
    };
}

static void a_motion_is_found_again(void **state)
{
    (void)state;
    static const float angles[] = {0, 0.01f, 0.7f, 2, 3.1f, -1};
    float points[3 * POINTS];
    int32_t all[POINTS];
    cloud(points, all);
    for (size_t a = 0; a < DF_ARRAY_LEN(angles); a++) {
        const rigid_motion true_motion = motion_of(angles[a]);
        rigid_motion found;
        float moved[3 * POINTS];
        memcpy(moved, points, sizeof moved);
        procrustes_apply(&true_motion, moved, POINTS);
        must(procrustes_fit(points, moved, all, POINTS, &found, &err), &err);
        for (int i = 0; i < 9; i++)
            must_lie(found.rotation[i], true_motion.rotation[i] - 1e-5f, true_motion.rotation[i] + 1e-5f);
        for (int i = 0; i < 3; i++)
            must_lie(found.translation[i], true_motion.translation[i] - 1e-3f, true_motion.translation[i] + 1e-3f);
    }
}

static void only_the_chosen_points_count(void **state)
{
    (void)state;
    const rigid_motion true_motion = motion_of(0.5f);
    float points[3 * POINTS], moved[3 * POINTS];
    int32_t all[POINTS];
    rigid_motion found;
    cloud(points, all);
    memcpy(moved, points, sizeof moved);
    procrustes_apply(&true_motion, moved, POINTS);
    moved[0] += 1000; /* point 0, which is left out */
    must(procrustes_fit(points, moved, all + 1, POINTS - 1, &found, &err), &err);
    must_lie(found.translation[0], true_motion.translation[0] - 1e-3f, true_motion.translation[0] + 1e-3f);
}

static void a_mirror_image_is_met_by_a_rotation_all_the_same(void **state)
{
    (void)state;
    float points[3 * POINTS], mirrored[3 * POINTS];
    int32_t all[POINTS];
    rigid_motion found;
    cloud(points, all);
    for (int i = 0; i < 3 * POINTS; i++)
        mirrored[i] = i % 3 == 0 ? -points[i] : points[i];
    must(procrustes_fit(points, mirrored, all, POINTS, &found, &err), &err);
    const float *r = found.rotation;
    const float determinant = r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) + r[2] * (r[3] * r[7] - r[4] * r[6]);
    must_lie(determinant, 1 - 1e-5f, 1 + 1e-5f);
}

static float misfit(const rigid_motion *motion, const float *from, const float *to)
{
    float moved[3 * POINTS], sum = 0;
    memcpy(moved, from, sizeof moved);
    procrustes_apply(motion, moved, POINTS);
    for (int i = 0; i < 3 * POINTS; i++)
        sum += (moved[i] - to[i]) * (moved[i] - to[i]);
    return sum;
}

static void no_motion_beside_it_fits_noisy_points_better(void **state)
{
    (void)state;
    float points[3 * POINTS], noisy[3 * POINTS];
    int32_t all[POINTS];
    rigid_motion found;
    const rigid_motion true_motion = motion_of(0.5f);
    df_random random = df_random_at(2, 0, 0, DF_FOR_TEST);
    cloud(points, all);
    memcpy(noisy, points, sizeof noisy);
    procrustes_apply(&true_motion, noisy, POINTS);
    for (int i = 0; i < 3 * POINTS; i++)
        noisy[i] += 5 * df_random_normal(&random);
    must(procrustes_fit(points, noisy, all, POINTS, &found, &err), &err);
    const float best = misfit(&found, points, noisy);
    for (int i = 0; i < 3; i++) {
        rigid_motion beside = found;
        beside.translation[i] += 0.5f;
        assert_true(misfit(&beside, points, noisy) > best);
    }
    for (float turn = -0.05f; turn < 0.06f; turn += 0.1f) { /* a little further about z */
        rigid_motion beside = found;
        for (int k = 0; k < 3; k++) {
            beside.rotation[k] = cosf(turn) * found.rotation[k] - sinf(turn) * found.rotation[3 + k];
            beside.rotation[3 + k] = sinf(turn) * found.rotation[k] + cosf(turn) * found.rotation[3 + k];
        }
        assert_true(misfit(&beside, points, noisy) > best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_motion_is_found_again),
        cmocka_unit_test(only_the_chosen_points_count),
        cmocka_unit_test(a_mirror_image_is_met_by_a_rotation_all_the_same),
        cmocka_unit_test(no_motion_beside_it_fits_noisy_points_better),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
