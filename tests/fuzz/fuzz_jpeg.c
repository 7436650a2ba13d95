/* fuzz_jpeg.c: jpeg_decode with its EXIF orientation. */
#include "fuzz/fuzz.h"

#include "image/image_file.h"

static bool read_jpeg(df_bytes bytes, df_arena *arena, df_error *err)
{
    image img;
    return jpeg_decode(bytes, &img, arena, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_jpeg);
}
