/* export_celeba.c: the files of CelebA (Liu, Luo, Wang and Tang, "Deep learning face attributes in the wild", ICCV 2015) as their many
   readers expect them: images by number and lists of one line an image. The lists that an export has are those that its first image
   has the values for, and then every image must.

   CelebA counts the centres of pixels at whole numbers, from the left and top, and its left is the image's: points are ours less one
   half, rounded, in the order right eye, left eye, nose, right and left corner of the mouth of the person. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "exchange/celeba_attributes.h"
#include "exchange/export_files.h"
#include "exchange/export_rows.h"
#include "exchange/export_split.h"

typedef enum celeba_list { IDENTITIES, PARTITION, ATTRIBUTES, LANDMARKS, BOXES, LIST_COUNT } celeba_list;

typedef struct celeba {
    const export_context *context;
    export_files files;
    export_splits splits;
    celeba_attributes attributes;
    df_writer *lists[LIST_COUNT]; /* NULL: the set has no such values */
    df_text line;
} celeba;

static void *open_celeba(const export_context *context, df_error *err)
{
    celeba *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to || !df_make_folders(context->place, err))
        return NULL;
    to->context = context;
    to->files.top = context->place;
    return to;
}

/* ---- one line of each list, without the image's name in front ---- */

static bool put_identity(celeba *to, const export_sample *sample, df_error *err)
{
    (void)err;
    df_text_integer(&to->line, export_sample_person(sample) + 1);
    return true;
}

static bool put_partition(celeba *to, const export_sample *sample, df_error *err)
{
    export_split split;
    if (!export_split_of(&to->splits, export_sample_entry(sample), &split, err))
        return false;
    df_text_integer(&to->line, (int64_t)split - EXPORT_TRAIN);
    return true;
}

static bool put_attributes(celeba *to, const export_sample *sample, df_error *err)
{
    return celeba_attributes_put(&to->attributes, sample, &to->line, err);
}

/* The whole number whose pixel has the point in it. */
static int64_t pixel_of(float x)
{
    return (int64_t)floorf(x);
}

static bool put_landmarks(celeba *to, const export_sample *sample, df_error *err)
{
    const manifest_entry *entry = export_sample_entry(sample);
    if (!entry->has_five)
        return df_fail(err, "has no landmarks, the images before have");
    for (int k = 0; k < 2 * MANIFEST_FIVE; k++) {
        df_text_add(&to->line, k > 0 ? " " : "");
        df_text_integer(&to->line, pixel_of(entry->five[k / 2][k % 2]));
    }
    return true;
}

/* The pixels that the box covers at least in part. */
static bool put_box(celeba *to, const export_sample *sample, df_error *err)
{
    const manifest_entry *entry = export_sample_entry(sample);
    if (!entry->has_box)
        return df_fail(err, "has no box, the images before have");
    const float *box = entry->box;
    for (int axis = 0; axis < 2; axis++)
        df_text_addf(&to->line, "%s%lld", axis > 0 ? " " : "", (long long)floorf(box[axis]));
    for (int axis = 0; axis < 2; axis++)
        df_text_addf(&to->line, " %lld", (long long)(ceilf(box[axis] + box[2 + axis]) - floorf(box[axis])));
    return true;
}

/* ---- the lists ---- */

static bool has_always(const celeba *to, const export_sample *sample)
{
    (void)to;
    (void)sample;
    return true;
}

static bool has_split(const celeba *to, const export_sample *sample)
{
    (void)to;
    return export_sample_entry(sample)->split[0] != '\0';
}

static bool has_attributes(const celeba *to, const export_sample *sample)
{
    (void)sample;
    return to->attributes.count > 0;
}

static bool has_landmarks(const celeba *to, const export_sample *sample)
{
    (void)to;
    return export_sample_entry(sample)->has_five;
}

static bool has_box(const celeba *to, const export_sample *sample)
{
    (void)to;
    return export_sample_entry(sample)->has_box;
}

static const struct list_row {
    const char *file;
    const char *head; /* the second line, below the number of images; NULL: the list has neither; "": the attributes */
    bool (*has)(const celeba *to, const export_sample *first);
    bool (*put)(celeba *to, const export_sample *sample, df_error *err);
} list_rows[LIST_COUNT] = {
    [IDENTITIES] = {"identity_CelebA.txt", NULL, has_always, put_identity},
    [PARTITION] = {"list_eval_partition.txt", NULL, has_split, put_partition},
    [ATTRIBUTES] = {"list_attr_celeba.txt", "", has_attributes, put_attributes},
    [LANDMARKS] = {"list_landmarks_align_celeba.txt",
                   "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x rightmouth_y",
                   has_landmarks, put_landmarks},
    [BOXES] = {"list_bbox_celeba.txt", "image_id x_1 y_1 width height", has_box, put_box},
};

static bool write_line(celeba *to, int list, df_error *err)
{
    df_text_add(&to->line, "\n");
    return df_text_ok(&to->line, err) && df_writer_put(to->lists[list], to->line.data, to->line.size, err);
}

static bool open_list(celeba *to, int list, df_error *err)
{
    const struct list_row *row = &list_rows[list];
    to->lists[list] = export_files_open(&to->files, row->file, err);
    if (!to->lists[list] || !row->head)
        return to->lists[list] != NULL;
    df_text_clear(&to->line);
    df_text_addf(&to->line, "%lld\n%s", (long long)to->context->set->images, row->head);
    if (row->head[0] == '\0')
        celeba_attributes_head(&to->attributes, &to->line);
    return write_line(to, list, err);
}

/* The first image decides which lists there are. */
static bool open_lists(celeba *to, const export_sample *first, df_error *err)
{
    if (!celeba_attributes_init(&to->attributes, first, to->context->arena, err))
        return false;
    for (int list = 0; list < LIST_COUNT; list++)
        if (list_rows[list].has(to, first) && !open_list(to, list, err))
            return false;
    return true;
}

static bool put_in_lists(celeba *to, const export_sample *sample, const char *name, df_error *err)
{
    for (int list = 0; list < LIST_COUNT; list++) {
        if (!to->lists[list])
            continue;
        df_text_clear(&to->line);
        df_text_addf(&to->line, "%s ", name);
        if (!list_rows[list].put(to, sample, err))
            return df_fail_in(err, "%s", export_sample_entry(sample)->image);
        if (!write_line(to, list, err))
            return false;
    }
    return true;
}

static bool put_celeba(void *state, export_sample *sample, df_error *err)
{
    celeba *to = state;
    const char *ending;
    char name[EXPORT_NAME], path[EXPORT_NAME];
    df_bytes file;
    if (!export_sample_image(sample, 0, &file, &ending, err))
        return false;
    if (!to->lists[IDENTITIES] && !open_lists(to, sample, err))
        return false;
    snprintf(name, sizeof name, "%06lld%s", (long long)export_sample_number(sample) + 1, ending);
    return df_path_join(path, sizeof path, "img_align_celeba", name, err) && export_files_put(&to->files, path, file, err) &&
           put_in_lists(to, sample, name, err);
}

static bool finish_celeba(void *state, df_error *err)
{
    celeba *to = state;
    for (int list = 0; list < LIST_COUNT; list++) {
        df_writer *writer = to->lists[list];
        to->lists[list] = NULL;
        if (writer && !df_writer_commit(writer, err))
            return false;
    }
    return true;
}

static void close_celeba(void *state)
{
    celeba *to = state;
    for (int list = 0; list < LIST_COUNT; list++)
        df_writer_abandon(to->lists[list]);
    df_text_free(&to->line);
}

const export_row export_celeba_row = {
    .name = "celeba",
    .summary = "numbered images and the lists of CelebA",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SPLIT,
    .open = open_celeba,
    .put = put_celeba,
    .finish = finish_celeba,
    .close = close_celeba,
};
