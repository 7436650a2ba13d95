/* fuzz_mat.c: mat_parse, of all variables and of one. */
#include "fuzz/fuzz.h"

#include "tensor/mat.h"

static bool read_mat(df_bytes bytes, df_arena *arena, df_error *err)
{
    static const char *const wanted[] = {"cube", NULL};
    tensor_list list;
    const bool has_one = mat_parse(bytes, wanted, arena, &list, err);
    return mat_parse(bytes, NULL, arena, &list, err) || has_one;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_mat);
}
