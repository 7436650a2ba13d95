/* source_celebahq.c: CelebA-HQ (Karras et al., ICLR 2018) as CelebAMask-HQ publishes it (Lee et al., CVPR 2020): CelebA-HQ-img/N.jpg, the
   attributes in CelebAMask-HQ-attribute-anno.txt, and which image of CelebA each is in CelebA-HQ-to-CelebA-mapping.txt. Through that mapping
   CelebA's own lists give identity and split. Its landmarks and boxes are about other pixels. Memory: celeba_table.h. */
#include "exchange/celeba_files.h"
#include "exchange/source_rows.h"

static const char attributes_name[] = "CelebAMask-HQ-attribute-anno", mapping_name[] = "CelebA-HQ-to-CelebA-mapping";
static const char *const folders[] = {"CelebA-HQ-img", "images", NULL};

static bool recognises(const char *path)
{
    char list[SOURCE_PATH];
    bool found;
    return source_has(path, folders[0]) || (celeba_find_list(path, NULL, attributes_name, list, &found, NULL) && found);
}

/* CelebA's lists say nothing without the mapping. */
static bool read_originals(celeba_table *table, const source_setting *s, df_error *err)
{
    if (!celeba_read_list(table, CELEBA_MAPPING, CELEBA_BY_FILE, s->path, NULL, mapping_name, err))
        return false;
    if (!(table->given & 1u << CELEBA_MAPPING))
        return (!s->identities && !s->partition) ||
               df_fail(err, "%s: no %s.txt, expected it for the lists of CelebA", s->path, mapping_name);
    return celeba_read_list(table, CELEBA_IDENTITIES, CELEBA_BY_ORIGINAL, s->path, s->identities, "identity_CelebA", err) &&
           celeba_read_list(table, CELEBA_PARTITION, CELEBA_BY_ORIGINAL, s->path, s->partition, "list_eval_partition", err);
}

static void close_hq(void *state)
{
    celeba_table_close(state);
}

static void *open_hq(const source_setting *setting, source_log *log, df_arena *arena, df_error *err)
{
    char path[SOURCE_PATH], shown[SOURCE_PATH];
    celeba_table *table = df_alloc(arena, 1, sizeof *table, err);
    if (!table || !celeba_find_images(setting->path, setting->images, folders, path, shown, err) ||
        !celeba_table_open(table, path, shown, log, arena, err))
        return NULL;
    if (celeba_read_list(table, CELEBA_ATTRIBUTES, CELEBA_BY_FILE, setting->path, setting->attributes, attributes_name, err) &&
        read_originals(table, setting, err) && celeba_table_sort(table, err))
        return table;
    close_hq(table);
    return NULL;
}

static bool next_image(void *state, source_image *out, bool *found, df_error *err)
{
    return celeba_table_next(state, out, found, err);
}

const source_row source_celebahq = {.name = "celebahq",
                                    .summary = "CelebA-HQ and CelebAMask-HQ, with identities and splits of CelebA's lists",
                                    .takes = SOURCE_IMAGES | SOURCE_ATTRIBUTES | SOURCE_IDENTITIES | SOURCE_PARTITION,
                                    .recognises = recognises,
                                    .open = open_hq,
                                    .next = next_image,
                                    .close = close_hq};
