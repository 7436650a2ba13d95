/* background_set.c: names and sizes, hashed. */
#include "dataset/background_set.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "dataset/journal.h"

static bool hash_backgrounds(const background_folder *backgrounds, const char *folder, char out[DF_SHA256_TEXT], df_error *err)
{
    df_text list = {0};
    bool is_good = true;
    for (int i = 0; is_good && i < background_folder_count(backgrounds); i++) {
        char path[DATASET_PATH];
        struct stat status;
        const char *name = background_folder_name(backgrounds, i);
        is_good = df_path_join(path, sizeof path, folder, name, err) &&
                  (stat(path, &status) == 0 || df_fail(err, "%s: %s", path, strerror(errno)));
        if (is_good)
            df_text_addf(&list, "%s %lld\n", name, (long long)status.st_size);
    }
    is_good = is_good && df_text_ok(&list, err);
    if (is_good)
        df_sha256_of(list.data, list.size, out);
    df_text_free(&list);
    return is_good;
}

background_folder *background_set_open(const char *folder, char sha256[DF_SHA256_TEXT], df_arena *arena, df_error *err)
{
    background_folder *backgrounds = background_folder_open(folder, arena, err);
    return backgrounds && hash_backgrounds(backgrounds, folder, sha256, err) ? backgrounds : NULL;
}
