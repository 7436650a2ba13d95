/* export_bin.c: a verification set as insightface evaluates (lfw.bin; its lfw2pack.py and verification.py): a pickle of (list of image
   files, list of bool), images 2i and 2i + 1 being pair i. The pairs are chosen from a pass of its own over the manifest, so that only
   images of pairs are decoded; these wait in a spool until they are written in the order of pairs. Python's pickle, protocol 3.

   Memory: that of pair_choice.h, and 16 bytes an image of a pair. */
#include <stdlib.h>

#include "base/spool.h"
#include "dataset/journal.h"
#include "exchange/export_lines.h"
#include "exchange/export_rows.h"
#include "exchange/export_square.h"
#include "exchange/pair_choice.h"

enum { USUAL_SIZE = 112, USUAL_PAIRS = 3000, BATCH = 1000 };

/* An image that pairs show, and where its file is put aside. */
typedef struct kept_image {
    int64_t number;
    size_t place, size;
} kept_image;

typedef struct bin {
    const export_context *context;
    export_square form;
    df_writer *file;
    df_spool *images;
    image_pair *pairs; /* [pair_count] */
    size_t pair_count;
    kept_image *kept; /* [kept_count] ascending by number */
    size_t kept_count, next;
    df_arena *scratch;
} bin;

static void close_bin(void *state)
{
    bin *to = state;
    df_writer_abandon(to->file);
    df_spool_close(to->images);
    df_arena_free(to->scratch);
}

/* ---- which images ---- */

/* Every image of the split, by its person. */
static bool add_images(export_lines *lines, pair_choice *choice, df_error *err)
{
    manifest_entry entry;
    int64_t number;
    bool found;
    while (export_lines_next(lines, &entry, &number, &found, err))
        if (!found)
            return true;
        else if (!pair_choice_add(choice, number, err))
            return false;
    return false;
}

static bool read_people(const export_context *context, pair_choice *choice, df_error *err)
{
    char path[DATASET_PATH];
    export_lines lines;
    if (!df_path_join(path, sizeof path, context->set->folder, "manifest.jsonl", err) ||
        !export_lines_open(path, context->setting->split, EXPORT_GLANCED, &lines, err))
        return false;
    const bool is_good = add_images(&lines, choice, err);
    export_lines_close(&lines);
    return is_good;
}

/* As many pairs as were asked for; else the usual number, or as many as there are. */
static bool choose_count(const export_context *context, const pair_choice *choice, int64_t *out, df_error *err)
{
    int64_t most;
    *out = context->setting->pairs;
    if (*out > 0)
        return true;
    if (!pair_choice_most(choice, context->setting->seed, context->arena, &most, err))
        return false;
    *out = most == 0 ? PAIR_FOLDS : most < USUAL_PAIRS ? most : USUAL_PAIRS; /* of none pair_choice_make says why */
    return true;
}

static int by_number(const void *a, const void *b)
{
    const int64_t x = ((const kept_image *)a)->number, y = ((const kept_image *)b)->number;
    return x < y ? -1 : x > y;
}

/* The images of all pairs, each once. */
static bool list_images(bin *to, df_arena *arena, df_error *err)
{
    kept_image *kept = df_alloc(arena, 2 * to->pair_count, sizeof *kept, err);
    if (!kept)
        return false;
    for (size_t i = 0; i < to->pair_count; i++) {
        kept[2 * i].number = to->pairs[i].a;
        kept[2 * i + 1].number = to->pairs[i].b;
    }
    qsort(kept, 2 * to->pair_count, sizeof *kept, by_number);
    for (size_t i = 0; i < 2 * to->pair_count; i++)
        if (to->kept_count == 0 || kept[to->kept_count - 1].number != kept[i].number)
            kept[to->kept_count++] = kept[i];
    to->kept = kept;
    return true;
}

static bool choose(bin *to, const export_context *context, df_error *err)
{
    int64_t each;
    pair_choice *choice = pair_choice_new(err);
    const bool is_good = choice && read_people(context, choice, err) && choose_count(context, choice, &each, err) &&
                         pair_choice_make(choice, each, context->setting->seed, context->arena, &to->pairs, err);
    pair_choice_free(choice);
    if (!is_good)
        return false;
    to->pair_count = 2 * (size_t)each;
    return list_images(to, context->arena, err);
}

/* ---- their files ---- */

static void *open_bin(const export_context *context, df_error *err)
{
    bin *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to || !export_square_open(context, USUAL_SIZE, &to->form, err) || !choose(to, context, err))
        return NULL;
    to->context = context;
    if ((to->images = df_spool_open(context->place, err)) && (to->file = df_writer_open(context->place, err)) &&
        (to->scratch = df_arena_new((size_t)1 << 30, err)))
        return to;
    close_bin(to);
    return NULL;
}

static bool put_bin(void *state, export_sample *sample, df_error *err)
{
    bin *to = state;
    df_bytes file;
    if (to->next == to->kept_count || to->kept[to->next].number != export_sample_number(sample)) {
        export_sample_leave_out(sample);
        return true;
    }
    if (!export_square_png(&to->form, sample, &file, err))
        return false;
    kept_image *kept = &to->kept[to->next++];
    kept->place = df_spool_size(to->images);
    kept->size = file.size;
    return df_spool_put(to->images, file.data, file.size, err);
}

/* ---- the pickle ---- */

static bool put_bytes(bin *to, const char *bytes, size_t size, df_error *err)
{
    return df_writer_put(to->file, bytes, size, err);
}

/* BINBYTES: 'B', the length in four bytes, the bytes. */
static bool put_image(bin *to, int64_t number, df_error *err)
{
    const kept_image *kept = bsearch(&(kept_image){.number = number}, to->kept, to->kept_count, sizeof *kept, by_number);
    df_arena_reset(to->scratch);
    unsigned char *file = df_alloc(to->scratch, kept->size, 1, err);
    if (!file || !df_spool_read(to->images, kept->place, file, kept->size, err))
        return false;
    unsigned char head[5] = {'B'};
    for (int i = 0; i < 4; i++)
        head[1 + i] = (unsigned char)(kept->size >> 8 * i);
    return df_writer_put(to->file, head, sizeof head, err) && df_writer_put(to->file, file, kept->size, err);
}

/* Items of a list come in batches between MARK and APPENDS, as pickle itself writes them. */
static bool put_item_bounds(bin *to, size_t item, size_t count, bool is_before, df_error *err)
{
    if (is_before)
        return item % BATCH != 0 || put_bytes(to, "(", 1, err);
    return ((item + 1) % BATCH != 0 && item + 1 != count) || put_bytes(to, "e", 1, err);
}

static bool put_images(bin *to, df_error *err)
{
    const size_t count = 2 * to->pair_count;
    for (size_t i = 0; i < count; i++) {
        const image_pair *pair = &to->pairs[i / 2];
        if (!put_item_bounds(to, i, count, true, err) || !put_image(to, i % 2 == 0 ? pair->a : pair->b, err) ||
            !put_item_bounds(to, i, count, false, err))
            return false;
    }
    return true;
}

static bool put_answers(bin *to, df_error *err)
{
    for (size_t i = 0; i < to->pair_count; i++)
        if (!put_item_bounds(to, i, to->pair_count, true, err) || !put_bytes(to, to->pairs[i].is_same ? "\x88" : "\x89", 1, err) ||
            !put_item_bounds(to, i, to->pair_count, false, err))
            return false;
    return true;
}

static bool finish_bin(void *state, df_error *err)
{
    bin *to = state;
    if (to->next != to->kept_count)
        return df_fail(err, "the manifest changed while it was exported");
    if (!put_bytes(to, "\x80\x03]", 3, err) || !put_images(to, err) || !put_bytes(to, "]", 1, err) || !put_answers(to, err) ||
        !put_bytes(to, "\x86.", 2, err)) /* TUPLE2, STOP */
        return false;
    df_writer *file = to->file;
    to->file = NULL;
    if (to->context->setting->pairs == 0 && to->pair_count < 2 * USUAL_PAIRS)
        df_progress_note(to->context->progress, "%zu pairs of each kind instead of %d: ten folds without a common person have no more",
                         to->pair_count / 2, USUAL_PAIRS);
    return df_writer_commit(file, err);
}

const export_row export_bin_row = {
    .name = "bin",
    .summary = "a verification set as insightface evaluates, like its lfw.bin",
    .form = EXPORT_FILE,
    .takes = EXPORT_SIZE | EXPORT_PAIRS | EXPORT_SPLIT | EXPORT_SEED,
    .open = open_bin,
    .put = put_bin,
    .finish = finish_bin,
    .close = close_bin,
};
