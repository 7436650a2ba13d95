/* Files of identities: order, doubled ids, and damage that is named with file and line. */
#include "check.h"

#include "base/random.h"
#include "face/id_set.h"
#include "face/person.h"
#include "face_fixture.h"
#include "scratch.h"

typedef struct fixture {
    df_arena *arena;
    face_model model;
    scratch scratch;
} fixture;

static int setup(void **state)
{
    static fixture f; /* one test at a time */
    df_error err;
    f.arena = df_arena_new((size_t)64 << 20, &err);
    must(f.arena != NULL, &err);
    f.model = face_fixture(f.arena);
    f.scratch = scratch_new();
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    df_arena_free(f->arena);
    scratch_free(&f->scratch);
    return 0;
}

/* Reads all of the file; *count says how many people came before the end or the failure. */
static bool read_all(const fixture *f, const char *path, int *count, df_error *err)
{
    person who;
    bool found = true;
    *count = 0;
    people *file = people_open(path, &f->model, err);
    if (!file)
        return false;
    bool is_good = true;
    while ((is_good = people_next(file, &who, &found, err)) && found)
        ++*count;
    people_close(file);
    return is_good;
}

static void add_person(df_text *text, int number)
{
    df_text_addf(text, "{\"id\":\"%06d\",\"gender\":\"male\",\"age\":30,\"shape\":[0.5],\"albedo\":[]}\n", number);
}

static void people_come_in_the_order_of_the_file(void **state)
{
    fixture *f = *state;
    df_text text = {0};
    df_error err;
    person who;
    bool found;
    size_t length;
    for (int i = 0; i < 2000; i++)
        add_person(&text, i);
    people *file = people_open(scratch_file(&f->scratch, "people.jsonl", text.data, text.size), &f->model, &err);
    must(file != NULL, &err);
    for (int i = 0; i < 2000; i++) {
        char id[16];
        snprintf(id, sizeof id, "%06d", i);
        must(people_next(file, &who, &found, &err), &err);
        assert_true(found);
        assert_string_equal(who.id, id);
    }
    assert_non_null(strstr(people_line(file, &length), "\"id\":\"001999\""));
    assert_int_equal(length, text.size / 2000 - 1);
    must(people_next(file, &who, &found, &err), &err);
    assert_false(found);
    people_close(file);
    df_text_free(&text);
}

static void a_doubled_id_is_refused_where_it_stands_again(void **state)
{
    fixture *f = *state;
    df_text text = {0};
    df_error err;
    int count;
    for (int i = 0; i < 1500; i++)
        add_person(&text, i % 1499);
    const char *path = scratch_file(&f->scratch, "doubled.jsonl", text.data, text.size);
    must_say(read_all(f, path, &count, &err), &err, "doubled.jsonl: line 1500: id '000000' stands in an earlier line");
    assert_int_equal(count, 1499);
    df_text_free(&text);
}

static void every_kind_of_damage_is_refused_by_the_name_of_the_file(void **state)
{
    const fixture *f = *state;
    char **names;
    size_t files;
    df_error err;
    const char *folder = TEST_DATA "/broken/identities";
    must(df_folder_list(folder, f->arena, &names, &files, &err), &err);
    assert_true(files > 50);
    for (size_t i = 0; i < files; i++) {
        char path[1024];
        int count;
        must(df_path_join(path, sizeof path, folder, names[i], &err), &err);
        must_say(read_all(f, path, &count, &err), &err, path);
        if (strcmp(names[i], "empty.jsonl") != 0)
            must_say(false, &err, ": line ");
    }
}

static void a_missing_file_is_named(void **state)
{
    fixture *f = *state;
    df_error err;
    int count;
    must_say(read_all(f, scratch_path(&f->scratch, "nowhere.jsonl"), &count, &err), &err, "nowhere.jsonl");
}

static void the_set_of_ids_knows_exactly_those_that_were_added(void **state)
{
    (void)state;
    id_set set = {0};
    df_random random = df_random_at(3, 0, 0, DF_FOR_TEST);
    bool was_added[5000] = {0};
    df_error err;
    assert_false(id_set_has(&set, "0"));
    for (int i = 0; i < 10000; i++) {
        const uint32_t number = df_random_below(&random, DF_ARRAY_LEN(was_added));
        char id[16];
        bool is_new;
        snprintf(id, sizeof id, "%u", number);
        assert_int_equal(id_set_has(&set, id), was_added[number]);
        must(id_set_add(&set, id, &is_new, &err), &err);
        assert_int_equal(is_new, !was_added[number]);
        was_added[number] = true;
    }
    id_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_come_in_the_order_of_the_file),
        cmocka_unit_test(a_doubled_id_is_refused_where_it_stands_again),
        cmocka_unit_test(every_kind_of_damage_is_refused_by_the_name_of_the_file),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(the_set_of_ids_knows_exactly_those_that_were_added),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
