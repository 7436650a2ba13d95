/* torch_storage.h: the blocks of elements that tensors of a torch file are views of; for torch.c and its parts. */
#ifndef DF_TENSOR_TORCH_STORAGE_H
#define DF_TENSOR_TORCH_STORAGE_H

#include "tensor/pickle.h"

typedef struct torch_storage {
    tensor_type type;
    size_t elements;
    const unsigned char *data; /* of all elements */
    bool is_big_endian;
} torch_storage;

/* What a persistent id says. Views of other storages, which no file of the last years has, are refused. */
typedef struct torch_storage_id {
    tensor_type type;
    df_bytes key;
    size_t elements, bytes;
} torch_storage_id;
bool torch_storage_id_read(const pickle_value *storage, torch_storage_id *out, df_error *err) DF_CHECKED;

/* Where the storages of a file are found. */
typedef struct torch_storages {
    /* The data of a storage, which must have exactly the bytes that its id says. NULL: the file has no storages. */
    bool (*find)(void *file, const torch_storage_id *id, const unsigned char **out, df_error *err);
    void *file;
    bool is_big_endian;
} torch_storages;

/* How many bytes of a key an error shows. */
static inline int torch_shown(df_bytes key)
{
    return key.size < 64 ? (int)key.size : 64;
}

/* The storage that a value stands for: a persistent id, or a call that loads one from bytes. */
bool torch_storage_get(const torch_storages *storages, const pickle_value *value, df_arena *arena, torch_storage *out,
                       df_error *err) DF_CHECKED;

/* The parts of a legacy file: what it holds, its storages. Lives in `arena`. */
typedef struct torch_legacy torch_legacy;
bool torch_legacy_open(df_bytes bytes, df_arena *arena, torch_legacy **out, df_error *err) DF_CHECKED;
const pickle_value *torch_legacy_object(const torch_legacy *legacy);
torch_storages torch_legacy_storages(torch_legacy *legacy);

#endif
