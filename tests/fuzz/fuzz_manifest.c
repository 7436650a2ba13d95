/* fuzz_manifest.c: any bytes as lines of a manifest. What is accepted stays below the folder and within its limits. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_path(data, size, read_manifest_path);
}
