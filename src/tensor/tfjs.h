/* tfjs.h: TensorFlow.js' weights: a model.json with "weightsManifest", or that list alone (face-api's *-weights_manifest.json), and the
   shards that it names, which lie in the folder of the JSON file or below it. Quantised weights come out as what they stand for: q *
   scale + min in double, rounded to float32, or to the nearest integer for int32; half floats as float32. Bytes that belong to
   no weight are refused, and so are paths that leave the folder. */
#ifndef DF_TENSOR_TFJS_H
#define DF_TENSOR_TFJS_H

#include "base/file.h"
#include "tensor/tensor.h"

/* `path`: of the JSON file, whose bytes are given; shards are read from beside it. Data live in `arena`. Errors name shard or weight. */
DF_API bool tfjs_parse(df_bytes json, const char *path, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* Where the bytes of a shard come from; tfjs_parse takes them from files. They must live as long as the call. */
typedef struct tfjs_shards {
    bool (*read)(void *user, const char *name, df_bytes *out, df_error *err);
    void *user;
} tfjs_shards;
DF_API bool tfjs_read(df_bytes json, const tfjs_shards *shards, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

#endif
