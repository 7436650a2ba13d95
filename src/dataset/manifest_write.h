/* manifest_write.h: one image's line of manifest.jsonl (docs/manifest.md lists the fields). The numbers in a line agree with each
   other as they are written: landmarks2d is landmarks3d through camera, computed from the rounded values of both. */
#ifndef DF_DATASET_MANIFEST_WRITE_H
#define DF_DATASET_MANIFEST_WRITE_H

#include "dataset/draw.h"

enum { MANIFEST_PATH = 160 }; /* bytes of "labels/segmentation/ID/0000.png" and shorter */

typedef struct manifest_file {   /* a file of an image; path "" where there is none */
    char path[MANIFEST_PATH];    /* from the data set's folder */
    char sha256[DF_SHA256_TEXT]; /* of the pixels as stored, rows from the top, 16 bit big-endian */
} manifest_file;

typedef struct manifest_shot {
    const face_model *model;
    const person *who;
    uint32_t index;
    const drawn_image *drawn;
    const camera *camera;
    const head_labels *labels;
    bool visible[FACE_LANDMARKS];
    const char *background_name; /* of a folder's image, else NULL */
    manifest_file image, label_files[LABEL_KIND_COUNT];
} manifest_shot;

/* Where the files of an image are: "ID/0007.png" and "labels/KIND/ID/0007.png". */
DF_API void manifest_image_path(char path[MANIFEST_PATH], const char *id, uint32_t index);
DF_API void manifest_label_path(char path[MANIFEST_PATH], label_kind kind, const char *id, uint32_t index);

/* Appends the line with its newline. */
DF_API void manifest_write(const manifest_shot *shot, df_text *out);

#endif
