/* Pages: well-formed with any text, links that lead to sections, nothing that a browser would run or fetch. */
#include "plot/page.h"
#include "scratch.h"
#include "xml_check.h"

static df_error err;

/* Everything a page can hold, with one text everywhere. */
static void fill(page *p, const char *text)
{
    static const page_align align[2] = {PAGE_LEFT, PAGE_RIGHT};
    const char *const cells[2] = {text, NULL}, *const headers[2] = {text, text};
    const page_table table = {.caption = text, .headers = headers, .align = align, .columns = 2};
    page_begin(p, text, text);
    page_section(p, text);
    page_paragraph(p, text);
    page_numbers(p, &(page_number){text, text}, 1, text);
    page_grid(p);
    page_picture(p, text, text, text, 3, 4);
    page_chart(p, "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", text);
    page_section(p, text);
    page_heading(p, text);
    page_note(p, text);
    page_commands(p, headers, 2);
    page_table_begin(p, &table);
    page_table_row(p, &table, cells);
    page_table_end(p);
    page_grid(p);
    page_embedded_picture(p, (df_bytes){.data = (const unsigned char *)"foobar", .size = 6}, "image/png", text, NULL);
}

static df_text saved(scratch *s, page *p)
{
    df_bytes bytes;
    df_text out = {0};
    const char *path = scratch_path(s, "page.html");
    df_arena *arena = df_arena_new(1 << 22, &err);
    must(page_save(p, path, &err), &err);
    must(df_file_read(path, 1 << 20, arena, &bytes, &err), &err);
    df_text_add_bytes(&out, (const char *)bytes.data, bytes.size);
    df_arena_free(arena);
    page_free(p);
    return out;
}

static void a_page_is_well_formed_whatever_stands_in_it(void **state)
{
    (void)state;
    scratch s = scratch_new();
    for (size_t i = 0; i < DF_ARRAY_LEN(xml_hostile); i++) {
        page p = {0};
        fill(&p, xml_hostile[i]);
        df_text html = saved(&s, &p);
        const char *fault = xml_fault(html.data);
        if (fault)
            fail_msg("text %zu: %s", i, fault);
        assert_null(strstr(html.data, "<script"));
        df_text_free(&html);
    }
    scratch_free(&s);
}

static void links_at_the_top_lead_to_sections(void **state)
{
    (void)state;
    scratch s = scratch_new();
    page p = {0};
    fill(&p, "x");
    df_text html = saved(&s, &p);
    int links = 0;
    for (const char *at = html.data; (at = strstr(at, "href=\"#")); at++) {
        char id[32];
        snprintf(id, sizeof id, "id=\"%.*s\"", (int)strcspn(at + 7, "\""), at + 7);
        assert_non_null(strstr(html.data, id));
        links++;
    }
    assert_int_equal(links, 2);
    df_text_free(&html);
    scratch_free(&s);
}

static void nothing_is_fetched_from_elsewhere(void **state)
{
    (void)state;
    scratch s = scratch_new();
    page p = {0};
    fill(&p, "http://example.org/x.png");
    df_text html = saved(&s, &p);
    for (const char *at = html.data; (at = strstr(at, "src=\"")); at++)
        assert_true(strncmp(at + 5, "http:", 5) != 0 && strncmp(at + 5, "//", 2) != 0);
    assert_non_null(strstr(html.data, "src=\"data:image/png;base64,Zm9vYmFy\""));
    assert_null(strstr(html.data, "@import"));
    assert_null(strstr(html.data, "url("));
    df_text_free(&html);
    scratch_free(&s);
}

static void a_page_that_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    scratch s = scratch_new();
    page p = {0};
    fill(&p, "x");
    must_say(page_save(&p, scratch_path(&s, "no/page.html"), &err), &err, "no/page.html");
    page_free(&p);
    assert_int_equal(scratch_entries(&s), 0);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_well_formed_whatever_stands_in_it),
        cmocka_unit_test(links_at_the_top_lead_to_sections),
        cmocka_unit_test(nothing_is_fetched_from_elsewhere),
        cmocka_unit_test(a_page_that_cannot_be_written_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
