/* fuzz_tfjs.c: a manifest up to the first zero byte, and behind it the bytes of every shard that it names. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_tfjs);
}
