/* test_leak.c: planted copies are found and nothing else is; the nearest neighbours are those of a plain loop in double; the numbers
   do not depend on threads. Folders of pictures of picture_fixture.h: B has 6 people of 10 pictures. */
#include "dataset/leak.h"

#include <turbojpeg.h>

#include "dataset/likeness.h"
#include "dataset/picture_fixture.h"
#include "image/png.h"
#include "scratch.h"

enum { PEOPLE = 6, EACH = 10, ORIGINALS = PEOPLE * EACH, STRANGERS = 40, FIRST_STRANGER = 1000, EACH_KIND = 5, PATH = 700 };

static const float THRESHOLD = 0.2f;

typedef struct leak_fixture {
    scratch top;
    df_arena *arena;
} leak_fixture;

static const char *path_of(leak_fixture *f, const char *set, const char *person, const char *name)
{
    char folder[PATH];
    df_error err = {0};
    snprintf(folder, sizeof folder, "%s/%s/%s", f->top.folder, set, person);
    must(df_make_folders(folder, &err), &err);
    char *path = df_alloc(f->arena, PATH, 1, &err);
    must(df_path_join(path, PATH, folder, name, &err), &err);
    return path;
}

static void save(leak_fixture *f, const char *set, const char *person, const char *name, const image *picture)
{
    df_error err = {0};
    must(png_write_file(path_of(f, set, person, name), picture, &err), &err);
}

static void save_jpeg(leak_fixture *f, const char *set, const char *person, const char *name, const image *picture)
{
    df_error err = {0};
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    tjhandle jpeg = tjInitCompress();
    assert_int_equal(tjCompress2(jpeg, picture->data, picture->width, 0, picture->height, TJPF_GRAY, &bytes, &size, TJSAMP_GRAY, 85, 0), 0);
    must(df_file_write(path_of(f, set, person, name), bytes, size, &err), &err);
    tjFree(bytes);
    tjDestroy(jpeg);
}

static void make_originals(leak_fixture *f)
{
    char person[16], name[16];
    for (uint32_t i = 0; i < ORIGINALS; i++) {
        const image picture = picture_make(i, f->arena);
        snprintf(person, sizeof person, "p%u", i / EACH);
        snprintf(name, sizeof name, "%02u.png", i);
        save(f, "b", person, name, &picture);
    }
}

static void make_strangers(leak_fixture *f)
{
    char name[16];
    for (uint32_t i = 0; i < STRANGERS; i++) {
        const image picture = picture_make(FIRST_STRANGER + i, f->arena);
        snprintf(name, sizeof name, "%02u.png", i);
        save(f, "a", "strangers", name, &picture);
    }
}

static int set_up(void **state)
{
    static leak_fixture fixture;
    leak_fixture *f = &fixture;
    df_error err;
    *f = (leak_fixture){.top = scratch_new(), .arena = df_arena_new((size_t)512 << 20, &err)};
    make_originals(f);
    make_strangers(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    leak_fixture *f = *state;
    df_arena_free(f->arena);
    scratch_free(&f->top);
    return 0;
}

/* Copies of originals 0, 1, ... EACH_KIND of every kind, named after kind and original. */
static void plant(leak_fixture *f, const char *set)
{
    for (uint32_t i = 0; i < EACH_KIND; i++) {
        const image picture = picture_make(i, f->arena), small = picture_resized(&picture, 40, f->arena),
                    dark = picture_darker(&picture, 0.7f, f->arena), mirrored = picture_mirrored(&picture, f->arena);
        char name[32];
        snprintf(name, sizeof name, "exact-%02u.png", i);
        save(f, set, "planted", name, &picture);
        snprintf(name, sizeof name, "small-%02u.png", i);
        save(f, set, "planted", name, &small);
        snprintf(name, sizeof name, "dark-%02u.PNG", i);
        save(f, set, "planted", name, &dark);
        snprintf(name, sizeof name, "jpeg-%02u.jpg", i);
        save_jpeg(f, set, "planted", name, &picture);
        snprintf(name, sizeof name, "mirrored-%02u.png", i);
        save(f, set, "planted", name, &mirrored);
    }
}

static leak_options options(int threads)
{
    return (leak_options){.features = 3, .threshold = THRESHOLD, .pairs = 30, .threads = threads};
}

static leak_result compare(leak_fixture *f, int threads)
{
    const leak_options how = options(threads);
    char a[PATH], b[PATH], *kept[2];
    df_error err = {0};
    leak_result result;
    snprintf(a, sizeof a, "%s/a", f->top.folder);
    snprintf(b, sizeof b, "%s/b", f->top.folder);
    kept[0] = df_copy_string(f->arena, a, &err);
    kept[1] = df_copy_string(f->arena, b, &err);
    must(leak_between(kept[0], kept[1], &how, NULL, f->arena, &result, &err), &err);
    return result;
}

static int number_in(const char *name)
{
    return atoi(strpbrk(strrchr(name, '/'), "0123456789"));
}

static void strangers_are_no_copies(void **state)
{
    leak_result r = compare(*state, 2);
    assert_int_equal(r.a.count, STRANGERS);
    assert_int_equal(r.b.count, ORIGINALS);
    assert_int_equal(r.copies.count, 0);
    assert_true(r.rule == LEAK_OTHER_PERSON && r.baseline_count == ORIGINALS);
    assert_in_range(r.closer, 0, STRANGERS / 5); /* about 1 %, but a set of 60 images hardly shows it */
    leak_free(&r);
}

static void planted_copies_of_every_kind_are_found_and_named_with_their_original(void **state)
{
    leak_fixture *f = *state;
    plant(f, "a");
    leak_result r = compare(f, 2);
    assert_int_equal(r.a.count, STRANGERS + 5 * EACH_KIND);
    assert_int_equal(r.copies.kinds[LEAK_EXACT], EACH_KIND);
    assert_int_equal(r.copies.kinds[LEAK_NEAR], 3 * EACH_KIND);
    assert_int_equal(r.copies.kinds[LEAK_MIRRORED], EACH_KIND);
    for (int64_t k = 0; k < r.copies.count; k++) {
        const leak_copy *c = &r.copies.list[k];
        const char *name = leak_gallery_name(&r.a, c->image);
        assert_true(strncmp(name, "planted/", 8) == 0); /* no false alarm */
        assert_int_equal(number_in(name), number_in(leak_gallery_name(&r.b, c->original)));
        assert_true((c->kind == LEAK_EXACT) == (strncmp(name, "planted/exact", 13) == 0));
        assert_true((c->kind == LEAK_MIRRORED) == (strncmp(name, "planted/mirrored", 16) == 0));
    }
    assert_true(r.closer >= 4 * EACH_KIND);
    assert_int_equal(r.pair_count, 30);
    assert_true(r.pairs[0].distance == 0 && r.pairs[0].kind == LEAK_EXACT && r.pairs[29].kind == -1);
    printf("planted: %d copies of 5 kinds, %lld found; strangers: %d, 0 false alarms\n", 5 * EACH_KIND, (long long)r.copies.count,
           STRANGERS);
    leak_free(&r);
}

static void without_tolerance_near_copies_are_missed(void **state)
{
    leak_fixture *f = *state;
    plant(f, "a");
    leak_options how = options(2);
    how.threshold = 0;
    char path[PATH];
    df_error err = {0};
    leak_result r;
    snprintf(path, sizeof path, "%s/a", f->top.folder);
    must(leak_between(path, df_copy_string(f->arena, path, &err), &how, NULL, f->arena, &r, &err), &err);
    assert_int_equal(r.copies.kinds[LEAK_EXACT], r.a.count); /* with itself */
    leak_free(&r);
    r = compare(f, 2);
    assert_true(r.copies.kinds[LEAK_NEAR] > 0);
    leak_free(&r);
}

static void within_a_set_copies_form_groups_with_their_first_image(void **state)
{
    leak_fixture *f = *state;
    const leak_options how = options(2);
    char path[PATH];
    df_error err = {0};
    leak_result r;
    plant(f, "b");
    snprintf(path, sizeof path, "%s/b", f->top.folder);
    must(leak_within(path, &how, NULL, f->arena, &r, &err), &err);
    assert_int_equal(r.copies.groups, EACH_KIND);
    assert_int_equal(r.copies.count, 5 * EACH_KIND);
    for (int64_t k = 0; k < r.copies.count; k++) {
        const leak_copy *c = &r.copies.list[k];
        assert_true(c->original < c->image);
        assert_int_equal(number_in(leak_gallery_name(&r.a, c->image)), number_in(leak_gallery_name(&r.a, c->original)));
        assert_true(k == 0 || r.copies.list[k - 1].original <= c->original);
    }
    leak_free(&r);
}

/* The plain loop: every distance, in double. */
static leak_hit slow_nearest(const leak_gallery *of, int64_t i, const leak_gallery *among, leak_rule rule, df_arena *arena)
{
    df_error err = {0};
    float *a = df_alloc(arena, (size_t)of->length, sizeof *a, &err), *b = df_alloc(arena, (size_t)of->length, sizeof *b, &err);
    double least = 1e9;
    leak_hit hit = {.index = -1};
    must(leak_gallery_features(of, i, 1, a, &err), &err);
    for (int64_t j = 0; j < among->count; j++) {
        double sum = 0;
        if ((rule == LEAK_OTHER_IMAGE && i == j) ||
            (rule == LEAK_OTHER_PERSON && leak_gallery_record(of, i)->identity == leak_gallery_record(among, j)->identity))
            continue;
        must(leak_gallery_features(among, j, 1, b, &err), &err);
        for (int n = 0; n < of->length; n++)
            sum += ((double)a[n] - (double)b[n]) * ((double)a[n] - (double)b[n]);
        if (sum < least) {
            least = sum;
            hit = (leak_hit){.index = j, .distance = (float)sqrt(sum)};
        }
    }
    return hit;
}

static void the_nearest_are_those_of_a_plain_loop_for_every_rule(void **state)
{
    leak_fixture *f = *state;
    leak_result r = compare(f, 2);
    for (leak_rule rule = LEAK_ANY; rule <= LEAK_OTHER_PERSON; rule++) {
        const leak_gallery *of = rule == LEAK_ANY ? &r.a : &r.b;
        leak_hit *hits = df_alloc(f->arena, (size_t)of->count, sizeof *hits, NULL);
        df_error err = {0};
        must(leak_nearest(&(leak_search){.of = of, .among = &r.b, .step = 1, .count = of->count, .rule = rule, .threads = 2}, NULL, hits,
                          &err),
             &err);
        for (int64_t i = 0; i < of->count; i++) {
            const leak_hit slow = slow_nearest(of, i, &r.b, rule, f->arena);
            assert_int_equal(hits[i].index, slow.index);
            must_lie(hits[i].distance, slow.distance - 1e-5f, slow.distance + 1e-5f);
        }
    }
    leak_free(&r);
}

static void one_thread_and_three_give_the_same(void **state)
{
    leak_fixture *f = *state;
    leak_result one = compare(f, 1), three = compare(f, 3);
    assert_memory_equal(one.nearest, three.nearest, (size_t)one.a.count * sizeof *one.nearest);
    assert_memory_equal(one.baseline, three.baseline, (size_t)one.baseline_count * sizeof *one.baseline);
    assert_memory_equal(one.a.records.data, three.a.records.data, one.a.records.size);
    leak_free(&one);
    leak_free(&three);
}

static void count_note(void *user, const char *sentence)
{
    assert_non_null(strstr(sentence, "skipped"));
    ++*(int *)user;
}

static void broken_images_are_named_and_counted_and_other_files_passed_over(void **state)
{
    leak_fixture *f = *state;
    df_error err = {0};
    int notes = 0;
    char path[PATH];
    leak_gallery gallery;
    const df_progress progress = {.note = count_note, .user = &notes};
    must(df_file_write(path_of(f, "a", "strangers", "broken.png"), "PNG", 3, &err), &err);
    must(df_file_write(path_of(f, "a", "strangers", "empty.jpg"), "", 0, &err), &err);
    must(df_file_write(path_of(f, "a", "strangers", "notes.txt"), "PNG", 3, &err), &err);
    snprintf(path, sizeof path, "%s/a", f->top.folder);
    must(leak_gallery_read(path, &(leak_view){.features = 1, .threads = 2}, &progress, &gallery, &err), &err);
    assert_int_equal(gallery.count, STRANGERS);
    assert_int_equal(gallery.skipped, 2);
    assert_int_equal(notes, 2);
    leak_gallery_free(&gallery);
}

static void what_is_no_set_is_refused_with_a_sentence(void **state)
{
    leak_fixture *f = *state;
    df_error err = {0};
    leak_gallery gallery;
    const leak_view view = {.features = 1, .threads = 1}, boxes = {.features = 1, .threads = 1, .crop = LEAK_BOX};
    char path[PATH];
    snprintf(path, sizeof path, "%s/none", f->top.folder);
    must_say(leak_gallery_read(path, &view, NULL, &gallery, &err), &err, "is no folder");
    must(df_make_folders(path, &err), &err);
    must_say(leak_gallery_read(path, &view, NULL, &gallery, &err), &err, "no images");
    snprintf(path, sizeof path, "%s/a", f->top.folder);
    must_say(leak_gallery_read(path, &boxes, NULL, &gallery, &err), &err, "has no box");
}

static void sheet_and_page_are_written_and_refused_without_pairs(void **state)
{
    leak_fixture *f = *state;
    df_error err = {0};
    const leak_options how = options(2);
    image sheet;
    leak_result r = compare(f, 2);
    const char *out = path_of(f, "out", ".", "sheet.png");
    must(leak_sheet_write(&r, out, &err), &err);
    df_bytes file;
    must(df_file_read(out, 1 << 24, f->arena, &file, &err) && png_decode(file, &sheet, f->arena, &err), &err);
    assert_true(sheet.width > 8 * 100);
    const char *page = path_of(f, "out", ".", "page.html");
    must(leak_page_write(&r, &how, out, page, &err), &err);
    must(df_file_read(page, 1 << 24, f->arena, &file, &err), &err);
    assert_non_null(strstr((const char *)file.data, "Closest pairs"));
    r.pair_count = 0;
    must_say(leak_sheet_write(&r, out, &err), &err, "no pairs");
    leak_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(strangers_are_no_copies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(planted_copies_of_every_kind_are_found_and_named_with_their_original, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_tolerance_near_copies_are_missed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(within_a_set_copies_form_groups_with_their_first_image, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_nearest_are_those_of_a_plain_loop_for_every_rule, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_thread_and_three_give_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_images_are_named_and_counted_and_other_files_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_set_is_refused_with_a_sentence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sheet_and_page_are_written_and_refused_without_pairs, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
