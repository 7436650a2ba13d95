/* leak_set.h: the images of a folder one after the other, whatever it is: a data set with a manifest of either kind (its images in the
   manifest's order), or plain folders of PNG and JPEG files (by name, at most LEAK_SET_DEPTH folders deep, links to folders not
   followed; an image's identity is the path of its folder). Other files are passed over. */
#ifndef DF_DATASET_LEAK_SET_H
#define DF_DATASET_LEAK_SET_H

#include <stdint.h>

#include "dataset/journal.h"

enum { LEAK_SET_DEPTH = 8 };

typedef struct leak_image {
    char name[DATASET_PATH]; /* from the folder */
    uint64_t identity;       /* key of its name; images of one person have the same */
    bool has_box;
    float box[4]; /* x, y, width, height in pixels */
} leak_image;

typedef struct leak_set leak_set;
DF_API leak_set *leak_set_open(const char *folder, df_error *err) DF_CHECKED;
DF_API bool leak_set_next(leak_set *set, leak_image *out, bool *found, df_error *err) DF_CHECKED;
DF_API void leak_set_close(leak_set *set); /* NULL is legal */

#endif
