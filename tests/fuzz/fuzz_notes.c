/* fuzz_notes.c: png_read_notes on bytes whose check sums are put right first. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_png_notes_summed);
}
