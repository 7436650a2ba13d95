#include "image/image_file.h"

#include <stdlib.h>
#include <turbojpeg.h>

#include "image/png.h"
#include "mutate.h"
#include "scratch.h"

enum { WIDTH = 40, HEIGHT = 24, ROOM = 1 << 16 };

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

/* A smooth colour for each place, which JPEG keeps to a few levels. */
static int colour_at(int x, int y, int c)
{
    return c == 0 ? 40 + 4 * x : c == 1 ? 200 - 5 * y : 60 + 2 * x + 2 * y;
}

typedef struct picture {
    unsigned char file[ROOM];
    size_t size;
} picture;

/* Compresses pixels of that format; for CMYK inks are stored inverted, as Adobe does, with `key` as the black plane. */
static void compress(picture *out, int format, int sampling, int flags, int key)
{
    const int channels = tjPixelSize[format];
    unsigned char packed[HEIGHT * WIDTH * 4];
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            for (int c = 0; c < channels; c++)
                packed[(y * WIDTH + x) * channels + c] = (unsigned char)(c == 3 ? key : colour_at(x, y, c));
    tjhandle jpeg = tjInitCompress();
    unsigned char *file = out->file;
    unsigned long size = ROOM;
    assert_int_equal(tjCompress2(jpeg, packed, WIDTH, 0, HEIGHT, format, &file, &size, sampling, 100, flags | TJFLAG_NOREALLOC), 0);
    tjDestroy(jpeg);
    out->size = size;
}

static df_bytes bytes_of(const picture *p)
{
    return (df_bytes){.data = p->file, .size = p->size};
}

static void assert_near(const image *img, int x, int y, int c, int expected, int tolerance)
{
    const int is = ((const uint8_t *)img->data)[(y * img->width + x) * img->channels + c];
    if (abs(is - expected) > tolerance)
        fail_msg("pixel %d, %d channel %d: %d, expected %d within %d", x, y, c, is, expected, tolerance);
}

static void grey_colour_and_progressive_files_are_read(void **state)
{
    (void)state;
    static const struct {
        int format, sampling, flags, channels;
    } rows[] = {
        {TJPF_RGB, TJSAMP_444, 0, 3},
        {TJPF_RGB, TJSAMP_420, 0, 3},
        {TJPF_RGB, TJSAMP_422, TJFLAG_PROGRESSIVE, 3},
        {TJPF_GRAY, TJSAMP_GRAY, 0, 1},
        {TJPF_GRAY, TJSAMP_GRAY, TJFLAG_PROGRESSIVE, 1},
    };
    static picture p;
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        image img;
        compress(&p, rows[i].format, rows[i].sampling, rows[i].flags, 0);
        must(jpeg_decode(bytes_of(&p), &img, arena, &err), &err);
        assert_true(img.width == WIDTH && img.height == HEIGHT && img.channels == rows[i].channels && img.type == IMAGE_U8);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                for (int c = 0; c < img.channels; c++)
                    assert_near(&img, x, y, c, colour_at(x, y, c), rows[i].sampling == TJSAMP_444 ? 4 : 12); /* colour is halved */
    }
}

static void inks_become_colours(void **state)
{
    (void)state;
    static picture p;
    static const int keys[] = {255, 128};
    for (size_t k = 0; k < DF_ARRAY_LEN(keys); k++) {
        image img;
        compress(&p, TJPF_CMYK, TJSAMP_444, 0, keys[k]);
        must(jpeg_decode(bytes_of(&p), &img, arena, &err), &err);
        assert_int_equal(img.channels, 3);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                for (int c = 0; c < 3; c++)
                    assert_near(&img, x, y, c, colour_at(x, y, c) * keys[k] / 255, 4);
    }
}

/* Puts an APP1 segment of EXIF with that orientation behind the start of image. */
static void add_exif(picture *p, int orientation, bool little_endian)
{
    unsigned char segment[] = {0xFF, 0xE1, 0, 34, 'E', 'x',  'i',  'f', 0, 0, 'M', 'M', 0, 42, 0,
                               0,    0,    8, 0,  1,   0x01, 0x12, 0,   3, 0, 0,   0,   1, 0,  (unsigned char)orientation,
                               0,    0,    0, 0,  0,   0};
    if (little_endian) {
        static const unsigned char little[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0};
        memcpy(segment + 10, little, sizeof little);
        segment[28] = (unsigned char)orientation;
        segment[29] = 0;
    }
    memmove(p->file + 2 + sizeof segment, p->file + 2, p->size - 2);
    memcpy(p->file + 2, segment, sizeof segment);
    p->size += sizeof segment;
}

/* EXIF 2.32, table 6: what side of the picture the stored row 0 and column 0 show. */
static const struct {
    char row, column;
} sides[] = {[1] = {'t', 'l'}, [2] = {'t', 'r'}, [3] = {'b', 'r'}, [4] = {'b', 'l'},
             [5] = {'l', 't'}, [6] = {'r', 't'}, [7] = {'r', 'b'}, [8] = {'l', 'b'}};

/* Steps from one edge of the upright picture, of that width and height, to (x, y). */
static int steps_from(char side, int x, int y, int width, int height)
{
    return side == 't' ? y : side == 'b' ? height - 1 - y : side == 'l' ? x : width - 1 - x;
}

static void pictures_are_turned_as_the_camera_says(void **state)
{
    (void)state;
    static picture p;
    for (int orientation = 1; orientation <= 8; orientation++)
        for (int little_endian = 0; little_endian < 2; little_endian++) {
            image img;
            compress(&p, TJPF_RGB, TJSAMP_444, 0, 0);
            add_exif(&p, orientation, little_endian);
            must(jpeg_decode(bytes_of(&p), &img, arena, &err), &err);
            assert_int_equal(img.width, orientation < 5 ? WIDTH : HEIGHT);
            assert_int_equal(img.height, orientation < 5 ? HEIGHT : WIDTH);
            for (int y = 0; y < img.height; y++)
                for (int x = 0; x < img.width; x++) {
                    const int stored_y = steps_from(sides[orientation].row, x, y, img.width, img.height);
                    const int stored_x = steps_from(sides[orientation].column, x, y, img.width, img.height);
                    assert_near(&img, x, y, 0, colour_at(stored_x, stored_y, 0), 4);
                    assert_near(&img, x, y, 1, colour_at(stored_x, stored_y, 1), 4);
                }
        }
}

static void a_picture_comes_smaller_where_its_shorter_side_stays_long_enough(void **state)
{
    (void)state;
    static picture p;
    static const int leasts[] = {1, 3, 4, 6, 7, 12, 13, 24, 99}, by[] = {8, 8, 4, 4, 2, 2, 1, 1, 1}; /* of 24 */
    for (size_t i = 0; i < DF_ARRAY_LEN(leasts); i++) {
        image img;
        int full[2];
        compress(&p, TJPF_RGB, TJSAMP_444, 0, 0);
        add_exif(&p, 6, false); /* lies on its side: 24 x 40 */
        must(image_decode_reduced(bytes_of(&p), leasts[i], &img, full, arena, &err), &err);
        assert_true(full[0] == HEIGHT && full[1] == WIDTH);
        assert_true(img.width == HEIGHT / by[i] && img.height == WIDTH / by[i]);
        for (int y = 0; y < img.height; y++) /* the middle of the pixels it stands for, along the stored rows */
            assert_near(&img, 0, y, 0, 40 + 4 * y * by[i] + 2 * (by[i] - 1), 6);
    }
}

static void nonsense_in_exif_leaves_the_picture_as_it_is(void **state)
{
    (void)state;
    static picture p;
    static const int nonsense[] = {0, 9, 255};
    for (size_t i = 0; i < DF_ARRAY_LEN(nonsense); i++) {
        image img;
        compress(&p, TJPF_RGB, TJSAMP_444, 0, 0);
        add_exif(&p, nonsense[i], false);
        must(jpeg_decode(bytes_of(&p), &img, arena, &err), &err);
        assert_true(img.width == WIDTH && img.height == HEIGHT);
    }
    compress(&p, TJPF_RGB, TJSAMP_444, 0, 0);
    add_exif(&p, 6, false);
    memset(p.file + 2 + 14, 0xFF, 4); /* the directory lies beyond the segment */
    image img;
    must(jpeg_decode(bytes_of(&p), &img, arena, &err), &err);
    assert_int_equal(img.width, WIDTH);
}

static bool reads(df_bytes bytes, df_error *said)
{
    image img;
    df_arena_reset(arena);
    return jpeg_decode(bytes, &img, arena, said);
}

static void sizes_are_not_believed(void **state)
{
    (void)state;
    mutate_must_say("jpeg", "sides-65535.jpg", reads, "JPEG: ");
    mutate_must_say("jpeg", "sides-beyond-the-file.jpg", reads, "12288 x 12288 pixels in a file of 336 bytes, which cannot hold them");
}

static void files_are_told_apart_by_what_they_hold(void **state)
{
    (void)state;
    scratch s = scratch_new();
    static picture p;
    image grey = {0}, img;
    compress(&p, TJPF_RGB, TJSAMP_444, 0, 0);
    must(image_read_file(scratch_file(&s, "photo.png", p.file, p.size), &img, arena, &err), &err);
    assert_int_equal(img.channels, 3);
    must(image_new(&grey, 5, 4, 1, IMAGE_U8, arena, &err), &err);
    must(png_write_file(scratch_path(&s, "drawing.jpg"), &grey, &err), &err);
    must(image_read_file(s.path, &img, arena, &err), &err);
    assert_int_equal(img.channels, 1);
    scratch_free(&s);
}

static void what_is_no_image_is_refused_by_name(void **state)
{
    (void)state;
    scratch s = scratch_new();
    image img;
    must_say(image_read_file(scratch_file(&s, "empty.png", "", 0), &img, arena, &err), &err, "empty.png: is empty");
    must_say(image_read_file(scratch_file(&s, "text.png", "hello", 5), &img, arena, &err), &err, "text.png: is neither PNG nor JPEG");
    must_say(image_read_file(scratch_file(&s, "cut.png", "\x89PNG\r\n\x1A\n", 8), &img, arena, &err), &err, "cut.png: PNG: the file ends");
    must_say(image_read_file(s.folder, &img, arena, &err), &err, "is a folder");
    must_say(image_read_file(scratch_path(&s, "none.png"), &img, arena, &err), &err, "none.png: cannot open");
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(grey_colour_and_progressive_files_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(inks_become_colours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pictures_are_turned_as_the_camera_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nonsense_in_exif_leaves_the_picture_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_picture_comes_smaller_where_its_shorter_side_stays_long_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sizes_are_not_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_are_told_apart_by_what_they_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_image_is_refused_by_name, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
