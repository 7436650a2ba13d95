/* sandbox.c: fork, give everything away, work, write. Two pipes lead out of the child: one for its bytes, one for the sentence of a
   failure, which is shorter than what a pipe holds and so never waits. The parent believes neither lengths nor ends: it
   takes as many bytes as its caller asks for, until a deadline. */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/sandbox_filter.h"
#include "base/stop.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SHADOW 1 /* the sanitizer's shadow fills the address space */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SHADOW 1
#endif
#endif

enum {
    BYTES,
    SENTENCE, /* the pipes, and the child's descriptors */
    PIPES,
    READ = 0,
    WRITE = 1,
    WAIT_FACTOR = 4, /* waiting to processor time */
    FAILED = 1       /* the child's exit status with a sentence */
};

struct sandbox_pipe {
    int descriptor;
};

struct sandbox {
    const char *what;
    sandbox_limits limits;
    pid_t child;
    int from[PIPES];
    int64_t deadline_ms; /* on CLOCK_MONOTONIC */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The child. From its first line it is alone: no other thread exists in it, and it returns to nobody. */

static bool set_limit(unsigned resource, size_t soft, size_t hard)
{
    return setrlimit(resource, &(struct rlimit){.rlim_cur = soft, .rlim_max = hard}) == 0;
}

/* Bytes of address space that this process has now. */
static bool address_space(size_t *out)
{
    char text[64];
    const int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    const ssize_t size = descriptor < 0 ? -1 : read(descriptor, text, sizeof text - 1);
    if (descriptor >= 0)
        close(descriptor);
    if (size <= 0)
        return false;
    text[size] = '\0';
    *out = (size_t)strtoull(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
    return *out > 0;
}

static bool limit_resources(const sandbox_limits *limits, df_error *err)
{
    bool ok = set_limit(RLIMIT_CPU, limits->seconds, limits->seconds + 1) && set_limit(RLIMIT_FSIZE, 0, 0) && set_limit(RLIMIT_CORE, 0, 0);
#ifndef HAS_SHADOW
    size_t now = 0;
    ok = ok && address_space(&now) && limits->memory <= SIZE_MAX / 2 - now &&
         set_limit(RLIMIT_AS, now + limits->memory, now + limits->memory);
#else
    (void)address_space;
#endif
    ok = ok && set_limit(RLIMIT_NOFILE, PIPES, PIPES);
    return ok || df_fail(err, "cannot limit memory and time: %s", strerror(errno));
}

/* Signals end the child as if nobody had installed handlers; those that ask the program to stop are for the parent. */
static void forget_handlers(void)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP};
    for (int number = 1; number < SIGRTMIN; number++)
        signal(number, SIG_DFL);
    for (size_t i = 0; i < DF_ARRAY_LEN(ignored); i++)
        signal(ignored[i], SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Keeps the two pipes, as descriptors 0 and 1, and nothing else. */
static bool keep_descriptors(const int to[PIPES], df_error *err)
{
    int high[PIPES];
    for (int i = 0; i < PIPES; i++)
        high[i] = fcntl(to[i], F_DUPFD, PIPES); /* out of the way of the numbers that they get */
    for (int i = 0; i < PIPES; i++)
        if (high[i] < 0 || dup2(high[i], i) != i)
            return df_fail(err, "cannot keep its pipes: %s", strerror(errno));
    if (syscall(SYS_close_range, (unsigned)PIPES, ~0U, 0U) != 0)
        return df_fail(err, "cannot close files: %s", strerror(errno));
    return true;
}

static bool give_up_rights(const sandbox_limits *limits, df_error *err)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
        return df_fail(err, "cannot set itself apart: %s", strerror(errno));
    return limit_resources(limits, err) && sandbox_filter(PIPES, err);
}

static void run_child(const sandbox *box, const int to[PIPES], sandbox_work work, void *argument)
{
    df_error err = {0};
    sandbox_pipe pipe = {.descriptor = BYTES};
    forget_handlers();
    const bool is_apart = keep_descriptors(to, &err);
    const bool ok = is_apart && give_up_rights(&box->limits, &err) && work(argument, &pipe, &err);
    const bool is_told = ok || df_descriptor_write(is_apart ? SENTENCE : to[SENTENCE], "", err.text, strlen(err.text), NULL);
    for (;;)
        syscall(SYS_exit_group, ok && is_told ? 0 : FAILED); /* runs no handler of the parent's, flushes no buffer of its */
}

bool sandbox_put(sandbox_pipe *pipe, const void *data, size_t size, df_error *err)
{
    return df_descriptor_write(pipe->descriptor, "the sandbox's pipe", data, size, err);
}

/* The parent. */

static void close_all(int descriptors[PIPES])
{
    for (int i = 0; i < PIPES; i++) {
        if (descriptors[i] >= 0)
            close(descriptors[i]);
        descriptors[i] = -1;
    }
}

static bool make_pipes(int from[PIPES], int to[PIPES], df_error *err)
{
    for (int i = 0; i < PIPES; i++) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            return df_fail(err, "cannot make a pipe: %s", strerror(errno));
        from[i] = ends[READ];
        to[i] = ends[WRITE];
    }
    return true;
}

static bool start(sandbox *box, sandbox_work work, void *argument, df_error *err)
{
    int to[PIPES] = {-1, -1};
    bool ok = make_pipes(box->from, to, err);
    if (ok) {
        box->deadline_ms = now_ms() + (int64_t)box->limits.seconds * WAIT_FACTOR * 1000;
        box->child = fork();
        if (box->child == 0)
            run_child(box, to, work, argument);
        ok = box->child > 0 || df_fail(err, "cannot start a process: %s", strerror(errno));
    }
    close_all(to);
    return ok;
}

sandbox *sandbox_start(const char *what, sandbox_work work, void *argument, sandbox_limits limits, df_error *err)
{
    sandbox *box = calloc(1, sizeof *box);
    if (!box) {
        df_fail(err, "out of memory");
        return NULL;
    }
    *box = (sandbox){.what = what, .limits = limits, .child = -1, .from = {-1, -1}};
    if (!start(box, work, argument, err)) {
        df_fail_in(err, "%s", what);
        sandbox_abandon(box);
        return NULL;
    }
    return box;
}

/* Up to `size` bytes; *got is 0 at the end. */
static bool take(sandbox *box, int which, void *data, size_t size, size_t *got, df_error *err)
{
    for (;;) {
        if (!df_may_go_on(err))
            return false;
        const int64_t left = box->deadline_ms - now_ms();
        struct pollfd ready = {.fd = box->from[which], .events = POLLIN};
        const int count = left <= 0 ? 0 : poll(&ready, 1, left < INT32_MAX ? (int)left : INT32_MAX);
        if (count == 0)
            return df_fail(err, "%s was not done after %u seconds", box->what, box->limits.seconds * WAIT_FACTOR);
        const ssize_t taken = count < 0 ? -1 : read(box->from[which], data, size);
        if (taken >= 0) {
            *got = (size_t)taken;
            return true;
        }
        if (errno != EINTR)
            return df_fail(err, "%s: cannot read from its pipe: %s", box->what, strerror(errno));
    }
}

static bool fail_signalled(const sandbox *box, int number, df_error *err)
{
    if (number == SIGXCPU)
        return df_fail(err, "%s died: it took more than %u seconds of processor time", box->what, box->limits.seconds);
    if (number == SIGSYS)
        return df_fail(err, "%s died: it asked the system for what it may not have", box->what);
    return df_fail(err, "%s died: signal %d (%s)", box->what, number, strsignal(number));
}

/* What the child says of its failure; what is no text in it becomes '?'. */
static bool fail_as_told(sandbox *box, df_error *err)
{
    char text[sizeof err->text];
    size_t size = 0, got = 1;
    while (size < sizeof text - 1 && got > 0) {
        if (!take(box, SENTENCE, text + size, sizeof text - 1 - size, &got, err))
            return false;
        size += got;
    }
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
            text[i] = '?';
    text[size] = '\0';
    return df_fail(err, "%s", size > 0 ? text : "failed without a reason");
}

/* Waits for the child that closed its pipe, until the deadline, and says how it ended. */
static bool reap(sandbox *box, df_error *err)
{
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(box->child, &status, now_ms() < box->deadline_ms ? WNOHANG : 0)) != box->child) {
        if (ended < 0 && errno != EINTR)
            return df_fail(err, "%s: cannot wait for it: %s", box->what, strerror(errno));
        if (now_ms() >= box->deadline_ms)
            kill(box->child, SIGKILL);
        const struct timespec moment = {.tv_nsec = 200000};
        nanosleep(&moment, NULL);
    }
    box->child = -1;
    if (WIFSIGNALED(status))
        return fail_signalled(box, WTERMSIG(status), err);
    return WEXITSTATUS(status) == 0 || fail_as_told(box, err);
}

bool sandbox_get(sandbox *box, void *data, size_t size, df_error *err)
{
    for (size_t done = 0, got; done < size; done += got) {
        if (!take(box, BYTES, (unsigned char *)data + done, size - done, &got, err))
            return false;
        if (got == 0)
            return (box->child < 0 || reap(box, err)) && df_fail(err, "%s gave fewer bytes than it should", box->what);
    }
    return true;
}

bool sandbox_finish(sandbox *box, df_error *err)
{
    unsigned char rest;
    size_t got = 0;
    bool ok = take(box, BYTES, &rest, sizeof rest, &got, err);
    if (ok && got > 0)
        ok = df_fail(err, "%s gave more bytes than it should", box->what);
    else if (ok && box->child > 0)
        ok = reap(box, err);
    sandbox_abandon(box);
    return ok;
}

void sandbox_abandon(sandbox *box)
{
    if (!box)
        return;
    if (box->child > 0) {
        kill(box->child, SIGKILL);
        while (waitpid(box->child, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    close_all(box->from);
    free(box);
}
