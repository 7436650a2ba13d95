/* report_set.c: a data set on a page: what it holds in numbers, whom it shows, how they look, how poses and light are spread, and
   the command that made it. */
#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "cli/report_charts.h"
#include "cli/report_job.h"
#include "cli/report_page.h"
#include "dataset/face_sheet.h"
#include "dataset/set_folder.h"
#include "plot/ticks.h"

enum {
    TEXT = 160,
    FACES = 48,
    LABELLED = 12,
    DENSE = 4,
    LARGE_CELL = 320,
    MIDDLE_CELL = 256,
    COLUMNS = 4,
    PIXEL_SAMPLE = 300,
    SEED = 1,
    NUMBERS = 8
};

static void count_text(char out[TEXT], int64_t value)
{
    df_text label = {0};
    ticks_label(&label, (double)value, 0);
    snprintf(out, TEXT, "%s", label.data ? label.data : "");
    df_text_free(&label);
}

static void label_names(char out[TEXT], const summary *of)
{
    size_t used = (size_t)snprintf(out, TEXT, "Labels: 68 landmarks in 2D and 3D, visibility, box, pose, gaze, camera, light, expression");
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (of->labels[kind] && used < TEXT)
            used += (size_t)snprintf(out + used, TEXT - used, ", %s", label_kind_names[kind]);
}

/* "512 x 512", of the first image where they differ. */
static void size_text(char out[TEXT], const summary *of)
{
    snprintf(out, TEXT, "%s%d \xC3\x97 %d", of->is_uniform ? "" : "first: ", of->width, of->height);
}

static void add_rendered(report *r, const summary *of, const page_number *first, int count)
{
    char band[TEXT], labels[TEXT], hidden[TEXT];
    snprintf(band, sizeof band, of->band == BAND_RGB ? "RGB" : "%s nm", render_band_names[of->band]);
    snprintf(hidden, sizeof hidden, "%.3g %%", 100 * (double)of->hidden_landmarks / ((double)of->images * FACE_LANDMARKS));
    label_names(labels, of);
    page_number numbers[NUMBERS];
    memcpy(numbers, first, (size_t)count * sizeof *numbers);
    numbers[count++] = (page_number){band, "band"};
    numbers[count++] = (page_number){hidden, "hidden landmarks"};
    page_numbers(&r->page, numbers, count, labels);
}

static void add_numbers(report *r, const summary *of)
{
    char images[TEXT], identities[TEXT], each[TEXT], size[TEXT];
    count_text(images, of->images);
    count_text(identities, of->identities);
    snprintf(each, sizeof each, "%.4g", (double)of->images / (double)of->identities);
    size_text(size, of);
    const page_number numbers[] = {{identities, "identities"}, {images, "images"}, {each, "images each"}, {size, "pixels"}};
    if (of->imported[0] == '\0') {
        add_rendered(r, of, numbers, DF_ARRAY_LEN(numbers));
        return;
    }
    page_numbers(&r->page, numbers, DF_ARRAY_LEN(numbers), "Labels: what the source of the images knew");
    page_paragraph(&r->page, "Imported images: whom they show, and what they may be used for, is their source's to say.");
}

static bool add_sheet(report *r, const report_item *item, face_sheet_options how, const char *caption, df_error *err)
{
    char path[PATH_MAX], link[PATH_MAX];
    df_error what;
    how.seed = SEED;
    how.title = item->name;
    if (!report_new_picture(r, ".png", path, link, err))
        return false;
    if (face_sheet_write(item->path, &how, path, NULL, &what))
        page_picture(&r->page, link, caption, caption, 0, 0);
    else if (!df_may_go_on(err))
        return false;
    else
        report_trouble(r, &what);
    return true;
}

static int dense_labels(const summary *of)
{
    int count = 0;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        count += of->labels[kind];
    return count;
}

static bool add_sheets(report *r, const report_item *item, const summary *of, df_error *err)
{
    const face_sheet_options plain = {.count = FACES},
                             over = {.count = LABELLED, .cell = LARGE_CELL, .columns = COLUMNS, .labels = FACE_SHEET_LABELS},
                             beside = {.count = DENSE, .cell = MIDDLE_CELL, .columns = 1 + dense_labels(of), .labels = FACE_SHEET_DENSE};
    page_heading(&r->page, "Images");
    return add_sheet(r, item, plain, "Images spread over the identities", err) &&
           add_sheet(r, item, over,
                     of->imported[0] ? "Labels drawn over images: box and five landmarks, as far as the source has them"
                                     : "Labels drawn over images: 68 landmarks (faint where hidden), box, gaze (white) and the head's "
                                       "axes from the tip of the nose: to its left (vermilion), up (green), forward (blue)",
                     err) &&
           (dense_labels(of) == 0 ||
            add_sheet(r, item, beside,
                      "Dense labels: regions in colours; depth, near is bright; normals: right red, up green, towards the camera blue",
                      err));
}

static bool add_brightness(report *r, const report_item *item, const summary *of, df_error *err)
{
    df_error what;
    tally *groups = df_alloc(r->arena, DEMOGRAPHICS_GROUPS, sizeof *groups, err);
    if (!groups)
        return false;
    if (!summary_read_pixels(item->path, of, PIXEL_SAMPLE, groups, &what)) {
        report_trouble(r, &what);
        return df_may_go_on(err);
    }
    page_heading(&r->page, "Pixels");
    report_brightness(&r->page, &of->people, groups);
    return true;
}

static void add_command(report *r, const report_item *item)
{
    set_state state;
    json_t *job = NULL;
    bool found = false;
    df_error what;
    df_text command = {0};
    if (!set_state_read(item->path, &state, &job, &found, &what)) {
        report_trouble(r, &what);
        return;
    }
    if (found) {
        report_job_command(job, item->name, &command);
        page_heading(&r->page, "The command that made it");
        page_commands(&r->page, (const char *const[]){command.data ? command.data : ""}, 1);
    }
    r->page.body.failed |= command.failed;
    df_text_free(&command);
    json_decref(job);
}

/* Imported images may say nothing of all that. */
static void add_looks(report *r, const summary *of)
{
    int64_t measured = 0, named = 0;
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++)
        measured += of->measures[m].total;
    for (int t = 0; t < SUMMARY_TOPIC_COUNT; t++)
        named += of->topics[t].count;
    if (measured > 0) {
        page_heading(&r->page, "Pose, camera, light and sensor");
        report_measures(&r->page, of);
    }
    if (named > 0) {
        page_heading(&r->page, "Hair, accessories, expressions and backgrounds");
        report_topics(&r->page, of);
    }
}

static bool add_set(report *r, const report_item *item, df_error *err)
{
    const summary *of;
    df_error what;
    df_text title = {0};
    df_text_addf(&title, "Data set %s", item->name);
    page_section(&r->page, title.data ? title.data : "");
    df_text_free(&title);
    if (!summary_read(item->path, r->arena, r->progress, &of, &what) || of->images == 0) {
        if (df_stop_signal())
            return df_fail(err, "%s", what.text);
        report_trouble(r, &what);
        return true;
    }
    add_numbers(r, of);
    page_heading(&r->page, "People");
    report_demographics(&r->page, &of->people);
    if (!add_sheets(r, item, of, err))
        return false;
    add_looks(r, of);
    if (!add_brightness(r, item, of, err))
        return false;
    add_command(r, item);
    return true;
}

bool report_add_sets(report *r, const report_item *items, int count, df_error *err)
{
    for (int i = 0; i < count; i++) {
        const df_arena_mark mark = df_arena_save(r->arena);
        if (!df_may_go_on(err) || !add_set(r, &items[i], err))
            return false;
        df_arena_restore(r->arena, mark);
    }
    return true;
}
