/* fuzz_metrics.c: run_metrics_parse: what a training wrote down. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_metrics);
}
