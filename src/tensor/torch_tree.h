/* torch_tree.h: the tensors in an unpickled object, by name; for the readers of torch's files. */
#ifndef DF_TENSOR_TORCH_TREE_H
#define DF_TENSOR_TORCH_TREE_H

#include "tensor/torch_storage.h"

/* As torch.h says. file_size bounds what the tensors may have. */
bool torch_tree_read(const pickle_value *root, const torch_storages *storages, size_t file_size, df_arena *arena, tensor_list *out,
                     df_error *err) DF_CHECKED;

/* A call that rebuilds a tensor, as a contiguous array without a name. *copied grows by its bytes where it is no view of the file, and
   must not exceed `most`. */
bool torch_tensor_build(const pickle_value *call, const torch_storages *storages, size_t most, size_t *copied, df_arena *arena, tensor *out,
                        df_error *err) DF_CHECKED;

#endif
