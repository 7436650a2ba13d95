/* croissant_records.c: the files of a set and the records in them, as croissant.json lists them. Fields of the manifest are extracted by
   `column`, as the reference implementation reads JSON Lines, and a value inside one by a JSON path. Files of a set lie beside
   croissant.json: paths are relative to it. */
#include <stdio.h>
#include <string.h>

#include "dataset/card_facts.h"
#include "dataset/card_fields.h"
#include "dataset/croissant_records.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static json_t *reference(const char *id)
{
    return json_pack("{s:s}", "@id", id);
}

/* A field of another record set, written as MLCommons' descriptions have it, which the reference implementation joins by. */
static json_t *field_reference(const char *id)
{
    return json_pack("{s:o}", "field", reference(id));
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

static bool has_label_files(const card_facts *facts)
{
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (facts->sum->labels[kind])
            return true;
    return false;
}

/* How the folders of people are told from "labels": by the letters that they begin with, as not every reader of a pattern stops '*' at a
   slash or knows `excludes`. */
static void folder_pattern(const card_facts *facts, char out[300])
{
    size_t length = 0;
    if (!has_label_files(facts)) {
        snprintf(out, 300, "*");
        return;
    }
    out[length++] = '[';
    for (int c = 1; c < 256; c++)
        if (facts->begins[c] && c != '-' && c != 'l') /* '-' would be a range */
            out[length++] = (char)c;
    if (facts->begins['-'])
        out[length++] = '-';
    snprintf(out + length, 300 - length, "]*");
    if (length == 1)
        snprintf(out, 300, "l*"); /* all begin as "labels" does */
}

static void add_pattern(json_t *patterns, const char *folder, const char *ending)
{
    json_array_append_new(patterns, json_sprintf("%s/*.%s", folder, ending));
}

static json_t *image_patterns(const card_facts *facts)
{
    char folder[300];
    json_t *patterns = json_array();
    folder_pattern(facts, folder);
    const bool has_more = has_label_files(facts) && facts->begins['l'] && folder[0] == '[';
    for (int pass = 0; pass < 1 + has_more; pass++) {
        const char *place = pass == 0 ? folder : "l*";
        if (facts->has_png || !facts->has_jpeg)
            add_pattern(patterns, place, "png");
        if (facts->has_jpeg) {
            add_pattern(patterns, place, "jpg");
            add_pattern(patterns, place, "jpeg");
        }
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

json_t *croissant_distribution(const card_facts *facts)
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
        json_object_set_new(field, "references", field_reference("splits/name"));
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
    json_object_set_new(place, "references", field_reference("manifest/image"));
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

json_t *croissant_record_sets(const card_facts *facts)
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
