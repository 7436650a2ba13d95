/* image_maker.h: one image of one person, from its draws to its files and its manifest line. A maker belongs to one thread and
   keeps what can be kept between images; an image's bytes do not depend on which maker made it. */
#ifndef DF_DATASET_IMAGE_MAKER_H
#define DF_DATASET_IMAGE_MAKER_H

#include "dataset/draw.h"
#include "dataset/manifest_write.h"
#include "dataset/stamp.h"

/* Where the time goes. */
typedef enum maker_stage {
    STAGE_IDENTITY, /* face, albedo and parts of a person; folders */
    STAGE_GEOMETRY, /* expression, pose, normals, landmarks */
    STAGE_BACKGROUND,
    STAGE_DRAW,
    STAGE_SENSOR,
    STAGE_LABELS, /* planes to images */
    STAGE_HASH,
    STAGE_PNG,
    STAGE_FILES,
    STAGE_MANIFEST,
    STAGE_COUNT
} maker_stage;
DF_API extern const char *const maker_stage_names[STAGE_COUNT];

/* Takes the bytes of a file that was made: k 0 the image, else label kind k - 1. They live until it returns. May be called by
   several threads at a time. */
typedef bool maker_sink(void *user, const person *who, int k, const manifest_file *file, df_bytes bytes, df_error *err);

/* What becomes of an image's own file; labels are always made. */
typedef enum maker_image { MAKER_IMAGE_FILE, MAKER_IMAGE_HASH } maker_image;

/* Borrowed by all makers. */
typedef struct maker_setting {
    const render_job *job;
    const face_model *model;
    const background_folder *backgrounds; /* NULL: procedural */
    const char *folder;                   /* of the data set */
    stamp stamp;                          /* of the job (stamp_init) */
    maker_image image;                    /* MAKER_IMAGE_HASH: only its hash is made, for the line */
    maker_sink *sink;                     /* NULL: files are written below the folder */
    void *sink_user;
} maker_setting;

typedef struct image_maker image_maker;
DF_API image_maker *image_maker_new(const maker_setting *setting, df_error *err) DF_CHECKED;
DF_API void image_maker_free(image_maker *maker); /* NULL is legal */

/* Makes ID/ and labels/KIND/ID/ below the data set's folder, and clears what a killed run left in them. */
DF_API bool image_maker_folders(const maker_setting *setting, const char *id, df_error *err) DF_CHECKED;

/* Draws, gives the files away, appends the manifest line to `line`. labels: comes with the labels that the image has already and that
   the job does not ask for (path "" elsewhere); they stand in the line too. It leaves with all. */
DF_API bool image_maker_make(image_maker *maker, const head_identity *identity, const person *who, uint32_t index,
                             manifest_file labels[LABEL_KIND_COUNT], df_text *line, df_error *err) DF_CHECKED;

/* Seconds by stage since the maker was made; the identity's stage is added by whoever prepares it. */
DF_API double *image_maker_seconds(image_maker *maker); /* [STAGE_COUNT] */

#endif
