/* clock.h: how long things take. */
#ifndef DF_BASE_CLOCK_H
#define DF_BASE_CLOCK_H

#include "base/api.h"

/* Seconds of a clock that only goes forward; where it begins means nothing. */
DF_API double df_clock(void);

#endif
