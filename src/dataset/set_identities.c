/* set_identities.c: the identities file goes with its set, written beside and renamed. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/set_state.h"

enum { BLOCK = 1 << 20 };

bool set_identities_path(char path[DATASET_PATH], const char *folder, df_error *err)
{
    return df_path_join(path, DATASET_PATH, folder, "identities.jsonl", err);
}

static bool is_there(const char *path, const char *sha256)
{
    char found[DF_SHA256_TEXT];
    return df_path_exists(path) && !df_path_is_folder(path) && df_sha256_of_file(path, found, NULL) && strcmp(found, sha256) == 0;
}

/* What is read once is both hashed and written. */
static bool put_blocks(df_writer *writer, df_bytes bytes, df_sha256 *hash, df_error *err)
{
    for (size_t at = 0; at < bytes.size; at += BLOCK) {
        const df_bytes block = {.data = bytes.data + at, .size = bytes.size - at < BLOCK ? bytes.size - at : BLOCK};
        df_sha256_add(hash, block.data, block.size);
        if (!df_writer_put(writer, block.data, block.size, err))
            return false;
        df_file_done(block);
    }
    return true;
}

static bool copy(const char *source, df_bytes bytes, const char *to, const char *sha256, df_error *err)
{
    char found[DF_SHA256_TEXT];
    df_sha256 *hash = df_sha256_new(err);
    df_writer *writer = hash ? df_writer_open(to, err) : NULL;
    bool is_good = writer && put_blocks(writer, bytes, hash, err);
    if (hash)
        df_sha256_end(hash, found);
    is_good = is_good && (strcmp(found, sha256) == 0 || df_fail(err, "%s: was changed meanwhile", source));
    if (is_good)
        return df_writer_commit(writer, err);
    df_writer_abandon(writer);
    return false;
}

bool set_identities_keep(const char *folder, const char *source, const char *sha256, df_error *err)
{
    char path[DATASET_PATH];
    struct stat status;
    df_bytes bytes;
    if (!set_identities_path(path, folder, err))
        return false;
    if (is_there(path, sha256))
        return true;
    if (!df_file_map(source, &bytes, err))
        return false;
    const bool is_link = lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    const bool is_good =
        (!is_link || unlink(path) == 0 || df_fail(err, "%s: %s", path, strerror(errno))) && copy(source, bytes, path, sha256, err);
    df_file_unmap(&bytes);
    return is_good;
}
