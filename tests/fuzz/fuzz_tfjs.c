/* fuzz_tfjs.c: a manifest up to the first zero byte, and behind it the bytes of every shard that it names. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tensor/tfjs.h"

static bool give_rest(void *user, const char *name, df_bytes *out, df_error *err)
{
    (void)name;
    (void)err;
    *out = *(const df_bytes *)user;
    return true;
}

static bool read_tfjs(df_bytes bytes, df_arena *arena, df_error *err)
{
    const unsigned char *end = bytes.size > 0 ? memchr(bytes.data, 0, bytes.size) : NULL;
    const size_t size = end ? (size_t)(end - bytes.data) : bytes.size;
    df_bytes rest = {.data = end ? end + 1 : bytes.data, .size = end ? bytes.size - size - 1 : 0};
    const tfjs_shards shards = {.read = give_rest, .user = &rest};
    tensor_list list;
    return tfjs_read((df_bytes){.data = bytes.data, .size = size}, &shards, arena, &list, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_tfjs);
}
