/* fuzz_model.c: face_model_parse, and what evaluation reads of a model that it accepts. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_model);
}
