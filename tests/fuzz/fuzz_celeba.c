/* fuzz_celeba.c: celeba_table_parse: the bytes as each kind of CelebA's lists, about three images. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_celeba);
}
