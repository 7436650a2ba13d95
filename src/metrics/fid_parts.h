/* fid_parts.h: where a Fréchet distance comes from: group by group, and after pose, light or crop of two sets were made to have the same
   distribution. */
#ifndef DF_METRICS_FID_PARTS_H
#define DF_METRICS_FID_PARTS_H

#include "metrics/image_features.h"
#include "metrics/subsets.h"

enum { FID_GROUP_LEAST = 2, FID_MATCH_BINS = 4, FID_MATCH_REPEATS = 5 };

typedef struct fid_group {
    const char *name;
    int64_t count_a, count_b;
    bool has_fid; /* false: fewer than FID_GROUP_LEAST of either */
    double fid;   /* of the group's images of A and of B */
} fid_group;

/* Groups of A's names, then those that B has alone. */
DF_API bool fid_by_group(const image_set *a, const image_set *b, const df_progress *progress, df_arena *arena, fid_group **out, int *count,
                         df_error *err) DF_CHECKED;

/* Matching by coarsened values (Iacus, King and Porro 2012): each number is cut into FID_MATCH_BINS bins, each with as many of the pooled
   images as another; of every cell of bins the same number of images of both sets is kept, by chance. What is kept has, up to the bins,
   the same distribution in both. Since fewer images alone make a distance larger, it stands beside that of as many images chosen by
   chance from all that have the numbers. */
typedef struct fid_match {
    const label_part *part;
    bool has_fid;                               /* false: a set lacks the part's numbers, or fewer than 2 images are left */
    int64_t with_a, with_b, kept;               /* images that have all numbers; images of each set after matching */
    double fid;                                 /* of those */
    subset_spread unmatched;                    /* of as many by chance */
    double difference_before, difference_after; /* largest of the numbers' differences of means, in standard deviations of the pool */
} fid_match;

DF_API bool fid_matched(const image_set *a, const image_set *b, uint64_t seed, const df_progress *progress, df_arena *arena,
                        fid_match out[LABEL_PARTS], df_error *err) DF_CHECKED;

#endif
