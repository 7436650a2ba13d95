/* stop.h: the flag that SIGINT and SIGTERM set. Long loops look at it between items and return with an error; src/cli turns
   that into exit 130 or 143. The one mutable variable of the library that is not passed. */
#ifndef DF_BASE_STOP_H
#define DF_BASE_STOP_H

#include <stdbool.h>

#include "base/api.h"
#include "base/error.h"

DF_API void df_stop_on_signals(void); /* installs the handlers; called once by src/cli */
DF_API int df_stop_signal(void);      /* 0, or the signal that came */

/* True until a signal came, then false with a sentence: for loops that can fail. */
DF_API bool df_may_go_on(df_error *err) DF_CHECKED;

#endif
