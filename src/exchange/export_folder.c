/* export_folder.c: a plain folder for each identity with its images, ID/0000.png: what torchvision's ImageFolder, Keras and most scripts
   for face recognition read. Files keep their bytes; with --size they are PNG of that size. */
#include "exchange/export_files.h"
#include "exchange/export_rows.h"

typedef struct folder_export {
    int size;
    export_files files;
} folder_export;

static void *open_folder(const export_context *context, df_error *err)
{
    folder_export *state = df_alloc(context->arena, 1, sizeof *state, err);
    if (!state || !df_make_folders(context->place, err))
        return NULL;
    state->size = context->setting->size;
    state->files.top = context->place;
    return state;
}

static bool put_folder(void *state, export_sample *sample, df_error *err)
{
    folder_export *to = state;
    char name[EXPORT_NAME];
    const char *ending;
    df_bytes file;
    if (!export_sample_image(sample, to->size, &file, &ending, err))
        return false;
    export_files_name(name, "", export_sample_entry(sample), ending);
    return export_files_put(&to->files, name, file, err);
}

static bool finish_folder(void *state, df_error *err)
{
    (void)state;
    (void)err;
    return true;
}

static void close_folder(void *state)
{
    (void)state;
}

const export_row export_folder_row = {
    .name = "folder",
    .summary = "a folder of images for each identity",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SIZE | EXPORT_SPLIT,
    .open = open_folder,
    .put = put_folder,
    .finish = finish_folder,
    .close = close_folder,
};
