/* Exact shares in rows and columns: properties on random tables, and the rule of the largest remainders counted out slowly. */
#include "check.h"

#include "base/random.h"
#include "dataset/apportion.h"

enum { MOST_ROWS = 12, MOST_COLUMNS = 6, TABLES = 20000 };

typedef struct table {
    int64_t sizes[MOST_ROWS], weights[MOST_COLUMNS], counts[MOST_ROWS * MOST_COLUMNS];
    size_t rows;
    int columns;
} table;

static int64_t sum_of(const int64_t *values, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

/* Largest remainders: floors, then one each to the largest fractions, earlier ones first. */
static void largest_remainders(int64_t total, const int64_t *weights, int columns, int64_t *out)
{
    const int64_t sum = sum_of(weights, (size_t)columns);
    bool is_up[MOST_COLUMNS] = {false};
    int64_t left = total;
    for (int c = 0; c < columns; c++) {
        out[c] = total * weights[c] / sum;
        left -= out[c];
    }
    for (; left > 0; left--) {
        int best = 0;
        while (is_up[best])
            best++;
        for (int c = best + 1; c < columns; c++)
            if (!is_up[c] && total * weights[c] % sum > total * weights[best] % sum)
                best = c;
        is_up[best] = true;
        out[best]++;
    }
}

/* What is wrong with the counts; NULL: nothing. */
static const char *fault_of(const table *t)
{
    const int64_t sum = sum_of(t->weights, (size_t)t->columns), total = sum_of(t->sizes, t->rows);
    int64_t wanted[MOST_COLUMNS], columns[MOST_COLUMNS] = {0};
    for (size_t r = 0; r < t->rows; r++) {
        const int64_t *counts = t->counts + r * (size_t)t->columns;
        if (sum_of(counts, (size_t)t->columns) != t->sizes[r])
            return "a row's sum";
        for (int c = 0; c < t->columns; c++) {
            const int64_t low = t->sizes[r] * t->weights[c] / sum, high = low + (t->sizes[r] * t->weights[c] % sum > 0);
            if (counts[c] < low || counts[c] > high)
                return "a count beyond its share";
            columns[c] += counts[c];
        }
    }
    largest_remainders(total, t->weights, t->columns, wanted);
    return memcmp(wanted, columns, sizeof *wanted * (size_t)t->columns) == 0 ? NULL : "a column's total";
}

static void apportion_table(table *t)
{
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 16, &err);
    must(apportion(t->sizes, t->rows, t->weights, t->columns, t->counts, arena, &err), &err);
    df_arena_free(arena);
}

static void random_tables_are_exact_in_rows_and_columns(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 2, 3, DF_FOR_TEST);
    int tried = 0;
    for (; tried < TABLES; tried++) {
        table t = {.rows = 1 + df_random_below(&random, MOST_ROWS), .columns = 1 + (int)df_random_below(&random, MOST_COLUMNS)};
        const uint32_t most = df_random_below(&random, 2) ? 8 : 1000;
        for (size_t r = 0; r < t.rows; r++)
            t.sizes[r] = df_random_below(&random, most);
        for (int c = 0; c < t.columns; c++)
            t.weights[c] = df_random_below(&random, df_random_below(&random, 2) ? 7 : APPORTION_UNIT);
        t.weights[0] += sum_of(t.weights, (size_t)t.columns) == 0;
        apportion_table(&t);
        if (fault_of(&t))
            fail_msg("table %d: %s", tried, fault_of(&t));
    }
    print_message("%d tables\n", tried);
}

static void the_checker_sees_a_shifted_count(void **state)
{
    (void)state;
    table t = {.rows = 2, .columns = 2, .sizes = {10, 10}, .weights = {1, 1}};
    apportion_table(&t);
    assert_null(fault_of(&t));
    t.counts[0]++;
    assert_non_null(fault_of(&t));
    t.counts[1]--;
    assert_non_null(fault_of(&t));
    t.counts[2]--;
    t.counts[3]++;
    assert_non_null(fault_of(&t)); /* sums are right, counts are not */
}

static void known_tables_come_out(void **state)
{
    (void)state;
    table one = {.rows = 1, .columns = 3, .sizes = {10}, .weights = {800000, 100000, 100000}};
    apportion_table(&one);
    assert_true(one.counts[0] == 8 && one.counts[1] == 1 && one.counts[2] == 1);
    table ones = {.rows = 10, .columns = 2, .sizes = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, .weights = {7, 3}};
    int64_t first = 0;
    apportion_table(&ones);
    for (size_t r = 0; r < 10; r++)
        first += ones.counts[2 * r];
    assert_int_equal(first, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables_are_exact_in_rows_and_columns),
        cmocka_unit_test(the_checker_sees_a_shifted_count),
        cmocka_unit_test(known_tables_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
