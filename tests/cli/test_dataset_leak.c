/* test_dataset_leak.c: the features that the command offers are those of the table, bit for bit. */
#include "check.h"
#include "cli/commands.h"
#include "dataset/likeness.h"

static const char *const *choices_of(const char *name)
{
    for (size_t i = 0; i < dataset_leak_command.option_count; i++)
        if (strcmp(dataset_leak_command.options[i].name, name) == 0)
            return dataset_leak_command.options[i].choices;
    return NULL;
}

static void every_feature_of_the_table_is_offered_in_its_order(void **state)
{
    (void)state;
    const char *const *names = choices_of("features");
    assert_non_null(names);
    int k = 0;
    for (; likeness_feature_at(k); k++) {
        assert_non_null(names[k]);
        assert_string_equal(names[k], likeness_feature_at(k)->name);
    }
    assert_null(names[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_feature_of_the_table_is_offered_in_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
