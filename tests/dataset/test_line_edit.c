/* Edits of a line's text: what is named changes, every other byte stays. */
#include "check.h"

#include "base/random.h"
#include "dataset/line_edit.h"
#include "dataset/manifest_read.h"

static void must_become(const char *line, const line_edit *edits, size_t count, const char *wanted)
{
    df_text out = {0};
    df_error err;
    must(line_edit_apply(line, strlen(line), edits, count, &out, &err), &err);
    assert_string_equal(out.data, wanted);
    df_text_free(&out);
}

static void values_are_replaced_added_and_kept(void **state)
{
    (void)state;
    const line_edit split = {.key = "split", .text = "test"};
    must_become("{\"a\":1.50,\"split\":\"train\",\"b\":[{\"split\":2}]}", &split, 1,
                "{\"a\":1.50,\"split\":\"test\",\"b\":[{\"split\":2}]}");
    must_become("{\"a\":1.50}", &split, 1, "{\"a\":1.50,\"split\":\"test\"}");
    must_become("{}", &split, 1, "{\"split\":\"test\"}");
    must_become(" { \"split\" : null , \"x\" : -1e5 } ", &split, 1, " { \"split\" : \"test\" , \"x\" : -1e5 }");
    must_become("{\"t\":\"a\\\"}split\\\\\",\"split\":{\"x\":\"}\"}}", &split, 1, "{\"t\":\"a\\\"}split\\\\\",\"split\":\"test\"}");
    must_become("{\"split\":\"old\"}", &(line_edit){.key = "split", .text = "new", .keeps = true}, 1, "{\"split\":\"old\"}");
}

static void values_inside_objects_are_replaced_where_they_are(void **state)
{
    (void)state;
    const line_edit edits[] = {{.key = "labels", .inner = "depth", .text = "d"}, {.key = "image", .text = "\xC3\xBC\""}};
    must_become("{\"image\":\"x\",\"labels\":{\"normals\":\"n\",\"depth\":\"old\"},\"depth\":\"y\"}", edits, 2,
                "{\"image\":\"\xC3\xBC\\\"\",\"labels\":{\"normals\":\"n\",\"depth\":\"d\"},\"depth\":\"y\"}");
    must_become("{\"image\":\"x\",\"labels\":7}", edits, 2, "{\"image\":\"\xC3\xBC\\\"\",\"labels\":7}");
    must_become("{\"image\":\"x\",\"labels\":{}}", edits, 2, "{\"image\":\"\xC3\xBC\\\"\",\"labels\":{}}");
}

static void escaped_keys_are_refused_rather_than_doubled(void **state)
{
    (void)state;
    df_text out = {0};
    df_error err;
    const char line[] = "{\"spl\\u0069t\":\"train\"}";
    must_say(line_edit_apply(line, sizeof line - 1, &(line_edit){.key = "split", .text = "x"}, 1, &out, &err), &err,
             "a key with an escape");
    df_text_free(&out);
}

/* A random value of a few levels, as Jansson writes it. */
static json_t *random_value(df_random *random, int depth)
{
    static const char *const keys[] = {"image", "labels", "depth", "split", "a b", "\xC3\xA4"};
    const uint32_t kind = df_random_below(random, depth > 0 ? 7 : 5);
    json_t *made = kind == 5 ? json_array() : json_object();
    if (kind < 5)
        json_decref(made);
    switch (kind) {
    case 0:
        return json_null();
    case 1:
        return json_integer((int)df_random_below(random, 2000) - 1000);
    case 2:
        return json_real((double)df_random_normal(random));
    case 3:
        return json_string(keys[df_random_below(random, 6)]);
    case 4:
        return json_string("} ] , { \" \\ : [");
    case 5:
        for (uint32_t n = df_random_below(random, 4); n > 0; n--)
            json_array_append_new(made, random_value(random, depth - 1));
        return made;
    default:
        for (uint32_t n = df_random_below(random, 5); n > 0; n--)
            json_object_set_new(made, keys[df_random_below(random, 6)], random_value(random, depth - 1));
        return made;
    }
}

static void random_objects_change_as_jansson_would_change_them(void **state)
{
    (void)state;
    df_random random = df_random_at(5, 6, 7, DF_FOR_TEST);
    int tried = 0;
    while (tried < 3000) {
        json_t *value = random_value(&random, 4);
        if (!json_is_object(value)) {
            json_decref(value);
            continue;
        }
        df_error err;
        df_text out = {0};
        char *text = json_dumps(value, tried % 2 ? JSON_COMPACT : JSON_INDENT(1));
        const line_edit edits[] = {{.key = "labels", .inner = "depth", .text = "D"}, {.key = "split", .text = "S"}};
        must(line_edit_apply(text, strlen(text), edits, 2, &out, &err), &err);
        json_t *edited = df_json_parse(out.data, out.size, &err), *labels = json_object_get(value, "labels");
        must(edited != NULL, &err);
        if (json_object_get(labels, "depth"))
            json_object_set_new(labels, "depth", json_string("D"));
        json_object_set_new(value, "split", json_string("S"));
        assert_true(json_equal(edited, value));
        json_decref(edited);
        json_decref(value);
        free(text);
        df_text_free(&out);
        tried++;
    }
    print_message("%d objects\n", tried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_replaced_added_and_kept),
        cmocka_unit_test(values_inside_objects_are_replaced_where_they_are),
        cmocka_unit_test(escaped_keys_are_refused_rather_than_doubled),
        cmocka_unit_test(random_objects_change_as_jansson_would_change_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
