/* fuzz.h: what all fuzzers share: a fresh arena of at most 256 MB for each input, and the rule that a refusal says why. */
#ifndef DF_TESTS_FUZZ_H
#define DF_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

enum { FUZZ_ARENA = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether the reader under test accepts the bytes. */
typedef bool (*fuzz_reader)(df_bytes bytes, df_arena *arena, df_error *err);

static inline int fuzz_one(const uint8_t *data, size_t size, fuzz_reader read)
{
    df_error err = {0};
    df_arena *arena = df_arena_new(FUZZ_ARENA, &err);
    if (!arena || (!read((df_bytes){.data = data, .size = size}, arena, &err) && err.text[0] == '\0'))
        abort();
    df_arena_free(arena);
    return 0;
}

/* The same of a reader that wants a file of that name in a folder, which goes when the fuzzer ends. */
static char fuzz_folder[64];

static inline void fuzz_remove_folder(void)
{
    df_error err;
    if (!df_remove_tree(fuzz_folder, &err))
        abort();
}

static inline int fuzz_in_folder(const uint8_t *data, size_t size, bool (*read)(const char *path, df_arena *arena, df_error *err),
                                 const char *inner, const char *name)
{
    char path[160];
    df_error err = {0};
    df_arena *arena = df_arena_new(FUZZ_ARENA, &err);
    const bool is_new = fuzz_folder[0] == '\0';
    if (is_new)
        snprintf(fuzz_folder, sizeof fuzz_folder, "/dev/shm/diffuse-fuzz-%ld", (long)getpid());
    snprintf(path, sizeof path, "%s/%s", fuzz_folder, inner);
    if (!arena || (is_new && (!df_make_folders(path, &err) || atexit(fuzz_remove_folder) != 0)))
        abort();
    snprintf(path, sizeof path, "%s/%s/%s", fuzz_folder, inner, name);
    if (!df_file_write(path, data, size, &err) || (!read(path, arena, &err) && err.text[0] == '\0'))
        abort();
    df_arena_free(arena);
    return 0;
}

/* The same of a reader that wants a path. */
static inline int fuzz_path(const uint8_t *data, size_t size, bool (*read)(const char *path, df_arena *arena, df_error *err))
{
    char path[64];
    df_error err = {0};
    df_arena *arena = df_arena_new(FUZZ_ARENA, &err);
    const int file = memfd_create("fuzz", 0);
    if (!arena || file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (!read(path, arena, &err) && err.text[0] == '\0')
        abort();
    close(file);
    df_arena_free(arena);
    return 0;
}

#endif
