/* phash.h: a perceptual hash of 64 bits: the signs of an image's lowest frequencies against their median (Zauner, "Implementation and
   benchmarking of perceptual image hash functions", 2010). Copies that were resized, compressed again or made brighter differ in few
   bits; other images in about half of them, faces on an even ground in fewer: a hit is a candidate that something else confirms.

   The index finds all hashes within a Hamming distance in much less than a comparison with each (Norouzi, Punjani and Fleet, "Fast
   search in Hamming space with multi-index hashing", CVPR 2012): two hashes at most 7 bits apart agree to a bit in one of their four
   words of 16 bits. 16 bytes an image and 1 MB. */
#ifndef DF_DATASET_PHASH_H
#define DF_DATASET_PHASH_H

#include "image/image.h"

enum { PHASH_WORDS = 4, PHASH_RADIUS = 7 };

typedef struct phash {
    uint64_t bits, mirrored; /* mirrored: of the image with left and right exchanged */
} phash;

/* grey: 8 bit, 1 channel. */
DF_API bool phash_of(const image *grey, phash *out, df_arena *scratch, df_error *err) DF_CHECKED;

typedef struct phash_index {
    const uint64_t *hashes; /* [count], borrowed */
    size_t count;
    uint32_t *starts[PHASH_WORDS]; /* [65537] where the hashes with such a word begin in `order` */
    uint32_t *order[PHASH_WORDS];  /* [count] their numbers, rising within a word */
} phash_index;

/* count below 2^32. */
DF_API bool phash_index_init(phash_index *index, const uint64_t *hashes, size_t count, df_arena *arena, df_error *err) DF_CHECKED;

/* Calls `hit` once for each hash at most `radius` (0 .. PHASH_RADIUS) bits away; stops where it returns false. */
typedef bool phash_hit(void *user, size_t number, int distance);
DF_API bool phash_index_find(const phash_index *index, uint64_t hash, int radius, phash_hit *hit, void *user);

#endif
