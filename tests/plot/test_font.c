/* The font: every row of its table, crispness, and the fitting of text. */
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "plot/canvas.h"
#include "plot/font.h"

enum { WIDTH = 400, HEIGHT = 40 };

static void every_character_lies_inside_its_line_and_advance(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        font_segment strokes[FONT_MAX_SEGMENTS];
        float advance;
        const int count = font_glyph((unsigned char)c, strokes, &advance);
        assert_true(count <= FONT_MAX_SEGMENTS && (count > 0) == (c != ' ') && advance > 0);
        for (int i = 0; i < count; i++) {
            const float x0 = fminf(strokes[i].ax, strokes[i].bx), x1 = fmaxf(strokes[i].ax, strokes[i].bx);
            const float y0 = fminf(strokes[i].ay, strokes[i].by), y1 = fmaxf(strokes[i].ay, strokes[i].by);
            if (!(x0 >= 0.5f && x1 + 0.5f < advance && y0 >= 0.5f && y1 <= FONT_CAPITAL + FONT_DESCENT - 0.5f))
                fail_msg("character %d: %g..%g, %g..%g, advance %g", c, (double)x0, (double)x1, (double)y0, (double)y1, (double)advance);
        }
    }
}

static void no_two_characters_look_the_same(void **state)
{
    (void)state;
    for (int a = '!'; a <= 127; a++)
        for (int b = '!'; b < a; b++) {
            font_segment first[FONT_MAX_SEGMENTS], second[FONT_MAX_SEGMENTS];
            float advance;
            const int count = font_glyph((unsigned char)a, first, &advance);
            if (count == font_glyph((unsigned char)b, second, &advance))
                assert_memory_not_equal(first, second, (size_t)count * sizeof *first);
        }
}

/* How many pixels are neither ground nor ink. */
static int grey_pixels(const char *text, float scale)
{
    static uint8_t pixels[WIDTH * HEIGHT * 3];
    image picture = {.width = WIDTH, .height = HEIGHT, .channels = 3, .type = IMAGE_U8, .data = pixels};
    int grey = 0, ink = 0;
    canvas_fill(&picture, (canvas_colour){255, 255, 255, 255});
    canvas_text(&picture, text, (canvas_point){3, 3}, 0, &(canvas_type){.scale = scale, .weight = 1, .colour = {0, 0, 0, 255}});
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        grey += pixels[3 * i] > 0 && pixels[3 * i] < 255;
        ink += pixels[3 * i] == 0;
    }
    assert_true(ink > 0);
    return grey;
}

static void stems_and_bars_are_crisp_at_scale_one(void **state)
{
    (void)state;
    assert_int_equal(grey_pixels("EFHILT", 1), 0);
    assert_true(grey_pixels("OSV", 1) > 0);        /* curves are smoothed: the count can be other than 0 */
    assert_true(grey_pixels("EFHILT", 1.3f) > 50); /* and so are stems that miss the pixels */
}

/* At scale 2 a stem is two whole pixels; only its round ends are smoothed: two pixels an end. */
static void stems_are_crisp_at_scale_two_but_for_their_ends(void **state)
{
    (void)state;
    assert_true(grey_pixels("I", 2) <= 4);
    assert_true(grey_pixels("I", 1.5f) > 10);
}

static void strange_bytes_are_boxes_one_each(void **state)
{
    (void)state;
    size_t bytes;
    assert_int_equal(font_character("\xC3\xA9x", &bytes), 127);
    assert_int_equal(bytes, 2);
    assert_int_equal(font_character("\xFFx", &bytes), 127);
    assert_int_equal(bytes, 1);
    assert_int_equal(font_character("\n", &bytes), 127);
    assert_true(font_width("\xFF\xFE", 1) > font_width("\xC3\xA9", 1));
    assert_true(font_width("", 1) == 0);
}

static void text_is_cut_no_more_than_its_room_demands(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 3000; i++) {
        char text[40], cut[44];
        const size_t length = 1 + df_random_below(&random, sizeof text - 1);
        for (size_t k = 0; k < length; k++)
            text[k] = (char)('!' + df_random_below(&random, 90));
        text[length] = '\0';
        const float room = df_random_range(&random, 20, 300);
        const size_t fits = font_fit(text, 1, room);
        assert_true((fits == length) == (font_width(text, 1) <= room));
        if (fits == length)
            continue;
        snprintf(cut, sizeof cut, "%.*s...", (int)fits, text);
        assert_true(fits == 0 || font_width(cut, 1) <= room);
        snprintf(cut, sizeof cut, "%.*s...", (int)fits + 1, text);
        assert_true(font_width(cut, 1) > room);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_lies_inside_its_line_and_advance),
        cmocka_unit_test(no_two_characters_look_the_same),
        cmocka_unit_test(stems_and_bars_are_crisp_at_scale_one),
        cmocka_unit_test(stems_are_crisp_at_scale_two_but_for_their_ends),
        cmocka_unit_test(strange_bytes_are_boxes_one_each),
        cmocka_unit_test(text_is_cut_no_more_than_its_room_demands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
