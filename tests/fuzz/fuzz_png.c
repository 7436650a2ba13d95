/* fuzz_png.c: png_decode on bytes whose check sums are put right first, or else they would stop nearly every mutation at the door. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_png_summed);
}
