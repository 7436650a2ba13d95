/* leak_nearest.h: the nearest image of one gallery for each of another, by exact search: every pair is looked at. A product of blocks
   of features (BLAS) gives distances to about 1e-5; what could be the nearest by it is computed again, number by number. So the
   result does not hang on the BLAS library, on the processor or on how many threads work; of equal distances the first
   image wins. Memory: a few blocks, 40 MB and less; time: two multiply-adds a number for each pair. */
#ifndef DF_DATASET_LEAK_NEAREST_H
#define DF_DATASET_LEAK_NEAREST_H

#include "dataset/leak_gallery.h"

typedef struct leak_hit {
    int64_t index; /* in the gallery searched; -1: there was none left */
    float distance;
} leak_hit;

typedef enum leak_rule {
    LEAK_ANY,          /* two sets */
    LEAK_OTHER_IMAGE,  /* one set and itself: not the image */
    LEAK_OTHER_PERSON, /* one set and itself: nobody of the same identity */
} leak_rule;

/* For images first, first + step, ... of `of`, `count` of them, the nearest in `among`, which has the same features. out: [count] */
typedef struct leak_search {
    const leak_gallery *of, *among;
    int64_t first, step, count;
    leak_rule rule;
    int threads; /* 0: as many as OpenMP gives */
} leak_search;

DF_API bool leak_nearest(const leak_search *search, const df_progress *progress, leak_hit *out, df_error *err) DF_CHECKED;

#endif
