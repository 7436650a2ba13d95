/* tally.c: bins are multiples of the width, so two neighbours become one bin of twice the width, whatever came first. */
#include "dataset/tally.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double MOST = 1e12;

/* Half of an index, rounded down for negative ones too. */
static int64_t half(int64_t index)
{
    return index >= 0 ? index / 2 : -((1 - index) / 2);
}

/* The first and last bin that hold anything; false: none. */
static bool find_span(const tally *t, int64_t *first, int64_t *last)
{
    int a = 0, b = TALLY_BINS - 1;
    while (a < TALLY_BINS && t->counts[a] == 0)
        a++;
    while (b >= 0 && t->counts[b] == 0)
        b--;
    *first = t->first + a;
    *last = t->first + b;
    return a < TALLY_BINS;
}

/* Moves all counts into bins that begin at `first` and are 2^doublings as wide. */
static void rebin(tally *t, int64_t first, int doublings)
{
    int64_t old[TALLY_BINS];
    memcpy(old, t->counts, sizeof old);
    memset(t->counts, 0, sizeof t->counts);
    for (int i = 0; i < TALLY_BINS; i++) {
        int64_t index = t->first + i;
        for (int d = 0; d < doublings && old[i] > 0; d++)
            index = half(index);
        if (old[i] > 0)
            t->counts[index - first] += old[i];
    }
    t->first = first;
    for (int d = 0; d < doublings; d++)
        t->width *= 2;
}

/* Makes room for the bin of the value and returns it. */
static int64_t reach(tally *t, double value)
{
    int64_t index = (int64_t)floor(value / t->width), low, high;
    if (index >= t->first && index < t->first + TALLY_BINS)
        return index;
    int doublings = 0;
    if (!find_span(t, &low, &high))
        low = high = index;
    low = index < low ? index : low;
    high = index > high ? index : high;
    for (; high - low >= TALLY_BINS; doublings++) {
        low = half(low);
        high = half(high);
        index = half(index);
    }
    rebin(t, low - (TALLY_BINS - 1 - (high - low)) / 2, doublings);
    return index;
}

void tally_add(tally *t, double value)
{
    assert(t->width > 0);
    if (!(fabs(value) <= MOST)) {
        t->left_out++;
        return;
    }
    const int64_t index = reach(t, value);
    t->counts[index - t->first]++;
    t->low = t->total ? fmin(t->low, value) : value;
    t->high = t->total ? fmax(t->high, value) : value;
    t->sum += value;
    t->total++;
}

int tally_bins(const tally *t, int most, double *low, double *high, int64_t *counts)
{
    assert(most >= 1 && most <= TALLY_BINS);
    int64_t first, last;
    double width = t->width;
    int doublings = 0;
    if (!find_span(t, &first, &last))
        return 0;
    for (; last - first >= most; doublings++, width *= 2) {
        first = half(first);
        last = half(last);
    }
    memset(counts, 0, sizeof *counts * (size_t)(last - first + 1));
    for (int i = 0; i < TALLY_BINS; i++) {
        int64_t index = t->first + i;
        for (int d = 0; d < doublings; d++)
            index = half(index);
        if (t->counts[i] > 0)
            counts[index - first] += t->counts[i];
    }
    *low = (double)first * width;
    *high = (double)(last + 1) * width;
    return (int)(last - first + 1);
}
