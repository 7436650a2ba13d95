/* page.c: three texts that grow and are joined at the end, so that the links at the top can name sections that come later. */
#include "plot/page.h"

#include <assert.h>

#include "plot/escape.h"
#include "plot/page_style.h"

static void add_element(df_text *out, const char *name, const char *text)
{
    df_text_addf(out, "<%s>", name);
    escape_xml(out, text);
    df_text_addf(out, "</%s>\n", name);
}

void page_begin(page *p, const char *title, const char *subtitle)
{
    df_text_add(&p->head, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n");
    add_element(&p->head, "title", title);
    df_text_add(&p->head, "<style>\n");
    df_text_add(&p->head, page_style);
    df_text_add(&p->head, "</style>\n</head>\n<body>\n<header>\n");
    add_element(&p->head, "h1", title);
    if (subtitle) {
        df_text_add(&p->head, "<p class=\"sub\">");
        escape_xml(&p->head, subtitle);
        df_text_add(&p->head, "</p>\n");
    }
    df_text_add(&p->head, "</header>\n");
}

static void close_grid(page *p)
{
    if (p->is_grid_open)
        df_text_add(&p->body, "</div>\n");
    p->is_grid_open = false;
}

void page_section(page *p, const char *title)
{
    close_grid(p);
    p->sections++;
    if (p->is_section_open)
        df_text_add(&p->body, "</section>\n");
    p->is_section_open = true;
    df_text_addf(&p->contents, "<li><a href=\"#s%d\">", p->sections);
    escape_xml(&p->contents, title);
    df_text_add(&p->contents, "</a></li>\n");
    df_text_addf(&p->body, "<section id=\"s%d\">\n", p->sections);
    add_element(&p->body, "h2", title);
}

void page_heading(page *p, const char *title)
{
    close_grid(p);
    add_element(&p->body, "h3", title);
}

void page_paragraph(page *p, const char *text)
{
    close_grid(p);
    add_element(&p->body, "p", text);
}

void page_note(page *p, const char *text)
{
    close_grid(p);
    df_text_add(&p->body, "<p class=\"note\">");
    escape_xml(&p->body, text);
    df_text_add(&p->body, "</p>\n");
}

void page_commands(page *p, const char *const *lines, int count)
{
    close_grid(p);
    df_text_add(&p->body, "<pre><code>");
    for (int i = 0; i < count; i++) {
        escape_xml(&p->body, lines[i]);
        df_text_add(&p->body, "\n");
    }
    df_text_add(&p->body, "</code></pre>\n");
}

static void end_figure(page *p, const char *caption)
{
    if (caption)
        add_element(&p->body, "figcaption", caption);
    df_text_add(&p->body, "</figure>\n");
}

void page_numbers(page *p, const page_number *numbers, int count, const char *caption)
{
    df_text_add(&p->body, "<figure>\n<div class=\"numbers\">\n");
    for (int i = 0; i < count; i++) {
        df_text_add(&p->body, "<div><b>");
        escape_xml(&p->body, numbers[i].value);
        df_text_add(&p->body, "</b><span>");
        escape_xml(&p->body, numbers[i].label);
        df_text_add(&p->body, "</span></div>\n");
    }
    df_text_add(&p->body, "</div>\n");
    end_figure(p, caption);
}

void page_grid(page *p)
{
    close_grid(p);
    df_text_add(&p->body, "<div class=\"grid\">\n");
    p->is_grid_open = true;
}

static void add_attribute(df_text *out, const char *name, const char *value)
{
    df_text_addf(out, " %s=\"", name);
    escape_xml(out, value);
    df_text_add(out, "\"");
}

void page_picture(page *p, const char *path, const char *alt, const char *caption, int width, int height)
{
    df_text_add(&p->body, "<figure>\n<a href=\"");
    escape_url_path(&p->body, path);
    df_text_add(&p->body, "\"><img src=\"");
    escape_url_path(&p->body, path);
    df_text_add(&p->body, "\"");
    add_attribute(&p->body, "alt", alt);
    if (width > 0 && height > 0)
        df_text_addf(&p->body, " width=\"%d\" height=\"%d\"", width, height);
    df_text_add(&p->body, " /></a>\n");
    end_figure(p, caption);
}

void page_embedded_picture(page *p, df_bytes file, const char *type, const char *alt, const char *caption)
{
    df_text_add(&p->body, "<figure>\n<img src=\"data:");
    escape_xml(&p->body, type);
    df_text_add(&p->body, ";base64,");
    escape_base64(&p->body, file.data, file.size);
    df_text_add(&p->body, "\"");
    add_attribute(&p->body, "alt", alt);
    df_text_add(&p->body, " />\n");
    end_figure(p, caption);
}

void page_chart(page *p, const char *svg, const char *caption)
{
    df_text_add(&p->body, "<figure>\n");
    df_text_add(&p->body, svg);
    end_figure(p, caption);
}

static void add_cell(page *p, const char *element, page_align align, const char *text)
{
    df_text_addf(&p->body, "<%s%s>", element, align == PAGE_RIGHT ? " class=\"r\"" : "");
    if (text)
        escape_xml(&p->body, text);
    df_text_addf(&p->body, "</%s>", element);
}

static void add_row(page *p, const page_table *table, const char *element, const char *const *cells)
{
    df_text_add(&p->body, "<tr>");
    for (int c = 0; c < table->columns; c++)
        add_cell(p, element, table->align[c], cells[c]);
    df_text_add(&p->body, "</tr>");
}

void page_table_begin(page *p, const page_table *table)
{
    assert(table->columns > 0 && table->columns <= PAGE_MAX_COLUMNS);
    close_grid(p);
    df_text_add(&p->body, "<div class=\"wide\"><table>\n");
    if (table->caption)
        add_element(&p->body, "caption", table->caption);
    df_text_add(&p->body, "<thead>");
    add_row(p, table, "th", table->headers);
    df_text_add(&p->body, "</thead>\n<tbody>\n");
}

void page_table_row(page *p, const page_table *table, const char *const *cells)
{
    add_row(p, table, "td", cells);
    df_text_add(&p->body, "\n");
}

void page_table_end(page *p)
{
    df_text_add(&p->body, "</tbody></table></div>\n");
}

static bool put(df_writer *file, const df_text *text, df_error *err)
{
    return df_text_ok(text, err) && (text->size == 0 || df_writer_put(file, text->data, text->size, err));
}

static bool put_page(df_writer *file, page *p, df_error *err)
{
    df_text links = {0};
    if (p->contents.size > 0) {
        df_text_add(&links, "<nav><ul>\n");
        df_text_add_bytes(&links, p->contents.data, p->contents.size);
        df_text_add(&links, "</ul></nav>\n");
    }
    df_text_add(&links, "<main>\n");
    close_grid(p);
    df_text_add(&p->body, p->is_section_open ? "</section>\n" : "");
    df_text_add(&p->body, "</main>\n<footer>Made by diffuse " DIFFUSE_VERSION ".</footer>\n</body>\n</html>\n");
    p->is_section_open = false;
    const bool is_put = put(file, &p->head, err) && put(file, &links, err) && put(file, &p->body, err);
    df_text_free(&links);
    return is_put;
}

bool page_save(page *p, const char *path, df_error *err)
{
    df_writer *file = df_writer_open(path, err);
    if (!file)
        return false;
    if (put_page(file, p, err))
        return df_writer_commit(file, err);
    df_writer_abandon(file);
    return df_fail_in(err, "%s", path);
}

void page_free(page *p)
{
    df_text_free(&p->head);
    df_text_free(&p->contents);
    df_text_free(&p->body);
    *p = (page){0};
}
