/* celeba_files.c: the usual names, one after the other. */
#include "exchange/celeba_files.h"

#include <stdio.h>
#include <string.h>

bool celeba_find_list(const char *root, const char *given, const char *name, char path[SOURCE_PATH], bool *found, df_error *err)
{
    static const char *const folders[] = {"", "Anno/", "Eval/"}, *const endings[] = {".txt", ".csv"};
    char below[SOURCE_PATH];
    *found = true;
    if (given)
        return df_path_join(path, SOURCE_PATH, "", given, err);
    for (size_t i = 0; i < DF_ARRAY_LEN(folders); i++)
        for (size_t e = 0; e < DF_ARRAY_LEN(endings); e++) {
            snprintf(below, sizeof below, "%s%.200s%s", folders[i], name, endings[e]);
            if (!df_path_join(path, SOURCE_PATH, root, below, err))
                return false;
            if (df_path_exists(path))
                return true;
        }
    *found = false;
    return true;
}

bool celeba_read_list(celeba_table *table, celeba_kind kind, celeba_key key, const char *root, const char *given, const char *name,
                      df_error *err)
{
    char path[SOURCE_PATH];
    bool found;
    return celeba_find_list(root, given, name, path, &found, err) && (!found || celeba_table_read(table, kind, path, key, err));
}

bool celeba_find_images(const char *root, const char *given, const char *const *folders, char path[SOURCE_PATH], char shown[SOURCE_PATH],
                        df_error *err)
{
    if (given) {
        const char *slash = strrchr(given, '/');
        return df_path_join(path, SOURCE_PATH, "", given, err) &&
               df_path_join(shown, SOURCE_PATH, "", slash && slash[1] ? slash + 1 : given, err);
    }
    for (int i = 0; folders[i]; i++) {
        if (!df_path_join(path, SOURCE_PATH, root, folders[i], err))
            return false;
        if (df_path_is_folder(path))
            return df_path_join(shown, SOURCE_PATH, "", folders[i], err);
    }
    return df_fail(err, "%s: no folder %s with the images (--images says where else they are)", root, folders[0]);
}
