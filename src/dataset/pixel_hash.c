/* pixel_hash.c: bytes are hashed as they are, words turned over first. */
#include "dataset/pixel_hash.h"

bool pixel_hash(const image *pixels, df_arena *scratch, char out[DF_SHA256_TEXT], df_error *err)
{
    const size_t bytes = image_bytes(pixels);
    if (pixels->type == IMAGE_U8) {
        df_sha256_of(pixels->data, bytes, out);
        return true;
    }
    uint8_t *swapped = df_alloc(scratch, bytes, 1, err);
    if (!swapped)
        return false;
    const uint16_t *words = pixels->data;
    for (size_t i = 0; i < bytes / 2; i++) {
        swapped[2 * i] = (uint8_t)(words[i] >> 8);
        swapped[2 * i + 1] = (uint8_t)(words[i] & 0xFF);
    }
    df_sha256_of(swapped, bytes, out);
    return true;
}
