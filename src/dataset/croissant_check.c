/* croissant_check.c: two walks over the description: the first collects the identifiers, the second looks at what each thing must have and
   whether what it refers to is among them. Sections are those of the specification of version 1.1. */
#include "dataset/croissant.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct checking {
    json_t *ids; /* object: identifier to its type */
    bool uses_rai;
    croissant_problem *problem;
    void *user;
    int problems;
} checking;

static void complain(checking *c, const char *place, const char *format, ...) DF_PRINTF(3, 4);
static void complain(checking *c, const char *place, const char *format, ...)
{
    char what[384], sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    snprintf(sentence, sizeof sentence, "%.100s: %s", place, what);
    c->problems++;
    c->problem(c->user, sentence);
}

/* ---- JSON-LD ---- */

/* A value or a list of them: JSON-LD takes both. */
static size_t count_of(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : value && !json_is_null(value);
}

static const json_t *item_of(const json_t *value, size_t i)
{
    return json_is_array(value) ? json_array_get(value, i) : value;
}

static const char *id_of(const json_t *object)
{
    const char *id = json_string_value(json_object_get(object, "@id"));
    return id ? id : "";
}

/* Some of the object's types is `name`, with its prefix, as a full address or bare. */
static bool is_a(const json_t *object, const char *name)
{
    const json_t *types = json_object_get(object, "@type");
    for (size_t i = 0; i < count_of(types); i++) {
        const char *type = json_string_value(item_of(types, i)), *end = type ? type + strlen(type) : NULL;
        if (type && strlen(type) >= strlen(name) && strcmp(end - strlen(name), name) == 0 &&
            (end - strlen(name) == type || strchr(":/", end[-(long)strlen(name) - 1])))
            return true;
    }
    return false;
}

/* A reference has nothing but its identifier. */
static bool is_reference(const json_t *value)
{
    return json_is_object(value) && json_object_size(value) == 1 && json_object_get(value, "@id");
}

/* ---- identifiers ---- */

static void add_id(checking *c, const json_t *object, const char *type, const char *place)
{
    const char *id = id_of(object);
    if (id[0] == '\0')
        complain(c, place, "no @id, expected one");
    else if (json_object_get(c->ids, id))
        complain(c, place, "the @id '%.80s' stands there twice, expected it once", id);
    else
        json_object_set_new(c->ids, id, json_string(type));
}

static void add_fields(checking *c, const json_t *fields)
{
    for (size_t i = 0; i < count_of(fields); i++) {
        const json_t *field = item_of(fields, i);
        if (is_reference(field))
            continue;
        add_id(c, field, "field", "field");
        add_fields(c, json_object_get(field, "subField"));
    }
}

static void add_ids(checking *c, const json_t *root)
{
    const json_t *files = json_object_get(root, "distribution"), *sets = json_object_get(root, "recordSet");
    for (size_t i = 0; i < count_of(files); i++)
        add_id(c, item_of(files, i), is_a(item_of(files, i), "FileSet") ? "fileSet" : "fileObject", "distribution");
    for (size_t i = 0; i < count_of(sets); i++) {
        add_id(c, item_of(sets, i), "recordSet", "recordSet");
        add_fields(c, json_object_get(item_of(sets, i), "field"));
    }
}

/* Each reference of `value` is to something of one of the types, separated by blanks. */
static void check_references(checking *c, const json_t *value, const char *types, const char *place, const char *key)
{
    for (size_t i = 0; i < count_of(value); i++) {
        const json_t *item = item_of(value, i);
        const char *id = json_is_string(item) ? json_string_value(item) : id_of(item);
        const char *type = json_string_value(json_object_get(c->ids, id));
        if (!type)
            complain(c, place, "%s refers to '%.80s', which is nowhere", key, id);
        else if (!strstr(types, type))
            complain(c, place, "%s refers to the %s '%.80s', expected one of: %s", key, type, id, types);
    }
}

/* ---- the set: "Required" ---- */

static void check_text(checking *c, const json_t *object, const char *key, const char *place)
{
    const json_t *value = json_object_get(object, key);
    if (!value)
        complain(c, place, "no %s, expected one", key);
    else if (!json_is_string(value) || json_string_length(value) == 0)
        complain(c, place, "%s: expected one text", key);
}

static bool maps_to(const json_t *context, const char *prefix, const char *name)
{
    const char *value = json_string_value(json_object_get(context, prefix));
    return value && strcmp(value, name) == 0;
}

static void check_context(checking *c, const json_t *root)
{
    const json_t *context = json_object_get(root, "@context");
    if (!json_is_object(context)) {
        complain(c, "@context", "expected an object, as in appendix 1 of the specification");
        return;
    }
    if (!maps_to(context, "cr", "http://mlcommons.org/croissant/"))
        complain(c, "@context", "expected cr to be http://mlcommons.org/croissant/");
    if (!maps_to(context, "@vocab", "http://schema.org/") && !maps_to(context, "@vocab", "https://schema.org/"))
        complain(c, "@context", "expected @vocab to be http://schema.org/");
    if (!maps_to(context, "dct", "http://purl.org/dc/terms/"))
        complain(c, "@context", "expected dct to be http://purl.org/dc/terms/");
    if (c->uses_rai && !maps_to(context, "rai", "http://mlcommons.org/croissant/RAI/"))
        complain(c, "@context", "expected rai to be http://mlcommons.org/croissant/RAI/");
}

static bool has_item(const json_t *values, const char *text)
{
    for (size_t i = 0; i < count_of(values); i++) {
        const json_t *item = item_of(values, i);
        const char *found = json_is_string(item) ? json_string_value(item) : id_of(item);
        if (found && strcmp(found, text) == 0)
            return true;
    }
    return false;
}

static void check_conforms(checking *c, const json_t *root)
{
    const json_t *given = json_object_get(root, "conformsTo");
    given = given ? given : json_object_get(root, "dct:conformsTo");
    if (!has_item(given, CROISSANT_CONFORMS))
        complain(c, "conformsTo", "expected %s among its values", CROISSANT_CONFORMS);
    if (c->uses_rai && !has_item(given, CROISSANT_RAI_CONFORMS))
        complain(c, "conformsTo", "properties of rai: are used, expected %s among its values", CROISSANT_RAI_CONFORMS);
}

static void check_license(checking *c, const json_t *root)
{
    const json_t *value = json_object_get(root, "license");
    if (count_of(value) == 0)
        complain(c, "dataset", "no license, expected one");
    for (size_t i = 0; i < count_of(value); i++) {
        const json_t *item = item_of(value, i);
        if (!(json_is_string(item) && json_string_length(item) > 0) && !is_a(item, "CreativeWork") && !is_reference(item))
            complain(c, "license", "expected a URL or a CreativeWork");
    }
}

static void check_creator(checking *c, const json_t *root)
{
    const json_t *value = json_object_get(root, "creator");
    if (count_of(value) == 0)
        complain(c, "dataset", "no creator, expected one");
    for (size_t i = 0; i < count_of(value); i++) {
        const json_t *item = item_of(value, i);
        if (!is_a(item, "Person") && !is_a(item, "Organization"))
            complain(c, "creator", "expected a Person or an Organization");
        else
            check_text(c, item, "name", "creator");
    }
}

static void check_date(checking *c, const json_t *root)
{
    const char *date = json_string_value(json_object_get(root, "datePublished"));
    int year, month, day;
    if (!date)
        complain(c, "dataset", "no datePublished, expected a date");
    else if (strlen(date) < 10 || sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3 || month < 1 || month > 12 || day < 1 || day > 31 ||
             (date[10] != '\0' && date[10] != 'T'))
        complain(c, "datePublished", "'%.40s', expected a date of ISO 8601", date);
}

static void check_dataset(checking *c, const json_t *root)
{
    static const char *const texts[] = {"name", "description", "url"}, *const single[] = {"version", "citeAs", "sdVersion"};
    check_context(c, root);
    if (!is_a(root, "Dataset"))
        complain(c, "@type", "expected sc:Dataset");
    check_conforms(c, root);
    for (size_t i = 0; i < DF_ARRAY_LEN(texts); i++)
        check_text(c, root, texts[i], "dataset");
    check_license(c, root);
    check_creator(c, root);
    check_date(c, root);
    for (size_t i = 0; i < DF_ARRAY_LEN(single); i++)
        if (json_is_array(json_object_get(root, single[i])))
            complain(c, "dataset", "%s: expected one value, found a list", single[i]);
    const json_t *live = json_object_get(root, "isLiveDataset");
    if (live && !json_is_boolean(live))
        complain(c, "dataset", "isLiveDataset: expected true or false");
}

/* ---- "Resources" ---- */

static void check_container(checking *c, const json_t *file, const char *place)
{
    const json_t *value = json_object_get(file, "containedIn");
    for (size_t i = 0; i < count_of(value); i++) {
        const json_t *item = item_of(value, i);
        if (is_a(item, "DataSource"))
            check_references(c, json_object_get(item, "fileObject"), "fileObject", place, "containedIn.fileObject");
        else
            check_references(c, item, "fileObject fileSet", place, "containedIn");
    }
}

static void check_texts(checking *c, const json_t *object, const char *key, const char *place)
{
    const json_t *value = json_object_get(object, key);
    for (size_t i = 0; i < count_of(value); i++)
        if (!json_is_string(item_of(value, i)) || json_string_length(item_of(value, i)) == 0)
            complain(c, place, "%s: expected texts", key);
}

static void check_file(checking *c, const json_t *file)
{
    const char *place = id_of(file), *sha256 = json_string_value(json_object_get(file, "sha256"));
    const bool is_object = is_a(file, "FileObject"), is_set = is_a(file, "FileSet");
    place = place[0] ? place : "distribution";
    if (is_object == is_set)
        complain(c, place, "@type: expected cr:FileObject or cr:FileSet");
    if (is_object) {
        check_text(c, file, "contentUrl", place);
        check_text(c, file, "encodingFormat", place);
        if (json_object_get(file, "sha256") && (!sha256 || strlen(sha256) != 64 || strspn(sha256, "0123456789abcdefABCDEF") != 64))
            complain(c, place, "sha256: expected 64 hexadecimal digits");
    }
    if (is_set && count_of(json_object_get(file, "includes")) == 0 && !json_object_get(file, "containedIn"))
        complain(c, place, "expected includes or containedIn, which say what files it has");
    check_texts(c, file, "encodingFormat", place);
    check_texts(c, file, "includes", place);
    check_texts(c, file, "excludes", place);
    check_container(c, file, place);
}

/* ---- "RecordSets" ---- */

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
        complain(c, place, "isArray: expected true or false");
    if (!shape)
        return;
    if (!json_is_true(flag))
        complain(c, place, "arrayShape without isArray true");
    if (!json_is_string(shape) || !is_shape(json_string_value(shape)))
        complain(c, place, "arrayShape: expected numbers separated by commas");
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
        complain(c, place, "extract: expected one of column, jsonPath and fileProperty");
    if (!is_known)
        complain(c, place, "fileProperty '%.40s': expected fullpath, filename, content, lines or lineNumbers", property);
}

static void check_source(checking *c, const json_t *source, const char *place)
{
    static const char *const kinds[] = {"fileObject", "fileSet", "recordSet"};
    int given = 0;
    if (!source)
        return;
    if (is_reference(source)) {
        check_references(c, source, "fileObject fileSet recordSet field", place, "source");
        return;
    }
    for (size_t i = 0; i < DF_ARRAY_LEN(kinds); i++) {
        const json_t *value = json_object_get(source, kinds[i]);
        given += value != NULL;
        check_references(c, value, kinds[i], place, kinds[i]);
    }
    if (given != 1)
        complain(c, place, "source: expected one of fileObject, fileSet and recordSet");
    if (json_object_get(source, "extract"))
        check_extract(c, json_object_get(source, "extract"), place);
}

static void check_fields(checking *c, const json_t *fields, bool has_data)
{
    for (size_t i = 0; i < count_of(fields); i++) {
        const json_t *field = item_of(fields, i), *inner = json_object_get(field, "subField");
        const char *place = id_of(field)[0] ? id_of(field) : "field";
        if (is_reference(field))
            continue;
        if (!is_a(field, "Field"))
            complain(c, place, "@type: expected cr:Field");
        check_texts(c, field, "dataType", place);
        check_array(c, field, place);
        check_source(c, json_object_get(field, "source"), place);
        check_references(c, json_object_get(field, "references"), "field recordSet", place, "references");
        if (!has_data && !json_object_get(field, "source") && !json_object_get(field, "value") && count_of(inner) == 0)
            complain(c, place, "no source, value or subField: expected one, as the record set has no data");
        check_fields(c, inner, has_data);
    }
}

/* Data name the fields by their identifiers, whole or without that of the record set. */
static void check_data(checking *c, const json_t *set, const char *place)
{
    const json_t *data = json_object_get(set, "data");
    for (size_t i = 0; i < count_of(data); i++) {
        const char *key;
        json_t *value, *record = (json_t *)(uintptr_t)item_of(data, i);
        if (!json_is_object(record))
            complain(c, place, "data: expected objects");
        json_object_foreach(record, key, value)
            if (!json_object_get(c->ids, key))
                complain(c, place, "data: '%.80s' is no field", key);
    }
}

static void check_records(checking *c, const json_t *set)
{
    const char *place = id_of(set)[0] ? id_of(set) : "recordSet";
    if (!is_a(set, "RecordSet"))
        complain(c, place, "@type: expected cr:RecordSet");
    if (count_of(json_object_get(set, "field")) == 0)
        complain(c, place, "no field, expected at least one");
    check_references(c, json_object_get(set, "key"), "field", place, "key");
    check_fields(c, json_object_get(set, "field"), json_object_get(set, "data") != NULL);
    check_data(c, set, place);
}

/* ---- RAI 1.0 ---- */

static void check_responsible(checking *c, const json_t *root)
{
    static const char *const known[] = {"dataCollection",
                                        "dataCollectionType",
                                        "dataCollectionMissingData",
                                        "dataCollectionRawData",
                                        "dataCollectionTimeframe",
                                        "dataImputationProtocol",
                                        "dataManipulationProtocol",
                                        "dataPreprocessingProtocol",
                                        "dataAnnotationProtocol",
                                        "dataAnnotationPlatform",
                                        "dataAnnotationAnalysis",
                                        "dataReleaseMaintenancePlan",
                                        "personalSensitiveInformation",
                                        "dataSocialImpact",
                                        "dataBiases",
                                        "dataLimitations",
                                        "dataUseCases",
                                        "annotationsPerItem",
                                        "annotatorDemographics",
                                        "machineAnnotationTools"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)root, key, value) {
        bool is_known = false;
        if (strncmp(key, "rai:", 4) != 0)
            continue;
        for (size_t i = 0; i < DF_ARRAY_LEN(known); i++)
            is_known |= strcmp(key + 4, known[i]) == 0;
        if (!is_known)
            complain(c, key, "no property of the RAI vocabulary");
        check_texts(c, root, key, key);
    }
}

static bool uses_rai(const json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)root, key, value)
        if (strncmp(key, "rai:", 4) == 0)
            return true;
    return false;
}

int croissant_check(const json_t *root, croissant_problem *problem, void *user)
{
    checking c = {.ids = json_object(), .problem = problem, .user = user};
    const json_t *files = json_object_get(root, "distribution"), *sets = json_object_get(root, "recordSet");
    if (!json_is_object(root) || !c.ids) {
        complain(&c, "dataset", "expected a JSON object");
        json_decref(c.ids);
        return c.problems;
    }
    c.uses_rai = uses_rai(root);
    add_ids(&c, root);
    check_dataset(&c, root);
    if (count_of(files) == 0)
        complain(&c, "dataset", "no distribution, expected at least one FileObject or FileSet");
    for (size_t i = 0; i < count_of(files); i++)
        check_file(&c, item_of(files, i));
    for (size_t i = 0; i < count_of(sets); i++)
        check_records(&c, item_of(sets, i));
    check_responsible(&c, root);
    json_decref(c.ids);
    return c.problems;
}
