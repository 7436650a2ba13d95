/* image_cache.h: decoded images of one size in a bounded piece of memory, 8 bit. What fits is kept, what comes later is not: with
   shuffled epochs every sample comes equally often, so that no order of throwing out does better than none, and the first
   comers save as many decodings as any others. Any number of threads may ask and add at the same time. */
#ifndef DF_FEED_IMAGE_CACHE_H
#define DF_FEED_IMAGE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct image_cache image_cache;

/* For `count` samples of `image_bytes` each, in at most `limit` bytes all in all: its own table (8 bytes a sample), the images, and
   nothing else. limit 0, or too little for the table and one image: a cache that holds nothing. NULL when memory ends. */
DF_API image_cache *image_cache_new(size_t count, size_t image_bytes, size_t limit, df_error *err) DF_CHECKED;

/* The image of a sample, valid and unchanged until the cache is freed; NULL: not here. */
DF_API const unsigned char *image_cache_find(const image_cache *cache, size_t sample);

/* Keeps a copy if there is room and the sample is not here yet. */
DF_API void image_cache_add(image_cache *cache, size_t sample, const unsigned char *pixels);

DF_API size_t image_cache_bytes(const image_cache *cache); /* taken from the system so far, at most the limit */
DF_API size_t image_cache_count(const image_cache *cache); /* images in it */

DF_API void image_cache_free(image_cache *cache); /* NULL is legal */

#endif
