/* croissant.c: the set as Croissant 1.1 JSON-LD (mlcommons.org/croissant/1.1) with the RAI 1.0 vocabulary. The context is that of the
   specification's appendix 1, with PROV-O beside it for what made the set. Fields of the manifest are extracted by `column`, as the
   reference implementation reads JSON Lines, and a value inside one by a JSON path. Files of a set lie beside croissant.json: paths are
   relative to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/card_facts.h"
#include "dataset/card_fields.h"
#include "dataset/croissant.h"

/* ---- context ---- */

static const char context_text[] =
    "{\"@language\":\"en\",\"@vocab\":\"http://schema.org/\",\"sc\":\"http://schema.org/\",\"cr\":\"http://mlcommons.org/croissant/\","
    "\"rai\":\"http://mlcommons.org/croissant/RAI/\",\"dct\":\"http://purl.org/dc/terms/\",\"prov\":\"http://www.w3.org/ns/prov#\","
    "\"annotation\":\"cr:annotation\",\"arrayShape\":\"cr:arrayShape\",\"citeAs\":\"cr:citeAs\",\"column\":\"cr:column\","
    "\"conformsTo\":\"dct:conformsTo\",\"containedIn\":\"cr:containedIn\",\"data\":{\"@id\":\"cr:data\",\"@type\":\"@json\"},"
    "\"dataType\":{\"@id\":\"cr:dataType\",\"@type\":\"@vocab\"},\"equivalentProperty\":\"cr:equivalentProperty\","
    "\"examples\":{\"@id\":\"cr:examples\",\"@type\":\"@json\"},\"excludes\":\"cr:excludes\",\"extract\":\"cr:extract\","
    "\"field\":\"cr:field\",\"fileProperty\":\"cr:fileProperty\",\"fileObject\":\"cr:fileObject\",\"fileSet\":\"cr:fileSet\","
    "\"format\":\"cr:format\",\"includes\":\"cr:includes\",\"isArray\":\"cr:isArray\",\"isLiveDataset\":\"cr:isLiveDataset\","
    "\"jsonPath\":\"cr:jsonPath\",\"key\":\"cr:key\",\"md5\":\"cr:md5\",\"parentField\":\"cr:parentField\","
    "\"recordSet\":\"cr:recordSet\",\"references\":\"cr:references\",\"regex\":\"cr:regex\",\"readLines\":\"cr:readLines\","
    "\"sdVersion\":\"cr:sdVersion\",\"separator\":\"cr:separator\",\"source\":\"cr:source\",\"subField\":\"cr:subField\","
    "\"transform\":\"cr:transform\",\"unArchive\":\"cr:unArchive\",\"value\":\"cr:value\"}";

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static json_t *reference(const char *id)
{
    return json_pack("{s:s}", "@id", id);
}

/* ---- distribution ---- */

/* A file at the top of the set. */
static json_t *file_object(const char *name, const char *description, int64_t bytes, const char *sha256)
{
    char size[32];
    snprintf(size, sizeof size, "%lld B", (long long)bytes);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "@type", "cr:FileObject", "@id", name, "name", name, "description",
                     description, "contentUrl", name, "contentSize", size, "encodingFormat", "application/jsonlines", "sha256", sha256);
}

static json_t *image_formats(const card_facts *facts)
{
    json_t *formats = json_array();
    if (facts->has_png || !facts->has_jpeg)
        json_array_append_new(formats, json_string("image/png"));
    if (facts->has_jpeg)
        json_array_append_new(formats, json_string("image/jpeg"));
    return formats;
}

static json_t *image_patterns(const card_facts *facts)
{
    json_t *patterns = json_array();
    if (facts->has_png || !facts->has_jpeg)
        json_array_append_new(patterns, json_string("*/*.png"));
    if (facts->has_jpeg) {
        json_array_append_new(patterns, json_string("*/*.jpg"));
        json_array_append_new(patterns, json_string("*/*.jpeg"));
    }
    return patterns;
}

static json_t *image_files(const card_facts *facts)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "@type", "cr:FileSet", "@id", "image-files", "name", "image-files",
                     "description", "The images, a folder for each person.", "encodingFormat", image_formats(facts), "includes",
                     image_patterns(facts), "excludes", "labels/*");
}

/* Of formats that have no registered type the page that defines them, as the specification asks. */
static const char *label_format(const char *ending)
{
    static const char *const formats[][2] = {{"png", "image/png"},
                                             {"json", "application/json"},
                                             {"ply", "https://en.wikipedia.org/wiki/PLY_(file_format)"},
                                             {"npy", "https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(formats); i++)
        if (strcmp(ending, formats[i][0]) == 0)
            return formats[i][1];
    return "application/octet-stream";
}

static json_t *label_files(label_kind kind)
{
    char id[64], pattern[64], description[96];
    snprintf(id, sizeof id, "%s-files", label_kind_names[kind]);
    snprintf(pattern, sizeof pattern, "labels/%s/*/*.%s", label_kind_names[kind], label_kind_endings[kind]);
    snprintf(description, sizeof description, "Dense label %s, a file of each image.", label_kind_names[kind]);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "@type", "cr:FileSet", "@id", id, "name", id, "description", description,
                     "encodingFormat", label_format(label_kind_endings[kind]), "includes", pattern);
}

static json_t *distribution(const card_facts *facts)
{
    json_t *list = json_array();
    json_array_append_new(list, file_object("manifest.jsonl", "One JSON object a line for each image: every label and every parameter.",
                                            facts->manifest_bytes, facts->manifest_sha256));
    if (facts->identities_sha256[0])
        json_array_append_new(list, file_object("identities.jsonl", "One JSON object a line for each person: traits and coefficients.",
                                                facts->identities_bytes, facts->identities_sha256));
    json_array_append_new(list, image_files(facts));
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (facts->sum->labels[kind])
            json_array_append_new(list, label_files((label_kind)kind));
    return list;
}

/* ---- record sets ---- */

static json_t *data_type(const char *first, const char *second)
{
    return second ? json_pack("[s, s]", first, second) : json_string(first);
}

static json_t *new_field(const char *id, const char *name, const char *help)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "@type", "cr:Field", "@id", id, "name", name, "description", help);
}

static json_t *manifest_field(const card_field *row)
{
    char id[96];
    snprintf(id, sizeof id, "manifest/%s", row->id);
    json_t *field = new_field(id, row->id, row->help);
    json_object_set_new(field, "dataType", data_type(row->type, row->second));
    if (row->shape) {
        json_object_set_new(field, "isArray", json_true());
        set_text(field, "arrayShape", row->shape);
    }
    json_t *source = json_pack("{s:o, s:{s:s}}", "fileObject", reference("manifest.jsonl"), "extract", "column", row->key);
    if (row->path)
        json_object_set_new(source, "transform", json_pack("{s:s}", "jsonPath", row->path));
    if (row->format)
        set_text(source, "format", row->format);
    json_object_set_new(field, "source", source);
    if (strcmp(row->id, "split") == 0)
        json_object_set_new(field, "references", reference("splits/name"));
    return field;
}

static json_t *new_records(const char *id, const char *description, const char *key, json_t *fields)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "@type", "cr:RecordSet", "@id", id, "name", id, "description", description, "key",
                     reference(key), "field", fields);
}

static json_t *manifest_records(const card_facts *facts)
{
    json_t *fields = json_array();
    const card_field *row;
    for (int i = 0; (row = card_field_at(i)) != NULL; i++)
        if (card_field_is_there(row, facts->keys))
            json_array_append_new(fields, manifest_field(row));
    return new_records("manifest", "The labels and parameters of each image.", "manifest/image", fields);
}

/* The files of a set, each with the path of its image, which joins it to the manifest. regex: from the file's path to the image's,
   NULL where they are the same. */
static json_t *file_records(const char *id, const char *files, const char *description, json_t *type, const char *regex)
{
    char path[96], content[96];
    snprintf(path, sizeof path, "%s/image", id);
    snprintf(content, sizeof content, "%s/content", id);
    json_t *place = new_field(path, "image", "Path of the image, as in the manifest."), *bytes = new_field(content, "content", description);
    json_t *source = json_pack("{s:o, s:{s:s}}", "fileSet", reference(files), "extract", "fileProperty", "fullpath");
    if (regex)
        json_object_set_new(source, "transform", json_pack("{s:s}", "regex", regex));
    set_text(place, "dataType", "sc:Text");
    json_object_set_new(place, "source", source);
    json_object_set_new(place, "references", reference("manifest/image"));
    json_object_set_new(bytes, "dataType", type);
    json_object_set_new(bytes, "source", json_pack("{s:o, s:{s:s}}", "fileSet", reference(files), "extract", "fileProperty", "content"));
    return new_records(id, description, path, json_pack("[o, o]", place, bytes));
}

static json_t *label_records(label_kind kind)
{
    char files[64], regex[96], description[96];
    const bool is_image = strcmp(label_kind_endings[kind], "png") == 0;
    snprintf(files, sizeof files, "%s-files", label_kind_names[kind]);
    snprintf(regex, sizeof regex, "labels/%s/(.*)\\.%s$", label_kind_names[kind], label_kind_endings[kind]);
    if (is_image)
        snprintf(regex, sizeof regex, "labels/%s/(.*)$", label_kind_names[kind]); /* ends as the image's path does */
    snprintf(description, sizeof description, "The dense label %s.", label_kind_names[kind]);
    json_t *type = kind == LABEL_SEGMENTATION ? data_type("sc:ImageObject", "cr:SegmentationMask")
                   : is_image                 ? data_type("sc:ImageObject", "cr:Label")
                                              : data_type("sc:Text", "cr:Label");
    return file_records(label_kind_names[kind], files, description, type, regex);
}

static json_t *split_records(void)
{
    json_t *name = new_field("splits/name", "name", "The word of the manifest."),
           *url = new_field("splits/url", "url", "What the word means.");
    set_text(name, "dataType", "sc:Text");
    set_text(url, "dataType", "sc:URL");
    json_t *records = new_records("splits", "What the images are meant for.", "splits/name", json_pack("[o, o]", name, url));
    set_text(records, "dataType", "cr:Split");
    json_object_set_new(records, "data",
                        json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "splits/name", "train", "splits/url", "cr:TrainingSplit",
                                  "splits/name", "valid", "splits/url", "cr:ValidationSplit", "splits/name", "test", "splits/url",
                                  "cr:TestSplit"));
    return records;
}

static json_t *record_sets(const card_facts *facts)
{
    json_t *list = json_array();
    json_array_append_new(list, manifest_records(facts));
    json_array_append_new(list, file_records("images", "image-files", "The image's pixels.", json_string("sc:ImageObject"), NULL));
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (facts->sum->labels[kind])
            json_array_append_new(list, label_records((label_kind)kind));
    if (facts->is_split)
        json_array_append_new(list, split_records());
    return list;
}

/* ---- the set ---- */

/* The set's own licence first, where somebody stated it, then that of every asset that went in. */
static json_t *licences(const card_facts *facts)
{
    size_t i;
    const json_t *asset;
    json_t *list = json_array(), *assets = card_assets(facts);
    if (facts->stood[CARD_LICENSE])
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "@type", "sc:CreativeWork", "name", "licence of the set: not stated",
                                              "description", "Whoever publishes the set states it: diffuse dataset card --license."));
    else
        json_array_append_new(list, json_string(facts->words.text[CARD_LICENSE]));
    json_array_foreach(assets, i, asset)
        json_array_append_new(list, json_pack("{s:s, s:O, s:O}", "@type", "sc:CreativeWork", "name", json_object_get(asset, "asset"),
                                              "description", json_object_get(asset, "notice")));
    json_decref(assets);
    return list;
}

static void add_word(const card_facts *facts, json_t *root, const char *key, card_word word)
{
    set_text(root, key, facts->words.text[word]);
}

static void add_general(const card_facts *facts, json_t *root)
{
    df_text text = {0};
    card_summary(facts, &text);
    set_text(root, "@type", "sc:Dataset");
    json_object_set_new(root, "conformsTo", json_pack("[s, s]", CROISSANT_CONFORMS, CROISSANT_RAI_CONFORMS));
    add_word(facts, root, "name", CARD_NAME);
    set_text(root, "description", text.data ? text.data : "");
    add_word(facts, root, "url", CARD_URL);
    json_object_set_new(root, "license", licences(facts));
    json_object_set_new(root, "creator", json_pack("{s:s, s:s}", "@type", "sc:Organization", "name", facts->words.text[CARD_CREATOR]));
    add_word(facts, root, "datePublished", CARD_DATE);
    add_word(facts, root, "version", CARD_VERSION);
    add_word(facts, root, "citeAs", CARD_CITE);
    json_object_set_new(root, "isLiveDataset", json_false());
    json_object_set_new(root, "keywords",
                        json_pack("[s, s, s]", "faces", facts->has_imported ? "imported" : "synthetic", "computer vision"));
    if (!facts->has_imported)
        set_text(root, "digitalSourceType", "http://schema.org/TrainedAlgorithmicMediaDigitalSource");
    df_text_free(&text);
}

static void add_text(json_t *root, const char *key, void (*write)(const card_facts *facts, df_text *out), const card_facts *facts)
{
    df_text text = {0};
    write(facts, &text);
    set_text(root, key, text.data ? text.data : "");
    df_text_free(&text);
}

static void add_responsible(const card_facts *facts, json_t *root)
{
    add_text(root, "rai:dataCollection", card_collection, facts);
    set_text(root, "rai:dataCollectionType", facts->has_imported ? "Secondary Data analysis" : "Software Collection");
    json_object_set_new(root, "rai:dataCollectionRawData",
                        json_sprintf("%lld lines of manifest.jsonl and an image of each.", (long long)facts->sum->images));
    set_text(root, "rai:dataCollectionMissingData",
             facts->has_imported ? "A field that the source did not know is absent from the line; nothing was filled in."
                                 : "None: every line has every field. Landmarks and group are null where the face model knows none.");
    set_text(root, "rai:dataImputationProtocol", "None.");
    set_text(root, "rai:dataPreprocessingProtocol",
             facts->has_imported ? "Images are the source's own files, unchanged."
                                 : "None: images are stored as the drawn sensor gave them.");
    set_text(root, "rai:dataManipulationProtocol", "None after the images were made.");
    add_text(root, "rai:dataAnnotationProtocol", card_annotation, facts);
    set_text(root, "rai:annotationsPerItem", "One line of the manifest for each image.");
    if (!facts->has_imported)
        json_object_set_new(root, "rai:machineAnnotationTools", json_pack("[s]", "diffuse render"));
    json_object_set_new(root, "rai:dataUseCases", card_uses(facts));
    json_object_set_new(root, "rai:dataLimitations", card_limitations(facts));
    json_object_set_new(root, "rai:dataBiases", card_biases(facts));
    json_object_set_new(root, "rai:personalSensitiveInformation", card_sensitive(facts));
    set_text(root, "rai:dataSocialImpact",
             "Networks that recognise faces can be turned against people. Balance of groups here is a balance of "
             "what was drawn or found, and proves no fairness of a network towards people.");
    json_t *stand_ins = card_stand_ins(facts);
    json_array_insert_new(stand_ins, 0, json_string("Static: another version is another set. Stand-ins for what nobody stated follow."));
    json_object_set_new(root, "rai:dataReleaseMaintenancePlan", stand_ins);
}

static void add_provenance(const card_facts *facts, json_t *root)
{
    const char *version = json_string_value(json_object_get(facts->origin, "version")), *line;
    json_t *commands = card_commands(facts), *activities = json_array(), *command;
    size_t i;
    char agent[64];
    snprintf(agent, sizeof agent, "diffuse %.40s", version ? version : DIFFUSE_VERSION);
    json_array_foreach(commands, i, command) {
        line = json_string_value(command);
        json_array_append_new(activities, json_pack("{s:s, s:s, s:{s:s, s:s}}", "@type", "prov:Activity", "prov:label", line ? line : "",
                                                    "prov:wasAssociatedWith", "@type", "prov:SoftwareAgent", "prov:label", agent));
    }
    if (json_array_size(activities) > 0)
        json_object_set_new(root, "prov:wasGeneratedBy", activities);
    else
        json_decref(activities);
    json_decref(commands);
}

static void keep_first(void *user, const char *sentence)
{
    char *first = user;
    if (first[0] == '\0')
        snprintf(first, 256, "%s", sentence);
}

/* What is written is checked first: words of a publisher, or memory that ended, must not make a description that is none. */
static bool is_whole(const json_t *root, df_error *err)
{
    char first[256] = "";
    return croissant_check(root, keep_first, first) == 0 || df_fail(err, "croissant.json: %s", first);
}

bool croissant_write(const card_facts *facts, df_text *out, df_error *err)
{
    json_t *root = json_object();
    json_object_set_new(root, "@context", json_loads(context_text, 0, NULL));
    add_general(facts, root);
    json_object_set_new(root, "distribution", distribution(facts));
    json_object_set_new(root, "recordSet", record_sets(facts));
    add_responsible(facts, root);
    add_provenance(facts, root);
    char *text =
        df_json_is_complete(err) && is_whole(root, err) ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII) : NULL;
    json_decref(root);
    if (!text)
        return err && err->text[0] ? false : df_fail(err, "out of memory");
    df_text_add(out, text);
    df_text_add(out, "\n");
    free(text);
    return df_text_ok(out, err);
}
