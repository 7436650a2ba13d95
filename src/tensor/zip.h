/* zip.h: zip archives (PKWARE's APPNOTE 6.3) as NumPy uses them: members stored or deflated, zip64, no encryption, one disk. The
   central directory is what counts; places, sizes and check sums are verified. */
#ifndef DF_TENSOR_ZIP_H
#define DF_TENSOR_ZIP_H

#include "base/file.h"
#include "base/spool.h"

typedef struct zip_member {
    const char *name;
    df_bytes packed; /* as stored in the file */
    size_t size;     /* unpacked */
    uint32_t crc;    /* of the unpacked bytes */
    bool deflated;
} zip_member;

/* The members of an archive; names live in the arena, packed bytes in `bytes`. Refuses overlaps and what together unpacks to
   more than an honest archive of that size would. */
bool zip_list(df_bytes bytes, df_arena *arena, zip_member **out, size_t *count, df_error *err) DF_CHECKED;

/* The member's bytes, checked by size and sum: a view of a stored one, else in the arena. */
bool zip_unpack(const zip_member *member, df_arena *arena, df_bytes *out, df_error *err) DF_CHECKED;

/* Writing: members one after the other, then the directory. All stored, dated 1980-01-01. The directory grows by some 80 bytes a
   member: in memory or, for archives of any number of members, on the disk. */
typedef struct zip_writer {
    df_writer *file;
    size_t place;              /* bytes written */
    struct df_text *directory; /* the central directory so far; NULL: it is in `spool` */
    df_spool *spool;
    size_t count;
} zip_writer;

/* A member of two parts, so that a header need not be copied before its data. */
bool zip_put(zip_writer *zip, const char *name, df_bytes head, df_bytes body, df_error *err) DF_CHECKED;

/* A member of any size. */
bool zip_put_spool(zip_writer *zip, const char *name, df_spool *body, df_error *err) DF_CHECKED;
bool zip_put_directory(zip_writer *zip, df_error *err) DF_CHECKED;

#endif
