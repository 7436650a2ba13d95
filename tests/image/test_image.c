#include "image/image.h"

#include <math.h>

#include "base/random.h"
#include "check.h"

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)64 << 20, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static image make(int width, int height, int channels, image_type type)
{
    image img = {0};
    must(image_new(&img, width, height, channels, type, arena, &err), &err);
    return img;
}

static void sizes_out_of_range_are_refused(void **state)
{
    (void)state;
    static const int wrong[][3] = {{0, 1, 1}, {1, 0, 1}, {-1, 1, 1}, {16385, 1, 1}, {1, INT32_MAX, 1}, {1, 1, 0}, {1, 1, 5}};
    image img = {.width = 7};
    for (size_t i = 0; i < DF_ARRAY_LEN(wrong); i++)
        must_say(image_new(&img, wrong[i][0], wrong[i][1], wrong[i][2], IMAGE_U8, arena, &err), &err, "expected 1 to ");
    must_say(image_new(&img, 16384, 16384, 4, IMAGE_FLOAT, arena, &err), &err, "limit of 67108864 bytes");
    assert_int_equal(img.width, 7);
}

static void each_code_survives_the_way_to_other_types_and_back(void **state)
{
    (void)state;
    image bytes = make(16, 16, 1, IMAGE_U8), words = make(256, 256, 1, IMAGE_U16), there, back;
    for (int i = 0; i < 256; i++)
        ((uint8_t *)bytes.data)[i] = (uint8_t)i;
    for (int i = 0; i < 65536; i++)
        ((uint16_t *)words.data)[i] = (uint16_t)i;
    must(image_convert(&bytes, IMAGE_U16, &there, arena, &err), &err);
    must(image_convert(&there, IMAGE_U8, &back, arena, &err), &err);
    assert_memory_equal(back.data, bytes.data, 256);
    for (int i = 0; i < 256; i++)
        assert_int_equal(((uint16_t *)there.data)[i], 257 * i);
    must(image_convert(&bytes, IMAGE_FLOAT, &there, arena, &err), &err);
    must(image_convert(&there, IMAGE_U8, &back, arena, &err), &err);
    assert_memory_equal(back.data, bytes.data, 256);
    assert_true(((float *)there.data)[0] == 0.0f && ((float *)there.data)[255] == 1.0f);
    must(image_convert(&words, IMAGE_FLOAT, &there, arena, &err), &err);
    must(image_convert(&there, IMAGE_U16, &back, arena, &err), &err);
    assert_memory_equal(back.data, words.data, 2 * 65536);
    must(image_convert(&words, IMAGE_U8, &there, arena, &err), &err);
    for (int i = 0; i < 65536; i++) /* to the nearest of 257 v */
        assert_int_equal(((uint8_t *)there.data)[i], (i + 128) / 257);
}

static void floats_are_clamped_and_nan_is_black(void **state)
{
    (void)state;
    image in = make(6, 1, 1, IMAGE_FLOAT), out;
    const float values[] = {-1.0f, 2.0f, NAN, 0.5f, INFINITY, -INFINITY};
    memcpy(in.data, values, sizeof values);
    must(image_convert(&in, IMAGE_U8, &out, arena, &err), &err);
    assert_memory_equal(out.data, ((const uint8_t[]){0, 255, 0, 128, 255, 0}), 6);
}

static void channels_are_weighed_repeated_and_dropped(void **state)
{
    (void)state;
    image in = make(1, 1, 4, IMAGE_U8), out;
    memcpy(in.data, ((const uint8_t[]){200, 100, 50, 7}), 4);
    must(image_to_channels(&in, 1, &out, arena, &err), &err);
    assert_int_equal(((uint8_t *)out.data)[0], 118); /* 0.2126 * 200 + 0.7152 * 100 + 0.0722 * 50 = 117.65 */
    must(image_to_channels(&in, 3, &out, arena, &err), &err);
    assert_memory_equal(out.data, ((const uint8_t[]){200, 100, 50}), 3);
    in.channels = 2;
    must(image_to_channels(&in, 3, &out, arena, &err), &err);
    assert_memory_equal(out.data, ((const uint8_t[]){200, 200, 200}), 3);
    must(image_to_channels(&in, 1, &out, arena, &err), &err);
    assert_int_equal(((uint8_t *)out.data)[0], 200);
}

static void fill_random(image *img)
{
    df_random random = df_random_at(3, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < img->width * img->height * img->channels; i++)
        ((float *)img->data)[i] = df_random_uniform(&random);
}

/* The mean over the square that output pixel (x, y) covers, by its definition: every input pixel weighs by its overlap. */
static double area_mean(const image *in, int width, int height, int x, int y, int c)
{
    const double sx = (double)in->width / width, sy = (double)in->height / height;
    double sum = 0, total = 0;
    for (int j = 0; j < in->height; j++)
        for (int i = 0; i < in->width; i++) {
            const double w = fmax(0, fmin((x + 1) * sx, i + 1) - fmax(x * sx, i)), h = fmax(0, fmin((y + 1) * sy, j + 1) - fmax(y * sy, j));
            sum += w * h * (double)((float *)in->data)[(j * in->width + i) * in->channels + c];
            total += w * h;
        }
    return sum / total;
}

static void shrinking_takes_the_mean_over_each_pixels_area(void **state)
{
    (void)state;
    static const int sizes[][2] = {{5, 4}, {1, 1}, {6, 7}, {13, 10}, {12, 1}};
    image in = make(13, 11, 3, IMAGE_FLOAT), out;
    fill_random(&in);
    for (size_t s = 0; s < DF_ARRAY_LEN(sizes); s++) {
        const int width = sizes[s][0], height = sizes[s][1];
        must(image_resize(&in, width, height, &out, arena, &err), &err);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < 3; c++) {
                    const float is = ((float *)out.data)[(y * width + x) * 3 + c];
                    if (height < 11) /* else rows are interpolated, with weights 1 and 0 */
                        assert_true(fabs((double)is - area_mean(&in, width, height, x, y, c)) < 1e-5);
                }
    }
}

static void growing_a_ramp_gives_a_ramp(void **state)
{
    (void)state;
    image in = make(4, 3, 1, IMAGE_FLOAT), out;
    for (int i = 0; i < 12; i++)
        ((float *)in.data)[i] = (float)(i % 4) + 10 * (float)(i / 4);
    must(image_resize(&in, 16, 9, &out, arena, &err), &err);
    for (int y = 0; y < 9; y++)
        for (int x = 0; x < 16; x++) {
            const float at_x = fminf(fmaxf(((float)x + 0.5f) / 4 - 0.5f, 0), 3), at_y = fminf(fmaxf(((float)y + 0.5f) / 3 - 0.5f, 0), 2);
            assert_true(fabsf(((float *)out.data)[y * 16 + x] - (at_x + 10 * at_y)) < 1e-5f);
        }
}

static void an_even_image_stays_even_at_any_size_and_type(void **state)
{
    (void)state;
    static const int sides[] = {1, 2, 3, 50, 97, 200};
    for (size_t a = 0; a < DF_ARRAY_LEN(sides); a++)
        for (size_t b = 0; b < DF_ARRAY_LEN(sides); b++) {
            image in = make(sides[a], sides[b], 1, IMAGE_U16), out;
            for (int i = 0; i < sides[a] * sides[b]; i++)
                ((uint16_t *)in.data)[i] = 51234;
            must(image_resize(&in, sides[b], sides[a], &out, arena, &err), &err);
            for (int i = 0; i < sides[a] * sides[b]; i++)
                assert_int_equal(((uint16_t *)out.data)[i], 51234);
            df_arena_reset(arena);
        }
}

static void the_same_size_is_the_same_image(void **state)
{
    (void)state;
    image in = make(13, 11, 3, IMAGE_FLOAT), out;
    fill_random(&in);
    must(image_resize(&in, 13, 11, &out, arena, &err), &err);
    assert_memory_equal(in.data, out.data, image_bytes(&in));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sizes_out_of_range_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_code_survives_the_way_to_other_types_and_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(floats_are_clamped_and_nan_is_black, set_up, tear_down),
        cmocka_unit_test_setup_teardown(channels_are_weighed_repeated_and_dropped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shrinking_takes_the_mean_over_each_pixels_area, set_up, tear_down),
        cmocka_unit_test_setup_teardown(growing_a_ramp_gives_a_ramp, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_even_image_stays_even_at_any_size_and_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_size_is_the_same_image, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
