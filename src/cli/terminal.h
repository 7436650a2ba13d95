/* terminal.h: progress for people, on standard error. On a terminal one line that is redrawn once a second, with rate and time
   left from the last seconds, silent for the first second; otherwise a plain line every ten seconds and one at the end of
   what took as long. Notes are printed at once. */
#ifndef DF_CLI_TERMINAL_H
#define DF_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "base/progress.h"

enum { TERMINAL_WINDOW = 16 };

typedef struct terminal_line {
    FILE *out;
    double (*clock)(void);                /* seconds since whenever */
    bool is_quiet, is_terminal, is_drawn; /* drawn: a line without its end stands on the terminal */
    char title[64];
    int64_t total, done;
    double began, drawn; /* seconds */
    struct {
        double time;
        int64_t done;
    } window[TERMINAL_WINDOW]; /* a ring of one entry a second */
    int window_count;
} terminal_line;

/* A line on standard error by the monotonic clock. */
terminal_line terminal_open(bool is_quiet);

/* The progress that writes through `terminal`, which must outlive it. */
df_progress terminal_progress(terminal_line *terminal);

/* Ends a line that stands unfinished; before an error sentence. */
void terminal_clear(terminal_line *terminal);

#endif
