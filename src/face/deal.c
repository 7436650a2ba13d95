/* deal.c: Tijdeman's chairman rule in integers. With k categories of positive share a[i], A their sum and x[i] what they have
   had so far, the n-th card may go to those whose debt a[i] n - A x[i] is at least A / (2k - 2); of these it goes to the one
   that would first fall behind by more than 1 - 1 / (2k - 2), which is the smallest
   (A (2k - 3) / (2k - 2) - debt) / a[i]. Somebody may always take it, because the debts sum to A and k / (2k - 2) <= 1. */
#include "face/deal.h"

#include <assert.h>
#include <stdbool.h>

__extension__ typedef __int128 wide; /* shares to 1e9 times cards to 9e18 times shares again */

static int positive_shares(const deal *d, int64_t *sum)
{
    int count = 0;
    *sum = 0;
    for (int i = 0; i < d->count; i++) {
        *sum += d->share[i];
        count += d->share[i] > 0;
    }
    return count;
}

int deal_next(deal *d)
{
    int64_t sum;
    const int count = positive_shares(d, &sum);
    assert(count > 0 && d->count <= DEAL_MAX);
    const int64_t parts = count > 1 ? 2 * count - 2 : 1; /* one category alone: its debt is always all of A */
    const int64_t card = d->cards + 1;
    int best = -1;
    wide best_slack = 0;
    for (int i = 0; i < d->count; i++) {
        const int64_t share = d->share[i];
        const wide debt = (wide)share * card - (wide)sum * d->dealt[i];
        if (share == 0 || debt * parts < sum)
            continue;
        const wide slack = (wide)sum * (parts - 1) - parts * debt; /* over parts * share: cards until it must have one */
        if (best < 0 || slack * d->share[best] < best_slack * share) {
            best = i;
            best_slack = slack;
        }
    }
    assert(best >= 0); /* as the beginning of this file says */
    d->cards = card;
    d->dealt[best]++;
    return best;
}
