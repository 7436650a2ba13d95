/* fuzz_torch.c: the bytes as each of torch's three kinds of file. */
#include "fuzz/fuzz.h"

#include "tensor/torch.h"

static bool read_torch(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    const bool is_legacy = torch_parse_legacy(bytes, arena, &list, err), is_pickle = torch_parse_pickle(bytes, arena, &list, err);
    return torch_parse_zip(bytes, arena, &list, err) || is_legacy || is_pickle;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_torch);
}
