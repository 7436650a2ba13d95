/* leak_gallery.h: what the leak test knows of every image of a set: the hash of its pixels, its perceptual hash, and its feature
   (likeness.h). Memory holds some 60 bytes an image and its name; features, 4 bytes a number, lie in a file without a name in $TMPDIR
   (else /var/tmp) and come back in blocks. */
#ifndef DF_DATASET_LEAK_GALLERY_H
#define DF_DATASET_LEAK_GALLERY_H

#include "base/progress.h"
#include "base/spool.h"
#include "base/text.h"
#include "dataset/leak_set.h"
#include "dataset/phash.h"

typedef enum leak_crop { LEAK_WHOLE, LEAK_BOX } leak_crop;

typedef struct leak_record {
    uint64_t pixels[2]; /* the first 128 bits of pixel_hash */
    uint64_t identity;
    phash look;
    size_t name; /* where it begins in the gallery's names */
} leak_record;

typedef struct leak_gallery {
    const char *folder; /* borrowed */
    int64_t count, skipped;
    df_text records, names; /* leak_gallery_record, leak_gallery_name */
    df_spool *features;     /* [count][length] float */
    unsigned chosen;        /* of likeness.h's table */
    int length;
    int64_t identities; /* 2 stands for more too */
} leak_gallery;

typedef struct leak_view { /* how images are looked at */
    leak_crop crop;
    unsigned features; /* bits of likeness.h's table */
    int threads;       /* 0: as many as OpenMP gives */
} leak_view;

/* Reads the whole set. Files that are no images are skipped, each named by a note; with LEAK_BOX an image without a box is an error.
   Fails without images. The gallery must be {0} or freed before. */
DF_API bool leak_gallery_read(const char *folder, const leak_view *view, const df_progress *progress, leak_gallery *out,
                              df_error *err) DF_CHECKED;
DF_API void leak_gallery_free(leak_gallery *gallery);

DF_API const leak_record *leak_gallery_record(const leak_gallery *gallery, int64_t i);
DF_API const char *leak_gallery_name(const leak_gallery *gallery, int64_t i);

/* The features of images first to first + count - 1. out: [count][length] */
DF_API bool leak_gallery_features(const leak_gallery *gallery, int64_t first, int64_t count, float *out, df_error *err) DF_CHECKED;

#endif
