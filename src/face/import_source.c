/* import_source.c: the arrays of a foreign model's file, one at a time. The file is mapped anew for each, so that of a file of
   hundreds of megabytes only the array in work is resident. */
#include "face/import_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "tensor/h5.h"
#include "tensor/mat.h"
#include "tensor/npz.h"
#include "tensor/zip.h"

enum { HDF5_FIRST_BLOCK = 512, MOST_STRING = 1 << 20 };

static bool starts_with(df_bytes bytes, size_t place, const char *magic, size_t size)
{
    return bytes.size >= place + size && memcmp(bytes.data + place, magic, size) == 0;
}

static bool is_mat(df_bytes bytes)
{
    return starts_with(bytes, 126, "IM", 2) || starts_with(bytes, 126, "MI", 2);
}

/* The superblock may follow a user block of 512 bytes, 1024, 2048, ... */
static bool is_h5(df_bytes bytes)
{
    static const char signature[] = "\x89HDF\r\n\x1a\n";
    bool found = starts_with(bytes, 0, signature, sizeof signature - 1);
    for (size_t place = HDF5_FIRST_BLOCK; !found && place < bytes.size; place *= 2)
        found = starts_with(bytes, place, signature, sizeof signature - 1);
    return found;
}

static bool is_npz(df_bytes bytes)
{
    return starts_with(bytes, 0, "PK\x03\x04", 4);
}

/* The member NAME.npy of an archive, if it is there. */
static bool find_member(df_bytes bytes, const char *name, df_arena *arena, zip_member *out, bool *is_found, df_error *err)
{
    zip_member *members;
    size_t count;
    const size_t length = strlen(name);
    *is_found = false;
    if (!zip_list(bytes, arena, &members, &count, err))
        return false;
    for (size_t i = 0; i < count && !*is_found; i++)
        if (strncmp(members[i].name, name, length) == 0 && strcmp(members[i].name + length, ".npy") == 0) {
            *out = members[i];
            *is_found = true;
        }
    return true;
}

static bool parse_npz(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err)
{
    zip_member member;
    df_bytes array;
    bool is_found;
    tensor *t = df_alloc(arena, 1, sizeof *t, err);
    if (!t || !find_member(bytes, wanted[0], arena, &member, &is_found, err))
        return false;
    *out = (tensor_list){.tensors = t, .count = is_found};
    return !is_found || (zip_unpack(&member, arena, &array, err) && npy_parse(array, wanted[0], arena, t, err)) ||
           df_fail_in(err, "'%s'", wanted[0]);
}

/* One row a kind of file. */
static const struct {
    bool (*is)(df_bytes bytes);
    bool (*parse)(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err);
    bool borrows; /* arrays may point into the file */
} containers[IMPORT_CONTAINER_COUNT] = {
    [IMPORT_MAT] = {.is = is_mat, .parse = mat_parse},
    [IMPORT_H5] = {.is = is_h5, .parse = h5_parse},
    [IMPORT_NPZ] = {.is = is_npz, .parse = parse_npz, .borrows = true},
};

bool import_container_of(const char *path, import_container *out, df_error *err)
{
    if (df_path_is_folder(path)) {
        *out = IMPORT_FOLDER;
        return true;
    }
    df_bytes bytes = {0};
    if (!df_file_map(path, &bytes, err))
        return false;
    int found = 0;
    while (found < IMPORT_FOLDER && !containers[found].is(bytes))
        found++;
    df_file_unmap(&bytes);
    if (found == IMPORT_FOLDER)
        return df_fail(err, "%s: expected a MATLAB 5 file, an HDF5 file, an npz archive or a folder", path);
    *out = (import_container)found;
    return true;
}

void import_let_go(import_job *job)
{
    df_file_unmap(&job->bytes);
    job->bytes = (df_bytes){0};
    df_arena_reset(job->source);
}

/* The list of what the file has of that name; mapped until import_let_go. */
static bool load(import_job *job, const char *name, tensor_list *out)
{
    import_let_go(job);
    if (!df_may_go_on(job->err))
        return false;
    const char *const wanted[] = {name, NULL};
    if (!df_file_map(job->path, &job->bytes, job->err))
        return false;
    if (!containers[job->container].parse(job->bytes, wanted, job->source, out, job->err))
        return df_fail_in(job->err, "%s", job->path);
    if (!containers[job->container].borrows)
        df_file_unmap(&job->bytes);
    return true;
}

bool import_find(import_job *job, const char *name, tensor *out, bool *is_found)
{
    tensor_list list = {0};
    if (!load(job, name, &list))
        return false;
    const tensor *found = tensor_find(&list, name);
    *is_found = found != NULL;
    if (found)
        *out = *found;
    return true;
}

bool import_tensor(import_job *job, const char *name, tensor *out)
{
    bool is_found = false;
    if (!import_find(job, name, out, &is_found))
        return false;
    return is_found || df_fail(job->err, "%s: '%s' is missing", job->path, name);
}

/* The width of fixed strings in a .npy header's text, such as {'descr': '|S16', ...}; 0 where it says something else. */
static size_t string_width(df_bytes array, size_t *data)
{
    static const char key[] = "'descr': '|S";
    if (array.size < 10)
        return 0;
    const size_t end = 10 + array.data[8] + 256 * (size_t)array.data[9];
    if (end > array.size)
        return 0;
    const char *found = memmem(array.data + 10, end - 10, key, sizeof key - 1);
    size_t width = 0;
    for (const char *c = found ? found + sizeof key - 1 : NULL; c && isdigit((unsigned char)*c) && width < MOST_STRING; c++)
        width = 10 * width + (size_t)(*c - '0');
    *data = end;
    return width < MOST_STRING ? width : 0;
}

/* NumPy's strings, which npz.h refuses. */
static bool npz_text(import_job *job, const char *name, const char **out, size_t *width, size_t *count)
{
    zip_member member;
    df_bytes array;
    bool is_found;
    import_let_go(job);
    if (!df_file_map(job->path, &job->bytes, job->err))
        return false;
    if (!find_member(job->bytes, name, job->source, &member, &is_found, job->err) ||
        (is_found && !zip_unpack(&member, job->source, &array, job->err)))
        return df_fail_in(job->err, "%s", job->path);
    size_t data = 0;
    *width = is_found ? string_width(array, &data) : 0;
    *count = *width > 0 ? (array.size - data) / *width : 0;
    *out = *count > 0 ? df_copy(job->arena, array.data + data, *count * *width, job->err) : NULL;
    return *count == 0 || *out;
}

bool import_text(import_job *job, const char *name, const char **out, size_t *width, size_t *count)
{
    if (job->container == IMPORT_NPZ)
        return npz_text(job, name, out, width, count);
    tensor_list list = {0};
    if (!load(job, name, &list))
        return false;
    const char *text = tensor_metadata(&list, name);
    *out = text ? df_copy_string(job->arena, text, job->err) : NULL;
    *width = text ? strlen(text) : 0;
    *count = text != NULL;
    return !text || *out;
}
