/* weights.c: one row a format: how it begins, and who reads it. */
#include "tensor/weights.h"

#include <string.h>

#include "base/file.h"
#include "base/size.h"
#include "tensor/h5.h"
#include "tensor/layout.h"
#include "tensor/mat.h"
#include "tensor/npz.h"
#include "tensor/safetensors.h"
#include "tensor/tfjs.h"
#include "tensor/torch.h"
#include "tensor/zip.h"

enum { MEMORY_FREE = 1 << 30, MEMORY_A_BYTE = 4, PICKLE_START = 0x80, MAT_VERSION_AT = 124, MAT_HEADER = 128, H5_SIGNATURE = 8 };

struct weights_file {
    df_arena *arena;
    df_bytes bytes;
    const char *path, *format; /* the path is borrowed while reading */
    tensor_list list;
};

static bool begins(df_bytes bytes, size_t at, const char *text, size_t size)
{
    return bytes.size >= at + size && memcmp(bytes.data + at, text, size) == 0;
}

static bool is_safetensors(df_bytes bytes)
{
    return bytes.size > 8 && layout_get(bytes.data, 8) <= bytes.size - 8 && bytes.data[8] == '{';
}

static bool is_zip(df_bytes bytes)
{
    return begins(bytes, 0, "PK", 2);
}

static bool is_npy(df_bytes bytes)
{
    return begins(bytes, 0, "\x93NUMPY", 6);
}

/* At the start, or behind a user block of 512, 1024, 2048 ... bytes. */
static bool is_h5(df_bytes bytes)
{
    for (size_t at = 0; at < bytes.size; at = at ? 2 * at : 512)
        if (begins(bytes, at, "\x89HDF\r\n\x1a\n", H5_SIGNATURE))
            return true;
    return false;
}

static bool is_mat(df_bytes bytes)
{
    return bytes.size >= MAT_HEADER && (begins(bytes, MAT_VERSION_AT, "\0\1IM", 4) || begins(bytes, MAT_VERSION_AT, "\1\0MI", 4));
}

static bool is_pickle(df_bytes bytes)
{
    return bytes.size > 0 && bytes.data[0] == PICKLE_START;
}

static bool is_json(df_bytes bytes)
{
    size_t at = 0;
    while (at < bytes.size && strchr(" \t\r\n", bytes.data[at]) && bytes.data[at])
        at++;
    return at < bytes.size && (bytes.data[at] == '{' || bytes.data[at] == '[');
}

/* ---- readers ---- */

static bool read_safetensors(weights_file *file, df_error *err)
{
    return safetensors_parse(file->bytes, file->arena, &file->list, err);
}

static bool read_npy(weights_file *file, df_error *err)
{
    file->list = (tensor_list){.tensors = df_alloc(file->arena, 1, sizeof(tensor), err), .count = 1};
    return file->list.tensors && npy_parse(file->bytes, "arr_0", file->arena, &file->list.tensors[0], err);
}

/* NumPy's archives hold arrays at the top, torch's a folder. */
static bool read_zip(weights_file *file, df_error *err)
{
    zip_member *members;
    size_t count;
    bool is_torch = false;
    if (!zip_list(file->bytes, file->arena, &members, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *slash = strchr(members[i].name, '/');
        is_torch = is_torch || (slash && strcmp(slash, "/data.pkl") == 0);
    }
    file->format = is_torch ? "torch" : "npz";
    return is_torch ? torch_parse_zip(file->bytes, file->arena, &file->list, err) : npz_parse(file->bytes, file->arena, &file->list, err);
}

static bool read_mat(weights_file *file, df_error *err)
{
    return mat_parse(file->bytes, NULL, file->arena, &file->list, err);
}

/* Groups become dots, as in the other formats. */
static bool read_h5(weights_file *file, df_error *err)
{
    if (!h5_parse(file->bytes, NULL, file->arena, &file->list, err))
        return false;
    for (size_t i = 0; i < file->list.count; i++) {
        char *name = df_copy_string(file->arena, file->list.tensors[i].name, err);
        if (!name)
            return false;
        for (char *slash = strchr(name, '/'); slash; slash = strchr(slash, '/'))
            *slash = '.';
        file->list.tensors[i].name = name;
    }
    return layout_check_names(&file->list, err);
}

static bool read_pickle(weights_file *file, df_error *err)
{
    const bool is_legacy = torch_is_legacy(file->bytes);
    file->format = is_legacy ? "torch (legacy)" : "pickle";
    return is_legacy ? torch_parse_legacy(file->bytes, file->arena, &file->list, err)
                     : torch_parse_pickle(file->bytes, file->arena, &file->list, err);
}

static bool read_tfjs(weights_file *file, df_error *err)
{
    return tfjs_parse(file->bytes, file->path, file->arena, &file->list, err);
}

typedef struct format_row {
    const char *name;
    bool (*is_one)(df_bytes bytes);
    bool (*read)(weights_file *file, df_error *err);
} format_row;

static const format_row formats[] = {
    {"safetensors", is_safetensors, read_safetensors},
    {"npz", is_zip, read_zip},
    {"npy", is_npy, read_npy},
    {"HDF5", is_h5, read_h5},
    {"MATLAB 5", is_mat, read_mat},
    {"pickle", is_pickle, read_pickle},
    {"TensorFlow.js", is_json, read_tfjs},
};

static bool read_any(weights_file *file, df_error *err)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(formats); i++)
        if (formats[i].is_one(file->bytes)) {
            file->format = formats[i].name;
            return formats[i].read(file, err);
        }
    return df_fail(err, "none of the known kinds of weights: safetensors, npy, npz, PyTorch, TensorFlow.js, MATLAB 5, HDF5");
}

/* As much as an honest file of that size needs: copies of its arrays, and what their names and the reader's own lists take. */
static size_t memory_limit(size_t file_size)
{
    size_t limit;
    if (!df_size_mul(file_size, MEMORY_A_BYTE, &limit) || !df_size_add(limit, MEMORY_FREE, &limit))
        return SIZE_MAX;
    return limit;
}

static weights_file *open_mapped(df_bytes bytes, const char *path, df_error *err)
{
    df_arena *arena = df_arena_new(memory_limit(bytes.size), err);
    weights_file *file = arena ? df_alloc(arena, 1, sizeof *file, err) : NULL;
    if (file) {
        *file = (weights_file){.arena = arena, .bytes = bytes, .path = path};
        if (read_any(file, err))
            return file;
    }
    df_arena_free(arena);
    return NULL;
}

weights_file *weights_open(const char *path, df_error *err)
{
    df_bytes bytes = {0};
    if (!df_file_map(path, &bytes, err))
        return NULL;
    weights_file *file = open_mapped(bytes, path, err);
    if (!file) {
        df_fail_in(err, "%s", path);
        df_file_unmap(&bytes);
    }
    return file;
}

const tensor_list *weights_tensors(const weights_file *file)
{
    return &file->list;
}

const char *weights_format(const weights_file *file)
{
    return file->format;
}

void weights_close(weights_file *file)
{
    if (!file)
        return;
    df_file_unmap(&file->bytes);
    df_arena_free(file->arena); /* the handle itself lives there */
}

/* ---- saving ---- */

static bool ends_in(const char *path, const char *ending)
{
    const size_t size = strlen(path), wanted = strlen(ending);
    return size > wanted && strcmp(path + size - wanted, ending) == 0;
}

/* The list with bfloat16 as float32. */
static bool widen(const tensor_list *list, df_arena *arena, tensor_list *out, df_error *err)
{
    tensor *tensors = df_alloc(arena, list->count, sizeof *tensors, err);
    if (!tensors)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        tensors[i] = list->tensors[i];
        if (tensors[i].type != TENSOR_BF16)
            continue;
        tensors[i].data = tensor_floats(&list->tensors[i], arena, err);
        tensors[i].type = TENSOR_F32;
        if (!tensors[i].data)
            return false;
    }
    *out = (tensor_list){.tensors = tensors, .count = list->count};
    return true;
}

static bool save_npz(const char *path, const tensor_list *list, df_error *err)
{
    tensor_list wide;
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    const bool is_good = arena && widen(list, arena, &wide, err) && npz_write(path, &wide, err);
    df_arena_free(arena);
    return is_good;
}

bool weights_save(const char *path, const tensor_list *list, df_error *err)
{
    if (ends_in(path, ".safetensors"))
        return safetensors_write(path, list, err);
    return ends_in(path, ".npz") ? save_npz(path, list, err) : df_fail(err, "%s: expected a name that ends in .safetensors or .npz", path);
}
