/* fuzz_png.c: png_decode on bytes whose check sums are put right first, or else they would stop nearly every mutation at the door. */
#include "fuzz/fuzz.h"

#include <libdeflate.h>
#include <string.h>

#include "image/png.h"

enum { SIGNATURE = 8, FRAME = 12 };

static void correct_check_sums(unsigned char *file, size_t size)
{
    for (size_t at = SIGNATURE; at + FRAME <= size;) {
        const size_t length = (size_t)file[at] << 24 | (size_t)file[at + 1] << 16 | (size_t)file[at + 2] << 8 | file[at + 3];
        if (length > size - at - FRAME)
            return;
        const uint32_t sum = libdeflate_crc32(0, file + at + 4, length + 4);
        for (size_t i = 0; i < 4; i++)
            file[at + 8 + length + i] = (unsigned char)(sum >> (24 - 8 * i));
        at += FRAME + length;
    }
}

static bool read_png(df_bytes bytes, df_arena *arena, df_error *err)
{
    unsigned char *copy = malloc(bytes.size + 1);
    image img;
    if (!copy)
        abort();
    memcpy(copy, bytes.data, bytes.size);
    correct_check_sums(copy, bytes.size);
    const bool ok = png_decode((df_bytes){.data = copy, .size = bytes.size}, &img, arena, err);
    free(copy);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_png);
}
