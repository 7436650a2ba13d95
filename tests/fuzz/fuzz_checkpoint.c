/* fuzz_checkpoint.c: checkpoint_parse: what a training goes on from. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_checkpoint);
}
