/* progress.c: calls what is there of a progress. */
#include "base/progress.h"

#include <stdarg.h>
#include <stdio.h>

enum { LONGEST_NOTE = 1024 };

void df_progress_start(const df_progress *progress, const char *title, int64_t total)
{
    if (progress && progress->start)
        progress->start(progress->user, title, total);
}

void df_progress_step(const df_progress *progress, int64_t done)
{
    if (progress && progress->step)
        progress->step(progress->user, done);
}

void df_progress_finish(const df_progress *progress)
{
    if (progress && progress->finish)
        progress->finish(progress->user);
}

void df_progress_note(const df_progress *progress, const char *format, ...)
{
    if (!progress || !progress->note)
        return;
    char sentence[LONGEST_NOTE];
    va_list args;
    va_start(args, format);
    const int size = vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (size >= 0)
        progress->note(progress->user, sentence);
}
