/* split_deal.h: who goes into which part; private to split*.c. */
#ifndef DF_DATASET_SPLIT_DEAL_H
#define DF_DATASET_SPLIT_DEAL_H

#include "dataset/set_lines.h"
#include "dataset/split.h"

typedef struct split_card { /* an identity or image, in the manifest's order */
    uint64_t rank;          /* what orders it within its stratum: random, by seed and name */
    uint32_t stratum, place;
} split_card;

typedef struct split_deal {
    const split_setting *setting;
    bool is_alone;   /* the caller holds the set alone (set_alone.h) */
    df_arena *arena; /* of strata */
    df_arena *card_arena;
    split_card *cards; /* [card_count] */
    uint8_t *parts;    /* [card_count], after split_deal_parts */
    size_t card_count, card_room;
    struct split_strata *strata;
} split_deal;

/* Reads all lines into a deal of which setting and is_alone are set and the rest is 0. */
bool split_deal_read(const char *folder, const df_progress *progress, split_deal *deal, df_error *err) DF_CHECKED;
set_lines *split_deal_lines(const char *folder, const split_deal *deal, df_error *err) DF_CHECKED; /* to read them again */

/* Fills `parts`. */
bool split_deal_parts(split_deal *deal, df_error *err) DF_CHECKED;
int64_t split_deal_strata(const split_deal *deal);
void split_deal_free(split_deal *deal); /* {0} is legal */

/* Whose part line by line: *part of the line that was read last. Fails where the line is not the one of the first pass. */
bool split_deal_part(const split_deal *deal, const set_lines *lines, const manifest_entry *entry, int *part, df_error *err) DF_CHECKED;

#endif
