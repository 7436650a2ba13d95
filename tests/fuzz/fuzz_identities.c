/* fuzz_identities.c: any bytes as lines of identities. What is accepted must survive being written and read again. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_path(data, size, read_people_path);
}
