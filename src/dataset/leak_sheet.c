/* leak_sheet.c: the closest pairs as pictures, two cells a pair. */
#include <stdio.h>

#include "dataset/leak.h"
#include "image/image_file.h"
#include "plot/sheet.h"

enum { NOTE = 200, PAIR = 2, COLUMNS = 8, DETAIL = 64 };

static const size_t MEMORY = (size_t)4 << 30;

static bool add_one(sheet *cells, const leak_pair *pair, int side, const char *other, df_arena *scratch, df_error *err)
{
    char path[DATASET_PATH], detail[DETAIL];
    image picture;
    df_arena_reset(scratch);
    if (pair->kind >= 0)
        snprintf(detail, sizeof detail, "%s copy, %.3f", leak_kind_names[pair->kind], (double)pair->distance);
    else
        snprintf(detail, sizeof detail, "distance %.3f", (double)pair->distance);
    return df_path_join(path, sizeof path, pair->folders[side], pair->names[side], err) && image_read_file(path, &picture, scratch, err) &&
           sheet_add(cells, &picture, pair->names[side], side == 0 ? detail : other, scratch, err);
}

static bool add_all(sheet *cells, const leak_result *result, df_arena *scratch, df_error *err)
{
    for (int i = 0; i < result->pair_count; i++)
        for (int side = 0; side < PAIR; side++)
            if (!add_one(cells, &result->pairs[i], side, result->b.folder ? "nearest" : "original", scratch, err))
                return false;
    return true;
}

bool leak_sheet_write(const leak_result *result, const char *out, df_error *err)
{
    char note[NOTE];
    const int cells_wanted = PAIR * result->pair_count;
    const bool is_within = !result->b.folder;
    if (result->pair_count == 0)
        return df_fail(err, "%s: no pairs to show", out);
    snprintf(note, sizeof note, "%s of %.80s%s%.80s", is_within ? "Copies and originals" : "Images", result->a.folder,
             is_within ? "" : ", each beside its nearest of ", is_within ? "" : result->b.folder);
    const sheet_options options = {.title = is_within ? "Copies" : "Closest pairs",
                                   .note = note,
                                   .columns = cells_wanted < COLUMNS ? cells_wanted : COLUMNS,
                                   .caption_lines = 2,
                                   .count = cells_wanted};
    df_arena *scratch = df_arena_new(MEMORY, err);
    sheet *cells = scratch ? sheet_open(out, &options, err) : NULL;
    bool is_good = cells && add_all(cells, result, scratch, err);
    if (is_good)
        is_good = sheet_close(cells, err);
    else
        sheet_abandon(cells);
    df_arena_free(scratch);
    return is_good;
}
