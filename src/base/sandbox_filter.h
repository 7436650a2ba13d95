/* sandbox_filter.h: what a process in the sandbox may ask of the system; for sandbox.c. */
#ifndef DF_BASE_SANDBOX_FILTER_H
#define DF_BASE_SANDBOX_FILTER_H

#include "base/api.h"
#include "base/error.h"

/* From here on the process can write to the descriptors 0 to `descriptors` - 1, have memory and end; any other call kills it (SIGSYS). Fails
   where the system or the processor has no such filter. */
bool sandbox_filter(unsigned descriptors, df_error *err) DF_CHECKED;

#endif
