/* sandbox_filter.c: a seccomp filter (Linux, Documentation/userspace-api/seccomp_filter.rst) as a classic BPF program, built from
   a table: one row for each call that is allowed, with a condition on one argument where that is not enough. */
#include "base/sandbox_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

enum { LOADS = 4, PER_ROW = 5 };

typedef enum condition {
    ALWAYS,
    NEVER,            /* fails as on a closed descriptor, rather than kill */
    ARGUMENT_BELOW,   /* these look at the argument's low word; of all but pointers the high word does not count */
    ARGUMENT_WITHOUT, /* has no bit of the value */
    ARGUMENT_EQUALS
} condition;

typedef struct call_row {
    int number; /* of the system call */
    condition condition;
    int argument; /* which one, from 0 */
    uint32_t value;
} call_row;

static size_t add(struct sock_filter *code, size_t at, uint16_t operation, uint32_t value, uint8_t skip_if, uint8_t skip_else)
{
    code[at] = (struct sock_filter){.code = operation, .jt = skip_if, .jf = skip_else, .k = value};
    return at + 1;
}

/* Both processors are little endian: the low word comes first. */
static uint32_t argument_at(int argument)
{
    return (uint32_t)(offsetof(struct seccomp_data, args) + (size_t)argument * sizeof(uint64_t));
}

/* The jump over the row's permission where its argument is not as it must be. */
static size_t add_condition(struct sock_filter *code, size_t at, const call_row *row)
{
    switch (row->condition) {
    case ARGUMENT_BELOW:
        return add(code, at, BPF_JMP | BPF_JGE | BPF_K, row->value, 1, 0);
    case ARGUMENT_WITHOUT:
        return add(code, at, BPF_JMP | BPF_JSET | BPF_K, row->value, 1, 0);
    case ARGUMENT_EQUALS:
        return add(code, at, BPF_JMP | BPF_JEQ | BPF_K, row->value, 0, 1);
    case ALWAYS:
    case NEVER:
        break;
    }
    return at;
}

/* Decides on the row's call, or falls through to the next row with the call's number loaded. */
static size_t add_row(struct sock_filter *code, size_t at, const call_row *row)
{
    if (row->condition == ALWAYS || row->condition == NEVER) {
        at = add(code, at, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)row->number, 0, 1);
        return add(code, at, BPF_RET | BPF_K, row->condition == ALWAYS ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | EBADF, 0, 0);
    }
    at = add(code, at, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)row->number, 0, 4);
    at = add(code, at, BPF_LD | BPF_W | BPF_ABS, argument_at(row->argument), 0, 0);
    at = add_condition(code, at, row);
    at = add(code, at, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    return add(code, at, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
}

bool sandbox_filter(unsigned descriptors, df_error *err)
{
    const call_row rows[] = {
        {SYS_write, ARGUMENT_BELOW, 0, descriptors},
        {SYS_mmap, ARGUMENT_WITHOUT, 2, PROT_EXEC},
        {SYS_mprotect, ARGUMENT_WITHOUT, 2, PROT_EXEC},
        {SYS_munmap, ALWAYS, 0, 0},
        {SYS_mremap, ALWAYS, 0, 0},
        {SYS_madvise, ALWAYS, 0, 0},
        {SYS_brk, ALWAYS, 0, 0},
        {SYS_futex, ALWAYS, 0, 0},
        {SYS_sched_yield, ALWAYS, 0, 0},
        {SYS_clock_gettime, ALWAYS, 0, 0},
        {SYS_gettimeofday, ALWAYS, 0, 0},
        {SYS_clock_nanosleep, ALWAYS, 0, 0},
        {SYS_nanosleep, ALWAYS, 0, 0},
        {SYS_getrandom, ALWAYS, 0, 0}, /* malloc's first call */
        {SYS_rt_sigprocmask, ALWAYS, 0, 0},
        {SYS_rt_sigreturn, ALWAYS, 0, 0},
        {SYS_writev, NEVER, 0, 0}, /* what abort does: a message, then a signal to itself */
        {SYS_getpid, ALWAYS, 0, 0},
        {SYS_gettid, ALWAYS, 0, 0},
        {SYS_tgkill, ARGUMENT_EQUALS, 0, (uint32_t)getpid()},
        {SYS_exit, ALWAYS, 0, 0},
        {SYS_exit_group, ALWAYS, 0, 0},
    };
    struct sock_filter code[LOADS + PER_ROW * DF_ARRAY_LEN(rows) + 1];
    size_t size = 0;
    size = add(code, size, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
    size = add(code, size, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0); /* the numbers of another (x86's 32 bits) mean other calls */
    size = add(code, size, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
    size = add(code, size, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        size = add_row(code, size, &rows[i]);
    size = add(code, size, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);

    const struct sock_fprog program = {.len = (unsigned short)size, .filter = code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return df_fail(err, "the system filters no system calls (seccomp): %s", strerror(errno));
    return true;
}

#else

bool sandbox_filter(unsigned descriptors, df_error *err)
{
    (void)descriptors;
    return df_fail(err, "no filter of system calls is known for this processor");
}

#endif
