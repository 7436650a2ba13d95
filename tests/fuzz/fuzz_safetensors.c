/* fuzz_safetensors.c: safetensors_parse, and the values of what it accepts. */
#include "fuzz/fuzz.h"

#include "tensor/safetensors.h"

static bool read_safetensors(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    if (!safetensors_parse(bytes, arena, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (!tensor_floats(&list.tensors[i], arena, err))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_safetensors);
}
