/* croissant_check_records.c: record sets, their fields, where these come from and the data that stand in the description itself. */
#include <string.h>

#include "dataset/croissant_check.h"

static bool is_shape(const char *text)
{
    text += *text == '(';
    while (true) {
        const size_t digits = strspn(text + (*text == '-'), "0123456789");
        if (digits == 0 || (*text == '-' && strncmp(text, "-1", 2) != 0))
            return false;
        text += (*text == '-') + digits;
        if (*text != ',')
            break;
        text++;
        text += strspn(text, " ");
        if (*text == ')')
            break;
    }
    return text[strspn(text, ")")] == '\0';
}

static void check_array(checking *c, const json_t *field, const char *place)
{
    const json_t *flag = json_object_get(field, "isArray"), *shape = json_object_get(field, "arrayShape");
    if (flag && !json_is_boolean(flag))
        croissant_complain(c, place, "isArray: expected true or false");
    if (!shape)
        return;
    if (!json_is_true(flag))
        croissant_complain(c, place, "arrayShape without isArray true");
    if (!json_is_string(shape) || !is_shape(json_string_value(shape)))
        croissant_complain(c, place, "arrayShape: expected numbers separated by commas");
}

static void check_extract(checking *c, const json_t *extract, const char *place)
{
    static const char *const ways[] = {"column", "jsonPath", "fileProperty"};
    static const char *const properties[] = {"fullpath", "filename", "content", "lines", "lineNumbers"};
    const char *property = json_string_value(json_object_get(extract, "fileProperty"));
    int given = 0;
    bool is_known = !property;
    for (size_t i = 0; i < DF_ARRAY_LEN(ways); i++)
        given += json_is_string(json_object_get(extract, ways[i]));
    for (size_t i = 0; property && i < DF_ARRAY_LEN(properties); i++)
        is_known |= strcmp(property, properties[i]) == 0;
    if (given != 1)
        croissant_complain(c, place, "extract: expected one of column, jsonPath and fileProperty");
    if (!is_known)
        croissant_complain(c, place, "fileProperty '%.40s': expected fullpath, filename, content, lines or lineNumbers", property);
}

static void check_source(checking *c, const json_t *source, const char *place)
{
    static const char *const kinds[] = {"fileObject", "fileSet", "recordSet"};
    int given = 0;
    if (!source)
        return;
    if (croissant_is_reference(source)) {
        croissant_check_references(c, source, "fileObject fileSet recordSet field", place, "source");
        return;
    }
    for (size_t i = 0; i < DF_ARRAY_LEN(kinds); i++) {
        const json_t *value = json_object_get(source, kinds[i]);
        given += value != NULL;
        croissant_check_references(c, value, kinds[i], place, kinds[i]);
    }
    if (given != 1)
        croissant_complain(c, place, "source: expected one of fileObject, fileSet and recordSet");
    if (json_object_get(source, "extract"))
        check_extract(c, json_object_get(source, "extract"), place);
}

/* {"@id": "movies/id"}, as the specification has it, or {"field": {"@id": "movies/id"}}, as MLCommons' own descriptions have. */
static void check_foreign(checking *c, const json_t *references, const char *place)
{
    for (size_t i = 0; i < croissant_count(references); i++) {
        const json_t *item = croissant_item(references, i), *inner = json_object_get(item, "field");
        croissant_check_references(c, inner ? inner : item, "field recordSet", place, "references");
    }
}

static void check_fields(checking *c, const json_t *fields, bool has_data)
{
    for (size_t i = 0; i < croissant_count(fields); i++) {
        const json_t *field = croissant_item(fields, i), *inner = json_object_get(field, "subField");
        const char *place = croissant_id(field)[0] ? croissant_id(field) : "field";
        if (croissant_is_reference(field))
            continue;
        if (!croissant_is_a(field, "Field"))
            croissant_complain(c, place, "@type: expected cr:Field");
        croissant_check_texts(c, field, "dataType", place);
        check_array(c, field, place);
        check_source(c, json_object_get(field, "source"), place);
        check_foreign(c, json_object_get(field, "references"), place);
        if (!has_data && !json_object_get(field, "source") && !json_object_get(field, "value") && croissant_count(inner) == 0)
            croissant_complain(c, place, "no source, value or subField: expected one, as the record set has no data");
        check_fields(c, inner, has_data);
    }
}

/* Data name the fields by their identifiers, whole or without that of the record set. */
static void check_data(checking *c, const json_t *set, const char *place)
{
    const json_t *data = json_object_get(set, "data");
    for (size_t i = 0; i < croissant_count(data); i++) {
        const char *key;
        json_t *value, *record = (json_t *)(uintptr_t)croissant_item(data, i);
        if (!json_is_object(record))
            croissant_complain(c, place, "data: expected objects");
        json_object_foreach(record, key, value)
            if (!json_object_get(c->ids, key))
                croissant_complain(c, place, "data: '%.80s' is no field", key);
    }
}

void croissant_check_records(checking *c, const json_t *set)
{
    const char *place = croissant_id(set)[0] ? croissant_id(set) : "recordSet";
    if (!croissant_is_a(set, "RecordSet"))
        croissant_complain(c, place, "@type: expected cr:RecordSet");
    if (croissant_count(json_object_get(set, "field")) == 0)
        croissant_complain(c, place, "no field, expected at least one");
    croissant_check_references(c, json_object_get(set, "key"), "field", place, "key");
    check_fields(c, json_object_get(set, "field"), json_object_get(set, "data") != NULL);
    check_data(c, set, place);
}
