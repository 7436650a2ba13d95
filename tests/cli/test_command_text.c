/* Command lines as text: what a shell reads back is what went in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "check.h"
#include "cli/command_text.h"

enum { WORDS = 12, LONGEST = 30 };

/* What /bin/sh makes of the line: its words after the first, each followed by a newline and a zero byte's stand-in. */
static void shell_words(const char *line, char *out, size_t size)
{
    char script[4096];
    snprintf(script, sizeof script, "diffuse() { printf '%%s|\\n' \"$@\"; }\n%s\n", line);
    setenv("SCRIPT", script, 1);
    FILE *shell = popen("exec /bin/sh -c \"$SCRIPT\"", "r");
    assert_non_null(shell);
    out[fread(out, 1, size - 1, shell)] = '\0';
    assert_int_equal(pclose(shell), 0);
}

static void a_shell_reads_back_what_went_in(void **state)
{
    (void)state;
    static const char characters[] = "ab/-_.=:,' \"$`\\*?!&;|<>(){}[]~#\n\t\xC3\xA9";
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int trial = 0; trial < 60; trial++) {
        df_text line = {0}, expected = {0};
        command_text text = command_text_begin(&line);
        for (uint32_t i = 0; i < WORDS; i++) {
            char word[LONGEST + 1] = "";
            const uint32_t length = df_random_below(&random, LONGEST);
            for (uint32_t k = 0; k < length; k++)
                word[k] = characters[df_random_below(&random, sizeof characters - 1)];
            command_text_add(&text, word, i % 3 ? NULL : "value");
            df_text_addf(&expected, i % 3 ? "%s|\n" : "%s|\nvalue|\n", word);
        }
        char words[4096];
        shell_words(line.data, words, sizeof words);
        assert_string_equal(words, expected.data);
        df_text_free(&line);
        df_text_free(&expected);
    }
}

static void lines_are_short_and_values_stay_with_their_options(void **state)
{
    (void)state;
    df_text line = {0};
    command_text text = command_text_begin(&line);
    for (int i = 0; i < 40; i++)
        command_text_add(&text, "--option", "some-value");
    for (const char *at = line.data; *at;) {
        const size_t length = strcspn(at, "\n");
        assert_true(length <= 105);
        assert_true(strncmp(at, "    some-value", 14) != 0);
        at += length + (at[length] == '\n');
    }
    assert_non_null(strstr(line.data, " \\\n    --option some-value"));
    df_text_free(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shell_reads_back_what_went_in),
        cmocka_unit_test(lines_are_short_and_values_stay_with_their_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
