#include "image/png.h"

#include <png.h>
#include <stdlib.h>

#include "base/random.h"
#include "mutate.h"
#include "scratch.h"

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

/* A smooth picture with noise, as rendered faces are. */
static image make_picture(int width, int height, int channels, image_type type)
{
    image img = {0};
    must(image_new(&img, width, height, channels, type, arena, &err), &err);
    df_random random = df_random_at(1, (uint64_t)width, (uint32_t)channels, DF_FOR_TEST);
    for (int i = 0; i < width * height * channels; i++) {
        const uint32_t value = (uint32_t)(i / channels % width * 400 + i / channels / width * 300) + df_random_below(&random, 2000);
        if (type == IMAGE_U8)
            ((uint8_t *)img.data)[i] = (uint8_t)(value >> 8);
        else
            ((uint16_t *)img.data)[i] = (uint16_t)value;
    }
    return img;
}

static void assert_same_image(const image *a, const image *b)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_int_equal(a->channels, b->channels);
    assert_int_equal(a->type, b->type);
    assert_memory_equal(a->data, b->data, image_bytes(a));
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const int sizes[][2] = {{1, 1}, {112, 112}, {3, 200}, {257, 2}};
    png_writer *writer = png_writer_new(&err);
    for (size_t s = 0; s < DF_ARRAY_LEN(sizes); s++)
        for (int channels = 1; channels <= 4; channels++)
            for (image_type type = IMAGE_U8; type <= IMAGE_U16; type++) {
                const image in = make_picture(sizes[s][0], sizes[s][1], channels, type);
                image out;
                df_bytes bytes;
                must(png_encode(writer, &in, &bytes, &err), &err);
                must(png_decode(bytes, &out, arena, &err), &err);
                assert_same_image(&in, &out);
            }
    png_writer_free(writer);
    png_writer_free(NULL);
}

/* libpng's own simple reader, which knows nothing of ours. */
static void another_reader_agrees(void **state)
{
    (void)state;
    const image in = make_picture(50, 40, 3, IMAGE_U8);
    scratch s = scratch_new();
    must(png_write_file(scratch_path(&s, "file.png"), &in, &err), &err);
    png_image simple = {.version = PNG_IMAGE_VERSION};
    assert_int_equal(png_image_begin_read_from_file(&simple, s.path), 1);
    simple.format = PNG_FORMAT_RGB;
    assert_int_equal(PNG_IMAGE_SIZE(simple), image_bytes(&in));
    unsigned char *pixels = test_malloc(PNG_IMAGE_SIZE(simple));
    assert_int_equal(png_image_finish_read(&simple, NULL, pixels, 0, NULL), 1);
    assert_memory_equal(pixels, in.data, image_bytes(&in));
    test_free(pixels);
    scratch_free(&s);
}

static void the_same_pixels_are_the_same_file(void **state)
{
    (void)state;
    const image one = make_picture(60, 50, 1, IMAGE_U8), other = make_picture(200, 150, 4, IMAGE_U16);
    png_writer *fresh = png_writer_new(&err), *used = png_writer_new(&err);
    df_bytes a, b;
    must(png_encode(used, &other, &b, &err), &err);
    must(png_encode(used, &one, &b, &err), &err);
    must(png_encode(fresh, &one, &a, &err), &err);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    png_writer_free(fresh);
    png_writer_free(used);
}

/* ---- texts ---- */

static const png_note two_texts[] = {{"XML:com.adobe.xmp", "<x/> \xC3\xA9"}, {"diffuse", "{\"index\":3}"}};

static df_bytes with_texts(png_writer *writer, image *img)
{
    df_bytes bytes;
    *img = make_picture(20, 10, 1, IMAGE_U8);
    must(png_encode_with(writer, img, two_texts, DF_ARRAY_LEN(two_texts), &bytes, &err), &err);
    return bytes;
}

static void texts_stand_beside_the_pixels(void **state)
{
    (void)state;
    png_writer *writer = png_writer_new(&err);
    image in, out;
    png_note found[PNG_MAX_NOTES];
    size_t count;
    const df_bytes bytes = with_texts(writer, &in);
    must(png_decode(bytes, &out, arena, &err), &err);
    assert_same_image(&in, &out);
    must(png_read_notes(bytes, found, PNG_MAX_NOTES, &count, arena, &err), &err);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(found[i].keyword, two_texts[i].keyword);
        assert_string_equal(found[i].text, two_texts[i].text);
    }
    assert_false(png_read_notes(bytes, found, 1, &count, arena, &err)); /* no room for the second */
    png_writer_free(writer);
}

static void ignore_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

typedef struct feed {
    df_bytes rest;
} feed;

static void feed_bytes(png_structp png, png_bytep to, size_t size)
{
    feed *from = png_get_io_ptr(png);
    if (size > from->rest.size)
        png_error(png, "end");
    memcpy(to, from->rest.data, size);
    from->rest = (df_bytes){.data = from->rest.data + size, .size = from->rest.size - size};
}

/* libpng's reading of our iTXt chunks. */
static void another_reader_finds_the_texts(void **state)
{
    (void)state;
    png_writer *writer = png_writer_new(&err);
    image in;
    feed from = {.rest = with_texts(writer, &in)};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, ignore_warning);
    png_infop info = png_create_info_struct(png);
    png_textp texts;
    int count = 0;
    if (setjmp(png_jmpbuf(png)))
        fail_msg("libpng refuses the file");
    png_set_read_fn(png, &from, feed_bytes);
    png_read_info(png, info);
    png_get_text(png, info, &texts, &count);
    assert_int_equal(count, 2);
    for (int i = 0; i < count; i++) {
        assert_int_equal(texts[i].compression, PNG_ITXT_COMPRESSION_NONE);
        assert_string_equal(texts[i].key, two_texts[i].keyword);
        assert_string_equal(texts[i].text, two_texts[i].text);
    }
    png_destroy_read_struct(&png, &info, NULL);
    png_writer_free(writer);
}

static bool parse_texts(df_bytes bytes, df_arena *in, df_error *e)
{
    png_note found[PNG_MAX_NOTES];
    size_t count;
    return png_read_notes(bytes, found, PNG_MAX_NOTES, &count, in, e);
}

static void damaged_texts_are_refused(void **state)
{
    (void)state;
    png_writer *writer = png_writer_new(&err);
    image in;
    const df_bytes bytes = with_texts(writer, &in);
    png_note found[PNG_MAX_NOTES];
    size_t count = 77;
    for (size_t size = 0; size < bytes.size; size++) { /* cut anywhere */
        const df_bytes cut = {.data = bytes.data, .size = size};
        assert_false(png_read_notes(cut, found, PNG_MAX_NOTES, &count, arena, &err));
        assert_int_equal(count, 77);
    }
    unsigned char *copy = df_copy(arena, bytes.data, bytes.size, &err);
    for (size_t i = 0; i < bytes.size; i++) { /* any byte wrong: the check sum, the signature or a length notices */
        copy[i] ^= 0x40;
        assert_false(parse_texts((df_bytes){.data = copy, .size = bytes.size}, arena, &err));
        copy[i] ^= 0x40;
    }
    png_writer_free(writer);
}

/* A file as libpng writes it, of any kind. */
typedef struct kind {
    int colour, depth;
    bool interlaced, transparent;
} kind;

enum { WIDTH = 13, HEIGHT = 9 };

static int stored_channels(const kind *k)
{
    const bool grey = k->colour == PNG_COLOR_TYPE_GRAY || k->colour == PNG_COLOR_TYPE_PALETTE;
    return grey ? 1 : k->colour == PNG_COLOR_TYPE_GRAY_ALPHA ? 2 : k->colour == PNG_COLOR_TYPE_RGB ? 3 : 4;
}

static unsigned most(const kind *k)
{
    return (1u << k->depth) - 1;
}

/* The sample of channel c at pixel i as the file stores it. */
static unsigned stored_sample(const kind *k, int i, int c)
{
    return ((unsigned)i * 2654435761u + (unsigned)c * 40503u) >> 13 & most(k);
}

/* The transparent colour is that of pixel 0; in a palette, entry 0 is half transparent. */
static bool is_transparent(const kind *k, int i)
{
    for (int c = 0; c < stored_channels(k); c++)
        if (stored_sample(k, i, c) != stored_sample(k, 0, c))
            return false;
    return k->transparent;
}

static png_byte palette_value(unsigned entry, int c)
{
    return (png_byte)(entry * 11 + (unsigned)c * 70);
}

/* What our reader should make of channel c of pixel i. */
static unsigned expected_sample(const kind *k, int i, int c)
{
    const bool palette = k->colour == PNG_COLOR_TYPE_PALETTE;
    const int opaque_channels = palette ? 3 : stored_channels(k);
    const unsigned full = k->depth == 16 ? 65535 : 255;
    if (c == opaque_channels)
        return palette ? (stored_sample(k, i, 0) == 0 ? 128 : 255) : is_transparent(k, i) ? 0 : full;
    return palette ? palette_value(stored_sample(k, i, 0), c) : stored_sample(k, i, c) * full / most(k);
}

static void collect(png_structp png, png_bytep data, size_t size)
{
    unsigned char **end = png_get_io_ptr(png);
    memcpy(*end, data, size);
    *end += size;
}

static void describe(png_structp png, png_infop info, const kind *k)
{
    png_color palette[16];
    for (unsigned e = 0; e < 16; e++)
        palette[e] = (png_color){palette_value(e, 0), palette_value(e, 1), palette_value(e, 2)};
    png_set_IHDR(png, info, WIDTH, HEIGHT, k->depth, k->colour, k->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (k->colour == PNG_COLOR_TYPE_PALETTE)
        png_set_PLTE(png, info, palette, k->depth == 8 ? 16 : 1 << k->depth);
    if (k->transparent) {
        const png_byte alpha = 128;
        const png_color_16 colour = {.red = (png_uint_16)stored_sample(k, 0, 0),
                                     .green = (png_uint_16)stored_sample(k, 0, 1),
                                     .blue = (png_uint_16)stored_sample(k, 0, 2),
                                     .gray = (png_uint_16)stored_sample(k, 0, 0)};
        if (k->colour == PNG_COLOR_TYPE_PALETTE)
            png_set_tRNS(png, info, &alpha, 1, NULL);
        else
            png_set_tRNS(png, info, NULL, 0, &colour);
    }
}

/* Samples packed as PNG has them: high bits first, 16 bit high byte first. rows: [HEIGHT][8 * WIDTH], zeroed */
static void pack(const kind *k, unsigned char rows[HEIGHT][8 * WIDTH])
{
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        for (int c = 0; c < stored_channels(k); c++) {
            const int bit = (i % WIDTH * stored_channels(k) + c) * k->depth;
            const unsigned value = stored_sample(k, i, c);
            unsigned char *place = rows[i / WIDTH] + bit / 8;
            if (k->depth == 16) {
                place[0] = (unsigned char)(value >> 8);
                place[1] = (unsigned char)value;
            } else {
                *place = (unsigned char)(*place | value << (8 - k->depth - bit % 8));
            }
        }
}

static size_t write_kind(const kind *k, unsigned char *out)
{
    static const unsigned char zero[HEIGHT][8 * WIDTH];
    unsigned char rows[HEIGHT][8 * WIDTH], *end = out;
    png_bytep pointers[HEIGHT];
    memcpy(rows, zero, sizeof rows);
    pack(k, rows);
    for (int y = 0; y < HEIGHT; y++)
        pointers[y] = rows[y];
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &end, collect, NULL);
    describe(png, info, k);
    png_write_info(png, info);
    png_write_image(png, pointers);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return (size_t)(end - out);
}

static unsigned sample_at(const image *img, int i)
{
    return img->type == IMAGE_U8 ? ((const uint8_t *)img->data)[i] : ((const uint16_t *)img->data)[i];
}

static void check_kind(const kind *k)
{
    unsigned char file[4096];
    image img;
    must(png_decode((df_bytes){.data = file, .size = write_kind(k, file)}, &img, arena, &err), &err);
    const int channels = (k->colour == PNG_COLOR_TYPE_PALETTE ? 3 : stored_channels(k)) + k->transparent;
    assert_int_equal(img.width, WIDTH);
    assert_int_equal(img.height, HEIGHT);
    assert_int_equal(img.channels, channels);
    assert_int_equal(img.type, k->depth == 16 ? IMAGE_U16 : IMAGE_U8);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        for (int c = 0; c < channels; c++)
            assert_int_equal(sample_at(&img, i * channels + c), expected_sample(k, i, c));
}

static void every_kind_of_png_is_read(void **state)
{
    (void)state;
    static const struct {
        int colour, depths[6];
        bool may_be_transparent;
    } rows[] = {
        {PNG_COLOR_TYPE_GRAY, {1, 2, 4, 8, 16}, true}, {PNG_COLOR_TYPE_PALETTE, {1, 2, 4}, true},  {PNG_COLOR_TYPE_RGB, {8, 16}, true},
        {PNG_COLOR_TYPE_GRAY_ALPHA, {8, 16}, false},   {PNG_COLOR_TYPE_RGB_ALPHA, {8, 16}, false},
    };
    int kinds = 0;
    for (size_t r = 0; r < DF_ARRAY_LEN(rows); r++)
        for (const int *depth = rows[r].depths; *depth; depth++)
            for (int variant = 0; variant < (rows[r].may_be_transparent ? 4 : 2); variant++, kinds++)
                check_kind(&(kind){.colour = rows[r].colour, .depth = *depth, .interlaced = variant & 1, .transparent = variant & 2});
    assert_int_equal(kinds, 4 * 10 + 2 * 4);
}

static bool reads(df_bytes bytes, df_error *said)
{
    image img;
    df_arena_reset(arena);
    return png_decode(bytes, &img, arena, said);
}

static void sizes_are_not_believed(void **state)
{
    (void)state;
    mutate_must_say("png", "sides-2-to-31.png", reads, "PNG: Image height exceeds user limit in IHDR: Invalid IHDR data");
    mutate_must_say("png", "sides-beyond-the-file.png", reads, "PNG: 16384 x 16384 pixels in a file of 107 bytes, which cannot hold them");
    mutate_must_say("png", "chunk-length-2-to-32.png", reads, "PNG: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_reader_agrees, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_pixels_are_the_same_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_stand_beside_the_pixels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_reader_finds_the_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_texts_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_kind_of_png_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sizes_are_not_believed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
