/* celeba_table.h: a folder of images and CelebA's lists about them, joined by the files' names without their endings (the aligned
   images are published as JPEG and as PNG, the lists name JPEG).

   Every image is in the folder; what the lists say of others is counted as missing, and images that a list leaves out as unlisted.
   128 bytes an image, 64 for its name, and 16 to 32 an entry without an image. */
#ifndef DF_EXCHANGE_CELEBA_TABLE_H
#define DF_EXCHANGE_CELEBA_TABLE_H

#include "exchange/celeba_list.h"
#include "exchange/source.h"
#include "face/id_set.h"

typedef enum celeba_kind {
    CELEBA_ATTRIBUTES, /* -1 or 1 (0 is -1) for each column */
    CELEBA_IDENTITIES, /* a whole number */
    CELEBA_PARTITION,  /* 0 train, 1 valid, 2 test */
    CELEBA_LANDMARKS,  /* lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x rightmouth_y */
    CELEBA_BOXES,      /* x_1 y_1 width height */
    CELEBA_MAPPING,    /* of CelebA-HQ: orig_idx orig_file */
    CELEBA_KIND_COUNT
} celeba_kind;

typedef struct celeba_image {
    const char *file;     /* in the folder */
    const char *original; /* by CELEBA_MAPPING: its file's name in CelebA; NULL without */
    int64_t identity;     /* -1: not said */
    uint64_t attributes;  /* bit c: column c is 1 */
    int32_t landmarks[10], box[4];
    int8_t partition; /* -1: not said */
    uint8_t seen;     /* bit k: in the list of kind k */
} celeba_image;

typedef struct celeba_table {
    const char *folder, *shown; /* of the images: to open them, and as the source has it */
    celeba_image *images;       /* [count], by name until celeba_table_sort */
    celeba_image **by_original; /* [count] by `original`, once CELEBA_MAPPING is read */
    size_t count;
    int attribute_count;
    char attributes[CELEBA_COLUMNS][CELEBA_NAME];
    uint8_t given; /* bit k: a list of kind k was read */
    id_set absent; /* names of entries without an image */
    source_log *log;
    df_arena *arena;
    json_t *fields; /* of the last image handed out */
    size_t next;
} celeba_table;

/* Lists the folder. `shown` goes before the files' names in source_image.original. Fails without images. */
DF_API bool celeba_table_open(celeba_table *table, const char *folder, const char *shown, source_log *log, df_arena *arena,
                              df_error *err) DF_CHECKED;

typedef enum celeba_key {
    CELEBA_BY_FILE,    /* a list about these images */
    CELEBA_BY_ORIGINAL /* about all of CelebA: entries without an image here are as they should be */
} celeba_key;

/* Joins a list. Fails on rows that are none of the kind and on an image that comes twice; errors name file and line. */
DF_API bool celeba_table_read(celeba_table *table, celeba_kind kind, const char *path, celeba_key key, df_error *err) DF_CHECKED;

/* The same of bytes in memory, for the fuzzer; errors name the line. */
DF_API bool celeba_table_parse(celeba_table *table, celeba_kind kind, df_bytes bytes, celeba_key key, df_error *err) DF_CHECKED;

/* When all lists are read: counts what they leave out, and sorts by identity (those without one last), then by name. */
DF_API bool celeba_table_sort(celeba_table *table, df_error *err) DF_CHECKED;

DF_API bool celeba_table_next(celeba_table *table, source_image *out, bool *found, df_error *err) DF_CHECKED;
DF_API void celeba_table_close(celeba_table *table); /* what the arena does not free */

#endif
