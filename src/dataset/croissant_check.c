/* croissant_check.c: two walks over the description: the first collects the identifiers, the second looks at what each thing must have and
   whether what it refers to is among them. Sections are those of the specification of version 1.1. */
#include "dataset/croissant_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void croissant_complain(checking *c, const char *place, const char *format, ...)
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

size_t croissant_count(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : value && !json_is_null(value);
}

const json_t *croissant_item(const json_t *value, size_t i)
{
    return json_is_array(value) ? json_array_get(value, i) : value;
}

const char *croissant_id(const json_t *object)
{
    const char *id = json_string_value(json_object_get(object, "@id"));
    return id ? id : "";
}

bool croissant_is_a(const json_t *object, const char *name)
{
    const json_t *types = json_object_get(object, "@type");
    for (size_t i = 0; i < croissant_count(types); i++) {
        const char *type = json_string_value(croissant_item(types, i)), *end = type ? type + strlen(type) : NULL;
        if (type && strlen(type) >= strlen(name) && strcmp(end - strlen(name), name) == 0 &&
            (end - strlen(name) == type || strchr(":/", end[-(long)strlen(name) - 1])))
            return true;
    }
    return false;
}

bool croissant_is_reference(const json_t *value)
{
    return json_is_object(value) && json_object_size(value) == 1 && json_object_get(value, "@id");
}

/* ---- identifiers ---- */

static void add_id(checking *c, const json_t *object, const char *type, const char *place)
{
    const char *id = croissant_id(object);
    if (id[0] == '\0')
        croissant_complain(c, place, "no @id, expected one");
    else if (json_object_get(c->ids, id))
        croissant_complain(c, place, "the @id '%.80s' stands there twice, expected it once", id);
    else
        json_object_set_new(c->ids, id, json_string(type));
}

static void add_fields(checking *c, const json_t *fields)
{
    for (size_t i = 0; i < croissant_count(fields); i++) {
        const json_t *field = croissant_item(fields, i);
        if (croissant_is_reference(field))
            continue;
        add_id(c, field, "field", "field");
        add_fields(c, json_object_get(field, "subField"));
    }
}

static void add_ids(checking *c, const json_t *root)
{
    const json_t *files = json_object_get(root, "distribution"), *sets = json_object_get(root, "recordSet");
    for (size_t i = 0; i < croissant_count(files); i++)
        add_id(c, croissant_item(files, i), croissant_is_a(croissant_item(files, i), "FileSet") ? "fileSet" : "fileObject", "distribution");
    for (size_t i = 0; i < croissant_count(sets); i++) {
        add_id(c, croissant_item(sets, i), "recordSet", "recordSet");
        add_fields(c, json_object_get(croissant_item(sets, i), "field"));
    }
}

void croissant_check_references(checking *c, const json_t *value, const char *types, const char *place, const char *key)
{
    for (size_t i = 0; i < croissant_count(value); i++) {
        const json_t *item = croissant_item(value, i);
        const char *id = json_is_string(item) ? json_string_value(item) : croissant_id(item);
        const char *type = json_string_value(json_object_get(c->ids, id));
        if (!type)
            croissant_complain(c, place, "%s refers to '%.80s', which is nowhere", key, id);
        else if (!strstr(types, type))
            croissant_complain(c, place, "%s refers to the %s '%.80s', expected one of: %s", key, type, id, types);
    }
}

/* ---- the set: "Required" ---- */

static void check_text(checking *c, const json_t *object, const char *key, const char *place)
{
    const json_t *value = json_object_get(object, key);
    if (!value)
        croissant_complain(c, place, "no %s, expected one", key);
    else if (!json_is_string(value) || json_string_length(value) == 0)
        croissant_complain(c, place, "%s: expected one text", key);
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
        croissant_complain(c, "@context", "expected an object, as in appendix 1 of the specification");
        return;
    }
    if (!maps_to(context, "cr", "http://mlcommons.org/croissant/"))
        croissant_complain(c, "@context", "expected cr to be http://mlcommons.org/croissant/");
    if (!maps_to(context, "@vocab", "http://schema.org/") && !maps_to(context, "@vocab", "https://schema.org/"))
        croissant_complain(c, "@context", "expected @vocab to be http://schema.org/");
    if (!maps_to(context, "dct", "http://purl.org/dc/terms/"))
        croissant_complain(c, "@context", "expected dct to be http://purl.org/dc/terms/");
    if (c->uses_rai && !maps_to(context, "rai", "http://mlcommons.org/croissant/RAI/"))
        croissant_complain(c, "@context", "expected rai to be http://mlcommons.org/croissant/RAI/");
}

static bool has_item(const json_t *values, const char *text)
{
    for (size_t i = 0; i < croissant_count(values); i++) {
        const json_t *item = croissant_item(values, i);
        const char *found = json_is_string(item) ? json_string_value(item) : croissant_id(item);
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
        croissant_complain(c, "conformsTo", "expected %s among its values", CROISSANT_CONFORMS);
    if (c->uses_rai && !has_item(given, CROISSANT_RAI_CONFORMS))
        croissant_complain(c, "conformsTo", "properties of rai: are used, expected %s among its values", CROISSANT_RAI_CONFORMS);
}

static void check_license(checking *c, const json_t *root)
{
    const json_t *value = json_object_get(root, "license");
    if (croissant_count(value) == 0)
        croissant_complain(c, "dataset", "no license, expected one");
    for (size_t i = 0; i < croissant_count(value); i++) {
        const json_t *item = croissant_item(value, i);
        if (!(json_is_string(item) && json_string_length(item) > 0) && !croissant_is_a(item, "CreativeWork") &&
            !croissant_is_reference(item))
            croissant_complain(c, "license", "expected a URL or a CreativeWork");
    }
}

static void check_creator(checking *c, const json_t *root)
{
    const json_t *value = json_object_get(root, "creator");
    if (croissant_count(value) == 0)
        croissant_complain(c, "dataset", "no creator, expected one");
    for (size_t i = 0; i < croissant_count(value); i++) {
        const json_t *item = croissant_item(value, i);
        if (!croissant_is_a(item, "Person") && !croissant_is_a(item, "Organization"))
            croissant_complain(c, "creator", "expected a Person or an Organization");
        else
            check_text(c, item, "name", "creator");
    }
}

/* The number that `count` digits are; -1 where one is none. */
static int digits(const char *at, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        number = 10 * number + at[i] - '0';
    }
    return number;
}

bool croissant_is_date(const char *text)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) < strlen("YYYY-MM-DD") || text[4] != '-' || text[7] != '-' || (text[10] != '\0' && text[10] != 'T'))
        return false;
    const int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static void check_date(checking *c, const json_t *root)
{
    const char *date = json_string_value(json_object_get(root, "datePublished"));
    if (!date)
        croissant_complain(c, "dataset", "no datePublished, expected a date");
    else if (!croissant_is_date(date))
        croissant_complain(c, "datePublished", "'%.40s', expected a date of ISO 8601", date);
}

static void check_dataset(checking *c, const json_t *root)
{
    static const char *const texts[] = {"name", "description", "url"}, *const single[] = {"version", "citeAs", "sdVersion"};
    check_context(c, root);
    if (!croissant_is_a(root, "Dataset"))
        croissant_complain(c, "@type", "expected sc:Dataset");
    check_conforms(c, root);
    for (size_t i = 0; i < DF_ARRAY_LEN(texts); i++)
        check_text(c, root, texts[i], "dataset");
    check_license(c, root);
    check_creator(c, root);
    check_date(c, root);
    for (size_t i = 0; i < DF_ARRAY_LEN(single); i++)
        if (json_is_array(json_object_get(root, single[i])))
            croissant_complain(c, "dataset", "%s: expected one value, found a list", single[i]);
    const json_t *live = json_object_get(root, "isLiveDataset");
    if (live && !json_is_boolean(live))
        croissant_complain(c, "dataset", "isLiveDataset: expected true or false");
}

/* ---- "Resources" ---- */

static void check_container(checking *c, const json_t *file, const char *place)
{
    const json_t *value = json_object_get(file, "containedIn");
    for (size_t i = 0; i < croissant_count(value); i++) {
        const json_t *item = croissant_item(value, i);
        if (croissant_is_a(item, "DataSource"))
            croissant_check_references(c, json_object_get(item, "fileObject"), "fileObject", place, "containedIn.fileObject");
        else
            croissant_check_references(c, item, "fileObject fileSet", place, "containedIn");
    }
}

void croissant_check_texts(checking *c, const json_t *object, const char *key, const char *place)
{
    const json_t *value = json_object_get(object, key);
    for (size_t i = 0; i < croissant_count(value); i++)
        if (!json_is_string(croissant_item(value, i)) || json_string_length(croissant_item(value, i)) == 0)
            croissant_complain(c, place, "%s: expected texts", key);
}

static void check_file(checking *c, const json_t *file)
{
    const char *place = croissant_id(file), *sha256 = json_string_value(json_object_get(file, "sha256"));
    const bool is_object = croissant_is_a(file, "FileObject"), is_set = croissant_is_a(file, "FileSet");
    place = place[0] ? place : "distribution";
    if (is_object == is_set)
        croissant_complain(c, place, "@type: expected cr:FileObject or cr:FileSet");
    if (is_object) {
        check_text(c, file, "contentUrl", place);
        check_text(c, file, "encodingFormat", place);
        if (json_object_get(file, "sha256") && (!sha256 || strlen(sha256) != 64 || strspn(sha256, "0123456789abcdefABCDEF") != 64))
            croissant_complain(c, place, "sha256: expected 64 hexadecimal digits");
    }
    if (is_set && croissant_count(json_object_get(file, "includes")) == 0 && !json_object_get(file, "containedIn"))
        croissant_complain(c, place, "expected includes or containedIn, which say what files it has");
    croissant_check_texts(c, file, "encodingFormat", place);
    croissant_check_texts(c, file, "includes", place);
    croissant_check_texts(c, file, "excludes", place);
    check_container(c, file, place);
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
            croissant_complain(c, key, "no property of the RAI vocabulary");
        croissant_check_texts(c, root, key, key);
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
        croissant_complain(&c, "dataset", "expected a JSON object");
        json_decref(c.ids);
        return c.problems;
    }
    c.uses_rai = uses_rai(root);
    add_ids(&c, root);
    check_dataset(&c, root);
    if (croissant_count(files) == 0)
        croissant_complain(&c, "dataset", "no distribution, expected at least one FileObject or FileSet");
    for (size_t i = 0; i < croissant_count(files); i++)
        check_file(&c, croissant_item(files, i));
    for (size_t i = 0; i < croissant_count(sets); i++)
        croissant_check_records(&c, croissant_item(sets, i));
    check_responsible(&c, root);
    json_decref(c.ids);
    return c.problems;
}
