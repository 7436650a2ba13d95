/* fuzz_groups.c: group_table_read: tables that say who is of which group. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_path(data, size, read_groups_path);
}
