/* fuzz_makehuman.c: makehuman_mesh_parse, of a base mesh and of a proxy. */
#include "fuzz/fuzz.h"

#include "face/makehuman_head.h"

static bool read_mesh(df_bytes bytes, df_arena *arena, df_error *err)
{
    makehuman_mesh base, proxy;
    makehuman_head head;
    if (makehuman_mesh_parse(bytes, 0, arena, &base, err) && makehuman_head_cut(&base, arena, &head, err))
        return true;
    return makehuman_mesh_parse(bytes, MAKEHUMAN_VERTICES, arena, &proxy, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_mesh);
}
