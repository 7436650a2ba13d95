/* terminal.c: progress lines with rate and time left. */
#include "cli/terminal.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static const double FIRST_DRAW_S = 1.0, REDRAW_S = 1.0, PLAIN_LINE_S = 10.0;

/* Work done a second over the window's time, or over all while the window has one entry. */
static double rate(const terminal_line *terminal, double time)
{
    const int count = terminal->window_count < TERMINAL_WINDOW ? terminal->window_count : TERMINAL_WINDOW;
    double since = terminal->began;
    int64_t before = 0;
    if (count > 0) {
        const int oldest = (terminal->window_count - count) % TERMINAL_WINDOW;
        since = terminal->window[oldest].time;
        before = terminal->window[oldest].done;
    }
    return time > since ? (double)(terminal->done - before) / (time - since) : 0;
}

static void remember(terminal_line *terminal, double time)
{
    const int slot = terminal->window_count++ % TERMINAL_WINDOW;
    terminal->window[slot].time = time;
    terminal->window[slot].done = terminal->done;
}

static void format_duration(double seconds, char *out, size_t size)
{
    const long whole = seconds < 8.64e6 ? (long)(seconds + 0.5) : 8640000;
    if (whole < 60)
        snprintf(out, size, "%ld s", whole);
    else if (whole < 3600)
        snprintf(out, size, "%ld min %02ld s", whole / 60, whole % 60);
    else
        snprintf(out, size, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
}

/* "rendering 1200/4000, 310/s, 9 s left" */
static void format_line(const terminal_line *terminal, double time, char *out, size_t size)
{
    const double per_second = rate(terminal, time);
    int used = snprintf(out, size, "%s %lld", terminal->title, (long long)terminal->done);
    if (terminal->total > 0)
        used += snprintf(out + used, size - (size_t)used, "/%lld", (long long)terminal->total);
    if (per_second > 0)
        used += snprintf(out + used, size - (size_t)used, ", %.3g/s", per_second);
    if (per_second > 0 && terminal->total > terminal->done) {
        char left[32];
        format_duration((double)(terminal->total - terminal->done) / per_second, left, sizeof left);
        snprintf(out + used, size - (size_t)used, ", %s left", left);
    }
}

static void draw(terminal_line *terminal, double time)
{
    char line[160];
    format_line(terminal, time, line, sizeof line);
    if (terminal->is_terminal)
        fprintf(terminal->out, "\r%s\033[K", line);
    else
        fprintf(terminal->out, "%s\n", line);
    fflush(terminal->out);
    terminal->is_drawn = terminal->is_terminal;
    terminal->drawn = time;
}

void terminal_clear(terminal_line *terminal)
{
    if (terminal->is_drawn)
        fputs("\r\033[K", terminal->out);
    terminal->is_drawn = false;
}

static void start(void *user, const char *title, int64_t total)
{
    terminal_line *terminal = user;
    terminal_clear(terminal);
    snprintf(terminal->title, sizeof terminal->title, "%s", title);
    terminal->total = total;
    terminal->done = 0;
    terminal->window_count = 0;
    terminal->began = terminal->clock();
    terminal->drawn = terminal->began + (terminal->is_terminal ? FIRST_DRAW_S - REDRAW_S : 0);
}

static void step(void *user, int64_t done)
{
    terminal_line *terminal = user;
    const double time = terminal->clock();
    terminal->done = done;
    if (terminal->is_quiet || time - terminal->drawn < (terminal->is_terminal ? REDRAW_S : PLAIN_LINE_S))
        return;
    draw(terminal, time);
    remember(terminal, time);
}

static void finish(void *user)
{
    terminal_line *terminal = user;
    const double seconds = terminal->clock() - terminal->began;
    const bool was_long = seconds >= (terminal->is_terminal ? FIRST_DRAW_S : PLAIN_LINE_S);
    terminal_clear(terminal);
    if (terminal->is_quiet || !was_long)
        return;
    char duration[32];
    format_duration(seconds, duration, sizeof duration);
    fprintf(terminal->out, "%s: %lld in %s\n", terminal->title, (long long)terminal->done, duration);
}

static void note(void *user, const char *sentence)
{
    terminal_line *terminal = user;
    if (terminal->is_quiet)
        return;
    terminal_clear(terminal);
    fprintf(terminal->out, "%s\n", sentence);
}

terminal_line terminal_open(bool is_quiet)
{
    return (terminal_line){.out = stderr, .clock = df_clock, .is_quiet = is_quiet, .is_terminal = isatty(STDERR_FILENO) == 1};
}

df_progress terminal_progress(terminal_line *terminal)
{
    return (df_progress){.start = start, .step = step, .finish = finish, .note = note, .user = terminal};
}
