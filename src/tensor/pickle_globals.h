/* pickle_globals.h: the table of all names that a pickle of weights may hold, and what each stands for. */
#ifndef DF_TENSOR_PICKLE_GLOBALS_H
#define DF_TENSOR_PICKLE_GLOBALS_H

#include <stdbool.h>
#include <stddef.h>

#include "tensor/tensor.h"

typedef enum pickle_role {
    PICKLE_STORAGE_CLASS,     /* the type of a storage's elements; not called */
    PICKLE_REBUILD_TENSOR,    /* storage, offset, size, stride, requires_grad, hooks [, metadata] */
    PICKLE_REBUILD_WRAPPED,   /* a parameter: tensor, requires_grad, hooks */
    PICKLE_ORDERED_DICT,      /* a dictionary; called without arguments */
    PICKLE_LOAD_FROM_BYTES,   /* bytes: a legacy torch file that holds one storage */
    PICKLE_PERSISTENT_OBJECT, /* StyleGAN3's torch_utils.persistence: a module with its class's source, which is not looked at */
    PICKLE_IGNORED,           /* numbers and arrays of NumPy, sizes: no tensors of the network */
    PICKLE_IGNORED_CLASS      /* stands as an argument of those; not called */
} pickle_role;

typedef struct pickle_global {
    const char *module, *name;
    pickle_role role;
    bool is_called, is_built; /* may be called (REDUCE), and given a state (BUILD) */
    tensor_type type;         /* of PICKLE_STORAGE_CLASS */
} pickle_global;

/* NULL: not one of the table. */
const pickle_global *pickle_global_find(const char *module, size_t module_size, const char *name, size_t name_size);

#endif
