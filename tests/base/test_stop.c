#include "base/stop.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* What a child that raises the signal so many times ends with. */
static int child_status(int number, int times)
{
    const pid_t child = fork();
    if (child == 0) {
        df_stop_on_signals();
        if (df_stop_signal() != 0)
            _exit(1);
        for (int i = 0; i < times; i++)
            raise(number);
        _exit(df_stop_signal() == number ? 42 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void the_first_signal_is_remembered(void **state)
{
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM};
    for (int i = 0; i < 2; i++) {
        const int status = child_status(numbers[i], 1);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    }
}

static void the_second_one_ends_the_process(void **state)
{
    (void)state;
    const int status = child_status(SIGINT, 2);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
}

static void work_goes_on_until_a_signal(void **state)
{
    (void)state;
    df_error err = {0};
    assert_true(df_may_go_on(&err));
    assert_string_equal(err.text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_signal_is_remembered),
        cmocka_unit_test(the_second_one_ends_the_process),
        cmocka_unit_test(work_goes_on_until_a_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
