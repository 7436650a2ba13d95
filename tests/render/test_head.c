/* The head as a scene: poses, gaze, crops and boxes against their definitions. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "face_fixture.h"
#include "render/head.h"

static df_arena *arena;
static face_model model;

static int make_model(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)1 << 28, NULL);
    model = face_fixture(arena);
    return 0;
}

static int free_model(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static head_params straight(void)
{
    head_params params = {.distance = 700, .focal = 80, .crop = CROP_LOOSE, .size = 128, .band = BAND_940};
    strcpy(params.glasses, "none");
    strcpy(params.hat, "none");
    return params;
}

static person somebody(void)
{
    person who = {.id = "0", .age = 40, .weight = 0.5f};
    strcpy(who.looks.hair, "short02");
    strcpy(who.looks.beard, "none");
    return who;
}

static head_labels labels_of(const head_params *params, scene *drawn)
{
    const person who = somebody();
    head_labels labels;
    df_error err = {0};
    head_identity *identity = head_identity_new(&model, &who, params->band, arena, &err);
    assert_non_null(identity);
    assert_true(head_scene(identity, params, NULL, drawn, &labels, arena, &err));
    return labels;
}

static void landmarks_in_pixels_are_landmarks_in_space_through_the_camera(void **state)
{
    (void)state;
    for (int crop = 0; crop < CROP_KIND_COUNT; crop++) {
        head_params params = straight();
        params.yaw = 20;
        params.roll = -12;
        params.crop = (crop_kind)crop;
        scene drawn;
        const head_labels labels = labels_of(&params, &drawn);
        const camera *view = &drawn.camera;
        for (int i = 0; i < FACE_LANDMARKS; i++) {
            float seen[3];
            for (int r = 0; r < 3; r++)
                seen[r] = view->extrinsic[r][0] * labels.landmarks3d[i][0] + view->extrinsic[r][1] * labels.landmarks3d[i][1] +
                          view->extrinsic[r][2] * labels.landmarks3d[i][2] + view->extrinsic[r][3];
            must_lie(labels.landmarks2d[i][0] - (view->fx * seen[0] / seen[2] + view->cx), -1e-3f, 1e-3f);
            must_lie(labels.landmarks2d[i][1] - (view->fy * seen[1] / seen[2] + view->cy), -1e-3f, 1e-3f);
        }
    }
}

static void positive_yaw_turns_right_in_the_image_and_positive_pitch_up_and_positive_roll_tilts_the_crown_left(void **state)
{
    (void)state;
    scene drawn;
    head_params params = straight();
    const head_labels front = labels_of(&params, &drawn);
    params.yaw = 25;
    assert_true(labels_of(&params, &drawn).landmarks2d[30][0] > front.landmarks2d[30][0] + 5);
    params = straight();
    params.pitch = 20;
    assert_true(labels_of(&params, &drawn).landmarks2d[30][1] < front.landmarks2d[30][1] - 5);
    params = straight();
    params.roll = 20;
    const head_labels tilted = labels_of(&params, &drawn);
    const float *right = tilted.landmarks2d[36], *left = tilted.landmarks2d[45];
    must_lie(atan2f(left[1] - right[1], left[0] - right[0]) * 57.29578f, -22, -18); /* the image's y grows downwards */
}

/* With the gaze turned and the head straight, the direction is the spherical one; with the head turned as well it is carried along. */
static void gaze_is_relative_to_the_head(void **state)
{
    (void)state;
    scene drawn;
    head_params params = straight();
    params.gaze_yaw = 30;
    params.gaze_pitch = 10;
    const head_labels eyes = labels_of(&params, &drawn);
    const float yaw = 30 / 57.29578f, pitch = 10 / 57.29578f;
    must_lie(eyes.gaze[0][0] - sinf(yaw) * cosf(pitch), -1e-5f, 1e-5f);
    must_lie(eyes.gaze[0][1] - sinf(pitch), -1e-5f, 1e-5f);
    must_lie(eyes.gaze[1][2] - cosf(yaw) * cosf(pitch), -1e-5f, 1e-5f);
    params.gaze_pitch = 0;
    params.yaw = -30;
    const head_labels straight_at_us = labels_of(&params, &drawn);
    must_lie(straight_at_us.gaze[0][0], -1e-5f, 1e-5f);
}

/* The crop is the least-squares similarity: the best further move of the five points to the template is none. */
static void an_arcface_crop_cannot_be_aligned_better(void **state)
{
    (void)state;
    scene drawn;
    head_params params = straight();
    params.yaw = 15;
    params.roll = 20;
    params.crop = CROP_ARCFACE;
    params.size = 112;
    const head_labels labels = labels_of(&params, &drawn);
    const float to[10] = {38.7946f, 52.1963f, 74.0318f, 52.0014f, 56.5252f, 72.2366f, 42.0493f, 92.8655f, 71.2299f, 92.7041f};
    float from[10] = {0}, a, b, t[2];
    for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < 6; i++) {
            from[axis] += labels.landmarks2d[36 + i][axis] / 6;
            from[2 + axis] += labels.landmarks2d[42 + i][axis] / 6;
        }
        from[4 + axis] = labels.landmarks2d[30][axis];
        from[6 + axis] = labels.landmarks2d[48][axis];
        from[8 + axis] = labels.landmarks2d[54][axis];
    }
    similarity_fit(from, to, 5, &a, &b, t);
    must_lie(a, 0.999f, 1.001f);
    must_lie(b, -0.001f, 0.001f);
    must_lie(t[0], -0.1f, 0.1f);
    must_lie(t[1], -0.1f, 0.1f);
}

static void the_box_holds_every_landmark_of_the_image(void **state)
{
    (void)state;
    scene drawn;
    head_params params = straight();
    params.yaw = 40;
    params.offset[0] = 0.3f; /* partly outside */
    const head_labels labels = labels_of(&params, &drawn);
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        const float x = labels.landmarks2d[i][0], y = labels.landmarks2d[i][1];
        if (x < 0 || y < 0 || x > 128 || y > 128)
            continue;
        must_lie(x, labels.box[0] - 1e-3f, labels.box[0] + labels.box[2] + 1e-3f);
        must_lie(y, labels.box[1] - 1e-3f, labels.box[1] + labels.box[3] + 1e-3f);
    }
    must_lie(labels.box[0] + labels.box[2], 0, 128);
}

static void what_is_worn_is_in_the_scene_and_what_the_model_lacks_is_refused(void **state)
{
    (void)state;
    scene drawn;
    head_params params = straight();
    labels_of(&params, &drawn);
    const int bare = drawn.mesh_count;
    strcpy(params.glasses, "glasses"); /* frame and lenses */
    labels_of(&params, &drawn);
    assert_int_equal(drawn.mesh_count, bare + 2);

    strcpy(params.hat, "crown");
    const person who = somebody();
    head_labels labels;
    df_error err = {0};
    head_identity *identity = head_identity_new(&model, &who, params.band, arena, &err);
    assert_false(head_scene(identity, &params, NULL, &drawn, &labels, arena, &err));
    assert_non_null(strstr(err.text, "hat 'crown'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(landmarks_in_pixels_are_landmarks_in_space_through_the_camera),
        cmocka_unit_test(positive_yaw_turns_right_in_the_image_and_positive_pitch_up_and_positive_roll_tilts_the_crown_left),
        cmocka_unit_test(gaze_is_relative_to_the_head),
        cmocka_unit_test(an_arcface_crop_cannot_be_aligned_better),
        cmocka_unit_test(the_box_holds_every_landmark_of_the_image),
        cmocka_unit_test(what_is_worn_is_in_the_scene_and_what_the_model_lacks_is_refused),
    };
    return cmocka_run_group_tests(tests, make_model, free_model);
}
