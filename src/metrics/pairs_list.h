/* pairs_list.h: which images are compared, as LFW's pairs.txt says (View 2 of its protocol, Huang et al. 2007): fields between tabs, the
   first line FOLDS and N, then for each fold N lines NAME, I, J (one person) and N lines NAME, I, OTHER, J (two). A first line of one
   number, as pairsDevTest.txt has, is one fold. Image I of NAME is called NAME_0001, with four digits, counted from 1. The bytes are a
   stranger's: errors name the line, from 1. */
#ifndef DF_METRICS_PAIRS_LIST_H
#define DF_METRICS_PAIRS_LIST_H

#include "metrics/embedding_set.h"

typedef struct listed_pair {
    uint32_t rows[2];   /* of the set */
    uint32_t people[2]; /* numbers of the names in the list; equal in genuine pairs */
    bool is_genuine;
} listed_pair;

typedef struct pairs_list {
    listed_pair *pairs; /* [count] in the order of the list */
    size_t count, people;
} pairs_list;

/* Finds the images by the set's names, which must be there and differ. Lives in the arena. */
DF_API bool pairs_list_read(df_bytes text, const embedding_set *set, df_arena *arena, pairs_list *out, df_error *err) DF_CHECKED;

#endif
