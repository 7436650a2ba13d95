/* fuzz_pairs.c: pairs_list_read: LFW's lists of pairs. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_pairs_list);
}
