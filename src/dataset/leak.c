/* leak.c: the galleries of both sets, the searches, and the numbers that sum them up. */
#include "dataset/leak.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"

enum { SHARE = 100 }; /* one of so many baseline distances lies below the limit */

static bool first_has_box(const char *folder, bool *has_box, df_error *err)
{
    leak_image first = {0};
    bool found = false;
    leak_set *set = leak_set_open(folder, err);
    const bool is_good = set && leak_set_next(set, &first, &found, err);
    leak_set_close(set);
    *has_box = found && first.has_box;
    return is_good;
}

static bool choose_crop(const char *a, const char *b, leak_part part, leak_crop *out, df_error *err)
{
    bool has_a = false, has_b = false;
    *out = part == LEAK_PART_BOX ? LEAK_BOX : LEAK_WHOLE;
    if (part != LEAK_PART_AUTO)
        return true;
    if (!first_has_box(a, &has_a, err) || !first_has_box(b, &has_b, err))
        return false;
    *out = has_a && has_b ? LEAK_BOX : LEAK_WHOLE;
    return true;
}

static float *sort_distances(const leak_hit *hits, int64_t count, df_arena *arena, df_error *err)
{
    float *sorted = df_alloc(arena, (size_t)count, sizeof *sorted, err);
    for (int64_t i = 0; sorted && i < count; i++)
        sorted[i] = hits[i].distance;
    if (sorted && count > 0)
        qsort(sorted, (size_t)count, sizeof *sorted, df_by_float);
    return sorted;
}

static bool find_nearest(leak_result *r, int threads, const df_progress *progress, df_arena *arena, df_error *err)
{
    const leak_search search = {.of = &r->a, .among = &r->b, .step = 1, .count = r->a.count, .threads = threads};
    r->nearest = df_alloc(arena, (size_t)search.count, sizeof *r->nearest, err);
    if (!r->nearest || !leak_nearest(&search, progress, r->nearest, err))
        return false;
    return (r->sorted = sort_distances(r->nearest, search.count, arena, err)) != NULL;
}

static bool find_baseline(leak_result *r, int threads, const df_progress *progress, df_arena *arena, df_error *err)
{
    const int64_t images = r->b.count, step = (images + LEAK_BASELINE - 1) / LEAK_BASELINE;
    r->rule = r->b.identities > 1 ? LEAK_OTHER_PERSON : LEAK_OTHER_IMAGE;
    r->limit = NAN;
    if (images < 2)
        return true;
    const leak_search search = {
        .of = &r->b, .among = &r->b, .step = step, .count = (images + step - 1) / step, .rule = r->rule, .threads = threads};
    leak_hit *hits = df_alloc(arena, (size_t)search.count, sizeof *hits, err);
    if (!hits || !leak_nearest(&search, progress, hits, err) || !(r->baseline = sort_distances(hits, search.count, arena, err)))
        return false;
    r->baseline_count = search.count;
    r->limit = r->baseline[search.count / SHARE];
    while (r->closer < r->a.count && r->sorted[r->closer] < r->limit)
        r->closer++;
    return true;
}

/* ---- the closest pairs ---- */

static int by_distance(const void *a, const void *b)
{
    const leak_copy *x = a, *y = b;
    const int order = (x->distance > y->distance) - (x->distance < y->distance);
    return order ? order : (x->image > y->image) - (x->image < y->image);
}

/* candidates: [count], sorted here */
static bool keep_closest(leak_result *r, leak_copy *candidates, int64_t count, int wanted, df_arena *arena, df_error *err)
{
    const leak_gallery *originals = r->b.folder ? &r->b : &r->a;
    r->pair_count = count < wanted ? (int)count : wanted;
    r->pairs = df_alloc(arena, (size_t)r->pair_count, sizeof *r->pairs, err);
    if (!r->pairs)
        return false;
    if (count > 0)
        qsort(candidates, (size_t)count, sizeof *candidates, by_distance);
    for (int i = 0; i < r->pair_count; i++) {
        const leak_copy *c = &candidates[i];
        r->pairs[i] = (leak_pair){.folders = {r->a.folder, originals->folder},
                                  .names = {leak_gallery_name(&r->a, c->image), leak_gallery_name(originals, c->original)},
                                  .distance = c->distance,
                                  .kind = c->kind < LEAK_KIND_COUNT ? (int)c->kind : -1};
    }
    return true;
}

static bool pair_all(leak_result *r, int wanted, df_arena *arena, df_error *err)
{
    const int64_t count = r->a.count;
    leak_copy *candidates = df_alloc(arena, (size_t)count, sizeof *candidates, err);
    if (!candidates)
        return false;
    for (int64_t i = 0; i < count; i++)
        candidates[i] =
            (leak_copy){.image = i, .original = r->nearest[i].index, .kind = LEAK_KIND_COUNT, .distance = r->nearest[i].distance};
    for (int64_t k = 0; k < r->copies.count; k++)
        candidates[r->copies.list[k].image] = r->copies.list[k];
    return keep_closest(r, candidates, count, wanted, arena, err);
}

static bool pair_copies(leak_result *r, int wanted, df_arena *arena, df_error *err)
{
    leak_copy *candidates = df_copy(arena, r->copies.list, (size_t)r->copies.count * sizeof *candidates, err);
    return candidates && keep_closest(r, candidates, r->copies.count, wanted, arena, err);
}

/* ---- the whole ---- */

static bool compare(leak_result *r, const char *a, const char *b, const leak_options *options, const df_progress *progress, df_arena *arena,
                    df_error *err)
{
    leak_view view = {.features = options->features, .threads = options->threads};
    if (!choose_crop(a, b, options->part, &view.crop, err))
        return false;
    r->crop = view.crop;
    return leak_gallery_read(b, &view, progress, &r->b, err) && leak_gallery_read(a, &view, progress, &r->a, err) &&
           find_nearest(r, options->threads, progress, arena, err) && find_baseline(r, options->threads, progress, arena, err) &&
           leak_copies_between(&r->a, &r->b, r->nearest, options->threshold, arena, progress, &r->copies, err) &&
           pair_all(r, options->pairs, arena, err);
}

bool leak_between(const char *a, const char *b, const leak_options *options, const df_progress *progress, df_arena *arena, leak_result *out,
                  df_error *err)
{
    leak_result r = {0};
    if (!compare(&r, a, b, options, progress, arena, err)) {
        leak_free(&r);
        return false;
    }
    *out = r;
    return true;
}

bool leak_within(const char *a, const leak_options *options, const df_progress *progress, df_arena *arena, leak_result *out, df_error *err)
{
    leak_result r = {.crop = options->part == LEAK_PART_BOX ? LEAK_BOX : LEAK_WHOLE, .limit = NAN};
    const leak_view view = {.crop = r.crop, .features = options->features, .threads = options->threads};
    if (!leak_gallery_read(a, &view, progress, &r.a, err) ||
        !leak_copies_within(&r.a, options->threshold, arena, progress, &r.copies, err) || !pair_copies(&r, options->pairs, arena, err)) {
        leak_free(&r);
        return false;
    }
    *out = r;
    return true;
}

void leak_free(leak_result *result)
{
    leak_gallery_free(&result->a);
    leak_gallery_free(&result->b);
}
