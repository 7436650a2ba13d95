/* face_measure.c: lines are picked and parsed on one thread, a window of images decoded on all, results handed out in order. */
#include "dataset/face_measure.h"

#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/journal.h"
#include "image/image_file.h"

enum { GREY = 1, PER_THREAD = 16, DARK_BELOW = 11, BRIGHT_ABOVE = 249 };

static const size_t MEMORY = (size_t)1 << 30;

const face_measure_row face_measure_rows[FACE_MEASURE_COUNT] = {
#define FACE_MEASURE_ROW(id, NAME, TITLE, UNIT, WIDTH) [FACE_MEASURE_##id] = {.name = NAME, .title = TITLE, .unit = UNIT, .width = WIDTH},
    FACE_MEASURES(FACE_MEASURE_ROW)
#undef FACE_MEASURE_ROW
};

/* ---- one image ---- */

typedef struct part { /* of an image, x0 <= x < x1 */
    int x0, x1, y0, y1;
} part;

static int clipped(float value, int limit)
{
    return value > 0 ? value < (float)limit ? (int)value : limit : 0;
}

static part part_of(const image *grey, const float box[4])
{
    const part whole = {.x1 = grey->width, .y1 = grey->height};
    return box ? (part){clipped(box[0], grey->width), clipped(box[0] + box[2], grey->width), clipped(box[1], grey->height),
                        clipped(box[1] + box[3], grey->height)}
               : whole;
}

static double share(int64_t count, int64_t all)
{
    return (double)count / (double)all;
}

/* All in whole numbers: the sums of squares of a 16384 x 16384 image stay below 2^63. */
static void measure_levels(const image *grey, const part *p, double out[FACE_MEASURE_COUNT])
{
    const uint8_t *pixels = grey->data;
    int64_t sum = 0, squares = 0, dark = 0, bright = 0;
    for (int y = p->y0; y < p->y1; y++)
        for (int x = p->x0; x < p->x1; x++) {
            const int v = pixels[(size_t)y * (size_t)grey->width + (size_t)x];
            sum += v;
            squares += v * v;
            dark += v < DARK_BELOW;
            bright += v > BRIGHT_ABOVE;
        }
    const int64_t count = (int64_t)(p->x1 - p->x0) * (p->y1 - p->y0);
    const double mean = share(sum, count);
    out[FACE_MEASURE_EXPOSURE] = mean / UINT8_MAX;
    out[FACE_MEASURE_DARK] = share(dark, count);
    out[FACE_MEASURE_BRIGHT] = share(bright, count);
    out[FACE_MEASURE_CONTRAST] = sqrt(fmax(0, share(squares, count) - mean * mean)) / UINT8_MAX;
}

static double laplacian(const image *grey, const part *p)
{
    const uint8_t *pixels = grey->data;
    const size_t width = (size_t)grey->width;
    int64_t squares = 0, count = 0;
    const int y0 = p->y0 > 1 ? p->y0 : 1, y1 = p->y1 < grey->height - 1 ? p->y1 : grey->height - 1;
    const int x0 = p->x0 > 1 ? p->x0 : 1, x1 = p->x1 < grey->width - 1 ? p->x1 : grey->width - 1;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++) {
            const uint8_t *at = pixels + (size_t)y * width + (size_t)x;
            const int curve = 4 * at[0] - at[-1] - at[1] - at[-(ptrdiff_t)width] - at[width];
            squares += curve * curve;
            count++;
        }
    return count > 0 ? sqrt(share(squares, count)) / UINT8_MAX : 0;
}

bool face_measure_pixels(const image *grey, const float box[4], double out[FACE_MEASURE_COUNT])
{
    const part p = part_of(grey, box);
    if (p.x1 <= p.x0 || p.y1 <= p.y0)
        return false;
    measure_levels(grey, &p, out);
    out[FACE_MEASURE_SHARPNESS] = laplacian(grey, &p);
    return true;
}

/* ---- a set ---- */

typedef struct measured {
    manifest_entry entry;
    double values[FACE_MEASURE_COUNT];
    bool has_values;
    df_error err; /* "": none */
} measured;

typedef struct measuring {
    const char *folder;
    char path[DATASET_PATH]; /* of the manifest */
    int64_t images, most;
    int threads, room;
    df_arena *arena, **scratch; /* [threads] */
    measured *window;           /* [room] */
    df_lines *lines;
    int64_t line; /* lines read */
    face_measured *found;
    void *user;
} measuring;

static bool measure_file(const char *folder, measured *one, df_arena *scratch, df_error *err)
{
    char path[DATASET_PATH];
    image picture, bytes, grey;
    if (!df_path_join(path, sizeof path, folder, one->entry.image, err) || !image_read_file(path, &picture, scratch, err) ||
        !image_convert(&picture, IMAGE_U8, &bytes, scratch, err) || !image_to_channels(&bytes, GREY, &grey, scratch, err))
        return false;
    one->has_values = face_measure_pixels(&grey, one->entry.has_box ? one->entry.box : NULL, one->values);
    return true;
}

static bool flush(measuring *m, int count, df_error *err)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(m->threads)
    for (int i = 0; i < count; i++) {
        df_arena *scratch = m->scratch[omp_get_thread_num()];
        df_arena_reset(scratch);
        if (measure_file(m->folder, &m->window[i], scratch, &m->window[i].err))
            m->window[i].err.text[0] = '\0';
    }
    for (int i = 0; i < count; i++) {
        if (m->window[i].err.text[0])
            return df_fail(err, "%s", m->window[i].err.text);
        if (m->window[i].has_values)
            m->found(m->user, &m->window[i].entry, m->window[i].values);
    }
    return true;
}

/* The first line of part k of `most`, moved on inside it by the golden ratio's multiples, lest the parts walk in step with the images
   of an identity. */
static int64_t line_of(const measuring *m, int64_t k)
{
    const int64_t first = k * m->images / m->most, end = (k + 1) * m->images / m->most;
    const uint32_t fraction = (uint32_t)k * 2654435769u; /* 2^32 / golden ratio */
    return first + (int64_t)(((uint64_t)(end - first) * fraction) >> 32);
}

/* Reads on to that line (from 0) and parses it. */
static bool read_line(measuring *m, int64_t number, measured *out, df_error *err)
{
    const char *line = "";
    size_t length = 0;
    for (; line && m->line <= number; m->line++)
        if (!df_lines_next(m->lines, &line, &length, err))
            return false;
    if (!line)
        return df_fail(err, "%s: fewer lines than there were", m->path);
    *out = (measured){.has_values = false};
    return manifest_parse(line, length, &out->entry, NULL, err) || df_fail_in(err, "%s, line %lld", m->path, (long long)m->line);
}

static bool measure_all(measuring *m, const df_progress *progress, df_error *err)
{
    int count = 0;
    for (int64_t k = 0; k < m->most; k++) {
        if (df_stop_signal())
            return df_fail(err, "stopped by a signal");
        if (!read_line(m, line_of(m, k), &m->window[count], err))
            return false;
        if (++count < m->room && k + 1 < m->most)
            continue;
        if (!flush(m, count, err))
            return false;
        count = 0;
        df_progress_step(progress, k + 1);
    }
    return true;
}

static bool open_all(measuring *m, df_error *err)
{
    m->threads = omp_get_max_threads();
    m->room = m->threads * PER_THREAD;
    m->scratch = df_alloc(m->arena, (size_t)m->threads, sizeof *m->scratch, err);
    m->window = m->scratch ? df_alloc(m->arena, (size_t)m->room, sizeof *m->window, err) : NULL;
    if (!m->window || !df_path_join(m->path, sizeof m->path, m->folder, "manifest.jsonl", err))
        return false;
    for (int t = 0; t < m->threads; t++)
        if (!(m->scratch[t] = df_arena_new(MEMORY, err)))
            return false;
    return (m->lines = df_lines_open(m->path, JOURNAL_LINE, err)) != NULL;
}

bool face_measure_set(const char *folder, int64_t images, int64_t most, const df_progress *progress, face_measured *found, void *user,
                      df_error *err)
{
    df_arena *arena = df_arena_new(MEMORY, err);
    measuring m = {.folder = folder, .images = images, .arena = arena, .found = found, .user = user};
    m.most = most > 0 && most < images ? most : images;
    bool is_good = arena && open_all(&m, err);
    if (is_good) {
        df_progress_start(progress, "measuring faces", m.most);
        is_good = measure_all(&m, progress, err);
        df_progress_finish(progress);
    }
    df_lines_close(m.lines);
    for (int t = 0; m.scratch && t < m.threads; t++)
        df_arena_free(m.scratch[t]);
    df_arena_free(arena);
    return is_good;
}
