/* image_cache.c: a table of pointers, written once each, and an arena that has the limit. */
#include "feed/image_cache.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/size.h"

enum { LINE = 64, OVERHEAD = 16384 }; /* an arena's grain; the cache itself and the heads of the arena's chunks, which double in size */

typedef _Atomic(const unsigned char *) entry;

struct image_cache {
    df_arena *own, *images; /* of this struct; NULL: holds nothing */
    entry *entries;         /* [count] */
    size_t count, image_bytes, table_bytes, grain;
    pthread_mutex_t adding;
    atomic_size_t held;
    atomic_bool is_full;
};

static bool make_table(image_cache *cache, size_t limit, df_error *err)
{
    size_t wanted;
    if (!df_size_mul(cache->count, sizeof(entry), &cache->table_bytes) ||
        !df_size_add(cache->table_bytes, cache->grain + OVERHEAD, &wanted) || limit < wanted)
        return true;
    cache->table_bytes = (cache->table_bytes + LINE - 1) / LINE * LINE;
    if (!(cache->images = df_arena_new(limit - OVERHEAD, err)))
        return false;
    cache->entries = df_alloc(cache->images, cache->count, sizeof *cache->entries, err);
    atomic_store(&cache->is_full, cache->entries == NULL);
    return cache->entries != NULL;
}

image_cache *image_cache_new(size_t count, size_t image_bytes, size_t limit, df_error *err)
{
    df_arena *own = df_arena_new(LINE + sizeof(image_cache), err);
    image_cache *cache = own ? df_alloc(own, 1, sizeof *cache, err) : NULL;
    if (!cache) {
        df_arena_free(own);
        return NULL;
    }
    cache->own = own;
    cache->count = count;
    cache->image_bytes = image_bytes;
    cache->grain = (image_bytes + LINE - 1) / LINE * LINE;
    pthread_mutex_init(&cache->adding, NULL);
    atomic_init(&cache->is_full, true);
    if (make_table(cache, limit, err))
        return cache;
    image_cache_free(cache);
    return NULL;
}

const unsigned char *image_cache_find(const image_cache *cache, size_t sample)
{
    return cache->entries ? atomic_load_explicit(&cache->entries[sample], memory_order_acquire) : NULL;
}

void image_cache_add(image_cache *cache, size_t sample, const unsigned char *pixels)
{
    if (atomic_load_explicit(&cache->is_full, memory_order_relaxed) || image_cache_find(cache, sample))
        return;
    pthread_mutex_lock(&cache->adding);
    if (!image_cache_find(cache, sample)) {
        const unsigned char *copy = df_copy(cache->images, pixels, cache->image_bytes, NULL);
        if (copy) {
            atomic_fetch_add(&cache->held, 1);
            atomic_store_explicit(&cache->entries[sample], copy, memory_order_release);
        } else
            atomic_store(&cache->is_full, true);
    }
    pthread_mutex_unlock(&cache->adding);
}

size_t image_cache_bytes(const image_cache *cache)
{
    return cache->entries ? OVERHEAD + cache->table_bytes + image_cache_count(cache) * cache->grain : 0;
}

size_t image_cache_count(const image_cache *cache)
{
    return atomic_load(&cache->held);
}

void image_cache_free(image_cache *cache)
{
    if (!cache)
        return;
    pthread_mutex_destroy(&cache->adding);
    df_arena_free(cache->images);
    df_arena_free(cache->own);
}
