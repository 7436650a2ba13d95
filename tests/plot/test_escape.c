/* Escaping: closed forms, and strangers' names that must do no harm. */
#include "check.h"

#include "plot/escape.h"
#include "xml_check.h"

static void assert_text(df_text *text, const char *expected)
{
    assert_string_equal(text->data ? text->data : "", expected);
    df_text_free(text);
}

static void xml_text_has_its_five_characters_escaped(void **state)
{
    (void)state;
    df_text out = {0};
    escape_xml(&out, "a<b>&\"c'\n\td");
    assert_text(&out, "a&lt;b&gt;&amp;&quot;c&#39;\n\td");
}

static void what_xml_forbids_becomes_a_replacement(void **state)
{
    (void)state;
    df_text out = {0};
    escape_xml(&out, "\x01"
                     "a\xC3(\xEF\xBF\xBE\xEF\xBF\xBD\xED\xA0\x80");
    assert_text(&out, "\xEF\xBF\xBD"
                      "a\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void hostile_text_is_well_formed_in_content_and_attribute(void **state)
{
    (void)state;
    for (size_t i = 0; i < DF_ARRAY_LEN(xml_hostile); i++) {
        df_text out = {0};
        df_text_add(&out, "<a b=\"");
        escape_xml(&out, xml_hostile[i]);
        df_text_add(&out, "\">");
        escape_xml(&out, xml_hostile[i]);
        df_text_add(&out, "</a>");
        const char *fault = xml_fault(out.data);
        if (fault)
            fail_msg("%s: %s", out.data, fault);
        df_text_free(&out);
    }
}

static void the_checker_of_xml_finds_what_is_broken(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "<a>",  "<a></b>",     "</a>",        "<a b=c></a>",          "<a b=\"<\"></a>", "<a>&</a>", "<a>&nbsp;</a>", "<a/><b/>",
        "text", "<a>\x02</a>", "<a>\xff</a>", "<a b=\"1\" b=\"2\"/>", "<a><b></a></b>",  "<a",       "<a b=\"1/>"};
    for (size_t i = 0; i < DF_ARRAY_LEN(broken); i++)
        if (!xml_fault(broken[i]))
            fail_msg("%s passed", broken[i]);
    assert_null(xml_fault("<!DOCTYPE html>\n<a b=\"1\" c=\"&lt;\"><d/>text &amp; <e>more</e></a>\n"));
}

static void paths_become_harmless_urls(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"faces/000000/0000.png", "faces/000000/0000.png"},
        {"a b#c?d%e&f\"g", "a%20b%23c%3Fd%25e%26f%22g"},
        {"javascript:alert(1)", "javascript%3Aalert%281%29"},
        {"//host/x", "/.//host/x"},
        {"\xC3\xA9", "%C3%A9"},
        {"../up", "../up"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(pairs); i++) {
        df_text out = {0};
        escape_url_path(&out, pairs[i][0]);
        assert_text(&out, pairs[i][1]);
    }
}

/* The vectors of RFC 4648, section 10. */
static void base64_gives_the_vectors_of_its_rfc(void **state)
{
    (void)state;
    static const char *const expected[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (size_t size = 0; size < DF_ARRAY_LEN(expected); size++) {
        df_text out = {0};
        escape_base64(&out, "foobar", size);
        assert_text(&out, expected[size]);
    }
}

static void base64_of_high_bytes_is_right(void **state)
{
    (void)state;
    df_text out = {0};
    escape_base64(&out, "\xFB\xFF\xBF", 3);
    assert_text(&out, "+/+/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xml_text_has_its_five_characters_escaped),
        cmocka_unit_test(what_xml_forbids_becomes_a_replacement),
        cmocka_unit_test(hostile_text_is_well_formed_in_content_and_attribute),
        cmocka_unit_test(the_checker_of_xml_finds_what_is_broken),
        cmocka_unit_test(paths_become_harmless_urls),
        cmocka_unit_test(base64_gives_the_vectors_of_its_rfc),
        cmocka_unit_test(base64_of_high_bytes_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
