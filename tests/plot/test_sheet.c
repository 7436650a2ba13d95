/* Contact sheets: where each cell comes to lie, what is refused, and that nothing is left over. */
#include "image/png.h"
#include "plot/sheet.h"
#include "scratch.h"

enum { EDGE = 16, GAP = 8, CELL = 20 };

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

/* Each cell in a colour of its own. */
static canvas_colour colour_of(int cell)
{
    return (canvas_colour){(uint8_t)(20 + cell * 7), (uint8_t)(200 - cell * 5), (uint8_t)(cell * 3), 255};
}

static void write_sheet(const char *path, const sheet_options *options, int count)
{
    sheet *s = sheet_open(path, options, &err);
    must(s != NULL, &err);
    for (int i = 0; i < count; i++) {
        image picture;
        must(image_new(&picture, 10, 10, 3, IMAGE_U8, arena, &err), &err);
        canvas_fill(&picture, colour_of(i));
        must(sheet_add(s, &picture, "caption", NULL, arena, &err), &err);
    }
    must(sheet_close(s, &err), &err);
}

static image read_back(const char *path)
{
    df_bytes bytes;
    image picture;
    must(df_file_read(path, 1 << 24, arena, &bytes, &err), &err);
    must(png_decode(bytes, &picture, arena, &err), &err);
    assert_int_equal(picture.channels, 3);
    return picture;
}

/* The cell's corner pixels have its colour, and the pixels beside them have not. */
static void assert_cell(const image *sheet_picture, int left, int top, int cell)
{
    const uint8_t *pixels = sheet_picture->data;
    const canvas_colour expected = colour_of(cell);
    for (int corner = 0; corner < 4; corner++) {
        const int x = left + (corner & 1 ? CELL - 1 : 0), y = top + (corner & 2 ? CELL - 1 : 0);
        const uint8_t *inside = pixels + (y * sheet_picture->width + x) * 3;
        const uint8_t *beside = inside + (corner & 1 ? 3 : -3);
        assert_true(inside[0] == expected.r && inside[1] == expected.g && inside[2] == expected.b);
        assert_false(beside[0] == expected.r && beside[1] == expected.g && beside[2] == expected.b);
    }
}

static void cells_fill_rows_from_left_to_right(void **state)
{
    (void)state;
    scratch s = scratch_new();
    const char *path = scratch_path(&s, "sheet.png");
    write_sheet(path, &(sheet_options){.cell = CELL, .columns = 4, .count = 10}, 10);
    const image picture = read_back(path);
    assert_int_equal(picture.width, 2 * EDGE + 4 * CELL + 3 * GAP);
    assert_int_equal(picture.height, 2 * EDGE + 3 * (CELL + GAP));
    for (int i = 0; i < 10; i++)
        assert_cell(&picture, EDGE + i % 4 * (CELL + GAP), EDGE + i / 4 * (CELL + GAP), i);
    scratch_free(&s);
}

static void each_group_begins_a_row(void **state)
{
    (void)state;
    scratch s = scratch_new();
    const char *path = scratch_path(&s, "sheet.png");
    const sheet_group groups[2] = {{.count = 3}, {.count = 2}};
    write_sheet(path, &(sheet_options){.cell = CELL, .columns = 2, .groups = groups, .group_count = 2}, 5);
    const image picture = read_back(path);
    static const int rows[5] = {0, 0, 1, 2, 2}, columns[5] = {0, 1, 0, 0, 1};
    for (int i = 0; i < 5; i++)
        assert_cell(&picture, EDGE + columns[i] * (CELL + GAP), EDGE + rows[i] * (CELL + GAP), i);
    scratch_free(&s);
}

static void titles_headings_and_captions_take_room_and_leave_ink(void **state)
{
    (void)state;
    scratch s = scratch_new();
    const sheet_group plain = {.count = 1}, headed = {.heading = "Heading", .count = 1};
    const char *path = scratch_path(&s, "sheet.png");
    write_sheet(path, &(sheet_options){.cell = CELL, .groups = &plain, .group_count = 1}, 1);
    const int bare = read_back(path).height;
    const sheet_options options[] = {
        {.cell = CELL, .groups = &plain, .group_count = 1, .title = "Title"},
        {.cell = CELL, .groups = &plain, .group_count = 1, .note = "Note"},
        {.cell = CELL, .groups = &headed, .group_count = 1},
        {.cell = CELL, .groups = &plain, .group_count = 1, .caption_lines = 2},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(options); i++) {
        write_sheet(path, &options[i], 1);
        const image picture = read_back(path);
        const uint8_t *pixels = picture.data;
        int bright = 0;
        for (int p = 0; p < picture.width * picture.height; p++)
            bright += pixels[3 * p] > 100 && pixels[3 * p + 1] > 100 && pixels[3 * p + 2] > 100;
        assert_true(picture.height > bare && bright > 0);
    }
    scratch_free(&s);
}

static void sheets_that_cannot_be_are_refused_and_leave_nothing(void **state)
{
    (void)state;
    scratch s = scratch_new();
    const sheet_options refused[] = {{.count = 0},
                                     {.count = 5, .cell = 4096},
                                     {.count = 5, .columns = 999},
                                     {.count = 5, .cell = -1},
                                     {.count = 100000, .cell = 1000, .columns = 2},
                                     {.count = 64, .cell = 1000, .columns = 64}};
    for (size_t i = 0; i < DF_ARRAY_LEN(refused); i++) {
        err = (df_error){0};
        must_say(sheet_open(scratch_path(&s, "sheet.png"), &refused[i], &err) != NULL, &err, "expected");
    }
    must_say(sheet_open(scratch_path(&s, "no/folder.png"), &(sheet_options){.count = 1}, &err) != NULL, &err, "no/folder.png");
    sheet *begun = sheet_open(scratch_path(&s, "sheet.png"), &(sheet_options){.count = 2}, &err);
    must(begun != NULL && sheet_put(begun, NULL, NULL, &err), &err);
    sheet_abandon(begun);
    sheet_abandon(NULL);
    assert_int_equal(scratch_entries(&s), 0);
    scratch_free(&s);
}

static void the_same_cells_are_the_same_bytes(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_bytes bytes[2];
    for (int i = 0; i < 2; i++) {
        const char *path = scratch_path(&s, i ? "b.png" : "a.png");
        write_sheet(path, &(sheet_options){.title = "T", .cell = CELL, .caption_lines = 1, .count = 9}, 9);
        must(df_file_read(path, 1 << 24, arena, &bytes[i], &err), &err);
    }
    assert_int_equal(bytes[0].size, bytes[1].size);
    assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].size);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_fill_rows_from_left_to_right),
        cmocka_unit_test(each_group_begins_a_row),
        cmocka_unit_test(titles_headings_and_captions_take_room_and_leave_ink),
        cmocka_unit_test(sheets_that_cannot_be_are_refused_and_leave_nothing),
        cmocka_unit_test(the_same_cells_are_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
