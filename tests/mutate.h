/* mutate.h: damages good files in every way a reader has to survive: cut, bits flipped, blocks swapped, lengths forged. tests/hostile
   does it to every reader; a test of one reader asks here only for what is particular to its format. The copy that the reader sees ends at a page that may not be touched, so that a read past the end stops the test in any build. */
#ifndef DF_TESTS_MUTATE_H
#define DF_TESTS_MUTATE_H

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/random.h"
#include "check.h"

/* Whether the reader under test accepts the bytes; if not, with a sentence. */
typedef bool (*mutate_reader)(df_bytes bytes, df_error *err);

enum { MUTATE_MOST_CUTS = 1000, MUTATE_MOST_BLOCK = 64 };

/* Bytes that end where the memory does. */
typedef struct guarded {
    unsigned char *map;
    size_t room, page;
} guarded;

static inline guarded guarded_new(size_t room)
{
    guarded g = {.page = (size_t)sysconf(_SC_PAGESIZE)};
    g.room = (room / g.page + 1) * g.page;
    g.map = mmap(NULL, g.room + g.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(g.map != MAP_FAILED);
    assert_int_equal(mprotect(g.map + g.room, g.page, PROT_NONE), 0);
    return g;
}

static inline void guarded_free(guarded *g)
{
    munmap(g->map, g->room + g->page);
}

static inline bool guarded_read(guarded *g, const unsigned char *data, size_t size, mutate_reader read)
{
    unsigned char *copy = g->map + g->room - size;
    memcpy(copy, data, size);
    df_error err = {0};
    const bool ok = read((df_bytes){.data = copy, .size = size}, &err);
    assert_true(ok || err.text[0] != '\0');
    return ok;
}

/* How many proper beginnings of the file (all, or about 1000) the reader accepts. */
static inline size_t mutate_cuts_accepted(df_bytes good, mutate_reader read)
{
    guarded g = guarded_new(good.size);
    size_t accepted = 0;
    const size_t step = good.size / MUTATE_MOST_CUTS + 1;
    for (size_t size = 0; size < good.size; size += step)
        accepted += guarded_read(&g, good.data, size, read);
    guarded_free(&g);
    return accepted;
}

/* One to four faults of a random kind at random places. */
static inline void mutate_once(unsigned char *data, size_t size, df_random *random)
{
    static const uint64_t forged[] = {0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, INT64_MAX, UINT64_MAX};
    for (uint32_t n = 1 + df_random_below(random, 4); n > 0; n--) {
        const size_t at = df_random_below(random, (uint32_t)size), other = df_random_below(random, (uint32_t)size);
        const size_t most = size - (at > other ? at : other), wanted = 1 + df_random_below(random, MUTATE_MOST_BLOCK);
        const size_t length = wanted < most ? wanted : most;
        unsigned char block[MUTATE_MOST_BLOCK];
        uint64_t value = forged[df_random_below(random, DF_ARRAY_LEN(forged))];
        switch (df_random_below(random, 4)) {
        case 0: /* a bit */
            data[at] = (unsigned char)(data[at] ^ 1u << df_random_below(random, 8));
            break;
        case 1: /* a byte */
            data[at] = (unsigned char)df_random_below(random, 256);
            break;
        case 2: /* two blocks change places, or one doubles where they overlap */
            memcpy(block, data + at, length);
            memmove(data + at, data + other, length);
            memcpy(data + other, block, length);
            break;
        default: /* a length, in either byte order */
            if (df_random_below(random, 2))
                value = __builtin_bswap64(value);
            memcpy(data + at, &value, length < sizeof value ? length : sizeof value);
        }
    }
}

/* How many of `count` damaged copies the reader accepts (it may: a changed pixel is no fault). */
static inline size_t mutate_accepted(df_bytes good, mutate_reader read, int count)
{
    guarded g = guarded_new(good.size);
    unsigned char *copy = test_malloc(good.size);
    size_t accepted = 0;
    for (int i = 0; i < count; i++) {
        df_random random = df_random_at(1, 0, (uint32_t)i, DF_FOR_TEST);
        memcpy(copy, good.data, good.size);
        mutate_once(copy, good.size, &random);
        accepted += guarded_read(&g, copy, good.size, read);
    }
    test_free(copy);
    guarded_free(&g);
    return accepted;
}

/* What the reader says of one file of TEST_DATA/broken/FORMAT holds `part`. */
static inline void mutate_must_say(const char *format, const char *name, mutate_reader read, const char *part)
{
    char folder[512], path[1024];
    df_error err = {0};
    df_bytes bytes;
    must(df_path_join(folder, sizeof folder, TEST_DATA "/broken", format, &err), &err);
    must(df_path_join(path, sizeof path, folder, name, &err), &err);
    must(df_file_map(path, &bytes, &err), &err);
    must_say(read(bytes, &err), &err, part);
    df_file_unmap(&bytes);
}

#endif
