/* fuzz_makehuman.c: makehuman_mesh_parse, of a base mesh and of a proxy. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_makehuman);
}
