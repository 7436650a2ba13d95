/* run_metrics.c: a line at a time; each name has arrays that double as they fill. */
#include "train/run_metrics.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"

typedef struct growing { /* a curve while it is read */
    double *steps, *values;
    size_t count, room;
} growing;

typedef struct reading {
    run_metrics metrics;
    growing curves[RUN_NAMES];
    const char *names[RUN_NAMES];
    df_arena *arena;
} reading;

static bool grow(growing *g, df_arena *arena, df_error *err)
{
    const size_t room = g->room ? 2 * g->room : 16;
    double *steps = df_alloc(arena, room, sizeof *steps, err);
    double *values = steps ? df_alloc(arena, room, sizeof *values, err) : NULL;
    if (!values)
        return false;
    if (g->count) {
        memcpy(steps, g->steps, g->count * sizeof *steps);
        memcpy(values, g->values, g->count * sizeof *values);
    }
    g->steps = steps;
    g->values = values;
    g->room = room;
    return true;
}

static bool add_value(reading *r, const char *name, double step, double value, df_error *err)
{
    size_t i = 0;
    while (i < r->metrics.count && strcmp(r->names[i], name) != 0)
        i++;
    if (i == RUN_NAMES)
        return df_fail(err, "'%.60s': more than %d names", name, RUN_NAMES);
    if (i == r->metrics.count) {
        r->names[i] = df_copy_string(r->arena, name, err);
        if (!r->names[i])
            return false;
        r->metrics.count++;
    }
    growing *g = &r->curves[i];
    if (g->count == g->room && !grow(g, r->arena, err))
        return false;
    g->steps[g->count] = step;
    g->values[g->count++] = value;
    return true;
}

static bool add_line(reading *r, json_t *line, df_error *err)
{
    int64_t step;
    double wall;
    const char *key;
    json_t *value;
    if (!df_json_get_integer(line, "step", 0, INT64_MAX, &step, err) || !df_json_get_number(line, "wall", 0, RUN_LAST_WALL, &wall, err))
        return false;
    if (r->metrics.lines++ == 0)
        r->metrics.first_wall = wall;
    r->metrics.last_wall = wall;
    r->metrics.last_step = step;
    json_object_foreach(line, key, value) {
        if (strcmp(key, "step") == 0 || strcmp(key, "wall") == 0 || json_is_null(value))
            continue;
        if (!json_is_number(value))
            return df_fail(err, "'%.60s': expected a number or null", key);
        if (isfinite(json_number_value(value)) && !add_value(r, key, (double)step, json_number_value(value), err))
            return false;
    }
    return true;
}

static bool parse_lines(reading *r, df_bytes bytes, df_error *err)
{
    size_t at = 0;
    for (int64_t number = 1; at < bytes.size; number++) {
        const char *start = (const char *)bytes.data + at, *end = memchr(start, '\n', bytes.size - at);
        if (!end)
            break; /* a kill cut it */
        json_t *line = df_json_parse(start, (size_t)(end - start), err);
        const bool ok = line && add_line(r, line, err);
        json_decref(line);
        if (!ok)
            return df_fail_in(err, "line %lld", (long long)number);
        at += (size_t)(end - start) + 1;
    }
    return true;
}

bool run_metrics_parse(df_bytes bytes, df_arena *arena, run_metrics *out, df_error *err)
{
    reading *r = df_alloc(arena, 1, sizeof *r, err);
    if (!r)
        return false;
    r->arena = arena;
    r->metrics.last_step = -1;
    if (!parse_lines(r, bytes, err))
        return false;
    r->metrics.curves = df_alloc(arena, r->metrics.count, sizeof *r->metrics.curves, err);
    if (!r->metrics.curves)
        return false;
    for (size_t i = 0; i < r->metrics.count; i++)
        r->metrics.curves[i] = (run_curve){r->names[i], r->curves[i].steps, r->curves[i].values, r->curves[i].count};
    *out = r->metrics;
    return true;
}

bool run_metrics_read(const char *path, df_arena *arena, run_metrics *out, df_error *err)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    const bool ok = (bytes.size <= RUN_FILE_BYTES || df_fail(err, "%zu bytes, expected at most %d", bytes.size, RUN_FILE_BYTES)) &&
                    run_metrics_parse(bytes, arena, out, err);
    df_file_unmap(&bytes);
    return ok || df_fail_in(err, "%s", path);
}

const run_curve *run_metrics_find(const run_metrics *metrics, const char *name)
{
    for (size_t i = 0; i < metrics->count; i++)
        if (strcmp(metrics->curves[i].name, name) == 0)
            return &metrics->curves[i];
    return NULL;
}
