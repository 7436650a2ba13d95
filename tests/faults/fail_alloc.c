/* fail_alloc.c: the program with memory that ends. Linked with --wrap (CMakeLists.txt has the list), so that what our own objects
   allocate, for Jansson too, comes here and what other libraries do does not. $FAIL_ALLOC says which fails: "7" the seventh
   alone, "7+" the seventh and all after it. $FAIL_REPORT names a file that gets a line for each process that ends in good
   order: how many it asked for. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

/* What the linker calls the function itself, and what it calls instead. */
#define WRAPPED(type, name, ...)                                                                                                           \
    type __real_##name(__VA_ARGS__);                                                                                                       \
    type __wrap_##name(__VA_ARGS__)

WRAPPED(void *, malloc, size_t size);
WRAPPED(void *, calloc, size_t count, size_t size);
WRAPPED(void *, realloc, void *old, size_t size);
WRAPPED(void *, aligned_alloc, size_t alignment, size_t size);
WRAPPED(int, posix_memalign, void **out, size_t alignment, size_t size);
WRAPPED(char *, strdup, const char *text);
WRAPPED(char *, strndup, const char *text, size_t size);
WRAPPED(char *, realpath, const char *path, char *out);
WRAPPED(int, asprintf, char **out, const char *format, ...);
WRAPPED(void *, df_alloc, df_arena *arena, size_t count, size_t size, df_error *err);
WRAPPED(void *, df_copy, df_arena *arena, const void *data, size_t size, df_error *err);
WRAPPED(char *, df_copy_string, df_arena *arena, const char *text, df_error *err);

static atomic_long asked;
static long failing; /* 0: none */
static bool fails_on;

static bool fails(void)
{
    const long n = atomic_fetch_add(&asked, 1) + 1;
    if (failing == 0 || !(n == failing || (fails_on && n > failing)))
        return false;
    errno = ENOMEM;
    return true;
}

__attribute__((constructor)) static void begin(void)
{
    const char *which = getenv("FAIL_ALLOC");
    if (which) {
        char *end;
        failing = strtol(which, &end, 10);
        fails_on = *end == '+';
    }
}

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("FAIL_REPORT");
    const int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (file < 0)
        return;
    dprintf(file, "%ld\n", atomic_load(&asked));
    close(file);
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

int __wrap_posix_memalign(void **out, size_t alignment, size_t size)
{
    return fails() ? ENOMEM : __real_posix_memalign(out, alignment, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return fails() ? NULL : __real_strndup(text, size);
}

char *__wrap_realpath(const char *path, char *out)
{
    return !out && fails() ? NULL : __real_realpath(path, out);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
    if (fails())
        return -1; /* *out is then undefined */
    va_list args;
    va_start(args, format);
    const int size = vasprintf(out, format, args);
    va_end(args);
    return size;
}

void *__wrap_df_alloc(df_arena *arena, size_t count, size_t size, df_error *err)
{
    return fails() ? __real_df_alloc(arena, SIZE_MAX, SIZE_MAX, err)
                   : __real_df_alloc(arena, count, size, err); /* the first always fails */
}

void *__wrap_df_copy(df_arena *arena, const void *data, size_t size, df_error *err)
{
    return fails() ? __real_df_alloc(arena, SIZE_MAX, SIZE_MAX, err) : __real_df_copy(arena, data, size, err);
}

char *__wrap_df_copy_string(df_arena *arena, const char *text, df_error *err)
{
    return fails() ? __real_df_alloc(arena, SIZE_MAX, SIZE_MAX, err) : __real_df_copy_string(arena, text, err);
}
