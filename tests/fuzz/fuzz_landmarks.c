/* fuzz_landmarks.c: import_landmarks_text and import_landmarks_json. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_landmarks);
}
