/* score_histogram.c: counts in pages. */
#include "metrics/score_histogram.h"

score_histogram *score_histogram_new(df_arena *arena, df_error *err)
{
    score_histogram *histogram = df_alloc(arena, 1, sizeof *histogram, err);
    if (histogram)
        histogram->arena = arena;
    return histogram;
}

bool score_histogram_make_page(score_histogram *histogram, int32_t page, df_error *err)
{
    histogram->pages[page] = df_alloc(histogram->arena, SCORE_PAGE, sizeof *histogram->pages[page], err);
    return histogram->pages[page] != NULL;
}

bool score_histogram_join(score_histogram *to, const score_histogram *from, df_error *err)
{
    for (int32_t p = 0; p < SCORE_PAGES; p++) {
        if (!from->pages[p])
            continue;
        if (!to->pages[p] && !score_histogram_make_page(to, p, err))
            return false;
        for (int32_t i = 0; i < SCORE_PAGE; i++)
            to->pages[p][i] += from->pages[p][i];
    }
    return true;
}

int64_t score_histogram_total(const score_histogram *histogram)
{
    int64_t total = 0;
    for (int32_t p = 0; p < SCORE_PAGES; p++)
        for (int32_t i = 0; histogram->pages[p] && i < SCORE_PAGE; i++)
            total += histogram->pages[p][i];
    return total;
}

int32_t score_histogram_below(const score_histogram *a, const score_histogram *b, int32_t bin)
{
    for (bin--; bin >= 0;) {
        const int32_t number = bin / SCORE_PAGE;
        if (!a->pages[number] && !b->pages[number]) {
            bin = number * SCORE_PAGE - 1;
            continue;
        }
        if (score_histogram_count(a, bin) || score_histogram_count(b, bin))
            return bin;
        bin--;
    }
    return -1;
}
