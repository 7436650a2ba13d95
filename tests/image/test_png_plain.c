/* test_png_plain.c: the quick way of reading PNG files, on files that libpng wrote. */
#include "image/png_plain.h"

#include <png.h>
#include <stdlib.h>

#include "base/random.h"
#include "check.h"
#include "image/png.h"

enum { ROOM = 1 << 18 };

typedef struct written {
    unsigned char bytes[ROOM];
    size_t size;
} written;

typedef struct manner {
    int filters, interlace;
    bool has_gamma, has_text, has_transparency;
} manner;

static df_arena *arena;
static df_error err;
static written file;

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

static void keep(png_structp png, png_bytep data, size_t size)
{
    written *to = png_get_io_ptr(png);
    assert_true(to->size + size <= ROOM);
    memcpy(to->bytes + to->size, data, size);
    to->size += size;
}

static image picture(int width, int height, int channels, image_type type)
{
    image img;
    must(image_new(&img, width, height, channels, type, arena, &err), &err);
    df_random random = df_random_at(1, (uint64_t)width, (uint32_t)channels, DF_FOR_TEST);
    for (size_t i = 0; i < image_bytes(&img); i++) /* smooth with noise, so that libpng's choice of filters varies */
        ((unsigned char *)img.data)[i] = (unsigned char)(i / 7 + i / 200 + df_random_below(&random, i % 900 < 300 ? 60 : 4));
    return img;
}

/* By libpng, in pieces of 300 bytes. */
static df_bytes write_by_library(const image *img, const manner *how)
{
    static const int types[] = {[1] = PNG_COLOR_TYPE_GRAY, [2] = PNG_COLOR_TYPE_GA, [3] = PNG_COLOR_TYPE_RGB, [4] = PNG_COLOR_TYPE_RGBA};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_text text = {.compression = PNG_TEXT_COMPRESSION_NONE, .key = (char[]){"Title"}, .text = (char[]){"a picture"}};
    file.size = 0;
    assert_int_equal(setjmp(png_jmpbuf(png)), 0);
    png_set_write_fn(png, &file, keep, NULL);
    png_set_compression_buffer_size(png, 300);
    png_set_IHDR(png, info, (png_uint_32)img->width, (png_uint_32)img->height, img->type == IMAGE_U16 ? 16 : 8, types[img->channels],
                 how->interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, 0, how->filters);
    if (how->has_gamma)
        png_set_gAMA(png, info, 0.45);
    if (how->has_text)
        png_set_text(png, info, &text, 1);
    if (how->has_transparency)
        png_set_tRNS(png, info, NULL, 0, &(png_color_16){.gray = 3, .red = 3, .green = 3, .blue = 3});
    png_write_info(png, info);
    if (img->type == IMAGE_U16)
        png_set_swap(png);
    png_bytep rows[512];
    for (int y = 0; y < img->height; y++)
        rows[y] = (unsigned char *)img->data + (size_t)y * image_bytes(img) / (size_t)img->height;
    png_write_image(png, rows);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return (df_bytes){.data = file.bytes, .size = file.size};
}

static bool is_read(df_bytes bytes, image *out)
{
    bool is_plain;
    must(png_decode_plain(bytes, out, &is_plain, arena, &err), &err);
    return is_plain;
}

static void every_filter_depth_and_colour_is_read_as_it_was(void **state)
{
    (void)state;
    static const int filters[] = {PNG_FILTER_NONE, PNG_FILTER_SUB, PNG_FILTER_UP, PNG_FILTER_AVG, PNG_FILTER_PAETH, PNG_ALL_FILTERS};
    static const int sizes[][2] = {{1, 1}, {61, 40}, {1, 90}, {200, 2}};
    for (size_t f = 0; f < DF_ARRAY_LEN(filters); f++)
        for (size_t s = 0; s < DF_ARRAY_LEN(sizes); s++)
            for (int channels = 1; channels <= 4; channels++)
                for (image_type type = IMAGE_U8; type <= IMAGE_U16; type++) {
                    const image in = picture(sizes[s][0], sizes[s][1], channels, type);
                    image out;
                    assert_true(is_read(write_by_library(&in, &(manner){.filters = filters[f], .has_text = f % 2}), &out));
                    assert_true(out.width == in.width && out.height == in.height && out.channels == channels && out.type == type);
                    assert_memory_equal(in.data, out.data, image_bytes(&in));
                }
}

static void other_files_are_left_to_libpng(void **state)
{
    (void)state;
    static const manner manners[] = {{.filters = PNG_FILTER_UP, .interlace = PNG_INTERLACE_ADAM7},
                                     {.filters = PNG_FILTER_UP, .has_gamma = true},
                                     {.filters = PNG_FILTER_UP, .has_transparency = true}};
    const image in = picture(61, 40, 3, IMAGE_U8);
    for (size_t i = 0; i < DF_ARRAY_LEN(manners); i++) {
        image out = {.width = -1};
        const df_bytes bytes = write_by_library(&in, &manners[i]);
        assert_false(is_read(bytes, &out));
        assert_int_equal(out.width, -1);
        must(png_decode(bytes, &out, arena, &err), &err);
        assert_int_equal(out.channels, manners[i].has_transparency ? 4 : 3);
        if (out.channels == 3)
            assert_memory_equal(in.data, out.data, image_bytes(&in));
    }
}

static void no_damaged_file_is_taken_for_a_whole_one(void **state)
{
    (void)state;
    const image in = picture(20, 12, 3, IMAGE_U8);
    image out;
    const df_bytes whole = write_by_library(&in, &(manner){.filters = PNG_ALL_FILTERS, .has_text = true});
    const df_arena_mark mark = df_arena_save(arena);
    for (size_t size = 0; size < whole.size; size++) {
        unsigned char *copy = malloc(size + 1); /* of that size, so that reading beyond is seen */
        assert_non_null(copy);
        memcpy(copy, whole.data, size);
        assert_false(is_read((df_bytes){.data = copy, .size = size}, &out));
        free(copy);
    }
    for (size_t at = 0; at < whole.size; at++) {
        file.bytes[at] ^= 0x10;
        assert_false(is_read(whole, &out));
        file.bytes[at] ^= 0x10;
        df_arena_restore(arena, mark);
    }
    assert_true(is_read(whole, &out));
}

static void an_image_above_the_limit_is_an_error(void **state)
{
    (void)state;
    const image in = picture(300, 300, 3, IMAGE_U8);
    const df_bytes bytes = write_by_library(&in, &(manner){.filters = PNG_FILTER_UP});
    df_arena *small = df_arena_new(100000, &err);
    image out;
    bool is_plain;
    assert_non_null(small);
    must_say(png_decode_plain(bytes, &out, &is_plain, small, &err), &err, "PNG: image of 300 x 300 pixels: ");
    df_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_filter_depth_and_colour_is_read_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_left_to_libpng, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_damaged_file_is_taken_for_a_whole_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_image_above_the_limit_is_an_error, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
