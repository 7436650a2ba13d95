/* model_read.h: how the readers of a model's tensors and names check what they take; private to model_file.c and
   model_parts.c. Every function fails with a sentence that names the tensor or the metadata key. */
#ifndef DF_FACE_MODEL_READ_H
#define DF_FACE_MODEL_READ_H

#include <jansson.h>

#include "face/face_model.h"
#include "tensor/tensor.h"

typedef struct model_reader {
    tensor_list list;
    df_arena *arena;
    df_error *err;
} model_reader;

/* Float32 tensor of that shape (-1: any); every number is finite. */
bool model_floats(const model_reader *reader, const char *name, int rank, const int64_t *shape, const float **out) DF_CHECKED;

/* Int32 tensor of that shape with every number in low .. high. */
bool model_indices(const model_reader *reader, const char *name, int rank, const int64_t *shape, int64_t low, int64_t high,
                   const int32_t **out) DF_CHECKED;

/* Uint8 tensor of that shape with every number in low .. high. */
bool model_bytes(const model_reader *reader, const char *name, int rank, const int64_t *shape, int low, int high,
                 const uint8_t **out) DF_CHECKED;

/* A name as models have them: 1 to FACE_NAME - 1 letters, digits, '.', '_', '-'. */
bool model_name(const model_reader *reader, const char *place, const char *text, char out[FACE_NAME]) DF_CHECKED;

/* The JSON array in metadata `key` (the caller decrefs it); NULL with `err` set if it is missing or no array of at most
   `most` members. */
json_t *model_array(const model_reader *reader, const char *key, size_t most) DF_CHECKED;

/* First and further dimension of a tensor that is known to be there. */
int64_t model_dimension(const model_reader *reader, const char *name, int axis);

/* model_parts.c: textures with their smaller copies, then the parts that refer to them. */
bool model_read_textures(const model_reader *reader, face_model *model) DF_CHECKED;
bool model_read_parts(const model_reader *reader, face_model *model) DF_CHECKED;

#endif
