/* What option rows accept, refuse and leave in the struct, and that the rows of every command are whole. */
#include "check.h"

#include "cli/commands.h"

typedef struct everything {
    bool flag;
    int64_t integer;
    uint64_t number_unsigned;
    double number;
    const char *string;
    option_range range;
    option_list list, joined, picked;
    option_numbers numbers;
    int choice;
} everything;

static const char *const colours[] = {"red", "green", "blue", NULL};

static const option rows[] = {
    {.name = "flag", .kind = OPTION_FLAG, .at = offsetof(everything, flag), .help = "x"},
    {.name = "integer", .kind = OPTION_INTEGER, .at = offsetof(everything, integer), .low = -5, .high = 10, .help = "x"},
    {.name = "unsigned", .kind = OPTION_UNSIGNED, .at = offsetof(everything, number_unsigned), .initial = "7", .help = "x"},
    {.name = "number", .kind = OPTION_NUMBER, .at = offsetof(everything, number), .low = -90, .high = 90, .help = "x"},
    {.name = "string", .kind = OPTION_STRING, .at = offsetof(everything, string), .help = "x"},
    {.name = "range", .kind = OPTION_RANGE, .at = offsetof(everything, range), .low = -90, .high = 90, .help = "x"},
    {.name = "list", .kind = OPTION_LIST, .at = offsetof(everything, list), .initial = "a,b", .help = "x"},
    {.name = "joined", .kind = OPTION_LIST, .at = offsetof(everything, joined), .initial = "a", .repeats = true, .help = "x"},
    {.name = "picked", .kind = OPTION_LIST, .at = offsetof(everything, picked), .choices = colours, .help = "x"},
    {.name = "numbers", .kind = OPTION_NUMBERS, .at = offsetof(everything, numbers), .low = 0, .high = 99, .help = "x"},
    {.name = "choice", .kind = OPTION_CHOICE, .at = offsetof(everything, choice), .choices = colours, .help = "x"},
    {.name = "FIRST", .kind = OPTION_STRING, .positional = true, .at = offsetof(everything, string), .help = "x"},
};

static df_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)1 << 20, NULL);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static bool parse(everything *out, df_error *err, int argc, const char *const *words)
{
    char *argv[16];
    option_place places[DF_ARRAY_LEN(rows)];
    assert_true(argc <= 16);
    for (int i = 0; i < argc; i++) {
        argv[i] = df_copy_string(arena, words[i], err);
        assert_non_null(argv[i]);
    }
    *out = (everything){0};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        places[i] = (option_place){.row = &rows[i], .values = out};
    return options_parse(places, DF_ARRAY_LEN(rows), argc, argv, arena, err);
}

static everything accepted(int argc, const char *const *words)
{
    everything out;
    df_error err = {0};
    if (!parse(&out, &err, argc, words))
        fail_msg("%s", err.text);
    return out;
}

static void refused(const char *sentence, int argc, const char *const *words)
{
    everything out;
    df_error err = {0};
    assert_false(parse(&out, &err, argc, words));
    assert_non_null(strstr(err.text, sentence));
}

/* The one word `text` for option `name`. */
static everything accepted_value(const char *name, const char *text)
{
    return accepted(2, (const char *const[]){name, text});
}

static void what_is_not_said_is_nothing_or_the_default(void **state)
{
    (void)state;
    const everything out = accepted(0, NULL);
    assert_true(!out.flag && out.integer == 0 && out.number_unsigned == 7 && isnan(out.number) && !out.string);
    assert_true(isnan(out.range.low) && isnan(out.range.high) && out.numbers.count == 0 && out.choice == -1);
    assert_true(out.list.count == 2 && strcmp(out.list.items[1], "b") == 0 && out.picked.count == 0 && out.joined.count == 1);
}

static void values_arrive_as_their_kind_says(void **state)
{
    (void)state;
    assert_true(accepted(1, (const char *const[]){"--flag"}).flag);
    assert_int_equal(accepted_value("--integer", "-5").integer, -5);
    assert_true(accepted_value("--unsigned", "18446744073709551615").number_unsigned == UINT64_MAX);
    assert_true(accepted_value("--number", "-2.5e1").number == -25 && accepted_value("--number", ".5").number == 0.5);
    const option_range range = accepted_value("--range", "-30:-10.5").range, fixed = accepted_value("--range", "-3").range;
    assert_true(range.low == -30 && range.high == -10.5 && fixed.low == -3 && fixed.high == -3);
    const option_list picked = accepted_value("--picked", "blue,red").picked;
    assert_true(picked.count == 2 && picked.chosen == 5 && strcmp(picked.items[0], "blue") == 0);
    const option_numbers numbers = accepted_value("--numbers", "1,2.5,99").numbers;
    assert_true(numbers.count == 3 && numbers.items[1] == 2.5);
    assert_int_equal(accepted_value("--choice", "green").choice, 1);
}

static void a_positional_that_repeats_takes_all_arguments_whole(void **state)
{
    (void)state;
    static const option row = {.name = "REST", .kind = OPTION_LIST, .positional = true, .repeats = true, .help = "x"};
    option_list rest = {0};
    option_place place = {.row = &row, .values = &rest};
    char *words[] = {"a,b", "--", "--c"};
    df_error err;
    assert_true(options_parse(&place, 1, 3, words, arena, &err));
    assert_true(rest.count == 2 && strcmp(rest.items[0], "a,b") == 0 && strcmp(rest.items[1], "--c") == 0);
}

static void lists_that_repeat_are_joined_and_replace_the_default(void **state)
{
    (void)state;
    const option_list joined = accepted(4, (const char *const[]){"--joined", "x,y", "--joined=z", "--flag"}).joined;
    assert_true(joined.count == 3 && strcmp(joined.items[0], "x") == 0 && strcmp(joined.items[2], "z") == 0);
}

static void an_equals_sign_gives_values_that_look_like_options(void **state)
{
    (void)state;
    assert_string_equal(accepted(1, (const char *const[]){"--string=--flag"}).string, "--flag");
    assert_string_equal(accepted(1, (const char *const[]){"--string=a=b"}).string, "a=b");
    assert_string_equal(accepted(2, (const char *const[]){"--", "--flag"}).string, "--flag");
    refused("--string: expected a text, found nothing", 2, (const char *const[]){"--string", "--flag"});
    refused("--flag: expected no value", 1, (const char *const[]){"--flag=yes"});
}

static void numbers_are_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    " 1",   "1 ", "1x",  "nan", "NaN", "inf", "-inf", "0x10", "1e999",
                                      "--1", "1..2", "1e", "1e+", ".",   "-",   "91",  "-91",  "1,5",  "word"};
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++) {
        char words[64];
        snprintf(words, sizeof words, "--number=%s", bad[i]);
        refused("--number: expected a number from -90 to 90", 1, (const char *const[]){words});
        snprintf(words, sizeof words, "--range=1:%s", bad[i]);
        refused("--range: expected A:B", 1, (const char *const[]){words});
        snprintf(words, sizeof words, "--integer=%s", bad[i]);
        refused("--integer: expected a whole number from -5 to 10", 1, (const char *const[]){words});
    }
    refused("--integer", 1, (const char *const[]){"--integer=99999999999999999999"});
    refused("--unsigned", 1, (const char *const[]){"--unsigned=18446744073709551616"});
    refused("--unsigned", 1, (const char *const[]){"--unsigned=-1"});
    refused("--range", 1, (const char *const[]){"--range=2:1"});
    refused("--range", 1, (const char *const[]){"--range=1:2:3"});
    refused("--range", 1, (const char *const[]){"--range=:"});
}

static void lists_and_choices_are_strict(void **state)
{
    (void)state;
    refused("none empty", 1, (const char *const[]){"--list="});
    refused("none empty", 1, (const char *const[]){"--list=a,,b"});
    refused("none empty", 1, (const char *const[]){"--list=a,"});
    refused("--picked: expected a list with commas of red, green, blue, found 'pink'", 1, (const char *const[]){"--picked=red,pink"});
    refused("--choice: expected one of red, green, blue, found ''", 1, (const char *const[]){"--choice="});
    refused("--numbers: expected numbers with commas from 0 to 99, found '100'", 1, (const char *const[]){"--numbers=1,100"});
}

static void nothing_is_given_twice_or_unknown(void **state)
{
    (void)state;
    refused("--integer: given twice", 4, (const char *const[]){"--integer", "1", "--integer", "1"});
    refused("--flag: given twice", 2, (const char *const[]){"--flag", "--flag"});
    refused("unknown option '--integ'", 2, (const char *const[]){"--integ", "1"});
    refused("unknown option '-i'", 1, (const char *const[]){"-i"});
    refused("unexpected argument 'b'", 2, (const char *const[]){"a", "b"});
}

/* The name's letters and, for a positional, its capitals. */
static bool is_name(const option *row)
{
    return row->name &&
           row->name[strspn(row->name, row->positional ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ" : "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static void check_row(const cli_command *command, const option *row)
{
    if (!is_name(row) || !row->help || row->kind >= OPTION_KIND_COUNT)
        fail_msg("%s: row %s has no right name, help or kind", command->name, row->name ? row->name : "without a name");
    if ((row->kind == OPTION_CHOICE) > (row->choices != NULL) || (row->repeats && row->kind != OPTION_LIST))
        fail_msg("%s: --%s: choices or repeats do not fit its kind", command->name, row->name);
    if (row->required && row->initial)
        fail_msg("%s: --%s is required and has a default", command->name, row->name);
}

static void check_own_rows(const cli_command *command)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].at >= command->options_size)
            fail_msg("%s: --%s lies outside its struct", command->name, command->options[i].name);
}

static void rows_of_every_command_are_whole(void **state)
{
    (void)state;
    for (size_t c = 0; c < cli_command_count; c++) {
        const cli_command *command = cli_commands[c];
        option_place places[OPTION_MAX_ROWS];
        assert_true(command->name && command->summary && command->run);
        check_own_rows(command);
        const size_t count = commands_options(command, NULL, NULL, places);
        for (size_t i = 0; i < count; i++) {
            check_row(command, places[i].row);
            for (size_t k = 0; k < i; k++)
                if (strcmp(places[i].row->name, places[k].row->name) == 0)
                    fail_msg("%s: two rows are called %s", command->name, places[i].row->name);
        }
    }
}

static void defaults_of_every_command_parse(void **state)
{
    (void)state;
    for (size_t c = 0; c < cli_command_count; c++) {
        const cli_command *command = cli_commands[c];
        df_error err = {0};
        cli_shared shared;
        option_place places[OPTION_MAX_ROWS];
        char *help[] = {df_copy_string(arena, "--help", &err)};
        void *values = df_alloc(arena, 1, command->options_size, &err);
        assert_true(help[0] && values);
        const size_t count = commands_options(command, values, &shared, places);
        if (!options_parse(places, count, 1, help, arena, &err))
            fail_msg("%s: %s", command->name, err.text);
    }
}

static void every_command_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t c = 0; c < cli_command_count; c++)
        assert_ptr_equal(commands_find(cli_commands[c]->name, cli_commands[c]->verb), cli_commands[c]);
    assert_null(commands_find("no-such-command", NULL));
    assert_null(commands_find("version", "verb"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_is_nothing_or_the_default),
        cmocka_unit_test(values_arrive_as_their_kind_says),
        cmocka_unit_test(a_positional_that_repeats_takes_all_arguments_whole),
        cmocka_unit_test(lists_that_repeat_are_joined_and_replace_the_default),
        cmocka_unit_test(an_equals_sign_gives_values_that_look_like_options),
        cmocka_unit_test(numbers_are_strict),
        cmocka_unit_test(lists_and_choices_are_strict),
        cmocka_unit_test(nothing_is_given_twice_or_unknown),
        cmocka_unit_test(rows_of_every_command_are_whole),
        cmocka_unit_test(defaults_of_every_command_parse),
        cmocka_unit_test(every_command_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
