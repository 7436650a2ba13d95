/* expansion.h: how many pixels a compressed file can hold at most; what asks for more is refused before it gets memory. */
#ifndef DF_IMAGE_EXPANSION_H
#define DF_IMAGE_EXPANSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Deflate's limit is 1032 to 1 (RFC 1951: 258 bytes of two bits), and PNG packs up to 8 pixels in a byte. JPEG by Huffman codes
   spends a bit on each block of 64 pixels. */
enum { MOST_PIXELS_A_BYTE = 1032 * 8, PIXELS_FREE = 4096 };

static inline bool could_expand_to(size_t file_size, uint64_t width, uint64_t height)
{
    return width <= UINT32_MAX && height <= UINT32_MAX && width * height / MOST_PIXELS_A_BYTE <= file_size;
}

#endif
