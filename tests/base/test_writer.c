#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/random.h"
#include "scratch.h"

static void must_hold(const char *path, const char *expected)
{
    df_error err;
    df_bytes bytes;
    df_arena *arena = df_arena_new(1 << 20, &err);
    must(df_file_read(path, 1 << 19, arena, &bytes, &err), &err);
    assert_string_equal((const char *)bytes.data, expected);
    df_arena_free(arena);
}

static void pieces_of_any_size_become_the_file(void **state)
{
    (void)state;
    df_error err;
    df_bytes bytes;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(64 << 20, &err);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    const size_t room = 4 << 20;
    unsigned char *expected = df_alloc(arena, room, 1, &err);
    for (size_t i = 0; i < room; i++)
        expected[i] = (unsigned char)df_random_u32(&random);
    df_writer *writer = df_writer_open(scratch_path(&s, "file"), &err);
    assert_non_null(writer);
    size_t size = 0;
    while (size < room) {
        const size_t wish = df_random_below(&random, 4) ? df_random_below(&random, 3000) : df_random_below(&random, 200000);
        const size_t piece = wish < room - size ? wish : room - size;
        must(df_writer_put(writer, expected + size, piece, &err), &err);
        size += piece;
    }
    must(df_writer_commit(writer, &err), &err);
    must(df_file_read(s.path, room, arena, &bytes, &err), &err);
    assert_int_equal(bytes.size, room);
    assert_memory_equal(bytes.data, expected, room);
    df_arena_free(arena);
    scratch_free(&s);
}

static void the_name_appears_only_when_all_is_written(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    df_writer *writer = df_writer_open(scratch_path(&s, "file"), &err);
    must(df_writer_put(writer, "new", 3, &err), &err);
    assert_false(df_path_exists(s.path));
    char temporary[300];
    snprintf(temporary, sizeof temporary, "%s/.file.%d.tmp", s.folder, (int)getpid());
    assert_true(df_path_exists(temporary));
    must(df_writer_commit(writer, &err), &err);
    must_hold(s.path, "new");
    assert_int_equal(scratch_entries(&s), 1);
    scratch_free(&s);
}

static void giving_up_leaves_the_old_file_and_nothing_else(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    scratch_file(&s, "file", "old", 3);
    df_writer *writer = df_writer_open(s.path, &err);
    must(df_writer_put(writer, "new", 3, &err), &err);
    df_writer_abandon(writer);
    df_writer_abandon(NULL);
    must_hold(s.path, "old");
    assert_int_equal(scratch_entries(&s), 1);
    scratch_free(&s);
}

static void what_a_killed_process_left_is_replaced(void **state)
{
    (void)state;
    scratch s = scratch_new();
    char temporary[64];
    snprintf(temporary, sizeof temporary, ".file.%d.tmp", (int)getpid());
    FILE *left = fopen(scratch_path(&s, temporary), "w");
    assert_non_null(left);
    fclose(left);
    must_hold(scratch_file(&s, "file", "new", 3), "new");
    assert_int_equal(scratch_entries(&s), 1);
    scratch_free(&s);
}

/* A limit on the size of files stands for a full disk. */
static void a_write_that_fails_says_why_and_leaves_nothing(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    scratch_file(&s, "file", "old", 3);
    static const char data[300000];
    struct rlimit before, small = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const bool ok = df_file_write(s.path, data, sizeof data, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    must_say(ok, &err, "file: cannot write: File too large");
    must_hold(s.path, "old");
    assert_int_equal(scratch_entries(&s), 1);
    scratch_free(&s);
}

static void places_that_cannot_be_written_are_named(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    must_say(df_file_write(scratch_path(&s, "none/file"), "x", 1, &err), &err, "none/file: cannot create: No such file");
    must_say(df_file_write(s.folder, "x", 1, &err), &err, "is a folder");
    must_say(df_file_write("/dev/full", "x", 1, &err), &err, "/dev/full: cannot write: No space left");
    assert_true(df_path_exists("/dev/full"));
    scratch_free(&s);
}

static void a_link_stays_and_its_target_changes(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    char target[600];
    snprintf(target, sizeof target, "%s", scratch_file(&s, "target", "old", 3));
    assert_int_equal(symlink("target", scratch_path(&s, "link")), 0);
    must(df_file_write(s.path, "new", 3, &err), &err);
    must_hold(target, "new");
    struct stat status;
    assert_int_equal(lstat(s.path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    scratch_free(&s);
}

static void names_of_any_kind_and_length_work(void **state)
{
    (void)state;
    scratch s = scratch_new();
    char longest[256];
    memset(longest, 'n', 255);
    longest[255] = '\0';
    const char *names[] = {"with space", "new\nline", "\xff\xfe", "\xC3\xA9", "-rf", longest};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++)
        must_hold(scratch_file(&s, names[i], names[i], strlen(names[i])), names[i]);
    scratch_free(&s);
}

static void the_mask_of_the_process_decides_who_may_read(void **state)
{
    (void)state;
    scratch s = scratch_new();
    struct stat status;
    const mode_t before = umask(077);
    scratch_file(&s, "file", "x", 1);
    umask(before);
    assert_int_equal(stat(s.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_any_size_become_the_file),
        cmocka_unit_test(the_name_appears_only_when_all_is_written),
        cmocka_unit_test(giving_up_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(what_a_killed_process_left_is_replaced),
        cmocka_unit_test(a_write_that_fails_says_why_and_leaves_nothing),
        cmocka_unit_test(places_that_cannot_be_written_are_named),
        cmocka_unit_test(a_link_stays_and_its_target_changes),
        cmocka_unit_test(names_of_any_kind_and_length_work),
        cmocka_unit_test(the_mask_of_the_process_decides_who_may_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
