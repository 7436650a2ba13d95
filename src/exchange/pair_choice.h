/* pair_choice.h: which images a verification protocol compares: as many pairs of one person as of two, in ten folds that have no
   person in common, as LFW's View 2 has them (Huang et al., "Labeled faces in the wild", 2007). All pairs of a fold are equally
   likely, none comes twice, and the seed decides alone: the same images in the same order give the same pairs.

   Memory: 24 bytes an image and 32 a person while it chooses, 24 a pair after that. */
#ifndef DF_EXCHANGE_PAIR_CHOICE_H
#define DF_EXCHANGE_PAIR_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { PAIR_FOLDS = 10 };

/* Numbers of images, in the order in which they were added, from 0; a below b where they show one person. */
typedef struct image_pair {
    int64_t a, b;
    bool is_same;
} image_pair;

typedef struct pair_choice pair_choice;
DF_API pair_choice *pair_choice_new(df_error *err) DF_CHECKED;

/* The next image; person: from 0, in any order, without gaps in the end. */
DF_API bool pair_choice_add(pair_choice *choice, int64_t person, df_error *err) DF_CHECKED;

/* 2 * each pairs, in `arena`: fold by fold, each_fold pairs of one person, then as many of two. each: of each kind, a multiple of
   PAIR_FOLDS. Fails where a fold's people have fewer pairs; the sentence says how many there are. */
DF_API bool pair_choice_make(const pair_choice *choice, int64_t each, uint64_t seed, df_arena *arena, image_pair **out,
                             df_error *err) DF_CHECKED;

/* The largest `each` that pair_choice_make can give with that seed, 0 where there is none. */
DF_API bool pair_choice_most(const pair_choice *choice, uint64_t seed, df_arena *arena, int64_t *out, df_error *err) DF_CHECKED;
DF_API void pair_choice_free(pair_choice *choice); /* NULL is legal */

#endif
