/* option_value.c: the text of one option value to what its kind says. Strict: the whole text is the value, or it is refused
   with what was expected. */
#include "cli/options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *argument, *noun;
    size_t size;
} kinds[OPTION_KIND_COUNT] = {
    [OPTION_FLAG] = {"flag", "", "no value", sizeof(bool)},
    [OPTION_INTEGER] = {"integer", "N", "a whole number", sizeof(int64_t)},
    [OPTION_UNSIGNED] = {"unsigned", "N", "a whole number from 0 to 18446744073709551615", sizeof(uint64_t)},
    [OPTION_NUMBER] = {"number", "X", "a number", sizeof(double)},
    [OPTION_STRING] = {"string", "TEXT", "a text", sizeof(const char *)},
    [OPTION_RANGE] = {"range", "A:B", "A:B with A at most B, or one number,", sizeof(option_range)},
    [OPTION_LIST] = {"list", "LIST", "a list with commas", sizeof(option_list)},
    [OPTION_NUMBERS] = {"numbers", "LIST", "numbers with commas", sizeof(option_numbers)},
    [OPTION_CHOICE] = {"choice", "NAME", "a name", sizeof(int)},
};

const char *option_kind_name(option_kind kind)
{
    return kinds[kind].name;
}

const char *option_argument(const option *row)
{
    return row->argument ? row->argument : kinds[row->kind].argument;
}

static bool has_limits(const option *row)
{
    return row->low < row->high;
}

static void add_choices(const option *row, char *out, size_t size)
{
    for (const char *const *choice = row->choices; *choice; choice++) {
        const size_t used = strlen(out);
        snprintf(out + used, size - used, "%s%s", choice == row->choices ? "" : ", ", *choice);
    }
}

void option_expectation(const option *row, char *out, size_t size)
{
    if (row->choices) {
        snprintf(out, size, "%s", row->kind == OPTION_LIST ? "a list with commas of " : "one of ");
        add_choices(row, out, size);
        return;
    }
    if (row->kind == OPTION_STRING && row->argument)
        snprintf(out, size, "a value (%s)", row->argument);
    else if (has_limits(row))
        snprintf(out, size, "%s from %.9g to %.9g", kinds[row->kind].noun, row->low, row->high);
    else
        snprintf(out, size, "%s", kinds[row->kind].noun);
    if (row->unit) {
        const size_t used = strlen(out);
        snprintf(out + used, size - used, " %s", row->unit);
    }
}

static bool refuse(const option *row, const char *found, df_error *err)
{
    char expected[256];
    option_expectation(row, expected, sizeof expected);
    return df_fail(err, "%s%s: expected %s, found '%.80s'", row->positional ? "" : "--", row->name, expected, found);
}

/* A decimal: sign, digits with at most one point, exponent. strtod alone would take blanks, "nan", "inf" and hexadecimal. */
static bool is_decimal(const char *text)
{
    const char *at = text + (*text == '-' || *text == '+');
    const size_t whole = strspn(at, "0123456789");
    at += whole;
    size_t part = 0;
    if (*at == '.') {
        part = strspn(at + 1, "0123456789");
        at += 1 + part;
    }
    if (whole + part == 0)
        return false;
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '-' || at[1] == '+');
        const size_t exponent = strspn(at, "0123456789");
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return *at == '\0';
}

static bool read_number(const option *row, const char *text, double *out)
{
    if (!is_decimal(text))
        return false;
    const double value = strtod(text, NULL); /* the program never leaves the "C" locale */
    if (!isfinite(value) || (has_limits(row) && (value < row->low || value > row->high)))
        return false;
    *out = value;
    return true;
}

static bool read_integer(const option *row, const char *text, int64_t *out)
{
    const char *digits = text + (*text == '-' || *text == '+');
    if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0')
        return false;
    errno = 0;
    const long long value = strtoll(text, NULL, 10);
    if (errno != 0 || (has_limits(row) && ((double)value < row->low || (double)value > row->high)))
        return false;
    *out = value;
    return true;
}

static bool read_unsigned(const option *row, const char *text, uint64_t *out)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    errno = 0;
    const unsigned long long value = strtoull(text, NULL, 10);
    if (errno != 0 || (has_limits(row) && ((double)value < row->low || (double)value > row->high)))
        return false;
    *out = value;
    return true;
}

/* The colon that separates, not counting one at the start. */
static bool read_range(const option *row, const char *text, option_range *out)
{
    const char *colon = strchr(text, ':');
    if (!colon) {
        if (!read_number(row, text, &out->low))
            return false;
        out->high = out->low;
        return true;
    }
    char low[64];
    option_range range;
    if ((size_t)(colon - text) >= sizeof low)
        return false;
    memcpy(low, text, (size_t)(colon - text));
    low[colon - text] = '\0';
    if (!read_number(row, low, &range.low) || !read_number(row, colon + 1, &range.high) || range.low > range.high)
        return false;
    *out = range;
    return true;
}

/* Index of `text` among the choices, or -1. */
static int find_choice(const option *row, const char *text)
{
    for (int i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], text) == 0)
            return i;
    return -1;
}

/* The parts of `text` between commas (is_one: all of it), in the arena; NULL when a part is empty or there are too many. */
static const char **split(const char *text, bool is_one, size_t *count, df_arena *arena, df_error *err)
{
    char *copy = df_copy_string(arena, text, err);
    const char **items = df_alloc(arena, OPTION_MAX_ITEMS, sizeof *items, err);
    if (!copy || !items)
        return NULL;
    for (char *at = copy;;) {
        char *comma = is_one ? NULL : strchr(at, ',');
        if (comma)
            *comma = '\0';
        if (*at == '\0' || *count == OPTION_MAX_ITEMS) {
            df_fail(err, "'%.80s': expected 1 to %d items between commas, none empty", text, OPTION_MAX_ITEMS);
            return NULL;
        }
        items[(*count)++] = at;
        if (!comma)
            return items;
        at = comma + 1;
    }
}

static bool read_list(const option *row, const char *text, option_list *out, df_arena *arena, df_error *err)
{
    size_t count = 0;
    const char **items = split(text, row->positional, &count, arena, err);
    if (!items)
        return df_fail_in(err, "--%s", row->name);
    uint64_t chosen = 0;
    for (size_t i = 0; row->choices && i < count; i++) {
        const int choice = find_choice(row, items[i]);
        if (choice < 0)
            return refuse(row, items[i], err);
        chosen |= UINT64_C(1) << choice;
    }
    if (out->count + count > OPTION_MAX_ITEMS)
        return df_fail(err, "--%s: expected at most %d items in all", row->name, OPTION_MAX_ITEMS);
    const char **all = df_alloc(arena, out->count + count, sizeof *all, err);
    if (!all)
        return false;
    for (size_t i = 0; i < out->count + count; i++)
        all[i] = i < out->count ? out->items[i] : items[i - out->count];
    *out = (option_list){.items = all, .count = out->count + count, .chosen = out->chosen | chosen};
    return true;
}

static bool read_numbers(const option *row, const char *text, option_numbers *out, df_arena *arena, df_error *err)
{
    size_t count = 0;
    const char **items = split(text, false, &count, arena, err);
    if (!items)
        return df_fail_in(err, "--%s", row->name);
    double *numbers = df_alloc(arena, count, sizeof *numbers, err);
    if (!numbers)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_number(row, items[i], &numbers[i]))
            return refuse(row, items[i], err);
    *out = (option_numbers){.items = numbers, .count = count};
    return true;
}

/* The value as its kind lays it out, in `value`, which has room for the largest. */
static bool read_value(const option *row, const char *text, void *value, df_arena *arena, df_error *err)
{
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)value = true;
        return true;
    case OPTION_INTEGER:
        return read_integer(row, text, value) || refuse(row, text, err);
    case OPTION_UNSIGNED:
        return read_unsigned(row, text, value) || refuse(row, text, err);
    case OPTION_NUMBER:
        return read_number(row, text, value) || refuse(row, text, err);
    case OPTION_STRING:
        *(const char **)value = text;
        return *text != '\0' || refuse(row, text, err);
    case OPTION_RANGE:
        return read_range(row, text, value) || refuse(row, text, err);
    case OPTION_LIST:
        return read_list(row, text, value, arena, err);
    case OPTION_NUMBERS:
        return read_numbers(row, text, value, arena, err);
    case OPTION_CHOICE:
        *(int *)value = find_choice(row, text);
        return *(int *)value >= 0 || refuse(row, text, err);
    case OPTION_KIND_COUNT:
        break;
    }
    return df_fail(err, "--%s: its row has no kind", row->name);
}

bool option_read(const option *row, const char *text, void *values, df_arena *arena, df_error *err)
{
    union {
        int64_t integer;
        option_range range;
        option_list list;
        option_numbers numbers;
    } value = {0};
    char *place = (char *)values + row->at;
    if (row->repeats)
        memcpy(&value, place, kinds[row->kind].size); /* joined to what is there */
    if (!read_value(row, text, &value, arena, err))
        return false;
    memcpy(place, &value, kinds[row->kind].size);
    return true;
}
