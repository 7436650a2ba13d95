/* test_augment.c: changes of images by chance, each against what it should do. */
#include "feed/augment.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "feed/warp.h"

typedef struct bench {
    df_arena *arena;
    augmenter *augmenter;
} bench;

static bench bench_new(void)
{
    df_error err;
    bench b = {.arena = df_arena_new((size_t)1 << 26, &err), .augmenter = augmenter_new(&err)};
    must(b.arena && b.augmenter, &err);
    return b;
}

static void bench_free(bench *b)
{
    augmenter_free(b->augmenter);
    df_arena_free(b->arena);
}

static image blank(const bench *b, int width, int height, int channels, int value)
{
    image made;
    df_error err;
    must(image_new(&made, width, height, channels, IMAGE_U8, b->arena, &err), &err);
    memset(made.data, value, image_bytes(&made));
    return made;
}

/* Smooth, different in every channel, with values from 40 to 215. */
static image waves(const bench *b, int width, int height, int channels)
{
    image made = blank(b, width, height, channels, 0);
    unsigned char *pixels = made.data;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++)
                *pixels++ = (unsigned char)(127.5f + 87.0f * sinf(0.2f * (float)x + (float)c) * cosf(0.15f * (float)y));
    return made;
}

static augment_plan plan_of(const char *text)
{
    augment_plan plan;
    df_error err;
    must(augment_parse(text, &plan, &err), &err);
    return plan;
}

static image changed(bench *b, const char *text, const image *in, uint32_t slot, augment_drawn *drawn)
{
    const augment_plan plan = plan_of(text);
    image out;
    df_error err;
    *drawn = augment_draw(&plan, in->width, in->height, in->width, in->height, 7, 0, slot);
    must(augment_apply(b->augmenter, drawn, in, &out, b->arena, &err), &err);
    return out;
}

static int at(const image *im, int x, int y, int c)
{
    return ((const unsigned char *)im->data)[((size_t)y * (size_t)im->width + (size_t)x) * (size_t)im->channels + (size_t)c];
}

/* ---- text ---- */

static void plans_are_written_and_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *put;
    } cases[] = {{"", "none"},
                 {"none", "none"},
                 {"flip", "flip=0.5"},
                 {"flip=0.25,rotate=1:3.5", "flip=0.25,rotate=1:3.5"},
                 {"rotate", "rotate=0.5:10"},
                 {"flip,none,grey=1", "grey=1"},
                 {"strong,flip=0,rotate=0,scale=0,shift=0,shear=0,brightness=0,contrast=0,gamma=0,saturation=0,blur=0,noise=0,jpeg=0",
                  "grey=0.1,cutout=0.3:0.4"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        const augment_plan plan = plan_of(cases[i].text);
        df_text text = {0};
        df_error err;
        must(augment_put(&plan, &text, &err), &err);
        assert_string_equal(text.data, cases[i].put);
        df_text_free(&text);
    }
}

static void plans_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {{"flop", "'flop', expected one of flip, rotate,"},
                 {"flip=2", "probability '2', expected a number from 0 to 1"},
                 {"flip=0.5:1", "flip has no strength"},
                 {"rotate=0.5:", "degrees '', expected"},
                 {"rotate=0.5:nan", "degrees 'nan'"},
                 {"rotate=0.5:200", "from 0 to 180"},
                 {"rotate=a", "probability 'a'"},
                 {"jpeg=0.5:1", "quality '1', expected a number from 5 to 95"},
                 {"flip=0.50000000000000000000000000000000000000000000000000000000", "expected NAME=PROBABILITY:STRENGTH"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        augment_plan plan;
        df_error err;
        must_say(augment_parse(cases[i].text, &plan, &err), &err, cases[i].says);
    }
}

/* ---- rows ---- */

static void every_row_is_filled_and_changes_an_image(void **state)
{
    (void)state;
    bench b = bench_new();
    const image in = waves(&b, 40, 30, 3);
    for (int k = 0; k < AUGMENT_COUNT; k++) {
        const augment_row *row = augment_row_at(k);
        assert_non_null(row->name);
        assert_non_null(row->help);
        assert_true(row->least <= row->usual && row->usual <= row->most);
        char text[64];
        augment_drawn d;
        snprintf(text, sizeof text, "%s=1", row->name);
        bool is_other = false;
        for (uint32_t slot = 0; slot < 4; slot++) { /* a strength drawn near 0 may change nothing */
            const image out = changed(&b, text, &in, slot, &d);
            is_other |= memcmp(out.data, in.data, image_bytes(&in)) != 0;
        }
        assert_true(is_other);
        snprintf(text, sizeof text, "%s=0", row->name);
        const image same = changed(&b, text, &in, 3, &d);
        assert_memory_equal(same.data, in.data, image_bytes(&in));
    }
    assert_null(augment_row_at(AUGMENT_COUNT));
    bench_free(&b);
}

static void changes_come_as_often_as_their_probability(void **state)
{
    (void)state;
    const augment_plan plan = plan_of("flip=0.3,grey=0.8");
    int flips = 0, greys = 0, both = 0;
    for (uint32_t slot = 0; slot < 10000; slot++) {
        const augment_drawn d = augment_draw(&plan, 8, 8, 8, 8, 1, 5, slot);
        flips += d.is_flipped;
        greys += d.is_grey;
        both += d.is_flipped && d.is_grey;
    }
    assert_in_range(flips, 2820, 3180); /* 4 sigma */
    assert_in_range(greys, 7840, 8160);
    assert_in_range(both, 2230, 2570); /* of each other they know nothing */
}

static void strengths_stay_within_their_bounds_and_reach_them(void **state)
{
    (void)state;
    const augment_plan plan = plan_of("rotate=1:20,scale=1:0.25,brightness=1:0.1,contrast=1:0.5,noise=1:0.2,jpeg=1:30,cutout=1:0.5");
    float low = 1.0f, high = 1.0f, turn = 0.0f;
    int least = 100, largest = 0;
    for (uint32_t slot = 0; slot < 5000; slot++) {
        const augment_drawn d = augment_draw(&plan, 64, 64, 64, 64, 1, 5, slot);
        const float size = hypotf(d.to_output[0][0], d.to_output[1][0]);
        low = fminf(low, size);
        high = fmaxf(high, size);
        turn = fmaxf(turn, fabsf(atan2f(d.to_output[1][0], d.to_output[0][0])));
        must_lie(d.brightness, -0.1f, 0.1f);
        must_lie(d.contrast, 0.6666f, 1.5f);
        must_lie(d.noise, 0.0f, 0.2f);
        least = d.jpeg < least ? d.jpeg : least;
        assert_in_range(d.jpeg, 30, 95);
        assert_in_range(d.cutout[2], 0, 33);
        assert_in_range(d.cutout[0] + d.cutout[2], 0, 64);
        assert_in_range(d.cutout[1] + d.cutout[3], 0, 64);
        largest = d.cutout[2] > largest ? d.cutout[2] : largest;
    }
    must_lie(low, 0.8f - 1e-5f, 0.805f);
    must_lie(high, 1.245f, 1.25f + 1e-5f);
    must_lie(turn, 0.345f, 0.34907f + 1e-5f); /* 20 degrees */
    assert_int_equal(least, 30);
    assert_in_range(largest, 31, 33);
}

static void what_happens_hangs_on_seed_step_and_slot_alone(void **state)
{
    (void)state;
    const augment_plan plan = plan_of("strong"), more = plan_of("strong,blur=1:3");
    const augment_drawn d = augment_draw(&plan, 64, 64, 64, 64, 1, 2, 3), again = augment_draw(&plan, 64, 64, 64, 64, 1, 2, 3);
    assert_memory_equal(d.to_input, again.to_input, sizeof d.to_input);
    const augment_drawn others[] = {augment_draw(&plan, 64, 64, 64, 64, 2, 2, 3), augment_draw(&plan, 64, 64, 64, 64, 1, 3, 3),
                                    augment_draw(&plan, 64, 64, 64, 64, 1, 2, 4)};
    for (size_t i = 0; i < DF_ARRAY_LEN(others); i++)
        assert_memory_not_equal(d.to_input, others[i].to_input, sizeof d.to_input);
    const augment_drawn blurred = augment_draw(&more, 64, 64, 64, 64, 1, 2, 3); /* rows do not disturb each other */
    assert_memory_equal(d.to_input, blurred.to_input, sizeof d.to_input);
    assert_int_equal(d.jpeg, blurred.jpeg);
}

/* ---- geometry ---- */

/* The obvious bilinear reading, in double. */
static double read_at(const image *im, double x, double y, int c)
{
    x = fmin(fmax(x - 0.5, 0.0), im->width - 1.0);
    y = fmin(fmax(y - 0.5, 0.0), im->height - 1.0);
    const int x0 = (int)x, y0 = (int)y, x1 = x0 + 1 < im->width ? x0 + 1 : x0, y1 = y0 + 1 < im->height ? y0 + 1 : y0;
    const double u = x - x0, v = y - y0;
    return (1 - v) * ((1 - u) * at(im, x0, y0, c) + u * at(im, x1, y0, c)) + v * ((1 - u) * at(im, x0, y1, c) + u * at(im, x1, y1, c));
}

static void the_map_reads_what_exact_arithmetic_reads(void **state)
{
    (void)state;
    bench b = bench_new();
    const augment_plan plan = plan_of("flip,rotate=1:60,scale=1:0.5,shift=1:0.3,shear=1:20");
    for (uint32_t slot = 0; slot < 12; slot++) {
        const image in = waves(&b, 50, 37, slot % 2 ? 3 : 1), out = blank(&b, 64, 48, in.channels, 0);
        const augment_drawn d = augment_draw(&plan, 50, 37, 64, 48, 7, 1, slot);
        warp_image(&in, (const float(*)[3])d.to_input, &out);
        for (int y = 0; y < out.height; y++)
            for (int x = 0; x < out.width; x++)
                for (int c = 0; c < out.channels; c++) {
                    const double px = x + 0.5, py = y + 0.5;
                    const double from_x = (double)d.to_input[0][0] * px + (double)d.to_input[0][1] * py + (double)d.to_input[0][2];
                    const double from_y = (double)d.to_input[1][0] * px + (double)d.to_input[1][1] * py + (double)d.to_input[1][2];
                    /* half for rounding; weights are cut to 1/256, on at most 20 values between neighbours here, each axis */
                    must_lie((float)at(&out, x, y, c), (float)(read_at(&in, from_x, from_y, c) - 0.66),
                             (float)(read_at(&in, from_x, from_y, c) + 0.66));
                }
    }
    bench_free(&b);
}

static void a_flip_is_exact(void **state)
{
    (void)state;
    bench b = bench_new();
    augment_drawn d;
    const image in = waves(&b, 33, 20, 3), out = changed(&b, "flip=1", &in, 0, &d);
    for (int y = 0; y < 20; y++)
        for (int x = 0; x < 33; x++)
            for (int c = 0; c < 3; c++)
                assert_int_equal(at(&out, x, y, c), at(&in, 32 - x, y, c));
    bench_free(&b);
}

static void landmarks_follow_the_image(void **state)
{
    (void)state;
    bench b = bench_new();
    for (uint32_t slot = 0; slot < 20; slot++) {
        const float dot[2] = {40.0f + (float)slot, 52.0f}; /* corner of four pixels: their common centre */
        const image in = blank(&b, 96, 96, 1, 0);
        for (int y = -2; y < 2; y++)
            memset((unsigned char *)in.data + (size_t)((int)dot[1] + y) * 96 + (size_t)dot[0] - 2, 200, 4);
        augment_drawn d;
        const image out = changed(&b, "flip,rotate=1:40,scale=1:0.2,shift=1:0.1,shear=1:15", &in, slot, &d);
        float sum = 0.0f, x_sum = 0.0f, y_sum = 0.0f, expected[2];
        for (int y = 0; y < 96; y++)
            for (int x = 0; x < 96; x++) {
                sum += (float)at(&out, x, y, 0);
                x_sum += ((float)x + 0.5f) * (float)at(&out, x, y, 0);
                y_sum += ((float)y + 0.5f) * (float)at(&out, x, y, 0);
            }
        augment_point(&d, dot, expected);
        must_lie(x_sum / sum, expected[0] - 0.15f, expected[0] + 0.15f); /* sampling 5 pixels wide */
        must_lie(y_sum / sum, expected[1] - 0.15f, expected[1] + 0.15f);
        for (int r = 0; r < 2; r++) /* and the maps are each other's inverse */
            must_lie(d.to_input[r][0] * expected[0] + d.to_input[r][1] * expected[1] + d.to_input[r][2], dot[r] - 1e-3f, dot[r] + 1e-3f);
    }
    bench_free(&b);
}

/* ---- pixels ---- */

static void blur_keeps_what_is_even_and_spreads_a_dot_by_its_sigma(void **state)
{
    (void)state;
    bench b = bench_new();
    augment_drawn d;
    const image even = blank(&b, 31, 31, 3, 77), still = changed(&b, "blur=1:4", &even, 0, &d);
    assert_memory_equal(still.data, even.data, image_bytes(&even));
    const image dot = blank(&b, 31, 31, 1, 0);
    memset((unsigned char *)dot.data + 15 * 31 + 15, 255, 1);
    image out;
    df_error err;
    d = augment_draw(NULL, 31, 31, 31, 31, 0, 0, 0);
    d.blur = 1.3f;
    must(augment_apply(b.augmenter, &d, &dot, &out, b.arena, &err), &err);
    for (int k = -2; k <= 2; k++) {
        const float expected = 255.0f * expf(-(float)(k * k) / (2.0f * 1.69f)) / (2.0f * 3.14159265f * 1.69f);
        must_lie((float)at(&out, 15 + k, 15, 0), expected - 1.0f, expected + 1.0f);
        must_lie((float)at(&out, 15, 15 + k, 0), expected - 1.0f, expected + 1.0f);
    }
    bench_free(&b);
}

static void noise_has_its_sigma_and_no_mean(void **state)
{
    (void)state;
    bench b = bench_new();
    for (int odd = 0; odd < 2; odd++) {
        const image even = blank(&b, 101 + odd, 99, 3, 128);
        image out;
        df_error err;
        augment_drawn d = augment_draw(NULL, even.width, 99, even.width, 99, 4, 0, 0);
        d.noise = 0.05f;
        must(augment_apply(b.augmenter, &d, &even, &out, b.arena, &err), &err);
        double sum = 0.0, squares = 0.0, neighbours = 0.0;
        const size_t count = image_bytes(&out);
        const unsigned char *p = out.data;
        for (size_t i = 0; i < count; i++) {
            const double off = p[i] - 128.0;
            sum += off;
            squares += off * off;
            neighbours += i ? off * (p[i - 1] - 128.0) : 0.0;
        }
        must_lie((float)(sum / (double)count), -0.3f, 0.3f); /* 4 sigma of a mean of 30000 */
        must_lie((float)sqrt(squares / (double)count), 12.5f, 13.0f);
        must_lie((float)(neighbours / squares), -0.025f, 0.025f);
    }
    bench_free(&b);
}

static void grey_has_no_colour_and_keeps_greys(void **state)
{
    (void)state;
    bench b = bench_new();
    augment_drawn d;
    const image in = waves(&b, 20, 20, 3), out = changed(&b, "grey=1", &in, 0, &d);
    for (int i = 0; i < 400; i++) {
        const float luma = 0.299f * (float)at(&in, i % 20, i / 20, 0) + 0.587f * (float)at(&in, i % 20, i / 20, 1) +
                           0.114f * (float)at(&in, i % 20, i / 20, 2);
        must_lie((float)at(&out, i % 20, i / 20, 0), luma - 1.5f, luma + 1.5f);
        assert_int_equal(at(&out, i % 20, i / 20, 0), at(&out, i % 20, i / 20, 2));
    }
    const image even = blank(&b, 9, 9, 3, 201), kept = changed(&b, "saturation=1:1", &even, 0, &d);
    assert_memory_equal(kept.data, even.data, image_bytes(&even));
    bench_free(&b);
}

static void brightness_contrast_and_gamma_are_what_they_are_called(void **state)
{
    (void)state;
    bench b = bench_new();
    const image in = waves(&b, 20, 20, 1);
    image out;
    df_error err;
    augment_drawn d = augment_draw(NULL, 20, 20, 20, 20, 0, 0, 0);
    d.brightness = -0.1f;
    d.contrast = 1.2f;
    d.gamma = 1.4f;
    must(augment_apply(b.augmenter, &d, &in, &out, b.arena, &err), &err);
    for (int i = 0; i < 400; i++) {
        const float shaped = 255.0f * powf((float)at(&in, i % 20, i / 20, 0) / 255.0f, 1.4f);
        const float expected = fminf(fmaxf((shaped - 127.5f) * 1.2f + 127.5f - 25.5f, 0.0f), 255.0f);
        must_lie((float)at(&out, i % 20, i / 20, 0), expected - 0.51f, expected + 0.51f);
    }
    bench_free(&b);
}

static double distance(const image *a, const image *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < image_bytes(a); i++)
        sum += fabs((double)((const unsigned char *)a->data)[i] - ((const unsigned char *)b->data)[i]);
    return sum / (double)image_bytes(a);
}

static void jpeg_is_coarser_the_lower_its_quality(void **state)
{
    (void)state;
    bench b = bench_new();
    for (int channels = 1; channels <= 3; channels += 2) {
        const image in = waves(&b, 45, 33, channels);
        image fine, coarse;
        df_error err;
        augment_drawn d = augment_draw(NULL, 45, 33, 45, 33, 0, 0, 0);
        d.jpeg = 95;
        must(augment_apply(b.augmenter, &d, &in, &fine, b.arena, &err), &err);
        d.jpeg = 10;
        must(augment_apply(b.augmenter, &d, &in, &coarse, b.arena, &err), &err);
        must_lie((float)distance(&in, &fine), 0.01f, 6.0f); /* colours are kept at half the size */
        must_lie((float)distance(&in, &coarse), 3.0f, 30.0f);
    }
    bench_free(&b);
}

static void a_box_is_cut_out_and_nothing_else(void **state)
{
    (void)state;
    bench b = bench_new();
    const image in = blank(&b, 40, 30, 3, 9);
    for (uint32_t slot = 0; slot < 30; slot++) {
        augment_drawn d;
        const image out = changed(&b, "cutout=1:0.8", &in, slot, &d);
        for (int y = 0; y < 30; y++)
            for (int x = 0; x < 40; x++) {
                const bool is_inside =
                    x >= d.cutout[0] && x < d.cutout[0] + d.cutout[2] && y >= d.cutout[1] && y < d.cutout[1] + d.cutout[3];
                assert_int_equal(at(&out, x, y, 1), is_inside ? 128 : 9);
            }
    }
    bench_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_are_written_and_read),
        cmocka_unit_test(plans_that_are_none_are_refused),
        cmocka_unit_test(every_row_is_filled_and_changes_an_image),
        cmocka_unit_test(changes_come_as_often_as_their_probability),
        cmocka_unit_test(strengths_stay_within_their_bounds_and_reach_them),
        cmocka_unit_test(what_happens_hangs_on_seed_step_and_slot_alone),
        cmocka_unit_test(the_map_reads_what_exact_arithmetic_reads),
        cmocka_unit_test(a_flip_is_exact),
        cmocka_unit_test(landmarks_follow_the_image),
        cmocka_unit_test(blur_keeps_what_is_even_and_spreads_a_dot_by_its_sigma),
        cmocka_unit_test(noise_has_its_sigma_and_no_mean),
        cmocka_unit_test(grey_has_no_colour_and_keeps_greys),
        cmocka_unit_test(brightness_contrast_and_gamma_are_what_they_are_called),
        cmocka_unit_test(jpeg_is_coarser_the_lower_its_quality),
        cmocka_unit_test(a_box_is_cut_out_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
