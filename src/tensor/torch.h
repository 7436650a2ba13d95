/* torch.h: files of torch.save (PyTorch 0.4 and later): zip archives (.pt, .pth) and the legacy form before 1.6, and StyleGAN3's
   snapshots (.pkl), which are bare pickles. Tensors are found in nested dictionaries, lists and tuples and called by the path to them,
   "state_dict.layers.0.weight"; a tensor alone is "arr_0". Of StyleGAN3's persistent objects the parameters and buffers are taken as
   their state dictionaries name them, "G_ema.synthesis.input.weight". Views, strides and shared storages come out as
   contiguous arrays. What is no tensor is skipped; TorchScript is refused; so are names, opcodes and calls beyond pickle_globals.h's
   table: nothing is executed.

   Sizes are checked against the file before anything is allocated; tensors that repeat their storage (stride 0) may together
   have a hundred times the file's size (64 MiB are free). */
#ifndef DF_TENSOR_TORCH_H
#define DF_TENSOR_TORCH_H

#include "base/file.h"
#include "tensor/tensor.h"

/* Data point into `bytes`, which must outlive the list, or into `arena`. Errors name the tensor. */
DF_API bool torch_parse_zip(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;
DF_API bool torch_parse_legacy(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;
DF_API bool torch_parse_pickle(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* Whether the bytes begin as a legacy file. */
DF_API bool torch_is_legacy(df_bytes bytes);

#endif
