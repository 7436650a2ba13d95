/* fuzz_safetensors.c: safetensors_parse, and the values of what it accepts. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_safetensors);
}
