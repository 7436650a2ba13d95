/* export_files.c: files below one folder. */
#include "exchange/export_files.h"

#include <stdio.h>
#include <string.h>

void export_files_name(char out[EXPORT_NAME], const char *prefix, const manifest_entry *entry, const char *ending)
{
    snprintf(out, EXPORT_NAME, "%.*s%s%s/%04lld%s", FACE_NAME, prefix, prefix[0] ? "/" : "", entry->identity, (long long)entry->index,
             ending);
}

/* top/name into `path`, in a folder that is there. */
static bool prepare(export_files *files, const char *name, char path[DATASET_PATH], df_error *err)
{
    if (!df_path_join(path, DATASET_PATH, files->top, name, err))
        return false;
    const size_t length = (size_t)(strrchr(path, '/') - path);
    if (strncmp(files->folder, path, length) == 0 && files->folder[length] == '\0')
        return true;
    memcpy(files->folder, path, length);
    files->folder[length] = '\0';
    return df_make_folders(files->folder, err);
}

bool export_files_put(export_files *files, const char *name, df_bytes bytes, df_error *err)
{
    char path[DATASET_PATH];
    return prepare(files, name, path, err) && df_file_write(path, bytes.data, bytes.size, err);
}

df_writer *export_files_open(export_files *files, const char *name, df_error *err)
{
    char path[DATASET_PATH];
    return prepare(files, name, path, err) ? df_writer_open(path, err) : NULL;
}
