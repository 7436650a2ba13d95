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
        df_text_add_bytes(&to->line, value.text, value.length);
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
