/* fuzz_vertices.c: label_read_vertices: lists of vertices. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_path(data, size, read_vertices_path);
}
