/* image_features.c: a batch of images at a time, decoded and resized side by side, then through the network together. */
#include "metrics/image_features.h"

#include <string.h>

#include "base/stop.h"
#include "exchange/source_examine.h"
#include "image/image_file.h"

static const size_t SCRATCH = (size_t)2 << 30, SOURCE_MEMORY = (size_t)4 << 30;

typedef struct slot {
    source_image from;
    json_t *fields; /* from's, which the source lets go at its next image */
    int width, height;
    df_error problem;
    bool is_good;
} slot;

typedef struct reading {
    const image_reading *how;
    image_set *out;
    slot *slots; /* [INCEPTION_BATCH] */
    df_arena *scratch[INCEPTION_BATCH];
    df_arena *source_arena;
    const source_row *row;
    void *source;
    source_log log;
} reading;

static bool open_slots(reading *r, df_arena *arena, df_error *err)
{
    r->slots = df_alloc(arena, INCEPTION_BATCH, sizeof *r->slots, err);
    if (!r->slots)
        return false;
    for (int i = 0; i < INCEPTION_BATCH; i++)
        if (!(r->scratch[i] = df_arena_new(SCRATCH, err)))
            return false;
    return true;
}

static void close_reading(reading *r)
{
    if (r->source && r->row->close)
        r->row->close(r->source);
    df_arena_free(r->source_arena);
    for (int i = 0; i < INCEPTION_BATCH; i++) {
        df_arena_free(r->scratch[i]);
        if (r->slots)
            json_decref(r->slots[i].fields);
    }
}

static void prepare(const reading *r, int i)
{
    slot *s = &r->slots[i];
    image picture;
    df_arena_reset(r->scratch[i]);
    s->is_good = image_read_file(s->from.path, &picture, r->scratch[i], &s->problem) &&
                 inception_resize(&picture, r->how->filter, r->scratch[i], inception_place(r->how->net, i), &s->problem);
    if (!s->is_good)
        return;
    s->width = picture.width;
    s->height = picture.height;
}

static bool put_label(reading *r, slot *s, df_error *err)
{
    image_label label;
    if (!r->out->labels.spool)
        return true;
    s->from.fields = s->fields;
    return (image_label_of(&r->out->labels, &s->from, s->width, s->height, &label, err) || df_fail_in(err, "%s", s->from.path)) &&
           df_spool_put(r->out->labels.spool, &label, sizeof label, err);
}

/* Through the network, without the bad ones: what lies behind them moves up. */
static bool flush(reading *r, int count, df_error *err)
{
    int good = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < count; i++)
        prepare(r, i);
    for (int i = 0; i < count; i++) {
        if (!r->slots[i].is_good && source_is_shortage(&r->slots[i].problem))
            return df_fail(err, "%s", r->slots[i].problem.text);
        if (!r->slots[i].is_good) {
            source_say(&r->log, &r->log.skipped, "%s: skipped", r->slots[i].problem.text);
            continue;
        }
        if (!put_label(r, &r->slots[i], err))
            return false;
        if (good != i)
            memcpy(inception_place(r->how->net, good), inception_place(r->how->net, i), INCEPTION_VALUES * sizeof(float));
        good++;
    }
    if (good == 0)
        return true;
    const float *features = inception_run(r->how->net, good, err);
    r->out->features.count += good;
    df_progress_step(r->how->progress, r->out->features.count);
    return features && (df_spool_put(r->out->features.spool, features, (size_t)good * INCEPTION_FEATURES * sizeof *features, err) ||
                        df_fail_in(err, "putting features aside (TMPDIR names another place)"));
}

static bool read_all(reading *r, df_error *err)
{
    for (bool found = true; found;) {
        int count = 0;
        while (count < INCEPTION_BATCH) {
            slot *s = &r->slots[count];
            if (!r->row->next(r->source, &s->from, &found, err))
                return false;
            if (!found)
                break;
            json_decref(s->fields);
            s->fields = json_incref(s->from.fields);
            count++;
        }
        if (!df_may_go_on(err) || !flush(r, count, err))
            return false;
    }
    return true;
}

static bool open_source(reading *r, const char *path, df_error *err)
{
    const source_setting setting = {.path = path};
    r->log = (source_log){.progress = r->how->progress};
    return (r->row = source_guess(path, err)) != NULL && (r->source_arena = df_arena_new(SOURCE_MEMORY, err)) != NULL &&
           ((r->source = r->row->open(&setting, &r->log, r->source_arena, err)) != NULL ||
            (strstr(err ? err->text : "", path) ? false : df_fail_in(err, "%s", path)));
}

static bool open_spools(const image_reading *how, image_set *out, df_error *err)
{
    out->features.spool = df_spool_open(how->scratch, err);
    out->labels.key = how->group_key;
    if (out->features.spool && how->wants_labels)
        out->labels.spool = df_spool_open(how->scratch, err);
    return out->features.spool && (out->labels.spool || !how->wants_labels);
}

static bool is_enough(const image_set *set, df_error *err)
{
    const char *path = set->features.path;
    const int64_t count = set->features.count;
    if (count >= 2)
        return true;
    if (count == 0 && set->skipped == 0)
        return df_fail(err, "%s: no images, expected PNG or JPEG files", path);
    return df_fail(err, "%s: %s that can be read, expected at least 2 (%lld cannot be read)", path, count ? "1 image" : "no image",
                   (long long)set->skipped);
}

bool image_set_read(const char *path, const image_reading *how, df_arena *arena, image_set *out, df_error *err)
{
    reading r = {.how = how, .out = out};
    *out = (image_set){.features = {.path = path, .dims = INCEPTION_FEATURES}};
    bool ok = open_source(&r, path, err) && open_slots(&r, arena, err) && open_spools(how, out, err);
    if (ok) {
        df_progress_start(how->progress, path, r.log.expected);
        ok = read_all(&r, err);
        df_progress_finish(how->progress);
    }
    out->skipped = r.log.skipped + r.log.missing;
    close_reading(&r);
    ok = ok && is_enough(out, err);
    if (!ok)
        image_set_close(out);
    return ok;
}

void image_set_close(image_set *set)
{
    feature_set_close(&set->features);
    df_spool_close(set->labels.spool);
    set->labels.spool = NULL;
}

bool image_set_labels(const image_set *set, df_arena *arena, const image_label **out, df_error *err)
{
    const size_t count = (size_t)set->features.count;
    image_label *all = df_alloc(arena, count, sizeof *all, err);
    *out = all;
    return all && df_spool_read(set->labels.spool, 0, all, count * sizeof *all, err);
}
