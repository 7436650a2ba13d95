/* test_sample_list.c: samples and their numbers out of the sources of data sets. */
#include "feed/sample_list.h"

#include <math.h>
#include <stdio.h>

#include "scratch.h"

static df_error err;

static void put(scratch *s, const char *name, const char *text)
{
    char folder[600];
    snprintf(folder, sizeof folder, "%s", scratch_path(s, name));
    *strrchr(folder, '/') = '\0';
    must(df_make_folders(folder, &err), &err);
    scratch_file(s, name, text, strlen(text));
}

static bool add(sample_list *list, const char *path, const char *format, const sample_choice *choice)
{
    source_log log = {0};
    const source_row *row = format ? source_find(format) : source_guess(path, &err);
    assert_non_null(row);
    return sample_list_add(list, row, &(source_setting){.path = path}, choice, &log, &err);
}

static sample_list list_of(const sample_label *labels, int count)
{
    sample_list list;
    must(sample_list_init(&list, labels, count, 0, &err), &err);
    return list;
}

static void folders_give_paths_and_identities(void **state)
{
    (void)state;
    scratch s = scratch_new();
    put(&s, "train/anna/1.png", "");
    put(&s, "train/anna/2.jpg", "");
    put(&s, "train/bert/1.png", "");
    put(&s, "valid/bert/9.png", "");
    put(&s, "train/loose.png", "");
    sample_list list = list_of(NULL, 0);
    must(add(&list, s.folder, NULL, NULL), &err);
    static const int32_t whose[] = {0, 0, 1, 1, -1};
    static const char *const files[] = {"train/anna/1.png", "train/anna/2.jpg", "train/bert/1.png", "valid/bert/9.png", "train/loose.png"};
    assert_int_equal(list.count, 5);
    assert_memory_equal(list.identities, whose, sizeof whose);
    for (size_t i = 0; i < list.count; i++)
        assert_string_equal(list.paths[i], scratch_path(&s, files[i]));
    assert_int_equal(list.identity_count, 2);
    assert_string_equal(list.identity_names[1], "bert");
    /* a part of it once more: another set, other people */
    must(add(&list, s.folder, NULL, &(sample_choice){.split = "valid"}), &err);
    assert_int_equal(list.count, 6);
    assert_int_equal(list.sets[5], 1);
    assert_int_equal(list.identities[5], 2);
    assert_int_equal(list.set_count, 2);
    must_say(add(&list, s.folder, NULL, &(sample_choice){.split = "test"}), &err, "no image is left: split test");
    sample_list_free(&list);
    scratch_free(&s);
}

static void tables_give_numbers_attributes_and_conditions(void **state)
{
    (void)state;
    static const sample_label labels[] = {
        {"old", SAMPLE_CONDITION, "age > 40 and gender == \"male\""}, {"hat", SAMPLE_ATTRIBUTE, "Hat"}, {"years", SAMPLE_NUMBER, "age"}};
    scratch s = scratch_new();
    put(&s, "t/table.csv", "image,identity,gender,age,Hat\na.png,x,male,50,1\nb.png,x,male,,-1\nc.png,y,female,60,\n");
    put(&s, "t/a.png", "");
    put(&s, "t/b.png", "");
    put(&s, "t/c.png", "");
    sample_list list = list_of(labels, 3);
    must(add(&list, scratch_path(&s, "t/table.csv"), "csv", NULL), &err);
    static const float expected[] = {1, 1, 50, 0, 0, NAN, 0, NAN, 60};
    assert_int_equal(list.count, 3);
    for (int i = 0; i < 9; i++)
        assert_true(list.labels[i] == expected[i] || (isnan(list.labels[i]) && isnan(expected[i])));
    sample_list_free(&list);
    list = list_of(labels, 3);
    must(add(&list, scratch_path(&s, "t/table.csv"), "csv", &(sample_choice){.where = "has(age) and age < 55"}), &err);
    assert_int_equal(list.count, 1);
    sample_list_free(&list);
    scratch_free(&s);
}

static void celeba_gives_its_attributes_and_splits(void **state)
{
    (void)state;
    static const sample_label labels[] = {{"male", SAMPLE_ATTRIBUTE, "Male"}, {"smile", SAMPLE_ATTRIBUTE, "Smiling"}};
    scratch s = scratch_new();
    put(&s, "img_align_celeba/000001.jpg", "");
    put(&s, "img_align_celeba/000002.jpg", "");
    put(&s, "img_align_celeba/000003.jpg", "");
    put(&s, "list_attr_celeba.txt", "3\nMale Smiling\n000001.jpg 1 -1\n000002.jpg -1 1\n000003.jpg 1 1\n");
    put(&s, "list_eval_partition.txt", "000001.jpg 0\n000002.jpg 0\n000003.jpg 2\n");
    sample_list list = list_of(labels, 2);
    must(add(&list, s.folder, NULL, &(sample_choice){.split = "train"}), &err);
    static const float expected[] = {1, 0, 0, 1};
    assert_int_equal(list.count, 2);
    assert_memory_equal(list.labels, expected, sizeof expected);
    assert_int_equal(list.identities[0], -1);
    sample_list_free(&list);
    scratch_free(&s);
}

static void what_a_set_does_not_know_is_an_error(void **state)
{
    (void)state;
    static const struct {
        sample_label label;
        const char *where, *says;
    } cases[] = {{{"male", SAMPLE_ATTRIBUTE, "Mael"}, NULL, "attributes.Male"},
                 {{"male", SAMPLE_ATTRIBUTE, "a \"b"}, NULL, "label 'male': "},
                 {{"number", SAMPLE_NUMBER, "gendre"}, NULL, "gender"},
                 {{"number", SAMPLE_NUMBER, "gender"}, NULL, "label 'number': no image has a number at 'gender'"},
                 {{"c", SAMPLE_CONDITION, "gendre == \"male\""}, NULL, "label 'c': "},
                 {{"c", SAMPLE_CONDITION, "gender > "}, NULL, "label 'c': "},
                 {{"c", SAMPLE_CONDITION, "gender > 3"}, NULL, "label 'c': "},
                 {{"male", SAMPLE_ATTRIBUTE, "Male"}, "agee < 3", "the condition on images"},
                 {{"male", SAMPLE_ATTRIBUTE, "Male"}, "gender == \"none\"", "no image is left: where gender"},
                 {{"male", SAMPLE_ATTRIBUTE, "Male"}, "(", "the condition on images"}};
    scratch s = scratch_new();
    put(&s, "img_align_celeba/000001.jpg", "");
    put(&s, "list_attr_celeba.txt", "1\nMale Smiling\n000001.jpg 1 -1\n");
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        sample_list list = list_of(&cases[i].label, 1);
        must_say(add(&list, s.folder, NULL, &(sample_choice){.where = cases[i].where}), &err, cases[i].says);
        assert_non_null(strstr(err.text, s.folder));
        sample_list_free(&list);
    }
    put(&s, "list_attr_celeba.txt", "2\nMale Smiling\n000001.jpg 1 -1\n");
    sample_list list = list_of(NULL, 0);
    must_say(add(&list, s.folder, NULL, NULL), &err, "list_attr_celeba.txt");
    sample_list_free(&list);
    scratch_free(&s);
}

static void a_list_grows_within_its_limit(void **state)
{
    (void)state;
    df_text table = {0};
    scratch s = scratch_new();
    df_text_add(&table, "image,identity\n");
    for (int i = 0; i < 600; i++)
        df_text_addf(&table, "%04d.png,p%d\n", i, i / 3);
    put(&s, "t/table.csv", table.data);
    df_text_free(&table);
    for (int i = 0; i < 600; i++) {
        char name[32];
        snprintf(name, sizeof name, "t/%04d.png", i);
        FILE *empty = fopen(scratch_path(&s, name), "wb"); /* many: without waiting for the disk */
        assert_non_null(empty);
        fclose(empty);
    }
    char path[600];
    snprintf(path, sizeof path, "%s", scratch_path(&s, "t/table.csv"));
    sample_list list = list_of(NULL, 0);
    must(add(&list, path, "csv", NULL), &err);
    assert_int_equal(list.count, 600);
    assert_int_equal(list.identity_count, 200);
    for (size_t i = 0; i < 600; i++)
        assert_int_equal(list.identities[i], i / 3);
    sample_list_free(&list);
    must(sample_list_init(&list, NULL, 0, 70000, &err), &err);
    must_say(add(&list, path, "csv", NULL), &err, "limit of 70000 bytes");
    sample_list_free(&list);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_give_paths_and_identities),      cmocka_unit_test(tables_give_numbers_attributes_and_conditions),
        cmocka_unit_test(celeba_gives_its_attributes_and_splits), cmocka_unit_test(what_a_set_does_not_know_is_an_error),
        cmocka_unit_test(a_list_grows_within_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
