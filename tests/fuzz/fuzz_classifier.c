/* fuzz_classifier.c: classifier_parse_form: what a classifier's file says of itself. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_classifier);
}
