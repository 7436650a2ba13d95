/* test_journal.c: what counts as done after a kill, a full disk or a power loss; locks; the order of a merge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "dataset/journal.h"

enum { PLACE = 128 };

typedef struct place {
    char folder[PLACE], state[PLACE + 16], file[PLACE + 64];
    df_arena *arena;
} place;

static int setup(void **state)
{
    df_error err;
    place *p = calloc(1, sizeof *p);
    snprintf(p->folder, sizeof p->folder, "/tmp/diffuse-journal-XXXXXX");
    if (!p || !mkdtemp(p->folder))
        return 1;
    p->arena = df_arena_new(8 << 20, &err);
    snprintf(p->state, sizeof p->state, "%s/.diffuse", p->folder);
    snprintf(p->file, sizeof p->file, "%s/shard-0-of-1.jsonl", p->state);
    *state = p;
    return df_make_folders(p->state, &err) ? 0 : 1;
}

static int teardown(void **state)
{
    place *p = *state;
    df_error err;
    const bool is_gone = df_remove_tree(p->folder, &err);
    df_arena_free(p->arena);
    free(p);
    return is_gone ? 0 : 1;
}

static void line_of(char out[64], int identity, int index)
{
    snprintf(out, 64, "{\"image\":\"p%d/%04d.png\"}\n", identity, index);
}

/* Lines that count after the file held these bytes. */
static int64_t lines_after(place *p, const char *bytes, size_t size)
{
    df_error err;
    journal j = {.file = -1};
    assert_true(df_file_write(p->file, bytes, size, &err));
    assert_true(journal_open(p->folder, 0, 1, JOURNAL_CONTINUE, &j, &err));
    const int64_t lines = j.lines;
    assert_int_equal(lseek(j.file, 0, SEEK_END), j.size);
    journal_close(&j);
    return lines;
}

static void a_journal_cut_at_every_byte_keeps_its_whole_lines(void **state)
{
    place *p = *state;
    char text[256] = "", line[64];
    size_t ends[4] = {0};
    for (int i = 0; i < 3; i++) {
        line_of(line, 1, i);
        strcat(text, line);
        ends[i + 1] = strlen(text);
    }
    for (size_t cut = 0; cut <= ends[3]; cut++) {
        int whole = 0;
        while (whole < 3 && ends[whole + 1] <= cut)
            whole++;
        assert_int_equal(lines_after(p, text, cut), whole);
    }
}

static void damaged_lines_and_all_behind_them_do_not_count(void **state)
{
    place *p = *state;
    char good[64], text[1024];
    line_of(good, 1, 0);
    const char *const bad[] = {"\n", "{}\n", "garbage\n", "{\"image\":\"p1/0001.png\"\n", "x{\"image\":\"p\"}\n"};
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++) {
        snprintf(text, sizeof text, "%s%s%s", good, bad[i], good);
        assert_int_equal(lines_after(p, text, strlen(text)), 1);
    }
    memset(text, 0, sizeof text); /* what a power loss leaves of blocks that were not written */
    memcpy(text, good, strlen(good));
    assert_int_equal(lines_after(p, text, sizeof text), 1);
    memset(text, 0, sizeof text);
    snprintf(text, sizeof text, "{\"image\":\"");
    text[500] = '}';
    text[501] = '\n';
    assert_int_equal(lines_after(p, text, 502), 0);
}

static void appending_goes_on_behind_what_was_cut(void **state)
{
    place *p = *state;
    df_error err;
    df_bytes bytes;
    journal j = {.file = -1};
    char good[64], text[128];
    line_of(good, 1, 0);
    snprintf(text, sizeof text, "%s{\"image\":\"p1/00", good);
    assert_true(df_file_write(p->file, text, strlen(text), &err));
    assert_true(journal_open(p->folder, 0, 1, JOURNAL_CONTINUE, &j, &err));
    assert_true(journal_append(&j, good, strlen(good), 1, &err));
    assert_int_equal(j.lines, 2);
    journal_close(&j);
    snprintf(text, sizeof text, "%s%s", good, good);
    assert_true(df_file_read(p->file, 1000, p->arena, &bytes, &err));
    assert_string_equal((const char *)bytes.data, text);
}

static void a_second_writer_is_refused(void **state)
{
    place *p = *state;
    df_error err;
    journal first = {.file = -1}, second = {.file = -1};
    assert_true(journal_open(p->folder, 0, 1, JOURNAL_CREATE, &first, &err));
    assert_false(journal_open(p->folder, 0, 1, JOURNAL_CONTINUE, &second, &err));
    assert_non_null(strstr(err.text, "another process"));
    assert_false(journal_open(p->folder, 0, 1, JOURNAL_CREATE, &second, &err));
    assert_non_null(strstr(err.text, "--resume"));
    journal_close(&first);
    assert_true(journal_open(p->folder, 0, 1, JOURNAL_CONTINUE, &second, &err));
    journal_close(&second);
}

static void a_failed_append_leaves_whole_lines(void **state)
{
    place *p = *state;
    df_error err;
    journal j = {.file = -1};
    char good[64];
    struct rlimit old;
    line_of(good, 1, 0);
    const int64_t length = (int64_t)strlen(good);
    assert_true(journal_open(p->folder, 0, 1, JOURNAL_CREATE, &j, &err));
    assert_true(journal_append(&j, good, strlen(good), 1, &err));
    getrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){(rlim_t)length + 5, old.rlim_max});
    assert_false(journal_append(&j, good, strlen(good), 1, &err));
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(lseek(j.file, 0, SEEK_END), length);
    assert_int_equal(j.lines, 1);
    assert_true(journal_append(&j, good, strlen(good), 1, &err));
    journal_close(&j);
}

enum { SHARDS = 3, PEOPLE = 8, IMAGES = 2 };

static void fill_shard(const place *p, int shard, df_error *err)
{
    journal j = {.file = -1};
    char line[64];
    assert_true(journal_open(p->folder, shard, SHARDS, JOURNAL_CREATE, &j, err));
    for (int person = shard; person < PEOPLE; person += SHARDS)
        for (int i = 0; i < IMAGES; i++) {
            line_of(line, person, i);
            assert_true(journal_append(&j, line, strlen(line), 1, err));
        }
    journal_close(&j);
    assert_true(journal_finish(p->folder, shard, SHARDS, err));
}

static void shards_merge_in_the_order_of_people_and_only_when_all_are_there(void **state)
{
    place *p = *state;
    df_error err;
    bool merged;
    df_bytes bytes;
    char manifest[2 * PLACE], line[64];
    df_text want = {0};
    const journal_plan plan = {.folder = p->folder, .shards = SHARDS, .identities = PEOPLE, .per_identity = IMAGES, .sync = true};
    snprintf(manifest, sizeof manifest, "%s/manifest.jsonl", p->folder);
    for (int shard = SHARDS - 1; shard >= 0; shard--) {
        assert_true(journal_merge(&plan, &merged, &err));
        assert_false(merged);
        assert_false(df_path_exists(manifest));
        fill_shard(p, shard, &err);
    }
    assert_true(journal_merge(&plan, &merged, &err));
    assert_true(merged);
    for (int i = 0; i < PEOPLE * IMAGES; i++) {
        line_of(line, i / IMAGES, i % IMAGES);
        df_text_add(&want, line);
    }
    assert_true(df_file_read(manifest, 1 << 16, p->arena, &bytes, &err));
    assert_string_equal((const char *)bytes.data, want.data);
    df_text_free(&want);
    snprintf(manifest, sizeof manifest, "%s/shard-0-of-3.jsonl", p->state);
    assert_false(df_path_exists(manifest));
    assert_true(journal_merge(&plan, &merged, &err)); /* again: it is there */
    assert_true(merged);
}

int main(void)
{
#define PLACE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_journal_cut_at_every_byte_keeps_its_whole_lines),
        PLACE_TEST(damaged_lines_and_all_behind_them_do_not_count),
        PLACE_TEST(appending_goes_on_behind_what_was_cut),
        PLACE_TEST(a_second_writer_is_refused),
        PLACE_TEST(a_failed_append_leaves_whole_lines),
        PLACE_TEST(shards_merge_in_the_order_of_people_and_only_when_all_are_there),
    };
#undef PLACE_TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
