/* export_imagefolder.c: what Hugging Face's `datasets` loads as "imagefolder": a folder for each split with the images and a
   metadata.jsonl, whose lines are the manifest's with `file_name` in front. Labels that are images are `label_KIND_file_name`, which it
   loads as images too; others are `label_KIND_path`. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "exchange/export_files.h"
#include "exchange/export_rows.h"
#include "exchange/export_split.h"
#include "exchange/json_members.h"

typedef struct imagefolder {
    export_files files;
    export_splits splits;
    df_writer *metadata[EXPORT_SPLIT_COUNT]; /* NULL: no image of that split yet */
    df_text line;
} imagefolder;

static void *open_imagefolder(const export_context *context, df_error *err)
{
    imagefolder *state = df_alloc(context->arena, 1, sizeof *state, err);
    if (!state || !df_make_folders(context->place, err))
        return NULL;
    state->files.top = context->place;
    return state;
}

/* Sets without splits are for training. */
static const char *folder_of(export_split split)
{
    return export_split_names[split == EXPORT_ALL ? EXPORT_TRAIN : split];
}

/* Copies the file, and adds "KEY":"PATH" with the path as seen from metadata.jsonl. */
static bool put_file(imagefolder *to, const char *folder, const char *key, const char *name, df_bytes file, df_error *err)
{
    char path[EXPORT_NAME];
    df_text_addf(&to->line, "%s\"%s\":", to->line.size > 1 ? "," : "", key);
    df_text_json_string(&to->line, name);
    return df_path_join(path, sizeof path, folder, name, err) && export_files_put(&to->files, path, file, err);
}

static bool put_labels(imagefolder *to, export_sample *sample, const char *folder, df_error *err)
{
    const manifest_entry *entry = export_sample_entry(sample);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char key[FACE_NAME];
        df_bytes file;
        if (entry->labels[kind].path[0] == '\0')
            continue;
        const bool is_image = strcmp(label_kind_endings[kind], "png") == 0;
        snprintf(key, sizeof key, "label_%s_%s", label_kind_names[kind], is_image ? "file_name" : "path");
        if (!export_sample_read(sample, entry->labels[kind].path, &file, err) ||
            !put_file(to, folder, key, entry->labels[kind].path, file, err))
            return false;
    }
    return true;
}

/* What counts something, or numbers it; all other numbers are real ones. */
static bool is_whole_number(json_part key)
{
    static const char *const keys[] = {"index", "width", "height", "channels", "bits", "size"};
    for (size_t i = 0; i < DF_ARRAY_LEN(keys); i++)
        if (json_part_is(key, keys[i]))
            return true;
    return false;
}

/* Numbers with a point each, so that a column is of one type whatever its first lines hold. */
static void put_reals(df_text *out, json_part value)
{
    static const char digits[] = "+-.0123456789Ee";
    for (size_t at = 0; at < value.length;) {
        size_t length = 0;
        bool is_real = false;
        for (; at + length < value.length && strchr(digits, value.text[at + length]); length++)
            is_real |= strchr(".Ee", value.text[at + length]) != NULL;
        df_text_add_bytes(out, value.text + at, length);
        if (length > 0 && !is_real)
            df_text_add(out, ".0");
        at += length;
        if (at < value.length)
            df_text_add_bytes(out, value.text + at++, 1);
    }
}

/* As a string that holds the value's JSON. */
static void put_as_string(df_text *out, json_part value)
{
    df_text_add(out, "\"");
    for (size_t i = 0; i < value.length; i++) {
        const char c = value.text[i];
        if (c == '"' || c == '\\')
            df_text_add(out, "\\");
        df_text_add_bytes(out, c >= 0 && c < ' ' ? " " : &c, 1);
    }
    df_text_add(out, "\"");
}

/* Columns have one type in all lines, or Arrow does not read them: what has members that differ from image to image is a string. */
static void put_value(df_text *out, json_part key, json_part value)
{
    const char first = value.text[0];
    const bool is_list = first == '[', is_number = first == '-' || (first >= '0' && first <= '9');
    const bool has_members = first == '{' || (is_list && (memchr(value.text, '{', value.length) || memchr(value.text, '"', value.length)));
    if (has_members)
        put_as_string(out, value);
    else if (is_list || (is_number && !is_whole_number(key)))
        put_reals(out, value);
    else
        df_text_add_bytes(out, value.text, value.length);
}

/* All of the manifest's line but the paths: "image" would be the column of the picture itself. */
static void put_fields(imagefolder *to, const export_sample *sample)
{
    size_t length;
    const char *text = export_sample_text(sample, &length);
    json_members members = json_members_of(text, length);
    for (json_part key, value; json_members_next(&members, &key, &value);) {
        if (json_part_is(key, "image") || json_part_is(key, "labels"))
            continue;
        df_text_add(&to->line, ",\"");
        df_text_add_bytes(&to->line, key.text, key.length);
        df_text_add(&to->line, "\":");
        put_value(&to->line, key, value);
    }
}

static bool put_imagefolder(void *state, export_sample *sample, df_error *err)
{
    imagefolder *to = state;
    export_split split;
    const char *ending;
    char name[EXPORT_NAME], metadata[EXPORT_NAME];
    df_bytes file;
    if (!export_split_of(&to->splits, export_sample_entry(sample), &split, err) || !export_sample_image(sample, 0, &file, &ending, err))
        return false;
    const char *folder = folder_of(split);
    snprintf(metadata, sizeof metadata, "%s/metadata.jsonl", folder);
    if (!to->metadata[split] && !(to->metadata[split] = export_files_open(&to->files, metadata, err)))
        return false;
    df_text_clear(&to->line);
    df_text_add(&to->line, "{");
    export_files_name(name, "", export_sample_entry(sample), ending);
    if (!put_file(to, folder, "file_name", name, file, err) || !put_labels(to, sample, folder, err))
        return false;
    put_fields(to, sample);
    df_text_add(&to->line, "}\n");
    return df_text_ok(&to->line, err) && df_writer_put(to->metadata[split], to->line.data, to->line.size, err);
}

static bool finish_imagefolder(void *state, df_error *err)
{
    imagefolder *to = state;
    for (int split = 0; split < EXPORT_SPLIT_COUNT; split++) {
        df_writer *writer = to->metadata[split];
        to->metadata[split] = NULL;
        if (writer && !df_writer_commit(writer, err))
            return false;
    }
    return true;
}

static void close_imagefolder(void *state)
{
    imagefolder *to = state;
    for (int split = 0; split < EXPORT_SPLIT_COUNT; split++)
        df_writer_abandon(to->metadata[split]);
    df_text_free(&to->line);
}

const export_row export_imagefolder_row = {
    .name = "imagefolder",
    .summary = "folders of train, valid and test with metadata.jsonl, as Hugging Face's datasets loads them",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SPLIT,
    .open = open_imagefolder,
    .put = put_imagefolder,
    .finish = finish_imagefolder,
    .close = close_imagefolder,
};
