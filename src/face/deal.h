/* deal.h: dealing people one by one so that every prefix keeps the demanded shares: the chairman assignment rule of
   R. Tijdeman, "The chairman assignment problem", Discrete Mathematics 32 (1980) 323-330. After any number n of cards,
   category i has been dealt within 1 of n * share[i]. Integers only. */
#ifndef DF_FACE_DEAL_H
#define DF_FACE_DEAL_H

#include <stdint.h>

#include "base/api.h"

enum { DEAL_MAX = 16, DEAL_UNIT = 1000000000 };

typedef struct deal {
    int count;               /* categories, 1 .. DEAL_MAX */
    int64_t share[DEAL_MAX]; /* parts of the sum; each at most DEAL_UNIT, some above 0 */
    int64_t dealt[DEAL_MAX];
    int64_t cards;
} deal;

DF_API int deal_next(deal *deal); /* the category of the next card */

#endif
