/* set_place.h: where a new folder grows until it is whole: hidden, beside the name that it gets in the end. */
#ifndef DF_DATASET_SET_PLACE_H
#define DF_DATASET_SET_PLACE_H

#include "dataset/journal.h"

typedef struct set_place {
    char out[DATASET_PATH], path[DATASET_PATH]; /* path: write here; "": nothing is there (any more) */
} set_place;

/* Fails where `out` exists. Folders above it are made. */
DF_API bool set_place_open(const char *out, set_place *place, df_error *err) DF_CHECKED;
DF_API bool set_place_keep(set_place *place, df_error *err) DF_CHECKED; /* gives it its name; on failure it is still there */
DF_API void set_place_drop(set_place *place);                           /* removes what is there; {0} is legal */

#endif
