/* png.h: PNG files. Reading by libpng with limits: every colour type, bit depth and interlacing, palette expanded, 1-8 bit as
   U8, 16 bit as U16. Writing is ours on libdeflate: one fixed filter (Up) for all rows and a fast deflate level, several
   times as fast as libpng's defaults; files are a few per cent larger. No timestamps: the same pixels are the same bytes. */
#ifndef DF_IMAGE_PNG_H
#define DF_IMAGE_PNG_H

#include "base/file.h"
#include "image/image.h"

/* Reusable state of one thread's writer (compressor and buffers). */
typedef struct png_writer png_writer;
DF_API png_writer *png_writer_new(df_error *err) DF_CHECKED;
DF_API void png_writer_free(png_writer *writer); /* NULL is legal */

/* The file's bytes; they live in the writer until its next use. U8 and U16 images of 1 to 4 channels. */
DF_API bool png_encode(png_writer *writer, const image *image, df_bytes *out, df_error *err) DF_CHECKED;

/* A text that a file carries beside its pixels: an iTXt chunk, before the pixels, not compressed. */
typedef struct png_note {
    const char *keyword; /* 1 to 79 bytes of ASCII */
    const char *text;    /* UTF-8 */
} png_note;
DF_API bool png_encode_with(png_writer *writer, const image *image, const png_note *texts, size_t count, df_bytes *out,
                            df_error *err) DF_CHECKED;

/* Encodes and writes beside and renames. */
DF_API bool png_write_file(const char *path, const image *image, df_error *err) DF_CHECKED;

DF_API bool png_decode(df_bytes bytes, image *out, df_arena *arena, df_error *err) DF_CHECKED;

/* The texts of a file in their order: tEXt and iTXt that are not compressed; others are passed over. Pixels are not looked at. Fails
   on files that are no PNG, are cut, have a chunk whose check sum is wrong, or hold more than `room` texts. What *texts point to lives in
   the arena. */
enum { PNG_MAX_NOTES = 64 };
DF_API bool png_read_notes(df_bytes bytes, png_note *texts, size_t room, size_t *count, df_arena *arena, df_error *err) DF_CHECKED;

#endif
