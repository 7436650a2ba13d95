#include "base/progress.h"

#include <stdio.h>

#include "check.h"

static void write_start(void *user, const char *title, int64_t total)
{
    snprintf(user, 100, "start %s %jd", title, (intmax_t)total);
}

static void write_step(void *user, int64_t done)
{
    snprintf(user, 100, "step %jd", (intmax_t)done);
}

static void write_finish(void *user)
{
    snprintf(user, 100, "finish");
}

static void write_note(void *user, const char *sentence)
{
    snprintf(user, 100, "note %s", sentence);
}

static void every_call_reaches_who_listens(void **state)
{
    (void)state;
    char last[100] = "";
    const df_progress progress = {.start = write_start, .step = write_step, .finish = write_finish, .note = write_note, .user = last};
    df_progress_start(&progress, "heads", 12);
    assert_string_equal(last, "start heads 12");
    df_progress_step(&progress, 7);
    assert_string_equal(last, "step 7");
    df_progress_note(&progress, "%d files skipped", 3);
    assert_string_equal(last, "note 3 files skipped");
    df_progress_finish(&progress);
    assert_string_equal(last, "finish");
}

static void nobody_needs_to_listen(void **state)
{
    (void)state;
    const df_progress none = {0}, *const both[] = {NULL, &none};
    for (int i = 0; i < 2; i++) {
        df_progress_start(both[i], "heads", 0);
        df_progress_step(both[i], 1);
        df_progress_note(both[i], "%s", "x");
        df_progress_finish(both[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_reaches_who_listens),
        cmocka_unit_test(nobody_needs_to_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
