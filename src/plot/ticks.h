/* ticks.h: round numbers along an axis, and numbers as a reader of a chart likes them. Steps are 1, 2 or 5 times a power of ten
   (after Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990). */
#ifndef DF_PLOT_TICKS_H
#define DF_PLOT_TICKS_H

#include "base/text.h"

typedef struct ticks {
    double first, step; /* step above 0 */
    int count;          /* all from `first` that are not above `high` */
    int digits;         /* decimals that tell neighbours apart */
} ticks;

/* The ticks inside [low, high], at most `most` (2 or more) of them. low < high, both finite. */
DF_API ticks ticks_within(double low, double high, int most);
DF_API double ticks_value(const ticks *ticks, int index);

/* The smallest range of whole steps that holds [low, high]; low == high is widened first. */
DF_API void ticks_round_out(double *low, double *high, int most);

/* "1,234", "-0.5" with a true minus sign; groups of three from 10,000 on. Trailing zeros are kept, so labels line up. */
DF_API void ticks_label(df_text *out, double value, int digits);

/* "10" with the exponent raised; 0 and 1 become "1" and "10". */
DF_API void ticks_power_label(df_text *out, int exponent);

#endif
