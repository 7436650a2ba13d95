/* Who is of which group, from tables and manifests' ways to name images. */
#include "auth/group_table.h"
#include "scratch.h"

enum { IMAGES = 5 };

static embedding_set some_set(void)
{
    static const char *const names[IMAGES] = {"p/0000.png", "p/0001.png", "q_0001", "q_0002", "r.x"};
    static uint32_t place[IMAGES] = {0, 1, 2, 3, 4}, identity[IMAGES] = {0, 0, 1, 1, 2}, first[] = {0, 2, 4, 5};
    static int64_t label[] = {-3, 8, 9};
    return (embedding_set){
        .count = IMAGES, .names = names, .place = place, .identity = identity, .first = first, .identity_count = 3, .label = label};
}

static bool read(const char *text, const char *const *keys, size_t count, df_arena *arena, group_table *out, df_error *err)
{
    scratch s = scratch_new();
    const embedding_set set = some_set();
    const bool is_read = group_table_read(scratch_file(&s, "groups.csv", text, strlen(text)), keys, count, &set, arena, out, err);
    scratch_free(&s);
    return is_read;
}

static const char *const keys[] = {"gender", "age"};
static const char by_name[] = "name,age,gender\np/0000.png,19,m\np/0001,46,male\nq_0001.jpg,20,F\nq_0002,20,\nr.x,80,other\n";

static void images_are_found_by_path_with_and_without_its_ending(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 24, &err);
    group_table t;
    must(
        read("name,age,gender\np/0000.png,19,m\np/0001.png,46,male\nq_0001.jpg,20,F\nq_0002,20,\nr.x,80,other\n", keys, 2, arena, &t, &err),
        &err);
    assert_int_equal(t.axis_count, 3);
    const group_axis *gender = &t.axes[0], *age = &t.axes[1], *both = &t.axes[2];
    assert_int_equal(gender->count, 3); /* by name: female, male, other */
    assert_string_equal(gender->names[0], "female");
    assert_true(gender->of[0] == 1 && gender->of[1] == 1 && gender->of[2] == 0 && gender->of[3] == -1 && gender->of[4] == 2);
    assert_int_equal(gender->missing, 1);
    assert_true(age->of[0] == 0 && age->of[1] == 1 && age->of[3] == 0 && age->of[4] == 2); /* bins that are empty are left out */
    assert_int_equal(both->count, 4);
    assert_string_equal(both->name, "gender x age");
    assert_true(both->of[3] == -1 && both->of[0] != both->of[1]);
    assert_non_null(strstr(both->names[both->of[2]], "female, "));
    df_arena_free(arena);
}

static void a_table_of_labels_speaks_of_all_images_of_a_person(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 24, &err);
    group_table t;
    must(read("gender\tlabel\nf\t9\nm\t-3\nm\t8\n", keys, 1, arena, &t, &err), &err);
    assert_int_equal(t.axis_count, 1);
    assert_true(t.axes[0].of[0] == 1 && t.axes[0].of[1] == 1 && t.axes[0].of[3] == 1 && t.axes[0].of[4] == 0);
    df_arena_free(arena);
}

static void tables_that_leave_something_out_are_refused(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 24, &err);
    group_table t;
    must_say(read(by_name, keys, 2, arena, &t, &err), &err, "p/0001.png");
    must_say(read("", keys, 1, arena, &t, &err), &err, "empty");
    must_say(read("gender,age\nf,3\n", keys, 1, arena, &t, &err), &err, "no column name");
    must_say(read("label,age\n9,3\n", keys, 1, arena, &t, &err), &err, "no column 'gender'");
    must_say(read("label,gender\nx,f\n", keys, 1, arena, &t, &err), &err, "line 2: label 'x'");
    must_say(read("label,gender\n9,\n-3,\n8,\n", keys, 1, arena, &t, &err), &err, "nothing says the gender");
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_are_found_by_path_with_and_without_its_ending),
        cmocka_unit_test(a_table_of_labels_speaks_of_all_images_of_a_person),
        cmocka_unit_test(tables_that_leave_something_out_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
