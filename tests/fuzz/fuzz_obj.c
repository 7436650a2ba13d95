/* fuzz_obj.c: obj_parse. */
#include "fuzz/fuzz.h"

#include "face/obj.h"

static bool read_obj(df_bytes bytes, df_arena *arena, df_error *err)
{
    scan_mesh mesh;
    return obj_parse(bytes, arena, &mesh, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_obj);
}
