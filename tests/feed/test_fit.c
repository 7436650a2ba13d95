/* test_fit.c: images of any kind in the network's size, against image_resize and closed forms. */
#include "feed/fit.h"

#include <stdlib.h>

#include "check.h"
#include "image/image_file.h"

static df_arena *arena_of_test(void)
{
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 28, &err);
    must(arena != NULL, &err);
    return arena;
}

static image made(int width, int height, int channels, image_type type, df_arena *arena)
{
    image im;
    df_error err;
    must(image_new(&im, width, height, channels, type, arena, &err), &err);
    return im;
}

/* Values without any order. */
static image scattered(int width, int height, int channels, image_type type, df_arena *arena)
{
    const image im = made(width, height, channels, type, arena);
    uint32_t r = 12345;
    for (size_t i = 0; i < image_bytes(&im); i++)
        ((unsigned char *)im.data)[i] = (unsigned char)((r = r * 1664525u + 1013904223u) >> 24);
    return im;
}

static void must_agree(const image *a, const image *b)
{
    assert_int_equal(image_bytes(a), image_bytes(b));
    for (size_t i = 0; i < image_bytes(a); i++)
        assert_true(abs(((const unsigned char *)a->data)[i] - ((const unsigned char *)b->data)[i]) <= 1);
}

static void all_of_an_image_is_what_image_resize_makes_of_it(void **state)
{
    (void)state;
    static const int sizes[][4] = {{64, 64, 64, 64}, {178, 218, 64, 64}, {200, 150, 50, 75}, {20, 30, 64, 48}, {1, 1, 5, 5},
                                   {7, 1, 3, 4},     {100, 3, 30, 9},    {65, 64, 64, 64},   {2, 300, 4, 7},   {128, 128, 127, 129}};
    for (size_t k = 0; k < DF_ARRAY_LEN(sizes); k++)
        for (int channels = 1; channels <= 4; channels++) {
            df_arena *arena = arena_of_test();
            const image_type type = k % 2 ? IMAGE_U16 : IMAGE_U8;
            const image in = scattered(sizes[k][0], sizes[k][1], channels, type, arena);
            const image out = made(sizes[k][2], sizes[k][3], channels < 3 ? 1 : 3, IMAGE_U8, arena);
            image sized, plain, bytes;
            df_error err;
            const fit_box box = fit_middle(in.width, in.height, NULL, 1.0f);
            must(fit_image(&in, &box, &out, arena, &err), &err);
            must(image_convert(&in, IMAGE_U8, &bytes, arena, &err) && image_resize(&bytes, out.width, out.height, &sized, arena, &err) &&
                     image_to_channels(&sized, out.channels, &plain, arena, &err),
                 &err);
            must_agree(&out, &plain);
            df_arena_free(arena);
        }
}

static void colour_and_grey_become_each_other(void **state)
{
    (void)state;
    df_arena *arena = arena_of_test();
    df_error err;
    const image grey = scattered(30, 20, 1, IMAGE_U8, arena), three = made(15, 10, 3, IMAGE_U8, arena);
    const fit_box box = fit_middle(30, 20, NULL, 1.0f);
    must(fit_image(&grey, &box, &three, arena, &err), &err);
    for (int i = 0; i < 150; i++)
        assert_memory_equal((unsigned char *)three.data + 3 * i, (unsigned char *)three.data + 3 * i + 1, 2);
    const image back = made(15, 10, 1, IMAGE_U8, arena), one = made(15, 10, 1, IMAGE_U8, arena);
    const fit_box whole = {.width = 15, .height = 10};
    must(fit_image(&three, &whole, &back, arena, &err) && fit_image(&grey, &box, &one, arena, &err), &err);
    must_agree(&back, &one);
    df_arena_free(arena);
}

static void the_middle_part_has_the_wanted_shape(void **state)
{
    (void)state;
    static const struct {
        int width, height, wanted[2];
        float zoom;
        fit_box box;
    } cases[] = {{178, 218, {64, 64}, 1.0f, {0, 20, 178, 178}},
                 {178, 218, {64, 64}, 0.5f, {44, 64, 89, 89}},
                 {300, 100, {112, 56}, 1.0f, {50, 0, 200, 100}},
                 {64, 64, {64, 64}, 1.0f, {0, 0, 64, 64}},
                 {1, 900, {100, 1}, 0.1f, {0, 449, 1, 1}}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        const fit_box box = fit_middle(cases[i].width, cases[i].height, cases[i].wanted, cases[i].zoom);
        assert_memory_equal(&box, &cases[i].box, sizeof box);
    }
}

static void a_part_is_cut_where_it_lies(void **state)
{
    (void)state;
    df_arena *arena = arena_of_test();
    df_error err;
    const image in = scattered(50, 40, 3, IMAGE_U8, arena), out = made(20, 10, 3, IMAGE_U8, arena);
    const fit_box box = {.x = 7, .y = 11, .width = 20, .height = 10};
    must(fit_image(&in, &box, &out, arena, &err), &err);
    for (size_t y = 0; y < 10; y++)
        assert_memory_equal((unsigned char *)out.data + y * 60, (unsigned char *)in.data + ((11 + y) * 50 + 7) * 3, 60);
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_an_image_is_what_image_resize_makes_of_it),
        cmocka_unit_test(colour_and_grey_become_each_other),
        cmocka_unit_test(the_middle_part_has_the_wanted_shape),
        cmocka_unit_test(a_part_is_cut_where_it_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
