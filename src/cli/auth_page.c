/* auth_page.c: sections in the order in which one asks: how good, how sure, for whom, and how it was measured. */
#include "cli/auth_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/auth_groups_page.h"
#include "cli/auth_json.h"
#include "plot/ticks.h"

enum { TEXT = 128, NOTE = 256, SENTENCE = 512, COLUMNS = 5, PATH = 4096 };

static void add_numbers(page *p, const auth_result *r)
{
    char images[TEXT], people[TEXT], genuine[TEXT], impostor[TEXT], eer[TEXT], auc[TEXT], rank[TEXT];
    auth_count_text(images, r->all.images);
    auth_count_text(people, r->all.people);
    auth_count_text(genuine, r->all.rates.genuine);
    auth_count_text(impostor, r->all.rates.impostor);
    snprintf(eer, sizeof eer, "%.2f %%", 100 * r->all.rates.eer);
    snprintf(auc, sizeof auc, "%.4f", r->all.rates.auc);
    snprintf(rank, sizeof rank, "%.2f %%", 100 * r->search.cmc[0]);
    const page_number numbers[] = {
        {images, "images"}, {people, "people"}, {genuine, "genuine pairs"}, {impostor, "impostor pairs"}, {eer, "equal error rate"},
        {auc, "AUC"},       {rank, "rank-1"}};
    page_numbers(p, numbers, (int)DF_ARRAY_LEN(numbers) - (r->search.probes == 0), NULL);
}

static void add_rates(page *p, const auth_result *r)
{
    const page_table table = {.caption = "False rejections at fixed false acceptances",
                              .headers = (const char *const[COLUMNS]){"FAR", "impostors allowed", "threshold", "FRR", "95 % interval"},
                              .align = (const page_align[COLUMNS]){PAGE_LEFT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT},
                              .columns = COLUMNS};
    page_table_begin(p, &table);
    for (int e = 0; e < VERIFICATION_RATES; e++) {
        const verification_point *point = &r->all.rates.points[e];
        const auth_extrapolation *beyond = &r->all.beyond[e];
        char allowed[TEXT], threshold[TEXT] = "", frr[TEXT] = "too few pairs", between[TEXT] = "";
        auth_count_text(allowed, point->allowed);
        if (point->has_value && isfinite(point->threshold))
            snprintf(threshold, sizeof threshold, "%.4f", point->threshold);
        if (point->has_value) {
            snprintf(frr, sizeof frr, "%.5f", point->frr);
            auth_interval_text(between, &r->all.between.frr[e], "%.5f");
        } else if (beyond->has_value) {
            snprintf(threshold, sizeof threshold, "%.4f (extrapolated)", beyond->threshold);
            snprintf(frr, sizeof frr, "%.5f (extrapolated)", beyond->frr);
        }
        page_table_row(p, &table, (const char *const[COLUMNS]){auth_rate_names[e], allowed, threshold, frr, between});
    }
    page_table_end(p);
}

static void add_intervals(page *p, const auth_result *r)
{
    char between[TEXT], text[SENTENCE];
    if (!r->all.between.eer.has_value)
        return;
    auth_interval_text(between, &r->all.between.eer, "%.5f");
    int at = snprintf(text, sizeof text, "EER %.5f (%s), ", r->all.rates.eer, between);
    auth_interval_text(between, &r->all.between.auc, "%.5f");
    at += snprintf(text + at, sizeof text - (size_t)at, "AUC %.5f (%s)", r->all.rates.auc, between);
    auth_interval_text(between, &r->search.rank1, "%.4f");
    if (r->search.probes > 0)
        snprintf(text + at, sizeof text - (size_t)at, ", rank-1 %.4f (%s)", r->search.cmc[0], between);
    page_paragraph(p, text);
}

static void add_notes(page *p, const auth_result *r)
{
    char note[NOTE];
    bool is_guessed = false;
    for (int e = 0; e < VERIFICATION_RATES; e++)
        is_guessed = is_guessed || r->all.beyond[e].has_value;
    for (int e = 0; e < VERIFICATION_RATES; e++)
        if (!r->all.rates.points[e].has_value) {
            auth_rate_note(&r->all.rates, e, note, sizeof note);
            page_note(p, note);
        }
    if (is_guessed) {
        char text[SENTENCE];
        snprintf(
            text, sizeof text,
            "Rates marked as extrapolated were not observed. They follow a generalized Pareto tail (shape %.3f, scale %.4f) fitted to the "
            "%lld best impostor scores by probability-weighted moments (Hosking and Wallis 1987), and believe that the tail goes on as "
            "it began.",
            r->all.tail.shape, r->all.tail.scale, (long long)r->all.tail.exceedances);
        page_note(p, text);
    }
}

static void add_search(page *p, const identification *s)
{
    double ranks[IDENTIFICATION_RANKS];
    char text[SENTENCE];
    const size_t count = s->gallery < IDENTIFICATION_RANKS ? (size_t)s->gallery : IDENTIFICATION_RANKS;
    for (size_t k = 0; k < count; k++)
        ranks[k] = (double)k + 1;
    page_section(p, "Search among all people (1:N)");
    snprintf(text, sizeof text,
             "The first image of each of %lld people is the gallery; %lld other images are looked for in it. Equal scores count against.",
             (long long)s->gallery, (long long)s->probes);
    page_paragraph(p, text);
    page_grid(p);
    auth_add_chart(
        p, &(chart_frame){.title = "Cumulative match characteristic", .x_label = "Rank", .y_label = "Probes found"},
        &(chart_curves){.series = &(chart_line_series){.name = "all", .x = ranks, .y = s->cmc, .count = count}, .series_count = 1});
}

static void add_methods(page *p, const auth_result *r, const auth_setting *setting, const char *source)
{
    char text[2 * SENTENCE];
    page_section(p, "How it was measured");
    snprintf(
        text, sizeof text,
        "Embeddings: %s. %s scored by the cosine of the two embeddings, rounded to 2.4e-7. A pair is accepted when its score is at least "
        "the "
        "threshold; FAR is the share of impostor pairs accepted, FRR that of genuine pairs rejected (FMR and FNMR of ISO/IEC 19795-1). At "
        "FAR 10\xE2\x81\xBB\xE1\xB5\x89 at most the whole part of I/10\xE1\xB5\x89 of I impostor pairs are accepted. Nothing is sampled.",
        source, r->is_listed ? "The listed pairs are" : "All pairs of images are");
    page_paragraph(p, text);
    if (setting->bootstrap.replicates > 0)
        snprintf(
            text, sizeof text,
            "Intervals: 2.5th to 97.5th percentile of %d bootstrap replicates (seed %llu) that draw people, not pairs, with replacement "
            "(Snijders and Borgatti 1999; Fogliato et al. 2024, arXiv 2306.01198). They tell of the choice of people alone, not of "
            "training.",
            setting->bootstrap.replicates, (unsigned long long)setting->bootstrap.seed);
    else
        snprintf(text, sizeof text, "No intervals were asked for.");
    page_paragraph(p, text);
}

static void fill(page *p, const auth_result *r, const auth_setting *setting, const char *source)
{
    const char *slash = strrchr(source, '/');
    page_begin(p, "Face verification", slash && slash[1] ? slash + 1 : source);
    page_section(p, "Verification (1:1)");
    add_numbers(p, r);
    page_grid(p);
    const auth_curve all = {.name = "all", .of = &r->all};
    auth_add_curves(p, &all, 1, "");
    add_rates(p, r);
    add_intervals(p, r);
    add_notes(p, r);
    if (r->search.probes > 0)
        add_search(p, &r->search);
    for (size_t a = 0; a < r->axis_count; a++)
        auth_add_axis(p, r, &r->axes[a]);
    add_methods(p, r, setting, source);
}

/* "a/b.html" becomes "a/b.json". */
static bool json_path(const char *path, char out[PATH], df_error *err)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    const int stem = dot && (!slash || dot > slash) ? (int)(dot - path) : (int)strlen(path);
    if (snprintf(out, PATH, "%.*s.json", stem, path) >= PATH)
        return df_fail(err, "%s: too long a path", path);
    return strcmp(out, path) != 0 || df_fail(err, "%s: the JSON result goes there, expected another name for the page", path);
}

static bool write_json(const auth_result *r, const auth_setting *setting, const char *path, df_error *err)
{
    json_t *object = auth_json(r, setting);
    char *text = df_json_is_complete(err) ? json_dumps(object, JSON_REAL_PRECISION(9) | JSON_INDENT(1)) : NULL;
    json_decref(object);
    if (!text)
        return df_fail(err, "out of memory");
    const bool is_good = df_file_write(path, text, strlen(text), err);
    free(text);
    return is_good;
}

bool auth_page_write(const auth_result *r, const auth_setting *setting, const char *source, const char *path, df_error *err)
{
    char beside[PATH];
    page p = {0};
    if (!json_path(path, beside, err) || !write_json(r, setting, beside, err))
        return false;
    fill(&p, r, setting, source);
    const bool is_good = page_save(&p, path, err);
    page_free(&p);
    return is_good;
}
