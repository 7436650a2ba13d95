/* source_examine.c: decode everything once; what is fine here is fine for all that come later. */
#include "exchange/source_examine.h"

#include <string.h>

#include "dataset/pixel_hash.h"
#include "dataset/verify_files.h"
#include "image/image_file.h"

static bool examine_bytes(df_bytes bytes, source_form *out, df_arena *scratch, df_error *err)
{
    image pixels;
    if (!image_decode(bytes, &pixels, scratch, err) || !pixel_hash(&pixels, scratch, out->sha256, err))
        return false;
    out->width = pixels.width;
    out->height = pixels.height;
    out->channels = pixels.channels;
    out->bits = pixels.type == IMAGE_U16 ? 16 : 8;
    out->ending = image_ending(bytes);
    return true;
}

bool source_examine(const char *path, source_form *out, df_arena *scratch, df_error *err)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    const bool is_good = examine_bytes(bytes, out, scratch, err) || df_fail_in(err, "%s", path);
    df_file_unmap(&bytes);
    return is_good;
}

bool source_examine_own(const char *folder, const manifest_entry *entry, df_arena *scratch, df_error *err)
{
    for (int k = 0; k < VERIFY_FILES; k++) {
        df_arena_reset(scratch);
        if (!verify_file(folder, entry, k, -1, scratch, err))
            return df_fail_in(err, "%s", folder);
    }
    return true;
}

bool source_is_shortage(const df_error *problem)
{
    return strstr(problem->text, "out of memory") != NULL || strstr(problem->text, "Insufficient memory") != NULL;
}
