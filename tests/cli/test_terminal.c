/* Progress lines by a clock of our own: what a person sees, and when. */
#include "check.h"

#include <stdlib.h>

#include "cli/terminal.h"

static double seconds;

static double clock_of_test(void)
{
    return seconds;
}

typedef struct captured {
    char *text; /* what was written so far */
    size_t size;
    terminal_line line;
    df_progress progress;
} captured;

static void open_screen(captured *screen, bool is_terminal, bool is_quiet)
{
    *screen = (captured){.line = {.clock = clock_of_test, .is_terminal = is_terminal, .is_quiet = is_quiet}};
    screen->line.out = open_memstream(&screen->text, &screen->size);
    assert_non_null(screen->line.out);
    screen->progress = terminal_progress(&screen->line);
    seconds = 100;
}

/* `count` steps of one item, `pause` seconds each, of work of that total. */
static void work(captured *screen, int count, double pause, int total)
{
    df_progress_start(&screen->progress, "rendering", total);
    for (int i = 1; i <= count; i++) {
        seconds += pause;
        df_progress_step(&screen->progress, i);
    }
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

static void close_screen(captured *screen)
{
    fclose(screen->line.out);
    free(screen->text);
}

static void the_first_second_is_silent(void **state)
{
    (void)state;
    captured screen;
    open_screen(&screen, true, false);
    work(&screen, 9, 0.1, 9);
    df_progress_finish(&screen.progress);
    fflush(screen.line.out);
    assert_int_equal(screen.size, 0);
    close_screen(&screen);
}

static void a_terminal_is_redrawn_once_a_second_with_rate_and_time_left(void **state)
{
    (void)state;
    captured screen;
    open_screen(&screen, true, false);
    work(&screen, 44, 0.125, 136);
    fflush(screen.line.out);
    assert_int_equal(occurrences(screen.text, "\r"), 5);
    assert_non_null(strstr(screen.text, "rendering 40/136, 8/s, 12 s left"));
    close_screen(&screen);
}

static void the_rate_forgets_what_was_long_ago(void **state)
{
    (void)state;
    captured screen;
    open_screen(&screen, true, false);
    df_progress_start(&screen.progress, "rendering", 100000);
    for (int i = 1; i <= 60; i++) { /* a minute of 1000 a second, then of 1 */
        seconds += 1;
        df_progress_step(&screen.progress, i * 1000);
    }
    for (int i = 1; i <= 60; i++) {
        seconds += 1;
        df_progress_step(&screen.progress, 60000 + i);
    }
    fflush(screen.line.out);
    assert_non_null(strstr(screen.text, "60000/100000, 1e+03/s, 40 s left"));
    assert_non_null(strstr(screen.text, "60060/100000, 1/s, 11 h 05 min left"));
    close_screen(&screen);
}

static void without_a_terminal_there_is_a_plain_line_every_ten_seconds_and_at_the_end(void **state)
{
    (void)state;
    captured screen;
    open_screen(&screen, false, false);
    work(&screen, 35, 1, 35);
    df_progress_finish(&screen.progress);
    fflush(screen.line.out);
    assert_int_equal(occurrences(screen.text, "\n"), 4);
    assert_int_equal(occurrences(screen.text, "\r") + occurrences(screen.text, "\033"), 0);
    assert_non_null(strstr(screen.text, "rendering: 35 in 35 s\n"));
    close_screen(&screen);
}

static void quiet_is_silent(void **state)
{
    (void)state;
    captured screen;
    open_screen(&screen, true, true);
    work(&screen, 100, 1, 100);
    df_progress_note(&screen.progress, "a note");
    df_progress_finish(&screen.progress);
    fflush(screen.line.out);
    assert_int_equal(screen.size, 0);
    close_screen(&screen);
}

static void a_note_does_not_stand_in_a_drawn_line(void **state)
{
    (void)state;
    captured screen;
    open_screen(&screen, true, false);
    work(&screen, 3, 1, 0);
    df_progress_note(&screen.progress, "skipped %d", 7);
    fflush(screen.line.out);
    assert_non_null(strstr(screen.text, "rendering 3, 1/s"));
    assert_non_null(strstr(screen.text, "\r\033[Kskipped 7\n"));
    close_screen(&screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_second_is_silent),
        cmocka_unit_test(a_terminal_is_redrawn_once_a_second_with_rate_and_time_left),
        cmocka_unit_test(the_rate_forgets_what_was_long_ago),
        cmocka_unit_test(without_a_terminal_there_is_a_plain_line_every_ten_seconds_and_at_the_end),
        cmocka_unit_test(quiet_is_silent),
        cmocka_unit_test(a_note_does_not_stand_in_a_drawn_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
