/* report_page.c: scans, lets one row for each kind write its section, and closes with what a reader has to know about where the
   faces come from. */
#include "cli/report_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stop.h"

static const size_t MEMORY = (size_t)2 << 30;

static const struct {
    bool (*add)(report *report, const report_item *items, int count, df_error *err);
    const char *one, *many; /* for the line below the title */
} rows[REPORT_KIND_COUNT] = {
    [REPORT_COMMANDS] = {report_add_commands, NULL, NULL},
    [REPORT_SET] = {report_add_sets, "data set", "data sets"},
    [REPORT_PEOPLE] = {report_add_people, "file of identities", "files of identities"},
    [REPORT_MODEL] = {report_add_models, "face model", "face models"},
    [REPORT_FIGURE] = {report_add_figures, "figure", "figures"},
    [REPORT_RESULT] = {report_add_results, "result", "results"},
};

bool report_new_picture(report *r, const char *ending, char path[PATH_MAX], char link[PATH_MAX], df_error *err)
{
    char name[64];
    snprintf(name, sizeof name, "%03d%s", ++r->picture_count, ending);
    return df_make_folders(r->pictures, err) && df_path_join(path, PATH_MAX, r->pictures, name, err) &&
           df_path_join(link, PATH_MAX, r->pictures_name, name, err);
}

void report_trouble(report *r, const df_error *what)
{
    page_note(&r->page, what->text);
    df_progress_note(r->progress, "%s", what->text);
}

static void add_counts(df_text *out, const report_scan *scan)
{
    const char *between = "";
    for (int k = 0; k < REPORT_KIND_COUNT; k++)
        if (rows[k].one && scan->count[k] > 0) {
            df_text_addf(out, "%s%d %s", between, scan->count[k], scan->count[k] == 1 ? rows[k].one : rows[k].many);
            between = ", ";
        }
    df_text_add(out, *between ? "." : "Nothing to show.");
}

static void begin_page(report *r, const char *folder, const report_scan *scan)
{
    df_text subtitle = {0};
    const char *slash = strrchr(folder, '/');
    add_counts(&subtitle, scan);
    page_begin(&r->page, slash && slash[1] ? slash + 1 : folder, subtitle.data);
    r->page.head.failed |= subtitle.failed;
    df_text_free(&subtitle);
}

static void add_origin(report *r)
{
    page_section(&r->page, "Where the faces come from");
    page_paragraph(&r->page,
                   "All faces that diffuse draws are synthetic. None of them shows a real person, and what is measured on them holds "
                   "for real people only as far as a test on real people confirms it.");
    page_note(&r->page,
              "The default face model (\"makehuman\") is a stand-in for a model measured from scans: it is built from the assets of "
              "MakeHuman (CC0), which were drawn by hand, and from identity modes of ICT-FaceKit (MIT licence), which were learned from "
              "scans. Its groups are called African, Asian and Caucasian as in MakeHuman; they are shapes and colours of that "
              "program, not samples of populations. Near-infrared reflectances follow published measurements.");
}

static bool add_sections(report *r, const report_scan *scan, df_error *err)
{
    for (int k = 0; k < REPORT_KIND_COUNT; k++)
        if (scan->count[k] > 0 && !rows[k].add(r, scan->items[k], scan->count[k], err))
            return false;
    if (scan->left_out > 0) {
        df_error what;
        df_fail(&what, "%d more files are not shown: a page shows %d of a kind", scan->left_out, REPORT_MOST);
        report_trouble(r, &what);
    }
    add_origin(r);
    return true;
}

/* The folder of the page, and in it that of its pictures. */
static bool set_folders(report *r, const char *out, char folder[PATH_MAX], df_error *err)
{
    char name[NAME_MAX + 1];
    const char *slash = strrchr(out, '/'), *file = slash ? slash + 1 : out;
    const size_t length = strlen(file), stem = length > 5 && strcmp(file + length - 5, ".html") == 0 ? length - 5 : length;
    if (length == 0 || stem + sizeof "-files" > sizeof name || strlen(out) >= PATH_MAX)
        return df_fail(err, "%s: no name for a page", out);
    snprintf(name, sizeof name, "%.*s-files", (int)stem, file);
    snprintf(folder, PATH_MAX, "%.*s", slash ? (int)(slash - out) : 1, slash ? out : ".");
    if (slash == out)
        snprintf(folder, PATH_MAX, "/");
    r->pictures_name = df_copy_string(r->arena, name, err);
    return r->pictures_name && df_make_folders(folder, err) && df_path_join(r->pictures, sizeof r->pictures, folder, name, err);
}

/* The page's own folder is no result, unless it is the folder that the page is about. */
static bool scan(report *r, const char *folder, const char *page_folder, const report_scan **out, df_error *err)
{
    char real_root[PATH_MAX], real_page[PATH_MAX], real_pictures[PATH_MAX];
    const char *skip[2] = {NULL, NULL};
    if (!realpath(folder, real_root))
        return df_fail(err, "%s: no folder", folder);
    if (realpath(page_folder, real_page) && strcmp(real_page, real_root) != 0)
        skip[0] = real_page;
    if (realpath(r->pictures, real_pictures))
        skip[1] = real_pictures;
    return report_scan_folder(folder, skip, r->arena, out, err);
}

static bool write_page(report *r, const char *folder, const char *out, df_error *err)
{
    char page_folder[PATH_MAX];
    const report_scan *found;
    if (!df_path_is_folder(folder))
        return df_fail(err, "%s: no folder", folder);
    if (!set_folders(r, out, page_folder, err) || !scan(r, folder, page_folder, &found, err))
        return false;
    if (!df_remove_tree(r->pictures, err)) /* of an earlier report */
        return false;
    begin_page(r, folder, found);
    return add_sections(r, found, err) && page_save(&r->page, out, err);
}

bool report_write(const char *folder, const char *out, const df_progress *progress, df_error *err)
{
    char trimmed[PATH_MAX];
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    if (length >= sizeof trimmed)
        return df_fail(err, "%s: the path is longer than %d bytes", folder, PATH_MAX);
    snprintf(trimmed, sizeof trimmed, "%.*s", (int)length, folder);
    if (df_path_is_folder(out)) /* before its pictures are written beside it */
        return df_fail(err, "%s: is a folder, expected a place for a file", out);
    df_arena *arena = df_arena_new(MEMORY, err);
    report *r = arena ? df_alloc(arena, 1, sizeof *r, err) : NULL;
    bool is_written = false;
    if (r) {
        r->arena = arena;
        r->progress = progress;
        is_written = write_page(r, trimmed, out, err);
        page_free(&r->page);
    }
    df_arena_free(arena);
    return is_written;
}
