/* leak_copies.h: images that are copies of others: exact (the same pixels, whatever the file), near (resized, compressed again,
   brighter) and mirrored. Exact ones by the hash of their pixels. Near ones are candidates by their perceptual hash (phash.h) and
   copies where the distance of their features (likeness.h) is at most a threshold as well. */
#ifndef DF_DATASET_LEAK_COPIES_H
#define DF_DATASET_LEAK_COPIES_H

#include "dataset/leak_nearest.h"

typedef enum leak_kind { LEAK_EXACT, LEAK_NEAR, LEAK_MIRRORED, LEAK_KIND_COUNT } leak_kind;
DF_API extern const char *const leak_kind_names[LEAK_KIND_COUNT]; /* "exact", "near", "mirrored" */

typedef struct leak_copy {
    int64_t image, original; /* numbers in their galleries; within one set the original is the first of its group */
    leak_kind kind;
    float distance; /* 0 of exact ones; of near ones to the image that made them known, which is in the same group */
} leak_copy;

typedef struct leak_copies {
    leak_copy *list; /* [count] in the arena, by original and then image within one set, by image between two */
    int64_t count;
    int64_t kinds[LEAK_KIND_COUNT];
    int64_t groups; /* originals within one set */
} leak_copies;

/* Within one set. Time grows with the images and with the pairs of copies. */
DF_API bool leak_copies_within(const leak_gallery *set, float threshold, df_arena *arena, const df_progress *progress, leak_copies *out,
                               df_error *err) DF_CHECKED;

/* Images of `of` that are copies of images of `among`; one original each: an exact one, else the nearest, whose search (leak_nearest.h)
   takes the place of the perceptual hash here, else the nearest mirrored one. nearest: [of->count] */
DF_API bool leak_copies_between(const leak_gallery *of, const leak_gallery *among, const leak_hit *nearest, float threshold,
                                df_arena *arena, const df_progress *progress, leak_copies *out, df_error *err) DF_CHECKED;

#endif
