#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"

static void a_file_is_read_whole_with_a_zero_behind(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(16 << 20, &err);
    unsigned char data[70000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7);
    static const size_t sizes[] = {0, 1, 100, 4096, 65535, 65536, 70000};
    for (size_t i = 0; i < DF_ARRAY_LEN(sizes); i++) {
        df_bytes bytes, map;
        const char *path = scratch_file(&s, "file", data, sizes[i]);
        must(df_file_read(path, sizeof data, arena, &bytes, &err), &err);
        assert_int_equal(bytes.size, sizes[i]);
        assert_memory_equal(bytes.data, data, sizes[i]);
        assert_int_equal(bytes.data[bytes.size], 0);
        must(df_file_map(path, &map, &err), &err);
        assert_int_equal(map.size, sizes[i]);
        assert_true(sizes[i] == 0 || memcmp(map.data, data, sizes[i]) == 0);
        df_file_unmap(&map);
        df_file_unmap(&map);
    }
    df_arena_free(arena);
    scratch_free(&s);
}

static void the_limit_is_the_last_size_that_is_read(void **state)
{
    (void)state;
    df_error err = {0};
    df_bytes bytes;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(1 << 20, &err);
    const char *path = scratch_file(&s, "file", "12345", 5);
    must(df_file_read(path, 5, arena, &bytes, &err), &err);
    must_say(df_file_read(path, 4, arena, &bytes, &err), &err, "file: 5 bytes, expected at most 4");
    df_arena_free(arena);
    scratch_free(&s);
}

static void a_file_without_a_size_is_read_to_its_limit(void **state)
{
    (void)state;
    df_error err = {0};
    df_bytes bytes;
    df_arena *arena = df_arena_new(16 << 20, &err);
    must(df_file_read("/proc/self/status", 1 << 20, arena, &bytes, &err), &err);
    assert_non_null(strstr((const char *)bytes.data, "Name:"));
    must_say(df_file_read("/dev/zero", 1000000, arena, &bytes, &err), &err, "/dev/zero: more than 1000000 bytes");
    must_say(df_file_read("/dev/zero", (size_t)1 << 40, arena, &bytes, &err), &err, "limit of 16777216 bytes");
    df_arena_free(arena);
}

static void what_is_no_file_is_refused_by_name(void **state)
{
    (void)state;
    df_error err = {0};
    df_bytes bytes;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(1 << 20, &err);
    must_say(df_file_read(s.folder, 100, arena, &bytes, &err), &err, "is a folder");
    must_say(df_file_map(s.folder, &bytes, &err), &err, "is a folder");
    must_say(df_file_read(scratch_path(&s, "none"), 100, arena, &bytes, &err), &err, "none: cannot open: No such file");
    must_say(df_file_map("/dev/zero", &bytes, &err), &err, "expected a file");
    assert_int_equal(mkfifo(scratch_path(&s, "pipe"), 0600), 0);
    must(df_file_read(s.path, 100, arena, &bytes, &err), &err); /* nobody writes: empty, not a wait without end */
    assert_int_equal(bytes.size, 0);
    df_arena_free(arena);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole_with_a_zero_behind),
        cmocka_unit_test(the_limit_is_the_last_size_that_is_read),
        cmocka_unit_test(a_file_without_a_size_is_read_to_its_limit),
        cmocka_unit_test(what_is_no_file_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
