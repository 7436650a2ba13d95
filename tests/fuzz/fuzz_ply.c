/* fuzz_ply.c: ply_parse. */
#include "fuzz/fuzz.h"

#include "face/ply.h"

static bool read_ply(df_bytes bytes, df_arena *arena, df_error *err)
{
    scan_mesh mesh;
    return ply_parse(bytes, arena, &mesh, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_ply);
}
