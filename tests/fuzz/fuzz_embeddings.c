/* fuzz_embeddings.c: embedding_set_read and npy_parse_texts: embeddings with labels and names. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_embeddings);
}
