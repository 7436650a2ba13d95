/* apportion.c: every count starts rounded down; what is left of a row goes to columns that still want one, at most one more each. Where
   a row finds only columns that are full, another row gives its place up and takes a different one: a path in the bipartite graph
   of rows and columns, as in any maximum flow. That such a path exists is the integrality of flows; tests try it on thousands of
   random tables. */
#include "dataset/apportion.h"

#include <assert.h>

typedef struct table {
    const int64_t *sizes, *weights;
    unsigned char *up; /* [rows][columns] rounded up */
    size_t rows;
    int columns;
    int64_t sum, wanted[APPORTION_COLUMNS]; /* of the weights; roundings up that a column still wants */
} table;

static int64_t rounded_down(const table *t, int64_t size, int column)
{
    return size * t->weights[column] / t->sum;
}

static int64_t remainder_of(const table *t, int64_t size, int column)
{
    return size * t->weights[column] % t->sum;
}

static bool may_go_up(const table *t, size_t row, int column)
{
    return !t->up[row * (size_t)t->columns + (size_t)column] && remainder_of(t, t->sizes[row], column) > 0;
}

/* The totals by the largest remainders, less what is there rounded down. */
static void set_wanted(table *t)
{
    int64_t total = 0, left;
    bool is_up[APPORTION_COLUMNS] = {false};
    for (size_t r = 0; r < t->rows; r++)
        total += t->sizes[r];
    left = total;
    for (int c = 0; c < t->columns; c++) {
        t->wanted[c] = rounded_down(t, total, c);
        left -= t->wanted[c];
    }
    for (; left > 0; left--) {
        int best = 0;
        for (int c = 1; c < t->columns; c++)
            if (is_up[best] || (!is_up[c] && remainder_of(t, total, c) > remainder_of(t, total, best)))
                best = c;
        is_up[best] = true;
        t->wanted[best]++;
    }
    for (size_t r = 0; r < t->rows; r++)
        for (int c = 0; c < t->columns; c++)
            t->wanted[c] -= rounded_down(t, t->sizes[r], c);
}

/* The column with the largest remainder that still wants one, -1: none. */
static int direct_column(const table *t, size_t row)
{
    int best = -1;
    for (int c = 0; c < t->columns; c++)
        if (t->wanted[c] > 0 && may_go_up(t, row, c) &&
            (best < 0 || remainder_of(t, t->sizes[row], c) > remainder_of(t, t->sizes[row], best)))
            best = c;
    return best;
}

/* A row that is rounded up in `from` and could be in `to` instead; t->rows: none. */
static size_t mover(const table *t, int from, int to)
{
    size_t r = 0;
    while (r < t->rows && !(t->up[r * (size_t)t->columns + (size_t)from] && may_go_up(t, r, to)))
        r++;
    return r;
}

static void set_up(table *t, size_t row, int column, bool is_up)
{
    t->up[row * (size_t)t->columns + (size_t)column] = is_up;
}

/* Breadth first over columns from those that the row could take; moves rows along the path to one that wants. */
static bool give_by_path(table *t, size_t row)
{
    int queue[APPORTION_COLUMNS], before[APPORTION_COLUMNS], first = 0, end = 0;
    size_t by[APPORTION_COLUMNS] = {0};
    bool is_seen[APPORTION_COLUMNS] = {false};
    for (int c = 0; c < t->columns; c++)
        if (may_go_up(t, row, c)) {
            before[c] = -1;
            is_seen[c] = true;
            queue[end++] = c;
        }
    for (; first < end && t->wanted[queue[first]] == 0; first++)
        for (int c = 0; c < t->columns; c++) {
            const size_t moves = is_seen[c] ? t->rows : mover(t, queue[first], c);
            if (moves == t->rows)
                continue;
            before[c] = queue[first];
            by[c] = moves;
            is_seen[c] = true;
            queue[end++] = c;
        }
    if (first == end)
        return false;
    int at = queue[first];
    t->wanted[at]--;
    for (; before[at] >= 0; at = before[at]) {
        set_up(t, by[at], at, true);
        set_up(t, by[at], before[at], false);
    }
    set_up(t, row, at, true);
    return true;
}

static bool give(table *t, size_t row)
{
    const int direct = direct_column(t, row);
    if (direct < 0)
        return give_by_path(t, row);
    set_up(t, row, direct, true);
    t->wanted[direct]--;
    return true;
}

bool apportion(const int64_t *sizes, size_t rows, const int64_t *weights, int columns, int64_t *counts, df_arena *scratch, df_error *err)
{
    assert(columns >= 1 && columns <= APPORTION_COLUMNS);
    const size_t width = (size_t)columns;
    table t = {.sizes = sizes, .weights = weights, .rows = rows, .columns = columns};
    t.up = df_alloc(scratch, rows, width, err);
    if (!t.up)
        return false;
    for (int c = 0; c < columns; c++)
        t.sum += weights[c];
    set_wanted(&t);
    for (size_t r = 0; r < rows; r++) {
        int64_t left = sizes[r];
        for (int c = 0; c < columns; c++)
            left -= rounded_down(&t, sizes[r], c);
        for (; left > 0; left--)
            if (!give(&t, r))
                return df_fail(err, "no table of these sizes and shares adds up");
    }
    for (size_t i = 0; i < rows * width; i++)
        counts[i] = rounded_down(&t, sizes[i / width], (int)(i % width)) + t.up[i];
    return true;
}
