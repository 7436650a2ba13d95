/* report_files.c: what else a folder of results may hold: commands, identities, models, figures and results, each as a section. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/stop.h"
#include "cli/report_charts.h"
#include "cli/report_page.h"
#include "face/model_file.h"

enum { TEXT = 200, MOST_LINES = 64, MOST_ROWS = 120, JSON_LIMIT = 1 << 20, JSON_DEPTH = 4 };

static json_t *read_json(report *r, const char *path, df_error *err)
{
    df_bytes bytes;
    json_t *value = NULL;
    if (df_file_read(path, JSON_LIMIT, r->arena, &bytes, err))
        value = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (!value)
        df_fail_in(err, "%s", path);
    return value;
}

bool report_add_commands(report *r, const report_item *items, int count, df_error *err)
{
    (void)err;
    page_section(&r->page, "Commands");
    page_paragraph(&r->page, "These commands make what this page shows, from nothing.");
    for (int i = 0; i < count; i++) {
        df_error what;
        const char *lines[MOST_LINES];
        int used = 0;
        json_t *file = read_json(r, items[i].path, &what);
        const json_t *list = json_object_get(file, "commands");
        for (size_t k = 0; k < json_array_size(list) && used < MOST_LINES; k++)
            if (json_is_string(json_array_get(list, k)))
                lines[used++] = json_string_value(json_array_get(list, k));
        if (!file)
            report_trouble(r, &what);
        else
            page_commands(&r->page, lines, used);
        json_decref(file);
    }
    return true;
}

bool report_add_people(report *r, const report_item *items, int count, df_error *err)
{
    for (int i = 0; i < count; i++) {
        if (!df_may_go_on(err))
            return false;
        df_error what;
        char title[TEXT];
        demographics *counts = df_alloc(r->arena, 1, sizeof *counts, err);
        if (!counts)
            return false;
        *counts = demographics_empty();
        snprintf(title, sizeof title, "Identities %s", items[i].name);
        page_section(&r->page, title);
        if (demographics_read_people(items[i].path, counts, &what))
            report_demographics(&r->page, counts);
        else
            report_trouble(r, &what);
    }
    return true;
}

static const page_table facts = {
    .headers = (const char *const[]){"what", "value"}, .align = (const page_align[]){PAGE_LEFT, PAGE_LEFT}, .columns = 2};

static void DF_PRINTF(3, 4) add_fact(report *r, const char *what, const char *format, ...)
{
    char value[TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    page_table_row(&r->page, &facts, (const char *const[]){what, value});
}

static void add_model_facts(report *r, const face_model *model)
{
    page_table_begin(&r->page, &facts);
    add_fact(r, "name", "%s", model->name);
    add_fact(r, "skin", "%d vertices, %d triangles", model->skin_count, model->triangle_count);
    add_fact(r, "components", "%d of shape, %d of albedo", model->shape_count, model->albedo_count);
    add_fact(r, "expressions", "%d", model->expression_count);
    add_fact(r, "parts", "%d (eyes, hair, glasses, hats and so on)", model->part_count);
    add_fact(r, "SHA-256", "%s", model->sha256);
    page_table_end(&r->page);
}

bool report_add_models(report *r, const report_item *items, int count, df_error *err)
{
    for (int i = 0; i < count; i++) {
        if (!df_may_go_on(err))
            return false;
        df_error what;
        char title[TEXT];
        snprintf(title, sizeof title, "Face model %s", items[i].name);
        page_section(&r->page, title);
        face_model_handle *handle = face_model_open(items[i].path, &what);
        if (handle)
            add_model_facts(r, face_model_of(handle));
        else
            report_trouble(r, &what);
        face_model_close(handle);
    }
    return true;
}

/* Figures are copied, so that the page's folder can be sent to somebody. */
static bool copy_picture(report *r, const report_item *item, df_error *err)
{
    char path[PATH_MAX], link[PATH_MAX];
    df_bytes bytes;
    df_error what;
    const char *ending = strrchr(item->path, '.');
    if (!report_new_picture(r, ending, path, link, err))
        return false;
    if (!df_file_map(item->path, &bytes, &what)) {
        report_trouble(r, &what);
        return true;
    }
    const bool is_copied = df_file_write(path, bytes.data, bytes.size, err);
    df_file_unmap(&bytes);
    if (is_copied)
        page_picture(&r->page, link, item->name, item->name, 0, 0);
    return is_copied;
}

bool report_add_figures(report *r, const report_item *items, int count, df_error *err)
{
    page_section(&r->page, "Figures");
    for (int i = 0; i < count; i++) {
        if (!df_may_go_on(err))
            return false;
        if (!copy_picture(r, &items[i], err))
            return false;
    }
    return true;
}

static void value_text(const json_t *value, char out[TEXT])
{
    if (json_is_string(value))
        snprintf(out, TEXT, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(out, TEXT, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(out, TEXT, "%.6g", json_real_value(value));
    else if (json_is_boolean(value))
        snprintf(out, TEXT, "%s", json_is_true(value) ? "yes" : "no");
    else if (json_is_array(value))
        snprintf(out, TEXT, "a list of %zu", json_array_size(value));
    else
        snprintf(out, TEXT, "%s", json_is_null(value) ? "none" : "an object");
}

typedef struct value_walk {
    report *report;
    df_text keys; /* the path of keys to where the walk is */
    int rows, left_out;
} value_walk;

static void add_value(value_walk *w, const json_t *value, int depth);

static void add_values(value_walk *w, const json_t *object, int depth)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        const size_t before = w->keys.size;
        df_text_addf(&w->keys, "%s%s", before ? "." : "", key);
        if (w->keys.failed)
            return;
        add_value(w, value, depth);
        w->keys.size = before;
        w->keys.data[before] = '\0';
    }
}

static void add_value(value_walk *w, const json_t *value, int depth)
{
    char text[TEXT];
    if (json_is_object(value) && depth < JSON_DEPTH) {
        add_values(w, value, depth + 1);
        return;
    }
    value_text(value, text);
    if (w->rows < MOST_ROWS)
        page_table_row(&w->report->page, &facts, (const char *const[]){w->keys.data, text});
    w->left_out += w->rows == MOST_ROWS;
    w->rows += w->rows < MOST_ROWS;
}

static void add_result(report *r, const char *name, const json_t *value)
{
    char note[TEXT];
    value_walk w = {.report = r};
    page_heading(&r->page, name);
    page_table_begin(&r->page, &facts);
    add_values(&w, value, 1);
    page_table_end(&r->page);
    snprintf(note, sizeof note, "%d more values are in the file.", w.left_out);
    if (w.left_out > 0)
        page_paragraph(&r->page, note);
    r->page.body.failed |= w.keys.failed;
    df_text_free(&w.keys);
}

bool report_add_results(report *r, const report_item *items, int count, df_error *err)
{
    page_section(&r->page, "Results");
    for (int i = 0; i < count; i++) {
        if (!df_may_go_on(err))
            return false;
        const df_arena_mark mark = df_arena_save(r->arena);
        df_error what;
        json_t *value = read_json(r, items[i].path, &what);
        if (value)
            add_result(r, items[i].name, value);
        else
            report_trouble(r, &what);
        json_decref(value);
        df_arena_restore(r->arena, mark);
    }
    return true;
}
