/* attribute_sheet.c: wrong answers, the surest first. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes/attribute_report.h"
#include "image/image_file.h"
#include "plot/sheet.h"

enum { CELL = 112, SHEET_COLUMNS = 8, HEADING = 160, CAPTION = 64, PER_CENT = 100 };

typedef struct wrong {
    size_t sample;
    float logit;
} wrong;

static float surety(const wrong *w)
{
    return fabsf(w->logit);
}

static int by_surety(const void *a, const void *b)
{
    const float x = surety(a), y = surety(b);
    const size_t i = ((const wrong *)a)->sample, j = ((const wrong *)b)->sample;
    return x != y ? (x < y) - (x > y) : (i > j) - (i < j);
}

/* The wrong answers of an attribute, the surest first. */
static bool list_wrong(const attribute_result *r, int column, df_arena *arena, wrong **out, size_t *count, df_error *err)
{
    wrong *list = df_alloc(arena, r->list->count, sizeof *list, err);
    size_t have = 0;
    if (!list)
        return false;
    for (size_t i = 0; i < r->list->count; i++) {
        const size_t at = i * (size_t)r->form->count + (size_t)column;
        const float truth = r->list->labels[at], z = r->logits->values[at];
        if (r->logits->is_read[i] && !isnan(truth) && (truth > 0.5f) != (z >= 0))
            list[have++] = (wrong){i, z};
    }
    if (have > 1)
        qsort(list, have, sizeof *list, by_surety);
    *out = list;
    *count = have;
    return true;
}

/* "000012/0007.png": the last two parts. */
static const char *short_name(const char *path)
{
    const char *last = strrchr(path, '/'), *at = last;
    while (at && at > path && at[-1] != '/')
        at--;
    return at ? at : path;
}

static bool add_cell(sheet *onto, const attribute_result *r, const wrong *w, int column, df_arena *scratch, df_error *err)
{
    const df_arena_mark mark = df_arena_save(scratch);
    const bool is_so = r->list->labels[w->sample * (size_t)r->form->count + (size_t)column] > 0.5f;
    char detail[CAPTION];
    image picture;
    snprintf(detail, sizeof detail, "%s, %.0f %%", is_so ? "yes" : "no", PER_CENT / (1 + exp(-(double)w->logit)));
    const bool ok = image_read_file(r->list->paths[w->sample], &picture, scratch, err) &&
                    sheet_add(onto, &picture, short_name(r->list->paths[w->sample]), detail, scratch, err);
    df_arena_restore(scratch, mark);
    return ok;
}

typedef struct wrong_lists {
    wrong *lists[SAMPLE_LABELS];
    size_t counts[SAMPLE_LABELS]; /* on the sheet */
    char headings[SAMPLE_LABELS][HEADING];
    sheet_group groups[SAMPLE_LABELS];
    int group_count, total;
} wrong_lists;

static bool find_all(const attribute_result *r, int worst, df_arena *arena, wrong_lists *w, df_error *err)
{
    for (int c = 0; c < r->form->count; c++) {
        size_t all;
        if (!list_wrong(r, c, arena, &w->lists[c], &all, err))
            return false;
        w->counts[c] = all < (size_t)worst ? all : (size_t)worst;
        if (w->counts[c] == 0)
            continue;
        snprintf(w->headings[c], HEADING, "%.60s: %zu of %lld answers are wrong", r->form->attributes[c].name, all,
                 (long long)r->of[c].known);
        w->groups[w->group_count++] = (sheet_group){w->headings[c], (int)w->counts[c]};
        w->total += (int)w->counts[c];
    }
    return true;
}

static bool draw(const attribute_result *r, const wrong_lists *w, const char *path, df_arena *arena, df_error *err)
{
    sheet *onto =
        sheet_open(path,
                   &(sheet_options){
                       .title = "The images that it got most wrong",
                       .note = "below each: what is true, and the score that it gave to yes, as trained (50 % and more is its answer yes)",
                       .cell = CELL,
                       .columns = SHEET_COLUMNS,
                       .caption_lines = 2,
                       .groups = w->groups,
                       .group_count = w->group_count},
                   err);
    bool ok = onto != NULL;
    for (int c = 0; ok && c < r->form->count; c++)
        for (size_t i = 0; ok && i < w->counts[c]; i++)
            ok = add_cell(onto, r, &w->lists[c][i], c, arena, err);
    if (ok)
        return sheet_close(onto, err);
    sheet_abandon(onto);
    return false;
}

bool attribute_sheet_write(const attribute_result *result, int worst, const char *path, int *count, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    wrong_lists *w = arena ? df_alloc(arena, 1, sizeof *w, err) : NULL;
    const bool ok = w && find_all(result, worst, arena, w, err) && (w->total == 0 || draw(result, w, path, arena, err));
    *count = ok ? w->total : 0;
    df_arena_free(arena);
    return ok;
}
