#include "metrics/inception_resize.h"

#include <math.h>
#include <stdio.h>

#include "arena_fixture.h" /* behind what names its own arenas */

static int value_at(int x, int y, int c)
{
    return (x * 7 + y * 13 + c * 50 + (x * y) % 31) % 256;
}

static image pattern(int width, int height)
{
    image out;
    must(image_new(&out, width, height, 3, IMAGE_U8, arena, &err), &err);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < 3; c++)
                ((uint8_t *)out.data)[(y * width + x) * 3 + c] = (uint8_t)value_at(x, y, c);
    return out;
}

static float *resized(const image *in, inception_filter filter)
{
    float *out = df_alloc(arena, INCEPTION_VALUES, sizeof *out, &err);
    assert_non_null(out);
    must(inception_resize(in, filter, arena, out, &err), &err);
    return out;
}

static void must_be(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.9g, expected %.9g within %g", value, expected, tolerance);
}

/* Of channel 1, by Pillow 9.4: Image.fromarray(v, mode="F").resize((299, 299), Image.BICUBIC), cut to 0 .. 255. */
static void bicubic_is_pillows(void **state)
{
    (void)state;
    static const struct {
        int width, height;
        struct {
            int x, y;
            double value;
        } at[6];
        double mean;
    } cases[] = {
        {400,
         350,
         {{0, 0, 52.5697}, {298, 298, 235.634}, {150, 20, 240.056}, {7, 222, 188.894}, {298, 3, 88.3938}, {41, 41, 48.8595}},
         127.50884294941052},
        {100,
         80,
         {{0, 0, 47.8373}, {298, 298, 244.377}, {150, 20, 212.365}, {7, 222, 88.5103}, {298, 3, 251.146}, {41, 41, 44.8489}},
         126.98706809743005},
        {299,
         31,
         {{0, 0, 48.429}, {298, 298, 234.121}, {150, 20, 121.364}, {7, 222, 152.224}, {298, 3, 86.1966}, {41, 41, 142.092}},
         127.66804934819034},
    };
    for (size_t k = 0; k < DF_ARRAY_LEN(cases); k++) {
        const image in = pattern(cases[k].width, cases[k].height);
        const float *out = resized(&in, INCEPTION_BICUBIC) + INCEPTION_SIDE * INCEPTION_SIDE;
        double mean = 0;
        for (int i = 0; i < INCEPTION_SIDE * INCEPTION_SIDE; i++)
            mean += (double)out[i] / (INCEPTION_SIDE * INCEPTION_SIDE);
        for (int i = 0; i < 6; i++) /* printed with six digits */
            must_be((double)out[cases[k].at[i].y * INCEPTION_SIDE + cases[k].at[i].x], cases[k].at[i].value, 1e-3);
        must_be(mean, cases[k].mean, 1e-4);
    }
}

/* The formula of F.interpolate: the two neighbours of (i + 0.5) in / 299 - 0.5 each way, whatever lies between them. */
static void bilinear_takes_two_neighbours_each_way(void **state)
{
    (void)state;
    static const int sides[][2] = {{640, 30}, {299, 299}, {100, 1}};
    for (size_t k = 0; k < DF_ARRAY_LEN(sides); k++) {
        const int width = sides[k][0], height = sides[k][1];
        const image in = pattern(width, height);
        const float *out = resized(&in, INCEPTION_BILINEAR);
        for (int c = 0; c < 3; c++)
            for (int j = 0; j < INCEPTION_SIDE; j += 13)
                for (int i = 0; i < INCEPTION_SIDE; i += 13) {
                    const double x = fmax(0, (i + 0.5) * width / INCEPTION_SIDE - 0.5),
                                 y = fmax(0, (j + 0.5) * height / INCEPTION_SIDE - 0.5);
                    const int x0 = (int)x, y0 = (int)y, x1 = x0 + 1 < width ? x0 + 1 : x0, y1 = y0 + 1 < height ? y0 + 1 : y0;
                    const double top = (1 - (x - x0)) * value_at(x0, y0, c) + (x - x0) * value_at(x1, y0, c);
                    const double bottom = (1 - (x - x0)) * value_at(x0, y1, c) + (x - x0) * value_at(x1, y1, c);
                    must_be((double)out[(c * INCEPTION_SIDE + j) * INCEPTION_SIDE + i], (1 - (y - y0)) * top + (y - y0) * bottom, 1e-3);
                }
    }
}

static void the_filters_differ_when_shrinking(void **state)
{
    (void)state;
    const image in = pattern(640, 480);
    const float *sharp = resized(&in, INCEPTION_BILINEAR), *smooth = resized(&in, INCEPTION_BICUBIC);
    double difference = 0;
    for (int i = 0; i < INCEPTION_VALUES; i++)
        difference += fabs((double)(sharp[i] - smooth[i])) / INCEPTION_VALUES;
    assert_true(difference > 5);
}

static void grey_16_bit_and_alpha_become_colour(void **state)
{
    (void)state;
    image grey, deep, with_alpha;
    must(image_new(&grey, 20, 20, 1, IMAGE_U8, arena, &err), &err);
    must(image_new(&deep, 20, 20, 1, IMAGE_U16, arena, &err), &err);
    must(image_new(&with_alpha, 20, 20, 4, IMAGE_U8, arena, &err), &err);
    for (int i = 0; i < 400; i++) {
        ((uint8_t *)grey.data)[i] = (uint8_t)(i % 256);
        ((uint16_t *)deep.data)[i] = (uint16_t)(i % 256 * 257);
        for (int c = 0; c < 4; c++)
            ((uint8_t *)with_alpha.data)[4 * i + c] = (uint8_t)(c < 3 ? i % 256 : 0);
    }
    const float *a = resized(&grey, INCEPTION_BICUBIC), *b = resized(&deep, INCEPTION_BICUBIC),
                *c = resized(&with_alpha, INCEPTION_BICUBIC);
    for (int i = 0; i < INCEPTION_VALUES; i++) {
        must_be((double)b[i], (double)a[i], 1e-3);
        must_be((double)c[i], (double)a[i], 1e-3);
        must_be((double)a[i], (double)a[i % (INCEPTION_SIDE * INCEPTION_SIDE)], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bicubic_is_pillows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bilinear_takes_two_neighbours_each_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_filters_differ_when_shrinking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(grey_16_bit_and_alpha_become_colour, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
