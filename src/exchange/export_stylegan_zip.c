/* export_stylegan_zip.c: the archive that StyleGAN2-ADA and StyleGAN3 train from (their dataset_tool.py; Karras et al., 2020 and 2021):
   00000/img00000000.png and dataset.json, all stored, with the identity's number as the class of each image. The archive's directory
   and dataset.json wait in spools. */
#include <stdio.h>

#include "base/text.h"
#include "exchange/export_rows.h"
#include "exchange/export_square.h"
#include "tensor/zip.h"

enum { MOST_IMAGES = 100000000, A_FOLDER = 1000 }; /* eight digits, the first five of which name the folder */

typedef struct stylegan_zip {
    export_square form;
    zip_writer zip;
    df_spool *labels; /* dataset.json */
    df_text text;
} stylegan_zip;

static void close_zip(void *state)
{
    stylegan_zip *to = state;
    df_writer_abandon(to->zip.file);
    df_spool_close(to->zip.spool);
    df_spool_close(to->labels);
    df_text_free(&to->text);
}

static bool check_set(const export_context *context, const export_square *form, df_error *err)
{
    if (context->set->images > MOST_IMAGES)
        return df_fail(err, "%s: %lld images, the archive's names have room for %d", context->set->folder, (long long)context->set->images,
                       MOST_IMAGES);
    return (form->size & (form->size - 1)) == 0 ||
           df_fail(err, "images of %d x %d pixels, StyleGAN wants a power of two: say --size 128 or another", form->size, form->size);
}

static void *open_zip(const export_context *context, df_error *err)
{
    stylegan_zip *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to || !export_square_open(context, 0, &to->form, err) || !check_set(context, &to->form, err))
        return NULL;
    to->labels = df_spool_open(context->place, err);
    to->zip.spool = to->labels ? df_spool_open(context->place, err) : NULL;
    to->zip.file = to->zip.spool ? df_writer_open(context->place, err) : NULL;
    static const char begin[] = "{\"labels\":[";
    if (to->zip.file && df_spool_put(to->labels, begin, sizeof begin - 1, err))
        return to;
    close_zip(to);
    return NULL;
}

static bool put_zip(void *state, export_sample *sample, df_error *err)
{
    stylegan_zip *to = state;
    const long long number = export_sample_number(sample), class = export_sample_person(sample);
    char name[40];
    df_bytes file;
    if (!export_square_png(&to->form, sample, &file, err))
        return false;
    snprintf(name, sizeof name, "%05lld/img%08lld.png", number / A_FOLDER, number);
    df_text_clear(&to->text);
    df_text_addf(&to->text, "%s\n[\"%s\",%lld]", number > 0 ? "," : "", name, class);
    return df_text_ok(&to->text, err) && df_spool_put(to->labels, to->text.data, to->text.size, err) &&
           zip_put(&to->zip, name, file, (df_bytes){0}, err);
}

static bool finish_zip(void *state, df_error *err)
{
    stylegan_zip *to = state;
    if (!df_spool_put(to->labels, "]}\n", 3, err) || !zip_put_spool(&to->zip, "dataset.json", to->labels, err) ||
        !zip_put_directory(&to->zip, err))
        return false;
    df_writer *file = to->zip.file;
    to->zip.file = NULL;
    return df_writer_commit(file, err);
}

const export_row export_stylegan_zip_row = {
    .name = "stylegan-zip",
    .summary = "an archive of images and dataset.json for StyleGAN2-ADA and StyleGAN3",
    .form = EXPORT_FILE,
    .takes = EXPORT_SIZE | EXPORT_SPLIT,
    .open = open_zip,
    .put = put_zip,
    .finish = finish_zip,
    .close = close_zip,
};
