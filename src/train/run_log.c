/* run_log.c: one write a line and a record; when a training goes on both files are made anew from the lines that stay. */
#include "train/run_log.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "train/run_metrics.h"

enum { DIGITS = 9, PATH_BYTES = 4096, LOG_BYTES = 1 << 15 };

typedef struct kept { /* the files' new beginnings */
    int64_t last_step;
    df_text lines, events;
    run_value values[RUN_NAMES]; /* of a line */
} kept;

struct run_log {
    df_arena *arena; /* holds this struct */
    char metrics[PATH_BYTES], events[PATH_BYTES];
    int metrics_file, events_file; /* -1: not open */
    df_text line, record;
};

static double now(void)
{
    struct timeval time;
    gettimeofday(&time, NULL);
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static bool write_all(int file, const char *path, const df_text *text, df_error *err)
{
    if (!df_text_ok(text, err))
        return false;
    for (size_t done = 0; done < text->size;) {
        const ssize_t wrote = write(file, text->data + done, text->size - done);
        if (wrote < 0 && errno != EINTR)
            return df_fail(err, "%s: cannot write: %s", path, strerror(errno));
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

/* One kept line as a record of the other file. */
static bool add_record(json_t *line, int64_t step, double wall, kept *k, df_error *err)
{
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(line, key, value)
        if (json_is_number(value) && strcmp(key, "step") != 0 && strcmp(key, "wall") != 0) {
            if (count == RUN_NAMES)
                return df_fail(err, "more than %d values", RUN_NAMES);
            k->values[count++] = (run_value){key, json_number_value(value)};
        }
    event_file_add(&k->events, wall, step, k->values, count);
    return true;
}

static bool keep_line(const char *text, size_t size, kept *k, df_error *err)
{
    int64_t step;
    double wall;
    json_t *line = df_json_parse(text, size, err);
    bool ok = line && df_json_get_integer(line, "step", 0, INT64_MAX, &step, err) &&
              df_json_get_number(line, "wall", 0, RUN_LAST_WALL, &wall, err);
    if (ok && step <= k->last_step) {
        if (k->lines.size == 0)
            event_file_begin(&k->events, wall);
        df_text_add_bytes(&k->lines, text, size);
        df_text_add(&k->lines, "\n");
        ok = add_record(line, step, wall, k, err);
    }
    json_decref(line);
    return ok;
}

static bool keep_lines(const char *path, df_arena *arena, kept *k, df_error *err)
{
    df_bytes bytes;
    if (!df_file_read(path, RUN_FILE_BYTES, arena, &bytes, err))
        return false;
    size_t at = 0;
    for (int number = 1; at < bytes.size; number++) {
        const char *start = (const char *)bytes.data + at, *end = memchr(start, '\n', bytes.size - at);
        if (!end)
            break; /* a kill cut it */
        if (!keep_line(start, (size_t)(end - start), k, err))
            return df_fail_in(err, "%s: line %d", path, number);
        at += (size_t)(end - start) + 1;
    }
    return true;
}

/* Both files as they are to begin with. */
static bool begin_files(const run_log *log, int64_t last_step, df_error *err)
{
    df_arena *arena = df_arena_new((size_t)RUN_FILE_BYTES + LOG_BYTES, err);
    kept *k = arena ? df_alloc(arena, 1, sizeof *k, err) : NULL;
    if (!k) {
        df_arena_free(arena);
        return false;
    }
    k->last_step = last_step;
    bool ok = last_step < 0 || !df_path_exists(log->metrics) || keep_lines(log->metrics, arena, k, err);
    if (k->lines.size == 0)
        event_file_begin(&k->events, now());
    ok = ok && df_text_ok(&k->lines, err) && df_text_ok(&k->events, err) &&
         df_file_write(log->metrics, k->lines.data ? k->lines.data : "", k->lines.size, err) &&
         df_file_write(log->events, k->events.data, k->events.size, err);
    df_text_free(&k->lines);
    df_text_free(&k->events);
    df_arena_free(arena);
    return ok;
}

static bool open_end(const char *path, int *file, df_error *err)
{
    *file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    return *file >= 0 || df_fail(err, "%s: cannot write: %s", path, strerror(errno));
}

run_log *run_log_open(const char *folder, int64_t last_step, df_error *err)
{
    df_arena *arena = df_arena_new(LOG_BYTES, err);
    run_log *log = arena ? df_alloc(arena, 1, sizeof *log, err) : NULL;
    if (!log) {
        df_arena_free(arena);
        return NULL;
    }
    log->arena = arena;
    log->metrics_file = log->events_file = -1;
    if (df_path_join(log->metrics, sizeof log->metrics, folder, RUN_METRICS, err) &&
        df_path_join(log->events, sizeof log->events, folder, RUN_EVENTS, err) && begin_files(log, last_step, err) &&
        open_end(log->metrics, &log->metrics_file, err) && open_end(log->events, &log->events_file, err))
        return log;
    run_log_close(log);
    return NULL;
}

bool run_log_add(run_log *log, int64_t step, const run_value *values, size_t count, df_error *err)
{
    const double wall = now();
    df_text_clear(&log->line);
    df_text_clear(&log->record);
    df_text_add(&log->line, "{\"step\":");
    df_text_integer(&log->line, step);
    df_text_addf(&log->line, ",\"wall\":%.3f", wall);
    for (size_t i = 0; i < count; i++) {
        df_text_add(&log->line, ",");
        df_text_json_string(&log->line, values[i].name);
        df_text_add(&log->line, ":");
        df_text_number(&log->line, values[i].value, DIGITS);
    }
    df_text_add(&log->line, "}\n");
    event_file_add(&log->record, wall, step, values, count);
    return write_all(log->metrics_file, log->metrics, &log->line, err) && write_all(log->events_file, log->events, &log->record, err);
}

void run_log_close(run_log *log)
{
    if (!log)
        return;
    if (log->metrics_file >= 0)
        close(log->metrics_file);
    if (log->events_file >= 0)
        close(log->events_file);
    df_text_free(&log->line);
    df_text_free(&log->record);
    df_arena_free(log->arena);
}
