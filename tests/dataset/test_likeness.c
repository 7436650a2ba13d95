/* test_likeness.c: each feature's vector has the length and the symmetries that it is said to have, and distances say how alike
   pictures are. */
#include "dataset/likeness.h"

#include "dataset/picture_fixture.h"
#include "arena_fixture.h" /* behind what names its own arenas */

enum { PICTURES = 40 };

static int feature_count(void)
{
    int count = 0;
    while (likeness_feature_at(count))
        count++;
    return count;
}

static unsigned all_features(void)
{
    return (1u << feature_count()) - 1;
}

static const float *vector_of(const image *picture, unsigned chosen)
{
    float *out = df_alloc(arena, (size_t)likeness_length(chosen), sizeof *out, &err);
    must(out && likeness_of(picture, chosen, out, arena, &err), &err);
    return out;
}

static float distance(const image *a, const image *b, unsigned chosen)
{
    return likeness_distance(vector_of(a, chosen), vector_of(b, chosen), likeness_length(chosen));
}

static void every_row_is_filled_in_and_its_vectors_have_length_1(void **state)
{
    (void)state;
    static const float zeros[LIKENESS_MOST_LENGTH];
    assert_true(feature_count() >= 2);
    assert_null(likeness_feature_at(-1));
    assert_true(likeness_length(all_features()) <= LIKENESS_MOST_LENGTH);
    for (int k = 0; k < feature_count(); k++) {
        const likeness_feature *row = likeness_feature_at(k);
        const image one = picture_make(1, arena);
        assert_true(row->name && row->of && row->mirror && row->side > 0 && row->side <= LIKENESS_MOST_SIDE);
        assert_int_equal(row->length, likeness_length(1u << k));
        must_lie(likeness_distance(vector_of(&one, 1u << k), zeros, row->length), 1 - 1e-5f, 1 + 1e-5f);
    }
    const image picture = picture_make(2, arena);
    must_lie(likeness_distance(vector_of(&picture, all_features()), zeros, likeness_length(all_features())), 1 - 1e-5f, 1 + 1e-5f);
}

static void the_mirrored_vector_is_that_of_the_mirrored_picture(void **state)
{
    (void)state;
    for (int k = 0; k < feature_count(); k++)
        for (uint32_t p = 0; p < PICTURES; p++) {
            const image picture = picture_make(p, arena), other = picture_mirrored(&picture, arena);
            float *mirrored = df_alloc(arena, LIKENESS_MOST_LENGTH, sizeof *mirrored, &err);
            likeness_mirror(vector_of(&picture, 1u << k), 1u << k, mirrored);
            must_lie(likeness_distance(mirrored, vector_of(&other, 1u << k), likeness_length(1u << k)), 0, 1e-3f);
            assert_true(distance(&picture, &other, 1u << k) > 0.3f); /* so that not mirroring would be seen */
        }
}

/* Copies are nearer than any other picture. */
static void copies_are_near_and_others_far(void **state)
{
    (void)state;
    float farthest_copy = 0, nearest_other = 2;
    for (uint32_t p = 0; p < PICTURES; p++) {
        const image picture = picture_make(p, arena), dark = picture_darker(&picture, 0.6f, arena),
                    small = picture_resized(&picture, PICTURE_SIDE / 2, arena), large = picture_resized(&picture, 200, arena);
        const image copies[] = {dark, small, large};
        for (size_t c = 0; c < DF_ARRAY_LEN(copies); c++)
            farthest_copy = fmaxf(farthest_copy, distance(&picture, &copies[c], all_features()));
        assert_true(distance(&picture, &picture, all_features()) == 0);
        for (uint32_t q = 0; q < p; q++) {
            const image other = picture_make(q, arena);
            nearest_other = fminf(nearest_other, distance(&picture, &other, all_features()));
        }
        df_arena_reset(arena);
    }
    must_lie(farthest_copy, 0, 0.2f);
    must_lie(nearest_other, 0.5f, 2);
}

static void pictures_without_contrast_are_alike(void **state)
{
    (void)state;
    const image picture = picture_make(0, arena), black = picture_darker(&picture, 0, arena);
    image grey = picture_darker(&picture, 0, arena);
    memset(grey.data, 77, image_bytes(&grey));
    assert_true(distance(&black, &grey, all_features()) == 0);
    must_lie(distance(&black, &picture, all_features()), 0.5f, 2);
}

static void a_box_is_cut_out_as_a_square_whose_edges_go_on(void **state)
{
    (void)state;
    const image picture = picture_make(3, arena);
    const uint8_t *from = picture.data;
    image crop;
    must(likeness_crop(&picture, (const float[]){10, 20, 30, 40}, &crop, arena, &err), &err);
    assert_true(crop.width == 40 && crop.height == 40);
    for (int y = 0; y < 40; y++)
        assert_memory_equal((const uint8_t *)crop.data + y * 40, from + (20 + y) * PICTURE_SIDE + 5, 40);
    must(likeness_crop(&picture, (const float[]){-10, -10, 20, 20}, &crop, arena, &err), &err);
    assert_int_equal(((const uint8_t *)crop.data)[0], from[0]);
    assert_int_equal(((const uint8_t *)crop.data)[19 * 20 + 19], from[9 * PICTURE_SIDE + 9]);
}

static void boxes_that_are_none_are_refused(void **state)
{
    (void)state;
    static const float boxes[][4] = {{0, 0, 0, 0},     {0, 0, -5, -5}, {0, 0, 1e9f, 1}, {1e9f, 0, 5, 5},
                                     {0, -1e9f, 5, 5}, {NAN, 0, 5, 5}, {0, 0, NAN, NAN}};
    const image picture = picture_make(0, arena);
    image crop;
    for (size_t i = 0; i < DF_ARRAY_LEN(boxes); i++)
        must_say(likeness_crop(&picture, boxes[i], &crop, arena, &err), &err, "a box of");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_is_filled_in_and_its_vectors_have_length_1, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_mirrored_vector_is_that_of_the_mirrored_picture, set_up, tear_down),
        cmocka_unit_test_setup_teardown(copies_are_near_and_others_far, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pictures_without_contrast_are_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_box_is_cut_out_as_a_square_whose_edges_go_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(boxes_that_are_none_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
