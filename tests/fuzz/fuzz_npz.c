/* fuzz_npz.c: npz_parse on the bytes as an archive, npy_parse on them as one array. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_npz);
}
