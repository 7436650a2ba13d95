/* fuzz_derived.c: derived_read of the bytes as a data set's .diffuse/derived.json. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_in_folder(data, size, read_derived_path, ".diffuse", "derived.json");
}
