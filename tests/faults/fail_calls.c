/* fail_calls.c: a shared object to preload that makes system calls on files fail. Only calls on paths without a leading slash count, and
   those on descriptors that such calls opened: a test runs in its own folder and names everything from there, so that what the
   loader, locales and libraries read for themselves is left alone. $FAIL_CALL is the number of the call that fails, with a
   '+' behind it all from there on; $FAIL_KIND how: an errno's name (ENOSPC, EIO, EINTR, EMFILE, EACCES), or SHORT, which lets reads and
   writes do one byte of what they should and counts no other calls. $FAIL_REPORT names a file that gets a line for each process that
   ends in good order: how many calls counted. $FAIL_DELAY_MS makes every counted call wait so long first: a small input then takes as
   long as a large one. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 4096 };

static atomic_long counted;
static long failing; /* 0: none */
static bool fails_on, is_short;
static int error_number;
static long delay_ms;
static atomic_bool is_watched[MOST_DESCRIPTORS];

static const struct {
    const char *name;
    int number;
} errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EINTR", EINTR}, {"EMFILE", EMFILE}, {"EACCES", EACCES}};

__attribute__((constructor)) static void begin(void)
{
    const char *which = getenv("FAIL_CALL"), *kind = getenv("FAIL_KIND"), *delay = getenv("FAIL_DELAY_MS");
    delay_ms = delay ? strtol(delay, NULL, 10) : 0;
    if (which) {
        char *end;
        failing = strtol(which, &end, 10);
        fails_on = *end == '+';
    }
    is_short = kind && strcmp(kind, "SHORT") == 0;
    error_number = EIO;
    for (size_t i = 0; kind && i < sizeof errors / sizeof *errors; i++)
        if (strcmp(kind, errors[i].name) == 0)
            error_number = errors[i].number;
}

static void *next(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (!function)
        _exit(99);
    return function;
}

#define NEXT(name, type) ((type)next(name))

static bool is_its_turn(void)
{
    const long n = atomic_fetch_add(&counted, 1) + 1;
    if (delay_ms > 0)
        nanosleep(&(struct timespec){.tv_sec = delay_ms / 1000, .tv_nsec = delay_ms % 1000 * 1000000}, NULL);
    return failing > 0 && (n == failing || (fails_on && n > failing));
}

/* Counts a call that has no short form, and says whether it fails. */
static bool fails(void)
{
    if (is_short || !is_its_turn())
        return false;
    errno = error_number;
    return true;
}

static bool is_ours(const char *path)
{
    return path[0] != '/';
}

static bool watches(int descriptor)
{
    return descriptor >= 0 && descriptor < MOST_DESCRIPTORS && atomic_load(&is_watched[descriptor]);
}

static int watch(int descriptor)
{
    if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS)
        atomic_store(&is_watched[descriptor], true);
    return descriptor;
}

/* The bytes that a read or write of `size` does; -1: it fails. */
static ssize_t bytes_of(int descriptor, size_t size)
{
    if (!watches(descriptor) || size == 0 || !is_its_turn())
        return (ssize_t)size;
    if (is_short)
        return 1;
    errno = error_number;
    return -1;
}

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("FAIL_REPORT");
    const int file = path ? NEXT("open", int (*)(const char *, int, ...))(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (file >= 0)
        dprintf(file, "%ld\n", atomic_load(&counted));
}

static mode_t mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define OPEN(name)                                                                                                                         \
    int name(const char *path, int flags, ...)                                                                                             \
    {                                                                                                                                      \
        va_list args;                                                                                                                      \
        va_start(args, flags);                                                                                                             \
        const mode_t mode = mode_of(flags, args);                                                                                          \
        va_end(args);                                                                                                                      \
        if (is_ours(path) && fails())                                                                                                      \
            return -1;                                                                                                                     \
        const int made = NEXT(#name, int (*)(const char *, int, ...))(path, flags, mode);                                                  \
        return is_ours(path) ? watch(made) : made;                                                                                         \
    }

OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    const mode_t mode = mode_of(flags, args);
    va_end(args);
    if (is_ours(path) && fails())
        return -1;
    const int made = NEXT("openat", int (*)(int, const char *, int, ...))(folder, path, flags, mode);
    return is_ours(path) ? watch(made) : made;
}

ssize_t read(int descriptor, void *data, size_t size)
{
    const ssize_t part = bytes_of(descriptor, size);
    return part < 0 ? -1 : NEXT("read", ssize_t(*)(int, void *, size_t))(descriptor, data, (size_t)part);
}

ssize_t write(int descriptor, const void *data, size_t size)
{
    const ssize_t part = bytes_of(descriptor, size);
    return part < 0 ? -1 : NEXT("write", ssize_t(*)(int, const void *, size_t))(descriptor, data, (size_t)part);
}

ssize_t pread(int descriptor, void *data, size_t size, off_t offset)
{
    const ssize_t part = bytes_of(descriptor, size);
    return part < 0 ? -1 : NEXT("pread", ssize_t(*)(int, void *, size_t, off_t))(descriptor, data, (size_t)part, offset);
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t offset)
{
    const ssize_t part = bytes_of(descriptor, size);
    return part < 0 ? -1 : NEXT("pwrite", ssize_t(*)(int, const void *, size_t, off_t))(descriptor, data, (size_t)part, offset);
}

/* A close that fails has closed nevertheless, as Linux does it. */
int close(int descriptor)
{
    const bool watched = watches(descriptor), failed = watched && fails();
    const int reason = errno;
    if (watched)
        atomic_store(&is_watched[descriptor], false);
    const int status = NEXT("close", int (*)(int))(descriptor);
    if (failed)
        errno = reason;
    return failed ? -1 : status;
}

int fsync(int descriptor)
{
    return watches(descriptor) && fails() ? -1 : NEXT("fsync", int (*)(int))(descriptor);
}

int fdatasync(int descriptor)
{
    return watches(descriptor) && fails() ? -1 : NEXT("fdatasync", int (*)(int))(descriptor);
}

int ftruncate(int descriptor, off_t size)
{
    return watches(descriptor) && fails() ? -1 : NEXT("ftruncate", int (*)(int, off_t))(descriptor, size);
}

int flock(int descriptor, int operation)
{
    return watches(descriptor) && fails() ? -1 : NEXT("flock", int (*)(int, int))(descriptor, operation);
}

int rename(const char *from, const char *to)
{
    return is_ours(to) && fails() ? -1 : NEXT("rename", int (*)(const char *, const char *))(from, to);
}

int mkdir(const char *path, mode_t mode)
{
    return is_ours(path) && fails() ? -1 : NEXT("mkdir", int (*)(const char *, mode_t))(path, mode);
}

int link(const char *from, const char *to)
{
    return is_ours(to) && fails() ? -1 : NEXT("link", int (*)(const char *, const char *))(from, to);
}

int symlink(const char *target, const char *path)
{
    return is_ours(path) && fails() ? -1 : NEXT("symlink", int (*)(const char *, const char *))(target, path);
}

int unlink(const char *path)
{
    return is_ours(path) && fails() ? -1 : NEXT("unlink", int (*)(const char *))(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    return is_ours(path) && fails() ? -1 : NEXT("unlinkat", int (*)(int, const char *, int))(folder, path, flags);
}

DIR *opendir(const char *path)
{
    return is_ours(path) && fails() ? NULL : NEXT("opendir", DIR * (*)(const char *))(path);
}
