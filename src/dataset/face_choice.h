/* face_choice.h: some images of a data set, spread over its identities, with what a sheet shows of them. */
#ifndef DF_DATASET_FACE_CHOICE_H
#define DF_DATASET_FACE_CHOICE_H

#include "base/arena.h"
#include "dataset/face_overlay.h"

enum { FACE_CAPTION = 160 };

typedef struct face_chosen {
    char image[MANIFEST_PATH], labels[LABEL_KIND_COUNT][MANIFEST_PATH]; /* "": the image has no such label */
    char caption[FACE_CAPTION], detail[FACE_CAPTION];                   /* "000007/3"; "Asian female, 34" */
    int64_t index;
    face_overlay overlay;
} face_chosen;

typedef struct face_choice {
    face_chosen *list; /* [count] in the manifest's order */
    int count;
    int64_t images, identities, imported; /* of the whole set; imported: images that were not rendered */
} face_choice;

/* At most `count` (above 0) images. With fewer than identities: one each of as many people, from the first to the last; else each person
   gets the same number within 1. Reads the manifest twice as a stream; memory holds the chosen. Fails without images. */
DF_API bool face_choose(const char *folder, int count, uint64_t seed, df_arena *arena, face_choice *out, df_error *err) DF_CHECKED;

#endif
