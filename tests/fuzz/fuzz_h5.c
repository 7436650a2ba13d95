/* fuzz_h5.c: h5_parse with its sandbox: what libhdf5 does to damaged files stays in the child, and what is under test is that
   nothing comes out of it but arrays or a sentence. Set FUZZ_H5_INSIDE to run the reader in this process and meet the
   library's own faults. */
#include "fuzz/fuzz.h"

#include "tensor/h5.h"
#include "tensor/h5_visit.h"

static bool drop(void *to, const tensor *t, bool is_text, df_error *err)
{
    (void)to;
    (void)t;
    (void)is_text;
    (void)err;
    return true;
}

static bool read_h5(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    if (getenv("FUZZ_H5_INSIDE"))
        return h5_visit(bytes, NULL, &(h5_sink){.take = drop}, err);
    return h5_parse(bytes, NULL, arena, &list, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_h5);
}
