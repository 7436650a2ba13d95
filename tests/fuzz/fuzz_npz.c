/* fuzz_npz.c: npz_parse on the bytes as an archive, npy_parse on them as one array. */
#include "fuzz/fuzz.h"

#include "tensor/npz.h"

static bool read_npz(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    tensor single;
    const bool is_array = npy_parse(bytes, "fuzz", arena, &single, err);
    return npz_parse(bytes, arena, &list, err) || is_array;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_npz);
}
