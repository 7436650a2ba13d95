/* fuzz_tar.c: tar_is_whole. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_path(data, size, read_tar_path);
}
