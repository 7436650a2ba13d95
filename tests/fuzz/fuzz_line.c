/* fuzz_line.c: manifest_parse of one line, which is then skimmed and edited. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_line);
}
