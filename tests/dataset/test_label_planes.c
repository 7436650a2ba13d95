/* test_label_planes.c: dense labels to integers and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "base/random.h"
#include "dataset/label_planes.h"

/* Largest angle, in degrees, between a normal and what its codes say, over random directions and the axes. */
static double worst_angle(int top)
{
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    double worst = 0;
    for (int i = 0; i < 20000; i++) {
        float n[3] = {df_random_normal(&random), df_random_normal(&random), df_random_normal(&random)}, back[3];
        if (i < 6)
            for (int axis = 0; axis < 3; axis++)
                n[axis] = axis == i / 2 ? (i % 2 ? 1.0f : -1.0f) : 0;
        const float length = sqrtf(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
        uint16_t code[2];
        for (int axis = 0; axis < 3; axis++)
            n[axis] /= length;
        label_normal_encode(n, top, code);
        assert_true(code[0] > 0 && code[1] > 0 && code[0] <= top && code[1] <= top);
        label_normal_decode(code, top, back);
        const double cross[3] = {(double)(n[1] * back[2] - n[2] * back[1]), (double)(n[2] * back[0] - n[0] * back[2]),
                                 (double)(n[0] * back[1] - n[1] * back[0])};
        const double angle = asin(fmin(1, sqrt(cross[0] * cross[0] + cross[1] * cross[1] + cross[2] * cross[2]))) * 57.29578;
        assert_true(n[0] * back[0] + n[1] * back[1] + n[2] * back[2] > 0);
        worst = fmax(worst, angle);
    }
    return worst;
}

static void normals_survive_their_codes(void **state)
{
    (void)state;
    assert_true(worst_angle(255) < 0.96);    /* Cigolle et al. 2014, table 1: oct16 0.95 degrees at most */
    assert_true(worst_angle(65535) < 0.005); /* oct32 0.0037; float arithmetic adds a little */
}

static void no_normal_is_two_zeros(void **state)
{
    (void)state;
    const float nothing[3] = {0};
    uint16_t code[2] = {9, 9};
    float back[3] = {9, 9, 9};
    label_normal_encode(nothing, 255, code);
    assert_true(code[0] == 0 && code[1] == 0);
    label_normal_decode(code, 255, back);
    assert_true(back[0] == 0 && back[1] == 0 && back[2] == 0);
}

static void planes_become_images(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    render_job job = job_defaults(BAND_940);
    scene_picture planes = {0};
    image out;
    job.size = 2;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        job.labels[kind] = true;
    assert_true(label_planes_new(&job, &planes, arena, &err));
    const float depths[4] = {0, 600.04f, 6553.5f, 1e9f};
    for (int i = 0; i < 4; i++) {
        planes.regions[i] = (uint8_t)(5 * i);
        planes.depth[i] = depths[i];
        planes.normals[3 * i + 2] = -1; /* straight back to the camera */
    }
    assert_true(label_image(LABEL_SEGMENTATION, &job, &planes, &out, arena, &err));
    assert_true(out.type == IMAGE_U8 && out.channels == 1 && ((uint8_t *)out.data)[3] == 15);
    assert_true(label_image(LABEL_DEPTH, &job, &planes, &out, arena, &err));
    const uint16_t *depth = out.data;
    assert_true(out.type == IMAGE_U16 && depth[0] == 0 && depth[1] == 6000 && depth[2] == 65535 && depth[3] == 65535);
    assert_true(label_image(LABEL_NORMALS, &job, &planes, &out, arena, &err));
    assert_true(out.type == IMAGE_U8 && out.channels == 2 && ((uint8_t *)out.data)[0] == 128 && ((uint8_t *)out.data)[1] == 128);
    job.normals16 = true;
    assert_true(label_image(LABEL_NORMALS, &job, &planes, &out, arena, &err));
    assert_true(out.type == IMAGE_U16 && ((uint16_t *)out.data)[0] == 32768);
    df_arena_free(arena);
}

static void unwanted_planes_are_not_there(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    render_job job = job_defaults(BAND_940);
    scene_picture planes = {0};
    assert_true(label_planes_new(&job, &planes, arena, &err));
    assert_true(!planes.regions && !planes.depth && !planes.normals);
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normals_survive_their_codes),
        cmocka_unit_test(no_normal_is_two_zeros),
        cmocka_unit_test(planes_become_images),
        cmocka_unit_test(unwanted_planes_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
