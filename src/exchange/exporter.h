/* exporter.h: data sets in the forms that trainers and annotators read. A format is one row of the table and one file
   `export_NAME.c`; it is given one image after the other in the manifest's order and writes as it goes: memory does not grow with
   the set. docs/export-datasets.md describes what each writes. */
#ifndef DF_EXCHANGE_EXPORTER_H
#define DF_EXCHANGE_EXPORTER_H

#include "base/progress.h"
#include "dataset/manifest_read.h"
#include "image/png.h"

/* One image as the formats get it. Everything is borrowed until the next image. */
typedef struct export_sample export_sample;
DF_API const manifest_entry *export_sample_entry(const export_sample *sample);
DF_API const json_t *export_sample_json(const export_sample *sample);               /* the whole line */
DF_API const char *export_sample_text(const export_sample *sample, size_t *length); /* the same as it stands in the manifest */
DF_API int64_t export_sample_number(const export_sample *sample);                   /* of the image in this export, from 0 */
DF_API int64_t export_sample_person(const export_sample *sample); /* of its identity in this export, from 0 in order of appearance */

/* The image's file as it is, and its decoded pixels; read when first asked for. export_sample_ending: ".png" or ".jpg", by content. */
DF_API bool export_sample_file(export_sample *sample, df_bytes *out, df_error *err) DF_CHECKED;
DF_API bool export_sample_ending(export_sample *sample, const char **out, df_error *err) DF_CHECKED;
DF_API bool export_sample_pixels(export_sample *sample, image *out, df_error *err) DF_CHECKED;

/* The pixels as PNG with so many channels (1, 3, or 0: as the image has them), 8 bit, and size x size unless size is 0; the file itself
   where it is that already. What is not square is cut to its middle square before it is resized. */
DF_API bool export_sample_png(export_sample *sample, int channels, int size, df_bytes *out, df_error *err) DF_CHECKED;

/* As it is (size 0), or as PNG of that size; *ending says which. */
DF_API bool export_sample_image(export_sample *sample, int size, df_bytes *out, const char **ending, df_error *err) DF_CHECKED;

/* Another file of the set, of a label say, by its path in the manifest. */
DF_API bool export_sample_read(export_sample *sample, const char *path, df_bytes *out, df_error *err) DF_CHECKED;

/* For a format's `put`: the image is of no use to it. It is counted as left out. */
DF_API void export_sample_leave_out(export_sample *sample);

/* Scratch memory that is emptied before each image. */
DF_API df_arena *export_sample_scratch(const export_sample *sample);

/* What is known of the set before the first image, from a pass over its manifest: no image came twice, the order is right, and
   identities are safe as names of files. Images of another split are not counted. */
typedef struct export_set {
    const char *folder; /* of the set */
    int64_t images, identities;
    int width, height, channels; /* of the first image */
    bool is_uniform;             /* all images have that form */
} export_set;

/* What the user asks of a format; a format that has no use for a setting is refused by the table's `takes`. */
typedef enum export_taken {
    EXPORT_SIZE = 1,
    EXPORT_PAIRS = 2,
    EXPORT_SHARD = 4,
    EXPORT_SPLIT = 8,
    EXPORT_SEED = 16,
    EXPORT_LANDMARKS = 32
} export_taken;

typedef struct export_setting {
    const char *out;      /* folder or file to make */
    const char *split;    /* only images of this split; NULL: all */
    int size;             /* of images, 0: as they are */
    int64_t pairs;        /* of each kind, of the formats that hold pairs */
    int64_t shard_images; /* of formats in several files */
    uint64_t seed;
    bool landmarks; /* all points of a face, in forms that may leave them out */
} export_setting;

/* What a format may use while it works: the arena lives as long as the export. `place` is where it writes: a folder or file that
   does not exist yet; the driver renames it to `out` when all is there and removes it after a failure. A row that resumes writes
   into `out` itself, a folder that is there. */
typedef struct export_context {
    const export_set *set;
    const export_setting *setting;
    const char *place;
    df_arena *arena;
    const df_progress *progress;
} export_context;

typedef enum export_form { EXPORT_FOLDER, EXPORT_FILE } export_form;

typedef struct export_row {
    const char *name;    /* "coco" */
    const char *summary; /* for help: no capital, no full stop */
    export_form form;    /* what `out` is */
    unsigned takes;      /* export_taken */
    bool resumes;        /* finished parts of an earlier run in `out` stay: the format itself writes parts whole and renames them */
    void *(*open)(const export_context *context, df_error *err); /* the state, in the context's arena */
    bool (*put)(void *state, export_sample *sample, df_error *err);
    bool (*finish)(void *state, df_error *err);
    void (*close)(void *state); /* after finish or a failure: what the arena does not free */
} export_row;

DF_API const export_row *export_row_at(int index); /* NULL past the end */
DF_API const export_row *export_find(const char *name);

typedef struct export_result {
    int64_t images, identities, left_out; /* left out: not of the split, or of no use to the format */
    double seconds;
} export_result;

/* Refuses a set that another process is writing (dataset/set_folder.h), an `out` that exists (unless the row resumes), and an `out`
   inside the set. */
DF_API bool export_dataset(const export_row *row, const char *folder, const export_setting *setting, const df_progress *progress,
                           export_result *out, df_error *err) DF_CHECKED;

#endif
