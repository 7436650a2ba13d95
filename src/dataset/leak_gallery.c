/* leak_gallery.c: names in order on one thread, images of a window of names on all, their features appended in order. */
#include "dataset/leak_gallery.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/likeness.h"
#include "dataset/pixel_hash.h"
#include "image/image_file.h"

enum { WINDOW_PER_THREAD = 16, HASH_DIGITS = 16, HEXADECIMAL = 16 };

static const size_t SCRATCH = (size_t)4 << 30, MEMORY = (size_t)1 << 30;

typedef struct item {
    leak_image image;
    leak_record record;
    float *feature; /* [length] */
    df_error problem;
    bool is_unreadable; /* the file, as opposed to our memory or its box */
} item;

typedef struct reading {
    leak_gallery *gallery;
    const leak_view *view;
    const df_progress *progress;
    int threads, room;
    df_arena *arena, **scratch; /* [threads] */
    item *items;                /* [room] */
} reading;

static df_spool *open_spool(df_error *err)
{
    const char *chosen = getenv("TMPDIR");
    return df_spool_open(chosen && chosen[0] ? chosen : "/var/tmp", err);
}

static bool hash_pixels(const image *picture, leak_record *out, df_arena *scratch, df_error *err)
{
    char text[DF_SHA256_TEXT];
    if (!pixel_hash(picture, scratch, text, err))
        return false;
    for (int i = 0; i < 2; i++) {
        char digits[HASH_DIGITS + 1] = {0};
        memcpy(digits, text + (size_t)i * HASH_DIGITS, HASH_DIGITS);
        out->pixels[i] = strtoull(digits, NULL, HEXADECIMAL);
    }
    out->pixels[0] ^= (uint64_t)picture->width << 32 ^ (uint64_t)picture->channels; /* the hash knows bytes alone, not their shape */
    return true;
}

static bool look(const reading *r, item *of, df_arena *scratch, df_error *err)
{
    char path[DATASET_PATH];
    image picture, whole, crop;
    of->is_unreadable = true;
    if (!df_path_join(path, sizeof path, r->gallery->folder, of->image.name, err) || !image_read_file(path, &picture, scratch, err))
        return false;
    of->is_unreadable = false;
    if (r->view->crop == LEAK_BOX && !of->image.has_box)
        return df_fail(err, "%s: has no box, expected one as the first image has", path);
    return (hash_pixels(&picture, &of->record, scratch, err) && likeness_crop(&picture, NULL, &whole, scratch, err) &&
            phash_of(&whole, &of->record.look, scratch, err) &&
            likeness_crop(&picture, r->view->crop == LEAK_BOX ? of->image.box : NULL, &crop, scratch, err) &&
            likeness_of(&crop, r->view->features, of->feature, scratch, err)) ||
           df_fail_in(err, "%s", path);
}

static bool append(leak_gallery *to, item *of, df_error *err)
{
    of->record.identity = of->image.identity;
    of->record.name = to->names.size;
    if (to->count > 0 && of->record.identity != leak_gallery_record(to, to->count - 1)->identity)
        to->identities = 2;
    df_text_add_bytes(&to->names, of->image.name, strlen(of->image.name) + 1);
    df_text_add_bytes(&to->records, (const char *)&of->record, sizeof of->record);
    to->count++;
    return df_text_ok(&to->names, err) && df_text_ok(&to->records, err) &&
           (df_spool_put(to->features, of->feature, (size_t)to->length * sizeof *of->feature, err) ||
            df_fail_in(err, "putting features aside (TMPDIR names another place)"));
}

static bool flush_window(reading *r, int count, df_error *err)
{
#pragma omp parallel for schedule(dynamic) num_threads(r->threads)
    for (int i = 0; i < count; i++) {
        df_arena *scratch = r->scratch[omp_get_thread_num()];
        df_arena_reset(scratch);
        r->items[i].problem.text[0] = '\0';
        if (!look(r, &r->items[i], scratch, &r->items[i].problem) && r->items[i].problem.text[0] == '\0')
            df_fail(&r->items[i].problem, "%s: cannot be read", r->items[i].image.name);
    }
    for (int i = 0; i < count; i++) {
        item *of = &r->items[i];
        if (of->problem.text[0] == '\0') {
            if (!append(r->gallery, of, err))
                return false;
        } else if (of->is_unreadable) {
            df_progress_note(r->progress, "%s: skipped", of->problem.text);
            r->gallery->skipped++;
        } else {
            return df_fail(err, "%s", of->problem.text);
        }
    }
    df_progress_step(r->progress, r->gallery->count);
    return df_stop_signal() == 0 || df_fail(err, "stopped by a signal");
}

static bool read_windows(reading *r, leak_set *set, df_error *err)
{
    int count = 0;
    for (bool found = true; found;) {
        if (!leak_set_next(set, &r->items[count].image, &found, err))
            return false;
        count += found;
        if (count < r->room && found)
            continue;
        if (!flush_window(r, count, err))
            return false;
        count = 0;
    }
    return r->gallery->count > 0 || df_fail(err, "%s: no images, expected PNG or JPEG files", r->gallery->folder);
}

static bool get_room(reading *r, df_error *err)
{
    r->items = df_alloc(r->arena, (size_t)r->room, sizeof *r->items, err);
    r->scratch = df_alloc(r->arena, (size_t)r->threads, sizeof *r->scratch, err);
    if (!r->items || !r->scratch)
        return false;
    for (int i = 0; i < r->room; i++)
        if (!(r->items[i].feature = df_alloc(r->arena, (size_t)r->gallery->length, sizeof *r->items[i].feature, err)))
            return false;
    for (int t = 0; t < r->threads; t++)
        if (!(r->scratch[t] = df_arena_new(SCRATCH, err)))
            return false;
    return true;
}

static bool read_all(reading *r, df_error *err)
{
    leak_set *set = leak_set_open(r->gallery->folder, err);
    if (!set)
        return false;
    r->gallery->features = open_spool(err);
    df_progress_start(r->progress, "images", 0);
    const bool is_good = r->gallery->features && get_room(r, err) && read_windows(r, set, err);
    df_progress_finish(r->progress);
    leak_set_close(set);
    return is_good;
}

bool leak_gallery_read(const char *folder, const leak_view *view, const df_progress *progress, leak_gallery *out, df_error *err)
{
    leak_gallery made = {.folder = folder, .chosen = view->features, .length = likeness_length(view->features), .identities = 1};
    reading r = {
        .gallery = &made, .view = view, .progress = progress, .threads = view->threads > 0 ? view->threads : omp_get_max_threads()};
    r.room = r.threads * WINDOW_PER_THREAD;
    r.arena = df_arena_new(MEMORY, err);
    const bool is_good = r.arena && read_all(&r, err);
    for (int t = 0; r.scratch && t < r.threads; t++)
        df_arena_free(r.scratch[t]);
    df_arena_free(r.arena);
    if (!is_good) {
        leak_gallery_free(&made);
        return false;
    }
    *out = made;
    return true;
}

void leak_gallery_free(leak_gallery *gallery)
{
    df_spool_close(gallery->features);
    df_text_free(&gallery->records);
    df_text_free(&gallery->names);
    *gallery = (leak_gallery){0};
}

const leak_record *leak_gallery_record(const leak_gallery *gallery, int64_t i)
{
    return (const leak_record *)(const void *)gallery->records.data + i; /* realloc's memory is aligned for any type */
}

const char *leak_gallery_name(const leak_gallery *gallery, int64_t i)
{
    return gallery->names.data + leak_gallery_record(gallery, i)->name;
}

bool leak_gallery_features(const leak_gallery *gallery, int64_t first, int64_t count, float *out, df_error *err)
{
    const size_t row = (size_t)gallery->length * sizeof *out;
    return df_spool_read(gallery->features, (size_t)first * row, out, (size_t)count * row, err);
}
