/* Rotations, the pinhole camera and similarities of the image plane against their definitions. */
#include "check.h"

#include <math.h>

#include "base/random.h"
#include "render/camera.h"

static df_random fresh(void)
{
    return df_random_at(7, 1, 1, DF_FOR_TEST);
}

static void must_be_near(const float *a, const float *b, int count, float tolerance)
{
    for (int i = 0; i < count; i++)
        must_lie(a[i], b[i] - tolerance, b[i] + tolerance);
}

/* The image of one head axis. */
static void axis(float yaw, float pitch, float roll, int column, float out[3])
{
    float r[9];
    head_rotation(yaw, pitch, roll, r);
    for (int i = 0; i < 3; i++)
        out[i] = r[3 * i + column];
}

static void a_positive_yaw_turns_the_face_to_the_persons_left(void **state)
{
    (void)state;
    float nose[3];
    axis(0.5f, 0, 0, 2, nose);
    must_be_near(nose, (const float[]){sinf(0.5f), 0, cosf(0.5f)}, 3, 1e-6f);
}

static void a_positive_pitch_lifts_the_chin(void **state)
{
    (void)state;
    float nose[3];
    axis(0, 0.4f, 0, 2, nose);
    must_be_near(nose, (const float[]){0, sinf(0.4f), cosf(0.4f)}, 3, 1e-6f);
}

static void a_positive_roll_tilts_the_crown_to_the_persons_right(void **state)
{
    (void)state;
    float crown[3];
    axis(0, 0, 0.3f, 1, crown);
    must_be_near(crown, (const float[]){-sinf(0.3f), cosf(0.3f), 0}, 3, 1e-6f);
}

static void every_head_rotation_is_one(void **state)
{
    (void)state;
    df_random random = fresh();
    for (int n = 0; n < 1000; n++) {
        float r[9];
        head_rotation(df_random_range(&random, -3, 3), df_random_range(&random, -1.5f, 1.5f), df_random_range(&random, -3, 3), r);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                must_lie(r[3 * i] * r[3 * j] + r[3 * i + 1] * r[3 * j + 1] + r[3 * i + 2] * r[3 * j + 2], (i == j) - 1e-5f,
                         (i == j) + 1e-5f);
        const float determinant =
            r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) + r[2] * (r[3] * r[7] - r[4] * r[6]);
        must_lie(determinant, 1 - 1e-5f, 1 + 1e-5f);
    }
}

static camera random_camera(df_random *random)
{
    camera view = {.width = 128, .height = 128, .cx = df_random_range(random, 50, 80), .cy = df_random_range(random, 50, 80)};
    view.fx = view.fy = df_random_range(random, 100, 400);
    float r[9];
    head_rotation(df_random_range(random, -1, 1), df_random_range(random, -1, 1), df_random_range(random, -1, 1), r);
    for (int i = 0; i < 3; i++) {
        for (int c = 0; c < 3; c++)
            view.extrinsic[i][c] = r[3 * i + c];
        view.extrinsic[i][3] = i == 2 ? 700 : df_random_range(random, -50, 50);
    }
    return view;
}

static void a_camera_through_a_similarity_sees_what_the_similarity_makes_of_pixels(void **state)
{
    (void)state;
    df_random random = fresh();
    for (int n = 0; n < 1000; n++) {
        const camera view = random_camera(&random);
        const float a = df_random_range(&random, -2, 2), b = df_random_range(&random, 0.1f, 2),
                    t[2] = {df_random_range(&random, -90, 90), 12};
        const camera through = camera_through(&view, a, b, t, 64, 32);
        const float point[3] = {df_random_range(&random, -90, 90), df_random_range(&random, -90, 90), df_random_range(&random, -90, 90)};
        float p[2], q[2], depth = 0, depth_through = 1;
        assert_true(camera_project(&view, point, p, &depth) && camera_project(&through, point, q, &depth_through));
        const float wanted[2] = {a * p[0] - b * p[1] + t[0], b * p[0] + a * p[1] + t[1]};
        must_be_near(q, wanted, 2, 2e-3f); /* pixels, of up to a thousand */
        must_lie(depth_through, depth - 1e-3f, depth + 1e-3f);
        assert_true(through.width == 64 && through.height == 32);
    }
}

static void nothing_behind_the_camera_is_projected(void **state)
{
    (void)state;
    const camera view = {.fx = 1, .fy = 1, .extrinsic = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};
    float pixel[2], depth;
    assert_false(camera_project(&view, (const float[]){1, 1, -5}, pixel, &depth));
    assert_false(camera_project(&view, (const float[]){1, 1, 0}, pixel, &depth));
    assert_true(camera_project(&view, (const float[]){1, 1, 5}, pixel, &depth));
}

static void a_similarity_is_recovered_from_the_points_that_it_moved(void **state)
{
    (void)state;
    df_random random = fresh();
    for (int n = 0; n < 1000; n++) {
        const float a = df_random_range(&random, -3, 3), b = df_random_range(&random, -3, 3),
                    shift[2] = {df_random_range(&random, -99, 99), 5};
        float from[10], to[10], fitted[4];
        for (int i = 0; i < 5; i++) {
            from[2 * i] = df_random_range(&random, -100, 100);
            from[2 * i + 1] = df_random_range(&random, -100, 100);
            to[2 * i] = a * from[2 * i] - b * from[2 * i + 1] + shift[0];
            to[2 * i + 1] = b * from[2 * i] + a * from[2 * i + 1] + shift[1];
        }
        similarity_fit(from, to, 5, &fitted[0], &fitted[1], fitted + 2);
        must_be_near(fitted, (const float[]){a, b, shift[0], shift[1]}, 4, 2e-3f);
    }
}

static double residual(const float *from, const float *to, int n, const float s[4])
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        const double x = (double)(s[0] * from[2 * i] - s[1] * from[2 * i + 1] + s[2] - to[2 * i]);
        const double y = (double)(s[1] * from[2 * i] + s[0] * from[2 * i + 1] + s[3] - to[2 * i + 1]);
        sum += x * x + y * y;
    }
    return sum;
}

static void no_similarity_nearby_fits_noisy_points_better(void **state)
{
    (void)state;
    df_random random = fresh();
    float from[14], to[14], best[4];
    for (int i = 0; i < 14; i++) {
        from[i] = df_random_range(&random, -10, 10);
        to[i] = from[i] + df_random_range(&random, -3, 3);
    }
    similarity_fit(from, to, 7, &best[0], &best[1], best + 2);
    const double least = residual(from, to, 7, best);
    for (int n = 0; n < 1000; n++) {
        float other[4];
        for (int k = 0; k < 4; k++)
            other[k] = best[k] + df_random_range(&random, -0.1f, 0.1f);
        assert_true(residual(from, to, 7, other) > least);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_positive_yaw_turns_the_face_to_the_persons_left),
        cmocka_unit_test(a_positive_pitch_lifts_the_chin),
        cmocka_unit_test(a_positive_roll_tilts_the_crown_to_the_persons_right),
        cmocka_unit_test(every_head_rotation_is_one),
        cmocka_unit_test(a_camera_through_a_similarity_sees_what_the_similarity_makes_of_pixels),
        cmocka_unit_test(nothing_behind_the_camera_is_projected),
        cmocka_unit_test(a_similarity_is_recovered_from_the_points_that_it_moved),
        cmocka_unit_test(no_similarity_nearby_fits_noisy_points_better),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
