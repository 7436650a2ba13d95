/* model_npz.h: our model file as a NumPy archive and back, without loss: every tensor under its name, every piece of metadata as
   an array of bytes called "metadata.KEY". A file that goes there and back is the same, byte for byte. */
#ifndef DF_FACE_MODEL_NPZ_H
#define DF_FACE_MODEL_NPZ_H

#include "base/error.h"

/* From what `in` is to what the name `out` ends in: .safetensors or .npz. Fails where `in` is no model. */
DF_API bool face_model_convert(const char *in, const char *out, df_error *err) DF_CHECKED;

#endif
