/* test_image_cache.c: what is kept, in how much memory. */
#include "feed/image_cache.h"

#include <malloc.h>
#include <pthread.h>
#include <string.h>

#include "base/clones.h"
#include "check.h"

enum { COUNT = 5000, SIZE = 300 };

static image_cache *made(size_t limit)
{
    df_error err;
    image_cache *cache = image_cache_new(COUNT, SIZE, limit, &err);
    must(cache != NULL, &err);
    return cache;
}

static void fill(unsigned char pixels[SIZE], size_t sample)
{
    memset(pixels, (int)(sample % 251), SIZE);
    memcpy(pixels, &sample, sizeof sample);
}

static void add_all(image_cache *cache, size_t first, size_t apart)
{
    unsigned char pixels[SIZE];
    for (size_t i = first; i < COUNT; i += apart) {
        fill(pixels, i);
        image_cache_add(cache, i, pixels);
    }
}

static size_t held_and_right(const image_cache *cache)
{
    unsigned char pixels[SIZE];
    size_t held = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const unsigned char *found = image_cache_find(cache, i);
        fill(pixels, i);
        if (found)
            assert_memory_equal(found, pixels, SIZE);
        held += found != NULL;
    }
    return held;
}

static void what_comes_first_stays_within_the_limit(void **state)
{
    (void)state;
    static const size_t limits[] = {0, 1000, 56000, 60000, 100000, 1 << 20, 10 << 20};
    for (size_t k = 0; k < DF_ARRAY_LEN(limits); k++) {
        image_cache *cache = made(limits[k]);
        add_all(cache, 0, 1);
        add_all(cache, 0, 1); /* once more: nothing is doubled */
        const size_t held = held_and_right(cache);
        assert_int_equal(image_cache_count(cache), held);
        assert_true(image_cache_bytes(cache) <= limits[k]);
        for (size_t i = 0; i < held; i++)
            assert_non_null(image_cache_find(cache, i));
        /* nearly all of the limit is used: a table of 8 bytes a sample, 320 bytes an image, 16 KiB and the ends of chunks */
        const size_t fits = limits[k] < 60000 ? 0 : (limits[k] - COUNT * 8 - 16384) / 320;
        if (limits[k] < 56500)
            assert_int_equal(held, 0);
        else
            assert_in_range(held, fits > COUNT ? COUNT : fits * 9 / 10, fits > COUNT ? COUNT : fits);
        image_cache_free(cache);
    }
}

#ifndef DF_SANITIZED /* whose allocator has other statistics */
static void the_system_is_asked_for_no_more_than_the_limit(void **state)
{
    (void)state;
    const struct mallinfo2 before = mallinfo2();
    image_cache *cache = made(1 << 20);
    add_all(cache, 0, 1);
    const struct mallinfo2 after = mallinfo2();
    assert_true(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd <= 1 << 20);
    image_cache_free(cache);
}
#endif

typedef struct half {
    image_cache *cache;
    size_t first;
} half;

static void *add_half(void *argument)
{
    const half *h = argument;
    add_all(h->cache, h->first, 1);
    return NULL;
}

static void threads_may_add_the_same_at_the_same_time(void **state)
{
    (void)state;
    image_cache *cache = made(10 << 20);
    pthread_t threads[3];
    half halves[3];
    for (size_t t = 0; t < 3; t++) {
        halves[t] = (half){.cache = cache, .first = t * COUNT / 4};
        assert_int_equal(pthread_create(&threads[t], NULL, add_half, &halves[t]), 0);
    }
    while (!image_cache_find(cache, COUNT - 1))
        held_and_right(cache);
    for (size_t t = 0; t < 3; t++)
        pthread_join(threads[t], NULL);
    assert_int_equal(held_and_right(cache), COUNT);
    assert_int_equal(image_cache_count(cache), COUNT);
    image_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_first_stays_within_the_limit),
#ifndef DF_SANITIZED
        cmocka_unit_test(the_system_is_asked_for_no_more_than_the_limit),
#endif
        cmocka_unit_test(threads_may_add_the_same_at_the_same_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
