/* source.h: any data set, image by image, whoever made it: our own sets, a folder per identity, CelebA, a table. A format is one row
   and one file `source_NAME.c`. What a source knows of an image comes out as a file to open and as a JSON object with the manifest's
   keys; pixels stay in the image's file. Constant memory but for what the format's own lists need (stated in each file).

   Order: the images of an identity come side by side. Sources without an order of their own sort by identity, then by name,
   bytewise. A source never decodes an image: what cannot be read is found by whoever uses it. */
#ifndef DF_EXCHANGE_SOURCE_H
#define DF_EXCHANGE_SOURCE_H

#include "base/progress.h"
#include "dataset/manifest_read.h"

enum { SOURCE_PATH = 4096, SOURCE_NAMED = 40, SOURCE_SPLITS = 8 };

/* What no image is lost without: counted here, and the first SOURCE_NAMED of all are named by progress notes. */
typedef struct source_log {
    const df_progress *progress;
    int64_t skipped;  /* images that are broken or unreadable */
    int64_t missing;  /* entries of lists without an image */
    int64_t unlisted; /* images without an entry in some list that was given */
    int64_t expected; /* images to come, as far as the source knows; 0: it does not */
    int named;
} source_log;

/* Adds one to `which`, a counter of the log, and says so as long as there is room for more. */
DF_API void source_say(source_log *log, int64_t *which, const char *format, ...) DF_PRINTF(3, 4);

typedef struct source_image {
    char path[SOURCE_PATH];      /* of the file, to open it */
    char original[SOURCE_PATH];  /* its name in the source, as bytes */
    char identity[SOURCE_PATH];  /* as the source has it: any bytes; "" where the source has none */
    char split[FACE_NAME];       /* "train", "valid", "test" or "" */
    json_t *fields;              /* manifest keys that the source knows beside those: gender, age, ethnicity, box, landmarks5, yaw, pitch,
                                    roll, attributes {name: value}; owned by the source until the next call; NULL: none */
    const manifest_entry *entry; /* of our own sets, with the line as it stands in their manifest; else NULL */
    const char *line;
    size_t line_length;
} source_image;

/* What the user says of a source; NULL where the row has a default. */
typedef struct source_setting {
    const char *path;                                                             /* folder or file */
    const char *images, *attributes, *identities, *landmarks, *partition, *boxes; /* folder and files of lists, else by their usual names */
    const char *column_image, *column_identity, *column_split;                    /* of tables; else by their usual names */
    const char *column_gender, *column_age, *column_ethnicity;
} source_setting;

/* Which settings a row has a use for; others are refused. */
typedef enum source_taken {
    SOURCE_IMAGES = 1,
    SOURCE_ATTRIBUTES = 2,
    SOURCE_IDENTITIES = 4,
    SOURCE_LANDMARKS = 8,
    SOURCE_PARTITION = 16,
    SOURCE_BOXES = 32,
    SOURCE_COLUMNS = 64
} source_taken;

typedef struct source_row {
    const char *name, *summary;           /* "celeba"; for help: no capital, no full stop */
    unsigned takes;                       /* source_taken */
    bool (*recognises)(const char *path); /* looks at names alone */
    void *(*open)(const source_setting *setting, source_log *log, df_arena *arena, df_error *err);
    bool (*next)(void *state, source_image *out, bool *found, df_error *err);
    void (*close)(void *state); /* what the arena does not free; NULL: nothing */
} source_row;

DF_API const source_row *source_row_at(int index); /* NULL past the end */
DF_API const source_row *source_find(const char *name);

/* The first row that recognises the path; rows stand in the order in which they are asked. */
DF_API const source_row *source_guess(const char *path, df_error *err) DF_CHECKED;

/* "train", "valid" or "test" of the words that lists and folders use (val, validation, training, 0, 1, 2); NULL for others. */
DF_API const char *source_split_name(const char *word);

/* How `diffuse dataset import` makes one of our sets of any source. */
typedef struct import_setting {
    const char *split; /* only images of this one; NULL: all */
    bool link;         /* hard links where the file system can, instead of copies */
    int threads;       /* 0: as many as OpenMP gives */
} import_setting;

typedef struct import_split {
    char name[FACE_NAME]; /* "": of no split */
    int64_t images;
} import_split;

typedef struct import_result {
    int64_t images, identities, unknown; /* unknown: images whose source does not say whose they are */
    int64_t skipped, missing, unlisted;  /* as in source_log */
    import_split splits[SOURCE_SPLITS];  /* [split_count], in the order of appearance */
    int split_count;
} import_result;

/* Makes the data set `out`, which must not exist: made beside under a hidden name and renamed, so that it is whole or not there. Refuses
   sources that a process is writing, an `out` inside the source, and sources without any image that can be read. */
DF_API bool source_import(const source_row *row, const source_setting *source, const import_setting *how, const char *out,
                          const df_progress *progress, import_result *result, df_error *err) DF_CHECKED;

#endif
