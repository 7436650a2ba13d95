/* rank_sums.h: the sums of a data parallel training by MPI, for train/reducer.h. */
#ifndef DF_CLI_RANK_SUMS_H
#define DF_CLI_RANK_SUMS_H

#include "base/arena.h"
#include "cli/ranks.h"
#include "train/reducer.h"

typedef struct rank_sums rank_sums;

/* Of ranks that are open and more than one. Lives in the arena. Sums are in single precision and travel at the same time; the same ranks
   add in the same order. Waiting ends within milliseconds of a signal. */
rank_sums *rank_sums_new(const cli_ranks *ranks, df_arena *arena, df_error *err) DF_CHECKED;
reducer rank_sums_reducer(rank_sums *sums);

/* After a signal: other ranks than 0 leave it the time to write its checkpoint, since the first to go ends all, and say nothing. */
void rank_sums_leave(cli_ranks *ranks);

#endif
