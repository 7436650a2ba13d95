#include "base/sandbox.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "scratch.h"

static const sandbox_limits limits = {.memory = (size_t)64 << 20, .seconds = 1};
static df_error err;

/* Runs the work, expects it to hand back nothing, and gives its verdict. */
static bool runs(sandbox_work work, void *argument)
{
    sandbox *box = sandbox_start("the worker", work, argument, limits, &err);
    must(box != NULL, &err);
    return sandbox_finish(box, &err);
}

static bool put_twice(void *argument, sandbox_pipe *pipe, df_error *said)
{
    const df_bytes *bytes = argument;
    return sandbox_put(pipe, bytes->data, bytes->size, said) && sandbox_put(pipe, bytes->data, bytes->size, said);
}

static void bytes_come_back_as_they_were_put(void **state)
{
    (void)state;
    enum { SIZE = 300000 }; /* more than a pipe holds */
    unsigned char *data = test_malloc(SIZE), *got = test_malloc(2 * SIZE);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (unsigned char)df_random_below(&random, 256);
    sandbox *box = sandbox_start("the worker", put_twice, &(df_bytes){.data = data, .size = SIZE}, limits, &err);
    must(box != NULL, &err);
    must(sandbox_get(box, got, 7, &err), &err);
    must(sandbox_get(box, got + 7, 2 * SIZE - 7, &err), &err);
    must(sandbox_finish(box, &err), &err);
    assert_memory_equal(got, data, SIZE);
    assert_memory_equal(got + SIZE, data, SIZE);
    test_free(data);
    test_free(got);
}

static void too_few_and_too_many_bytes_are_errors(void **state)
{
    (void)state;
    unsigned char got[16];
    df_bytes bytes = {.data = (const unsigned char *)"abcdefgh", .size = 6};
    sandbox *box = sandbox_start("the worker", put_twice, &bytes, limits, &err);
    must(box != NULL, &err);
    must_say(sandbox_get(box, got, 13, &err), &err, "the worker gave fewer bytes than it should");
    must_say(sandbox_get(box, got, 1, &err), &err, "the worker gave fewer bytes than it should");
    sandbox_abandon(box);
    box = sandbox_start("the worker", put_twice, &bytes, limits, &err);
    must(box != NULL, &err);
    must(sandbox_get(box, got, 11, &err), &err);
    must_say(sandbox_finish(box, &err), &err, "the worker gave more bytes than it should");
    sandbox_abandon(NULL);
}

static bool refuse(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    return df_fail(said, "line 3: %s", (const char *)argument);
}

static void a_failure_in_the_child_is_its_own_sentence(void **state)
{
    (void)state;
    char word[] = "no number\n\33[31m";
    must_say(runs(refuse, word), &err, "line 3: no number??[31m");
}

/* What a library that was taken over might try. Each leaves a mark in the file named where it goes well. */

static bool open_file(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    const int file = open(argument, O_WRONLY | O_CREAT, 0600);
    return file >= 0;
}

static bool read_file(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    return open(argument, O_RDONLY) >= 0;
}

static bool execute(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    char *const words[] = {"touch", argument, NULL};
    execv("/usr/bin/touch", words);
    return true;
}

static bool divide(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)argument;
    (void)pipe;
    (void)said;
    return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0;
}

static bool connect_out(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)argument;
    (void)pipe;
    (void)said;
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool kill_parent(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    return syscall(SYS_tgkill, *(const pid_t *)argument, *(const pid_t *)argument, SIGKILL) == 0;
}

static bool write_elsewhere(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    return write(*(const int *)argument, "x", 1) == 1;
}

static bool run_data(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    return mprotect(argument, 1, PROT_READ | PROT_EXEC) == 0;
}

static void what_reaches_out_dies_and_nothing_happens(void **state)
{
    (void)state;
    scratch s = scratch_new();
    pid_t parent = getpid();
    int file = open(scratch_path(&s, "open"), O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(file > 1);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char old_file[] = "/etc/hostname";
    char path[600];
    snprintf(path, sizeof path, "%s", scratch_path(&s, "new"));
    const struct {
        sandbox_work work;
        void *argument;
    } rows[] = {{open_file, path},   {read_file, old_file},  {execute, path},          {divide, NULL},
                {connect_out, NULL}, {kill_parent, &parent}, {write_elsewhere, &file}, {run_data, page}};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        must_say(runs(rows[i].work, rows[i].argument), &err, "the worker died: it asked the system for what it may not have");
    assert_int_equal(scratch_entries(&s), 1);
    struct stat status;
    assert_true(fstat(file, &status) == 0 && status.st_size == 0);
    close(file);
    munmap(page, 4096);
    scratch_free(&s);
}

/* The same works do go well outside, so the test above can fail. */
static void the_same_outside_goes_well(void **state)
{
    (void)state;
    scratch s = scratch_new();
    char path[600];
    snprintf(path, sizeof path, "%s", scratch_path(&s, "new"));
    assert_true(open_file(path, NULL, NULL));
    assert_true(read_file(path, NULL, NULL));
    assert_true(connect_out(NULL, NULL, NULL));
    assert_int_equal(scratch_entries(&s), 1);
    scratch_free(&s);
}

static bool loop(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    for (volatile size_t *count = argument; *count < SIZE_MAX; ++*count)
        continue;
    return true;
}

static bool swallow_memory(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)argument;
    (void)pipe;
    for (size_t i = 0; i < 4096; i++) {
        char *block = malloc((size_t)1 << 20);
        if (!block)
            return df_fail(said, "memory ended after %zu MiB", i);
        memset(block, 1, (size_t)1 << 20);
        *(void *volatile *)&block = block; /* used, so that the compiler leaves it */
    }
    return true;
}

static bool crash(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    *(volatile char *)argument = 1;
    return true;
}

static bool give_up(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)argument;
    (void)pipe;
    (void)said;
    abort();
}

static void an_abort_is_a_sentence(void **state)
{
    (void)state;
    if (getenv("ASAN_OPTIONS"))
        skip(); /* its abort does more */
    must_say(runs(give_up, NULL), &err, "the worker died: signal 6 (Aborted)");
}

static void a_loop_without_end_ends(void **state)
{
    (void)state;
    volatile size_t count = 0;
    must_say(runs(loop, (void *)(uintptr_t)&count), &err, "the worker died: it took more than 1 seconds of processor time");
}

static void a_crash_is_a_sentence(void **state)
{
    (void)state;
    void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(page != MAP_FAILED);
    must_say(runs(crash, page), &err, "the worker died: signal 11 (Segmentation fault)");
    munmap(page, 4096);
}

static void memory_ends_at_the_limit(void **state)
{
    (void)state;
    if (getenv("ASAN_OPTIONS"))
        skip(); /* its shadow fills the address space */
    must_say(runs(swallow_memory, NULL), &err, "memory ended after ");
    const int mebibytes = atoi(strstr(err.text, "after ") + strlen("after "));
    assert_in_range(mebibytes, 32, 64);
}

static bool wait_for_ever(void *argument, sandbox_pipe *pipe, df_error *said)
{
    (void)pipe;
    (void)said;
    syscall(SYS_futex, argument, 0 /* FUTEX_WAIT */, 0, NULL, NULL, 0);
    return true;
}

static void a_child_that_waits_is_left(void **state)
{
    (void)state;
    int word = 0;
    const time_t before = time(NULL);
    must_say(runs(wait_for_ever, &word), &err, "the worker was not done after 4 seconds");
    assert_in_range(time(NULL) - before, 3, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_back_as_they_were_put),
        cmocka_unit_test(too_few_and_too_many_bytes_are_errors),
        cmocka_unit_test(a_failure_in_the_child_is_its_own_sentence),
        cmocka_unit_test(what_reaches_out_dies_and_nothing_happens),
        cmocka_unit_test(the_same_outside_goes_well),
        cmocka_unit_test(a_loop_without_end_ends),
        cmocka_unit_test(a_crash_is_a_sentence),
        cmocka_unit_test(an_abort_is_a_sentence),
        cmocka_unit_test(memory_ends_at_the_limit),
        cmocka_unit_test(a_child_that_waits_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
