/* leak_copies.c: exact copies stand side by side in the order of pixel hashes; near ones are found through the index and joined to
   groups by union-find, whose root is always the first image of the group. */
#include "dataset/leak_copies.h"

#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "dataset/likeness.h"

const char *const leak_kind_names[LEAK_KIND_COUNT] = {[LEAK_EXACT] = "exact", [LEAK_NEAR] = "near", [LEAK_MIRRORED] = "mirrored"};

enum { STEP = 1024 };

typedef struct pixel_key {
    uint64_t pixels[2];
    int64_t image;
} pixel_key;

static int compare_pixels(const uint64_t a[2], const uint64_t b[2])
{
    return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

static int by_pixels(const void *a, const void *b)
{
    const pixel_key *x = a, *y = b;
    const int order = compare_pixels(x->pixels, y->pixels);
    return order ? order : (x->image > y->image) - (x->image < y->image);
}

static pixel_key *sort_by_pixels(const leak_gallery *set, df_arena *arena, df_error *err)
{
    pixel_key *keys = df_alloc(arena, (size_t)set->count, sizeof *keys, err);
    for (int64_t i = 0; keys && i < set->count; i++) {
        const leak_record *record = leak_gallery_record(set, i);
        keys[i] = (pixel_key){.pixels = {record->pixels[0], record->pixels[1]}, .image = i};
    }
    if (keys)
        qsort(keys, (size_t)set->count, sizeof *keys, by_pixels);
    return keys;
}

/* The first image with those pixels, or -1. */
static int64_t find_pixels(const pixel_key *keys, int64_t count, const uint64_t pixels[2])
{
    int64_t low = 0, high = count;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (compare_pixels(keys[middle].pixels, pixels) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && compare_pixels(keys[low].pixels, pixels) == 0 ? keys[low].image : -1;
}

/* A search of near copies under way: of one image among those of the index. */
typedef struct near_search {
    const leak_gallery *of, *among;
    float threshold;
    phash_index index;
    int64_t *numbers;                 /* [index.count] of the index' images in their gallery */
    int64_t *parents;                 /* within one set: [count] union-find; NULL between two */
    leak_copy *found;                 /* [of->count] original -1: none */
    float *vector, *mirrored, *other; /* [length] */
    bool has_vector;                  /* of the current image */
    int64_t image;
    leak_kind kind;
    df_error *err;
    bool is_failed;
} near_search;

static int64_t root_of(int64_t *parents, int64_t i)
{
    while (parents[i] != i)
        i = parents[i] = parents[parents[i]];
    return i;
}

static void join(near_search *s, int64_t candidate, float distance)
{
    const int64_t a = root_of(s->parents, s->image), b = root_of(s->parents, candidate);
    const int64_t first = a < b ? a : b, later = a < b ? b : a;
    if (a == b)
        return;
    s->parents[later] = first;
    s->found[later] = (leak_copy){.image = later, .original = first, .kind = s->kind, .distance = distance};
}

static void keep_nearest(near_search *s, int64_t candidate, float distance)
{
    leak_copy *copy = &s->found[s->image];
    if (copy->original < 0 || distance < copy->distance || (distance == copy->distance && candidate < copy->original))
        *copy = (leak_copy){.image = s->image, .original = candidate, .kind = s->kind, .distance = distance};
}

static bool load_vectors(near_search *s, int64_t candidate)
{
    if (!s->has_vector) {
        if (!leak_gallery_features(s->of, s->image, 1, s->vector, s->err))
            return false;
        likeness_mirror(s->vector, s->of->chosen, s->mirrored);
        s->has_vector = true;
    }
    return leak_gallery_features(s->among, candidate, 1, s->other, s->err);
}

static bool take_candidate(void *user, size_t number, int bits)
{
    near_search *s = user;
    const int64_t candidate = s->numbers[number];
    (void)bits;
    if (s->parents && (candidate >= s->image || root_of(s->parents, candidate) == root_of(s->parents, s->image)))
        return true;
    if (!load_vectors(s, candidate)) {
        s->is_failed = true;
        return false;
    }
    const float distance = likeness_distance(s->kind == LEAK_MIRRORED ? s->mirrored : s->vector, s->other, s->of->length);
    if (distance <= s->threshold && s->parents)
        join(s, candidate, distance);
    else if (distance <= s->threshold)
        keep_nearest(s, candidate, distance);
    return true;
}

static bool find_near(near_search *s, int64_t number)
{
    const phash *look = &leak_gallery_record(s->of, number)->look;
    s->image = number;
    s->has_vector = false;
    s->kind = LEAK_NEAR;
    if (s->parents)
        phash_index_find(&s->index, look->bits, PHASH_RADIUS, take_candidate, s);
    s->kind = LEAK_MIRRORED;
    if (!s->is_failed)
        phash_index_find(&s->index, look->mirrored, PHASH_RADIUS, take_candidate, s);
    return !s->is_failed;
}

/* The index of the images of `among` that are no exact copies of an earlier one. */
static bool make_index(near_search *s, const pixel_key *keys, df_arena *arena, df_error *err)
{
    const size_t count = (size_t)s->among->count;
    uint8_t *is_copy = df_alloc(arena, count, 1, err);
    uint64_t *hashes = df_alloc(arena, count, sizeof *hashes, err);
    s->numbers = df_alloc(arena, count, sizeof *s->numbers, err);
    if (!is_copy || !hashes || !s->numbers)
        return false;
    for (size_t k = 1; k < count; k++)
        is_copy[keys[k].image] = compare_pixels(keys[k].pixels, keys[k - 1].pixels) == 0;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_copy[i]) {
            s->numbers[kept] = (int64_t)i;
            hashes[kept++] = leak_gallery_record(s->among, (int64_t)i)->look.bits;
        }
    return phash_index_init(&s->index, hashes, kept, arena, err);
}

static bool get_room(near_search *s, df_arena *arena, df_error *err)
{
    const size_t count = (size_t)s->of->count, length = (size_t)s->of->length;
    s->found = df_alloc(arena, count, sizeof *s->found, err);
    s->vector = df_alloc(arena, length, sizeof *s->vector, err);
    s->mirrored = df_alloc(arena, length, sizeof *s->mirrored, err);
    s->other = df_alloc(arena, length, sizeof *s->other, err);
    for (size_t i = 0; s->found && i < count; i++)
        s->found[i] = (leak_copy){.original = -1};
    return s->found && s->vector && s->mirrored && s->other;
}

static bool search_all(near_search *s, const df_progress *progress, df_error *err)
{
    bool is_good = true;
    df_progress_start(progress, "copies", s->of->count);
    for (int64_t i = 0; i < s->of->count && is_good; i++) {
        if (s->found[i].original < 0)
            is_good = find_near(s, i);
        if (i % STEP == 0) {
            df_progress_step(progress, i);
            is_good = is_good && (df_stop_signal() == 0 || df_fail(err, "stopped by a signal"));
        }
    }
    df_progress_finish(progress);
    return is_good;
}

static int by_original(const void *a, const void *b)
{
    const leak_copy *x = a, *y = b;
    return x->original != y->original ? (x->original > y->original) - (x->original < y->original)
                                      : (x->image > y->image) - (x->image < y->image);
}

/* Those found, moved together at the front of the list. */
static void gather(near_search *s, leak_copies *out)
{
    *out = (leak_copies){.list = s->found};
    for (int64_t i = 0; i < s->of->count; i++) {
        leak_copy copy = s->found[i];
        if (copy.original < 0)
            continue;
        if (s->parents)
            copy.original = root_of(s->parents, i);
        out->kinds[copy.kind]++;
        out->list[out->count++] = copy;
    }
    if (!s->parents || out->count == 0)
        return;
    qsort(out->list, (size_t)out->count, sizeof *out->list, by_original);
    for (int64_t k = 0; k < out->count; k++)
        out->groups += k == 0 || out->list[k].original != out->list[k - 1].original;
}

bool leak_copies_within(const leak_gallery *set, float threshold, df_arena *arena, const df_progress *progress, leak_copies *out,
                        df_error *err)
{
    near_search s = {.of = set, .among = set, .threshold = threshold, .err = err};
    const pixel_key *keys = sort_by_pixels(set, arena, err);
    s.parents = keys ? df_alloc(arena, (size_t)set->count, sizeof *s.parents, err) : NULL;
    if (!s.parents || !get_room(&s, arena, err) || !make_index(&s, keys, arena, err))
        return false;
    for (int64_t i = 0; i < set->count; i++)
        s.parents[i] = i;
    for (int64_t k = 1; k < set->count; k++)
        if (compare_pixels(keys[k].pixels, keys[k - 1].pixels) == 0) {
            s.parents[keys[k].image] = root_of(s.parents, keys[k - 1].image);
            s.found[keys[k].image] = (leak_copy){.image = keys[k].image, .original = s.parents[keys[k].image], .kind = LEAK_EXACT};
        }
    if (!search_all(&s, progress, err))
        return false;
    gather(&s, out);
    return true;
}

bool leak_copies_between(const leak_gallery *of, const leak_gallery *among, const leak_hit *nearest, float threshold, df_arena *arena,
                         const df_progress *progress, leak_copies *out, df_error *err)
{
    near_search s = {.of = of, .among = among, .threshold = threshold, .err = err};
    const pixel_key *keys = sort_by_pixels(among, arena, err);
    if (!keys || !get_room(&s, arena, err) || !make_index(&s, keys, arena, err))
        return false;
    for (int64_t i = 0; i < of->count; i++) {
        const int64_t original = find_pixels(keys, among->count, leak_gallery_record(of, i)->pixels);
        if (original >= 0)
            s.found[i] = (leak_copy){.image = i, .original = original, .kind = LEAK_EXACT};
        else if (nearest[i].index >= 0 && nearest[i].distance <= threshold)
            s.found[i] = (leak_copy){.image = i, .original = nearest[i].index, .kind = LEAK_NEAR, .distance = nearest[i].distance};
    }
    if (!search_all(&s, progress, err))
        return false;
    gather(&s, out);
    return true;
}
