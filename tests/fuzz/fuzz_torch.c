/* fuzz_torch.c: the bytes as each of torch's three kinds of file. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_torch);
}
