/* source.h: any data set, image by image, whoever made it: our own sets, a folder per identity, CelebA, a table. A format is one row
   and one file `source_NAME.c`. What a source knows of an image comes out as a manifest_entry of the imported kind
   (dataset/manifest_read.h) and as a JSON object with the manifest's keys; pixels stay in the image's file. Constant memory but for
   what the format's own lists need (stated in each file). */
#ifndef DF_EXCHANGE_SOURCE_H
#define DF_EXCHANGE_SOURCE_H

#include "base/progress.h"
#include "dataset/manifest_read.h"

enum { SOURCE_PATH = 4096 };

typedef struct source_image {
    char path[SOURCE_PATH];     /* of the file, to open it */
    char original[SOURCE_PATH]; /* its name in the source, as bytes */
    char identity[SOURCE_PATH]; /* as the source has it: any bytes; "" where the source has none */
    char split[FACE_NAME];      /* "train", "valid", "test" or "" */
    json_t *fields;             /* manifest keys that the source knows beside those: gender, age, box, landmarks5, attributes {name: value},
                                   or the whole line of our own sets; owned by the source until the next call */
} source_image;

/* What the user says of a source; NULL and 0 where the row has a default. */
typedef struct source_setting {
    const char *path; /* folder or file */
    const char *images, *attributes, *identities, *landmarks, *partition,
        *boxes;                                                /* files and folder of list formats, else by their usual names */
    const char *column_image, *column_identity, *column_split; /* of tables */
    const char *split;                                         /* only images of this one */
} source_setting;

typedef struct source_row {
    const char *name, *summary;           /* "celeba" */
    bool (*recognises)(const char *path); /* looks at names alone */
    void *(*open)(const source_setting *setting, df_arena *arena, const df_progress *progress, df_error *err);
    bool (*next)(void *state, source_image *out, bool *found, df_error *err);
    void (*close)(void *state);
} source_row;

DF_API const source_row *source_row_at(int index); /* NULL past the end */
DF_API const source_row *source_find(const char *name);
DF_API const source_row *source_guess(const char *path, df_error *err) DF_CHECKED;

/* How `diffuse dataset import` makes one of our sets of any source. */
typedef struct import_setting {
    bool link; /* hard links where the file system can, instead of copies */
} import_setting;

typedef struct import_result {
    int64_t images, identities, skipped; /* skipped: broken or unreadable images, each named by a progress note */
} import_result;
DF_API bool source_import(const source_row *row, const source_setting *source, const import_setting *how, const char *out,
                          const df_progress *progress, import_result *result, df_error *err) DF_CHECKED;

#endif
