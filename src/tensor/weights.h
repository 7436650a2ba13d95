/* weights.h: a file of weights of any known format, told by its first bytes: safetensors, npy, npz, PyTorch (zip, legacy, StyleGAN3's
   pickles), TensorFlow.js, MATLAB 5, HDF5. Names as docs/weights.md says. */
#ifndef DF_TENSOR_WEIGHTS_H
#define DF_TENSOR_WEIGHTS_H

#include "tensor/tensor.h"

typedef struct weights_file weights_file;

/* Reads and checks; the file stays mapped until weights_close. The error names the path. */
DF_API weights_file *weights_open(const char *path, df_error *err) DF_CHECKED;
DF_API const tensor_list *weights_tensors(const weights_file *file);
DF_API const char *weights_format(const weights_file *file); /* "safetensors", "torch", ... */
DF_API void weights_close(weights_file *file);               /* NULL is legal */

/* To ".safetensors" or ".npz", told by the path's ending; npz has no bfloat16, which becomes float32 there. */
DF_API bool weights_save(const char *path, const tensor_list *list, df_error *err) DF_CHECKED;

#endif
