/* apportion.h: whole numbers in given shares, in rows and in total at once. */
#ifndef DF_DATASET_APPORTION_H
#define DF_DATASET_APPORTION_H

#include <stdint.h>

#include "base/arena.h"

enum { APPORTION_COLUMNS = 16, APPORTION_UNIT = 1000000000 }; /* APPORTION_UNIT: most that a weight may be */

/* counts[r][c] of rows of sizes[r], so that row r adds up to sizes[r], every count is sizes[r] * share[c] rounded down or up, and
   every column's total is that of the largest remainders over all rows together (ties to the earlier column). share[c] is weights[c]
   by their sum, computed in whole numbers. Sizes add up to at most 2^31, weights are 0 .. APPORTION_UNIT with one above 0; columns 1 ..
   APPORTION_COLUMNS. Ties within a row go to the larger remainder, then the earlier column. */
DF_API bool apportion(const int64_t *sizes, size_t rows, const int64_t *weights, int columns, int64_t *counts, df_arena *scratch,
                      df_error *err) DF_CHECKED;

#endif
