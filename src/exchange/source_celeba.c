/* source_celeba.c: CelebA (Liu et al., "Deep learning face attributes in the wild", ICCV 2015), as published or as on Kaggle.

   The aligned images go with list_landmarks_align_celeba; the boxes and the other landmarks are about the images before alignment,
   img_celeba. Memory: celeba_table.h; some 60 MB for the whole set. */
#include <stdio.h>
#include <string.h>

#include "exchange/celeba_files.h"
#include "exchange/source_rows.h"

static const char *const folders[] = {
    "img_align_celeba/img_align_celeba", "img_align_celeba", "Img/img_align_celeba", "img_align_celeba_png",
    "Img/img_align_celeba_png",          "img_celeba",       "Img/img_celeba",       NULL};

static bool has_list(const char *path, const char *name)
{
    char list[SOURCE_PATH];
    bool found;
    return celeba_find_list(path, NULL, name, list, &found, NULL) && found;
}

static bool recognises(const char *path)
{
    return has_list(path, "list_attr_celeba") || has_list(path, "identity_CelebA") || has_list(path, "list_eval_partition") ||
           source_has(path, "img_align_celeba") || source_has(path, "Img/img_align_celeba");
}

/* ".../img_celeba" with nothing behind it. */
static bool is_unaligned(const char *folder)
{
    const size_t length = strlen(folder), tail = strlen("img_celeba");
    return length >= tail && strcmp(folder + length - tail, "img_celeba") == 0;
}

static bool read_lists(celeba_table *table, const source_setting *s, df_error *err)
{
    const bool is_raw = is_unaligned(table->folder);
    if (!is_raw && !s->boxes && has_list(s->path, "list_bbox_celeba"))
        df_progress_note(table->log->progress, "list_bbox_celeba is about the images before alignment: not used");
    return celeba_read_list(table, CELEBA_ATTRIBUTES, CELEBA_BY_FILE, s->path, s->attributes, "list_attr_celeba", err) &&
           celeba_read_list(table, CELEBA_IDENTITIES, CELEBA_BY_FILE, s->path, s->identities, "identity_CelebA", err) &&
           celeba_read_list(table, CELEBA_PARTITION, CELEBA_BY_FILE, s->path, s->partition, "list_eval_partition", err) &&
           celeba_read_list(table, CELEBA_LANDMARKS, CELEBA_BY_FILE, s->path, s->landmarks,
                            is_raw ? "list_landmarks_celeba" : "list_landmarks_align_celeba", err) &&
           ((!is_raw && !s->boxes) || celeba_read_list(table, CELEBA_BOXES, CELEBA_BY_FILE, s->path, s->boxes, "list_bbox_celeba", err));
}

static void close_celeba(void *state)
{
    celeba_table_close(state);
}

static void *open_celeba(const source_setting *setting, source_log *log, df_arena *arena, df_error *err)
{
    char path[SOURCE_PATH], shown[SOURCE_PATH];
    celeba_table *table = df_alloc(arena, 1, sizeof *table, err);
    if (!table || !celeba_find_images(setting->path, setting->images, folders, path, shown, err) ||
        !celeba_table_open(table, path, shown, log, arena, err))
        return NULL;
    if (read_lists(table, setting, err) && (table->given || df_fail(err, "%s: no list of CelebA", setting->path)) &&
        celeba_table_sort(table, err))
        return table;
    close_celeba(table);
    return NULL;
}

static bool next_image(void *state, source_image *out, bool *found, df_error *err)
{
    return celeba_table_next(state, out, found, err);
}

const source_row source_celeba = {.name = "celeba",
                                  .summary = "CelebA: attributes, identities, splits and landmarks of its lists",
                                  .takes = SOURCE_IMAGES | SOURCE_ATTRIBUTES | SOURCE_IDENTITIES | SOURCE_LANDMARKS | SOURCE_PARTITION |
                                           SOURCE_BOXES,
                                  .recognises = recognises,
                                  .open = open_celeba,
                                  .next = next_image,
                                  .close = close_celeba};
