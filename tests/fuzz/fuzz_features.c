/* fuzz_features.c: feature_set_parse: features, or their mean and covariance, and the factor of what came through. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_features);
}
