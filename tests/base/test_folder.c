#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "scratch.h"

static void folders_are_made_with_those_above(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    must(df_make_folders(scratch_path(&s, "a/b//c d/"), &err), &err);
    must(df_make_folders(s.path, &err), &err); /* again: it exists */
    assert_true(df_path_is_folder(scratch_path(&s, "a/b/c d")));
    scratch_file(&s, "file", "x", 1);
    assert_true(df_path_exists(s.path));
    assert_false(df_path_is_folder(s.path));
    must_say(df_make_folders(s.path, &err), &err, "file: cannot create the folder: Not a directory");
    must_say(df_make_folders(scratch_path(&s, "file/deeper"), &err), &err, "Not a directory");
    must_say(df_make_folders("", &err), &err, "not a folder's name");
    scratch_free(&s);
}

static void a_tree_is_removed_but_not_what_links_point_to(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    must(df_make_folders(scratch_path(&s, "kept"), &err), &err);
    scratch_file(&s, "kept/file", "x", 1);
    must(df_make_folders(scratch_path(&s, "tree/a/b"), &err), &err);
    scratch_file(&s, "tree/a/file", "x", 1);
    scratch_file(&s, "tree/.hidden", "x", 1);
    assert_int_equal(symlink("../kept", scratch_path(&s, "tree/link")), 0);
    assert_int_equal(symlink(".", scratch_path(&s, "tree/circle")), 0);
    must(df_remove_tree(scratch_path(&s, "tree"), &err), &err);
    assert_false(df_path_exists(s.path));
    assert_true(df_path_exists(scratch_path(&s, "kept/file")));
    assert_int_equal(symlink("kept", scratch_path(&s, "link")), 0);
    must(df_remove_tree(s.path, &err), &err);
    assert_true(df_path_exists(scratch_path(&s, "kept/file")));
    must(df_remove_tree(scratch_path(&s, "none"), &err), &err);
    scratch_free(&s);
}

static void the_root_is_not_removed(void **state)
{
    (void)state;
    df_error err = {0};
    static const char *const roots[] = {"", "/", "//", "/.", "/tmp/.."};
    for (size_t i = 0; i < DF_ARRAY_LEN(roots); i++)
        must_say(df_remove_tree(roots[i], &err), &err, "will not be removed");
}

static void paths_are_joined_where_they_fit(void **state)
{
    (void)state;
    df_error err = {0};
    char out[8] = "before";
    must_say(df_path_join(out, sizeof out, "abcd", "efg", &err), &err, "abcd/efg: the path is longer than 7 bytes");
    assert_string_equal(out, "before");
    must(df_path_join(out, sizeof out, "abc", "efg", &err), &err);
    assert_string_equal(out, "abc/efg");
    must(df_path_join(out, sizeof out, "abc/", "efg", &err), &err);
    assert_string_equal(out, "abc/efg");
    must(df_path_join(out, sizeof out, "", "efg", &err), &err);
    assert_string_equal(out, "efg");
}

static void names_come_sorted_by_their_bytes_and_hidden_ones_stay_out(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(1 << 20, &err);
    char **names;
    size_t count;
    must(df_folder_list(s.folder, arena, &names, &count, &err), &err);
    assert_int_equal(count, 0);
    for (int i = 0; i < 300; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%03d", (i * 7) % 300);
        scratch_file(&s, name, "", 0);
    }
    scratch_file(&s, ".hidden", "", 0);
    scratch_file(&s, "\xC3\xA9", "", 0);
    scratch_file(&s, "Z", "", 0);
    must(df_folder_list(s.folder, arena, &names, &count, &err), &err);
    assert_int_equal(count, 302);
    assert_string_equal(names[0], "Z");
    assert_string_equal(names[1], "n000");
    assert_string_equal(names[300], "n299");
    assert_string_equal(names[301], "\xC3\xA9");
    must_say(df_folder_list(scratch_path(&s, "none"), arena, &names, &count, &err), &err, "none: cannot read the folder");
    must_say(df_folder_list(scratch_path(&s, "Z"), arena, &names, &count, &err), &err, "Not a directory");
    df_arena_free(arena);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_made_with_those_above),
        cmocka_unit_test(a_tree_is_removed_but_not_what_links_point_to),
        cmocka_unit_test(the_root_is_not_removed),
        cmocka_unit_test(paths_are_joined_where_they_fit),
        cmocka_unit_test(names_come_sorted_by_their_bytes_and_hidden_ones_stay_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
