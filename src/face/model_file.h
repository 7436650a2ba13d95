/* model_file.h: a face model in one safetensors file. Everything that the struct holds is there; sizes and indices are
   checked so thoroughly that no later code has to: every triangle, reference and landmark is in range, every number
   finite. docs/model-file.md lists tensors and metadata. `format` in the metadata is "diffuse-face-model", `version` "1". */
#ifndef DF_FACE_MODEL_FILE_H
#define DF_FACE_MODEL_FILE_H

#include "base/file.h"
#include "face/face_model.h"
#include "tensor/tensor.h"

/* Reads and checks; the file stays mapped until face_model_close. The error names the path. */
typedef struct face_model_handle face_model_handle;
DF_API face_model_handle *face_model_open(const char *path, df_error *err) DF_CHECKED;
DF_API const face_model *face_model_of(const face_model_handle *handle);
DF_API void face_model_close(face_model_handle *handle); /* NULL is legal */

/* The same from bytes (which must outlive the model): what face_model_open and the fuzzer call. */
DF_API bool face_model_parse(df_bytes bytes, df_arena *arena, face_model *out, df_error *err) DF_CHECKED;

/* The same from tensors and metadata that some container held; sha256 stays empty. */
DF_API bool face_model_take(const tensor_list *list, df_arena *arena, face_model *out, df_error *err) DF_CHECKED;

/* `notes`: pairs (key, value) that go into the metadata (licences, options of the build); NULL-terminated list. */
DF_API bool face_model_save(const char *path, const face_model *model, const char *const (*notes)[2], df_error *err) DF_CHECKED;

#endif
