/* stop.h: the flag that SIGINT and SIGTERM set. Long loops look at it between items and return with an error; src/cli turns
   that into exit 130 or 143. The one mutable variable of the library that is not passed. */
#ifndef DF_BASE_STOP_H
#define DF_BASE_STOP_H

#include "base/api.h"

DF_API void df_stop_on_signals(void); /* installs the handlers; called once by src/cli */
DF_API int df_stop_signal(void);      /* 0, or the signal that came */

#endif
