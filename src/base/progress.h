/* progress.h: how a long piece of work tells how far it is. The library only calls; src/cli decides what a person sees. A
   NULL progress is silent. Calls come from one thread. */
#ifndef DF_BASE_PROGRESS_H
#define DF_BASE_PROGRESS_H

#include <stdint.h>

#include "base/api.h"

typedef struct df_progress {
    void (*start)(void *user, const char *title, int64_t total); /* total 0: unknown */
    void (*step)(void *user, int64_t done);                      /* done of total */
    void (*finish)(void *user);
    void (*note)(void *user, const char *sentence); /* something a person should know: a stand-in used, a file skipped */
    void *user;
} df_progress;

DF_API void df_progress_start(const df_progress *progress, const char *title, int64_t total);
DF_API void df_progress_step(const df_progress *progress, int64_t done);
DF_API void df_progress_finish(const df_progress *progress);
DF_API void df_progress_note(const df_progress *progress, const char *format, ...) DF_PRINTF(2, 3);

#endif
