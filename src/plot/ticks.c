/* ticks.c: the step is found by multiplying and dividing by ten, not by logarithms, so that it is the same everywhere. */
#include "plot/ticks.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

enum { MOST_DIGITS = 9, GROUP = 3, GROUPED_FROM = 10000 };

static const double SLACK = 1e-9; /* of a step: ends that are a rounding error off count as inside */
static const char MINUS[] = "\xE2\x88\x92";

/* The largest power of ten that is not above the value, which is above 0. */
static double decade(double value, int *exponent)
{
    double power = 1;
    for (*exponent = 0; power * 10 <= value; (*exponent)++)
        power *= 10;
    for (; power > value; (*exponent)--)
        power /= 10;
    return power;
}

static ticks with_step(double low, double high, double step, int digits)
{
    const double first = ceil(low / step - SLACK);
    return (ticks){.first = first * step, .step = step, .count = (int)(floor(high / step + SLACK) - first) + 1, .digits = digits};
}

ticks ticks_within(double low, double high, int most)
{
    static const double factors[] = {1, 2, 5, 10, 20, 50};
    assert(low < high && isfinite(low) && isfinite(high) && most >= 2);
    int exponent;
    const double power = decade((high - low) / most, &exponent);
    for (size_t i = 0; i < DF_ARRAY_LEN(factors); i++) {
        const int places = -exponent - (int)(i / 3), digits = places < 0 ? 0 : places > MOST_DIGITS ? MOST_DIGITS : places;
        const ticks found = with_step(low, high, factors[i] * power, digits);
        if (found.count <= most)
            return found;
    }
    return (ticks){.first = low, .step = high - low, .count = 2};
}

double ticks_value(const ticks *t, int index)
{
    const double value = t->first + t->step * index;
    return fabs(value) < t->step * SLACK ? 0 : value;
}

void ticks_round_out(double *low, double *high, int most)
{
    if (!(*low < *high)) {
        const double room = *low == 0 ? 1 : fabs(*low) * 0.5;
        *high = *low + room;
        *low -= room;
    }
    const ticks found = ticks_within(*low, *high, most);
    *low = floor(*low / found.step + SLACK) * found.step;
    *high = ceil(*high / found.step - SLACK) * found.step;
}

void ticks_label(df_text *out, double value, int digits)
{
    char plain[64];
    double power = 1;
    for (int i = 0; i < digits; i++)
        power *= 10;
    const double magnitude = fabs(value), units = floor(magnitude * power + 0.5);
    if (!isfinite(value) || units >= 1e15) {
        df_text_number(out, value, 0);
        return;
    }
    const int64_t whole = (int64_t)floor(units / power), part = (int64_t)(units - (double)whole * power);
    const int length = snprintf(plain, sizeof plain, "%lld", (long long)whole);
    df_text_add(out, value < 0 && units > 0 ? MINUS : "");
    for (int i = 0; i < length; i++) {
        const bool is_group = whole >= GROUPED_FROM && i > 0 && (length - i) % GROUP == 0;
        df_text_add(out, is_group ? "," : "");
        df_text_add_bytes(out, &plain[i], 1);
    }
    if (digits > 0)
        df_text_addf(out, ".%0*lld", digits, (long long)part);
}

void ticks_power_label(df_text *out, int exponent)
{
    static const char *const raised[] = {"\xE2\x81\xB0", "\xC2\xB9",     "\xC2\xB2",     "\xC2\xB3",     "\xE2\x81\xB4",
                                         "\xE2\x81\xB5", "\xE2\x81\xB6", "\xE2\x81\xB7", "\xE2\x81\xB8", "\xE2\x81\xB9"};
    char digits[16];
    if (exponent == 0 || exponent == 1) {
        df_text_add(out, exponent ? "10" : "1");
        return;
    }
    const int length = snprintf(digits, sizeof digits, "%d", exponent < 0 ? -exponent : exponent);
    df_text_add(out, exponent < 0 ? "10\xE2\x81\xBB" : "10");
    for (int i = 0; i < length; i++)
        df_text_add(out, raised[digits[i] - '0']);
}
