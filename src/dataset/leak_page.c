/* leak_page.c: the result of a leak test as a page: what it says, the two distributions, the closest pairs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dataset/leak.h"
#include "dataset/likeness.h"
#include "plot/chart.h"
#include "plot/page.h"

enum { BINS = 45, TEXT = 400, LISTED = 200, COLUMNS = 4, NUMBERS = 5 };

static const double MOST_DISTANCE = 1.5;
static const size_t MOST_SHEET = (size_t)64 << 20;

static void count_bins(const float *distances, int64_t count, int64_t bins[BINS])
{
    memset(bins, 0, BINS * sizeof *bins);
    for (int64_t i = 0; i < count; i++) {
        const int bin = (int)((double)distances[i] / MOST_DISTANCE * BINS);
        bins[bin < BINS ? bin : BINS - 1]++;
    }
}

static void add_distances(page *p, const leak_result *r)
{
    int64_t nearest[BINS], baseline[BINS];
    df_text svg = {0};
    count_bins(r->sorted, r->a.count, nearest);
    count_bins(r->baseline, r->baseline_count, baseline);
    const chart_counts series[] = {{.name = "A to B", .counts = nearest}, {.name = "B to B", .counts = baseline}};
    const chart_bins data = {.high = MOST_DISTANCE,
                             .bins = BINS,
                             .measure = CHART_SHARES,
                             .series = series,
                             .series_count = r->baseline_count > 0 ? (int)DF_ARRAY_LEN(series) : 1};
    const chart_frame frame = {.title = "Distance to the nearest image", .x_label = "distance", .y_label = "% of images", .width = 640};
    chart_histogram(&svg, &frame, &data);
    p->body.failed |= svg.failed;
    if (!svg.failed)
        page_chart(p, svg.data,
                   r->rule == LEAK_OTHER_PERSON ? "B to B: to the nearest image of another person of B"
                                                : "B to B: to the nearest other image of B");
    df_text_free(&svg);
}

static void add_summary(page *p, const leak_result *r)
{
    char texts[NUMBERS][TEXT], sentence[TEXT];
    const int64_t values[] = {r->a.count, r->copies.kinds[LEAK_EXACT], r->copies.kinds[LEAK_NEAR], r->copies.kinds[LEAK_MIRRORED],
                              r->closer};
    const char *const labels[] = {r->b.folder ? "images of A" : "images", "exact copies", "near copies", "mirrored copies",
                                  "closer than B's closest 1 %"};
    page_number numbers[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
        snprintf(texts[i], sizeof texts[i], "%lld", (long long)values[i]);
        numbers[i] = (page_number){.value = texts[i], .label = labels[i]};
    }
    page_numbers(p, numbers, r->b.folder ? NUMBERS : NUMBERS - 1, NULL);
    if (isnan(r->limit))
        return;
    snprintf(sentence, sizeof sentence,
             "%.1f %% of A are closer to an image of B than %.3f, which 1 %% of B's own images are to the nearest %s. Of a sample that "
             "has nothing to do with B's images, but is like them, about 1 %% would be.",
             100.0 * (double)r->closer / (double)r->a.count, (double)r->limit,
             r->rule == LEAK_OTHER_PERSON ? "image of another person" : "other image");
    page_paragraph(p, sentence);
}

static void add_pairs(page *p, const leak_result *r)
{
    const char *const headers[COLUMNS] = {"image", r->b.folder ? "nearest" : "original", "copy", "distance"};
    static const page_align align[COLUMNS] = {PAGE_LEFT, PAGE_LEFT, PAGE_LEFT, PAGE_RIGHT};
    const page_table table = {.headers = headers, .align = align, .columns = COLUMNS};
    page_table_begin(p, &table);
    for (int i = 0; i < r->pair_count && i < LISTED; i++) {
        const leak_pair *pair = &r->pairs[i];
        char distance[TEXT];
        snprintf(distance, sizeof distance, "%.3f", (double)pair->distance);
        const char *cells[COLUMNS] = {pair->names[0], pair->names[1], pair->kind >= 0 ? leak_kind_names[pair->kind] : "", distance};
        page_table_row(p, &table, cells);
    }
    page_table_end(p);
}

static bool add_sheet(page *p, const char *path, df_error *err)
{
    df_bytes file;
    df_arena *arena = df_arena_new(MOST_SHEET + 1, err);
    const bool is_read = arena && df_file_read(path, MOST_SHEET, arena, &file, err);
    if (is_read)
        page_embedded_picture(p, file, "image/png", "the closest pairs", NULL);
    df_arena_free(arena);
    return is_read;
}

static void add_method(page *p, const leak_result *r, const leak_options *options)
{
    char sentence[TEXT];
    df_text names = {0};
    for (int k = 0; likeness_feature_at(k); k++)
        if (options->features >> k & 1)
            df_text_addf(&names, "%s%s", names.size ? " and " : "", likeness_feature_at(k)->name);
    snprintf(sentence, sizeof sentence, "Features: %s of %s; near copies have a distance of at most %g.", names.data ? names.data : "",
             r->crop == LEAK_BOX ? "the faces' boxes" : "whole images", (double)options->threshold);
    df_text_free(&names);
    page_note(p, sentence);
}

bool leak_page_write(const leak_result *result, const leak_options *options, const char *sheet, const char *out, df_error *err)
{
    page p = {0};
    char subtitle[TEXT];
    bool is_good = true;
    snprintf(subtitle, sizeof subtitle, result->b.folder ? "A: %.150s. B: %.150s." : "%.150s%s", result->a.folder,
             result->b.folder ? result->b.folder : "");
    page_begin(&p, result->b.folder ? "Leak test" : "Copies in a set", subtitle);
    page_section(&p, "What was found");
    add_summary(&p, result);
    if (result->b.folder)
        add_distances(&p, result);
    add_method(&p, result, options);
    page_section(&p, result->b.folder ? "Closest pairs" : "Copies");
    if (sheet)
        is_good = add_sheet(&p, sheet, err);
    add_pairs(&p, result);
    is_good = is_good && page_save(&p, out, err);
    page_free(&p);
    return is_good;
}
