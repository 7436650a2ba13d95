/* Backgrounds: procedural ones are possible light at any size, photographs are cropped, scaled and made linear. */
#include "check.h"

#include <math.h>

#include "image/colour.h"
#include "image/png.h"
#include "render/background.h"
#include "scratch.h"

enum { SIDE = 40, VALUES = SIDE * SIDE * 3 };

static df_random fresh(uint32_t n)
{
    return df_random_at(1, 2, n, DF_FOR_BACKGROUND);
}

static void every_kind_has_a_name_and_is_light_at_any_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{1, 1}, {SIDE, SIDE}, {700, 2}, {2, 700}, {300, 5}};
    float *out = malloc(700 * 700 * 3 * sizeof(float));
    for (int kind = 0; kind < BACKGROUND_KIND_COUNT; kind++) {
        assert_non_null(background_kind_names[kind]);
        for (size_t s = 0; s < DF_ARRAY_LEN(sizes); s++)
            for (int channels = 1; channels <= 3; channels += 2)
                for (uint32_t n = 0; n < 20; n++) {
                    df_random random = fresh(n);
                    background_draw((background_kind)kind, sizes[s][0], sizes[s][1], channels, &random, out);
                    for (int i = 0; i < sizes[s][0] * sizes[s][1] * channels; i++)
                        must_lie(out[i], 0, 2);
                }
    }
    free(out);
}

static void draws_are_repeatable_and_differ(void **state)
{
    (void)state;
    static float a[VALUES], b[VALUES], c[VALUES];
    for (int kind = 0; kind < BACKGROUND_KIND_COUNT; kind++) {
        df_random first = fresh(1), again = fresh(1), other = fresh(2);
        background_draw((background_kind)kind, SIDE, SIDE, 3, &first, a);
        background_draw((background_kind)kind, SIDE, SIDE, 3, &again, b);
        background_draw((background_kind)kind, SIDE, SIDE, 3, &other, c);
        assert_memory_equal(a, b, sizeof a);
        assert_memory_not_equal(a, c, sizeof a);
    }
}

/* Out of focus: neighbours differ by little, and less the larger the picture. */
static void procedural_backgrounds_are_smooth(void **state)
{
    (void)state;
    enum { LARGE = 256 };
    float *out = malloc(LARGE * LARGE * sizeof(float));
    for (int kind = 0; kind < BACKGROUND_KIND_COUNT; kind++)
        for (uint32_t n = 0; n < 20; n++) {
            df_random random = fresh(n);
            background_draw((background_kind)kind, LARGE, LARGE, 1, &random, out);
            for (int i = 1; i < LARGE * LARGE; i++)
                if (i % LARGE)
                    must_lie(fabsf(out[i] - out[i - 1]), 0, 0.08f);
        }
    free(out);
}

/* A folder with one picture, left half dark, right half bright, and a text that is none. */
static background_folder *folder_with_picture(scratch *s, df_arena *arena)
{
    df_error err = {0};
    image picture;
    must(image_new(&picture, 80, 40, 3, IMAGE_U8, arena, &err), &err);
    for (int i = 0; i < 80 * 40 * 3; i++)
        ((uint8_t *)picture.data)[i] = i / 3 % 80 < 40 ? 50 : 200;
    must(png_write_file(scratch_path(s, "half.PNG"), &picture, &err), &err);
    scratch_file(s, "notes.txt", "x", 1);
    background_folder *folder = background_folder_open(s->folder, arena, &err);
    must(folder != NULL, &err);
    return folder;
}

static void a_photograph_is_cropped_to_the_shape_and_linear(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new((size_t)1 << 28, &err);
    scratch s = scratch_new();
    background_folder *folder = folder_with_picture(&s, arena);
    assert_int_equal(background_folder_count(folder), 1);
    assert_string_equal(background_folder_name(folder, 0), "half.PNG");
    const float dark = srgb_to_linear(50 / 255.0f), bright = srgb_to_linear(200 / 255.0f);
    int seen[2] = {0};
    for (uint32_t n = 0; n < 60; n++) {
        static float out[VALUES];
        df_random random = fresh(n);
        const int channels = n % 2 ? 1 : 3;
        must(background_folder_draw(folder, 0, SIDE, SIDE, channels, &random, out, arena, &err), &err);
        for (int i = 0; i < SIDE * SIDE * channels; i++)
            must_lie(out[i], dark - 1e-3f, bright + 1e-3f);
        seen[0] += out[0] < dark + 1e-3f;
        seen[1] += out[0] > bright - 1e-3f;
    }
    assert_true(seen[0] > 5 && seen[1] > 5); /* crops lie here and there */
    df_arena_free(arena);
    scratch_free(&s);
}

static void folders_without_pictures_and_broken_pictures_are_errors_that_name_them(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new((size_t)1 << 28, &err);
    scratch s = scratch_new();
    must_say(background_folder_open(s.folder, arena, &err) != NULL, &err, "no PNG or JPEG");
    must_say(background_folder_open("/nowhere/at/all", arena, &err) != NULL, &err, "/nowhere/at/all");
    scratch_file(&s, "broken.png", "\x89PNG\r\n\x1a\nrubbish", 15);
    background_folder *folder = background_folder_open(s.folder, arena, &err);
    must(folder != NULL, &err);
    static float out[VALUES];
    df_random random = fresh(0);
    must_say(background_folder_draw(folder, 0, SIDE, SIDE, 3, &random, out, arena, &err), &err, "broken.png");
    df_arena_free(arena);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_name_and_is_light_at_any_size),
        cmocka_unit_test(draws_are_repeatable_and_differ),
        cmocka_unit_test(procedural_backgrounds_are_smooth),
        cmocka_unit_test(a_photograph_is_cropped_to_the_shape_and_linear),
        cmocka_unit_test(folders_without_pictures_and_broken_pictures_are_errors_that_name_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
