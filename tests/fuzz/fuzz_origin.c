/* fuzz_origin.c: origin_read of the bytes as a data set's .diffuse/origin.json. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_in_folder(data, size, read_origin_path, ".diffuse", "origin.json");
}
