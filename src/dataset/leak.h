/* leak.h: does a set A hold images of a set B? For each image of A the nearest of B (leak_nearest.h), against what is usual within B
   itself: how near images of other people of B are to each other (where B has one identity alone: other images). An image of A that
   is nearer to B than nearly all of those is a suspect, one within the threshold a copy. */
#ifndef DF_DATASET_LEAK_H
#define DF_DATASET_LEAK_H

#include "dataset/leak_copies.h"

enum { LEAK_BASELINE = 4096, LEAK_MOST_PAIRS = 4096 };

typedef enum leak_part {
    LEAK_PART_AUTO, /* boxes where the first images of both sets have one */
    LEAK_PART_WHOLE,
    LEAK_PART_BOX
} leak_part;

typedef struct leak_options {
    unsigned features; /* bits of likeness.h's table */
    leak_part part;
    float threshold; /* distance of near copies */
    int pairs;       /* closest pairs wanted */
    int threads;     /* 0: as many as OpenMP gives */
} leak_options;

typedef struct leak_pair {
    const char *folders[2], *names[2]; /* image of A; image of B, or the original */
    float distance;
    int kind; /* leak_kind, -1: no copy */
} leak_pair;

/* Everything but the galleries lives in the arena. Within one set (leak_within) `b` is empty, and so are nearest and baseline. */
typedef struct leak_result {
    leak_gallery a, b;
    leak_crop crop;
    leak_hit *nearest; /* [a.count] in b */
    leak_rule rule;    /* of the baseline */
    float *baseline;   /* [baseline_count] rising: distances of images of b, evenly chosen, to the nearest that the rule allows */
    int64_t baseline_count;
    float *sorted;  /* [a.count] rising: distances of nearest */
    float limit;    /* of the baseline's closest 1 %; NaN: no baseline */
    int64_t closer; /* images of a below the limit */
    leak_copies copies;
    leak_pair *pairs; /* [pair_count] closest first; between two sets one an image of a, within one set copies */
    int pair_count;
} leak_result;

DF_API bool leak_between(const char *a, const char *b, const leak_options *options, const df_progress *progress, df_arena *arena,
                         leak_result *out, df_error *err) DF_CHECKED;
DF_API bool leak_within(const char *a, const leak_options *options, const df_progress *progress, df_arena *arena, leak_result *out,
                        df_error *err) DF_CHECKED;
DF_API void leak_free(leak_result *result);

/* The pairs as a contact sheet, a pair side by side. Fails without pairs. */
DF_API bool leak_sheet_write(const leak_result *result, const char *out, df_error *err) DF_CHECKED;

/* The result as a page; sheet: a file of leak_sheet_write that goes into it, or NULL. */
DF_API bool leak_page_write(const leak_result *result, const leak_options *options, const char *sheet, const char *out,
                            df_error *err) DF_CHECKED;

#endif
