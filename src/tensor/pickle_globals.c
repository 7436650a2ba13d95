/* pickle_globals.c: what is not in this table cannot come out of a file. */
#include "tensor/pickle_globals.h"

#include <string.h>

#include "base/api.h"

#define STORAGE(NAME, TYPE)                                                                                                                \
    {                                                                                                                                      \
        .module = "torch", .name = NAME "Storage", .role = PICKLE_STORAGE_CLASS, .type = (TYPE)                                            \
    }

static const pickle_global globals[] = {
    STORAGE("Double", TENSOR_F64),
    STORAGE("Float", TENSOR_F32),
    STORAGE("Half", TENSOR_F16),
    STORAGE("BFloat16", TENSOR_BF16),
    STORAGE("Long", TENSOR_I64),
    STORAGE("Int", TENSOR_I32),
    STORAGE("Short", TENSOR_I16),
    STORAGE("Char", TENSOR_I8),
    STORAGE("Byte", TENSOR_U8),
    STORAGE("Bool", TENSOR_BOOL),
    {.module = "torch._utils", .name = "_rebuild_tensor_v2", .role = PICKLE_REBUILD_TENSOR, .is_called = true},
    {.module = "torch._utils", .name = "_rebuild_parameter", .role = PICKLE_REBUILD_WRAPPED, .is_called = true},
    {.module = "collections", .name = "OrderedDict", .role = PICKLE_ORDERED_DICT, .is_called = true, .is_built = true},
    {.module = "torch.storage", .name = "_load_from_bytes", .role = PICKLE_LOAD_FROM_BYTES, .is_called = true},
    {.module = "torch_utils.persistence", .name = "_reconstruct_persistent_obj", .role = PICKLE_PERSISTENT_OBJECT, .is_called = true},
    {.module = "torch", .name = "Size", .role = PICKLE_IGNORED, .is_called = true},
    {.module = "numpy.core.multiarray", .name = "scalar", .role = PICKLE_IGNORED, .is_called = true},
    {.module = "numpy.core.multiarray", .name = "_reconstruct", .role = PICKLE_IGNORED, .is_called = true, .is_built = true},
    {.module = "numpy", .name = "dtype", .role = PICKLE_IGNORED, .is_called = true, .is_built = true},
    {.module = "numpy", .name = "ndarray", .role = PICKLE_IGNORED_CLASS},
    {.module = "_codecs", .name = "encode", .role = PICKLE_IGNORED, .is_called = true},
};

static bool is_same(const char *text, const char *data, size_t size)
{
    return strlen(text) == size && memcmp(text, data, size) == 0;
}

const pickle_global *pickle_global_find(const char *module, size_t module_size, const char *name, size_t name_size)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(globals); i++)
        if (is_same(globals[i].module, module, module_size) && is_same(globals[i].name, name, name_size))
            return &globals[i];
    return NULL;
}
