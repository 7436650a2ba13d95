/* background_set.h: a folder of background images as a job knows it: by one hash. */
#ifndef DF_DATASET_BACKGROUND_SET_H
#define DF_DATASET_BACKGROUND_SET_H

#include "base/sha256.h"
#include "render/background.h"

/* The hash is of names and sizes: whoever changes an image without either is not noticed. Lives in `arena`; NULL with a sentence. */
DF_API background_folder *background_set_open(const char *folder, char sha256[DF_SHA256_TEXT], df_arena *arena, df_error *err) DF_CHECKED;

#endif
