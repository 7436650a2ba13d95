/* set_place.h: where a new folder grows until it is whole: beside the name that it gets in the end stands a hidden folder `.NAME.part` that
   one process at a time holds locked, in it the new one. What a killed run left there goes away with the next one. */
#ifndef DF_DATASET_SET_PLACE_H
#define DF_DATASET_SET_PLACE_H

#include "dataset/journal.h"

typedef struct set_place {
    char out[DATASET_PATH], path[DATASET_PATH]; /* path: write here; "": nothing is there (any more) */
    char part[DATASET_PATH];                    /* the hidden folder */
    int lock;                                   /* of it */
} set_place;

/* Fails where `out` exists and while another process makes it. Folders above it are made. */
DF_API bool set_place_open(const char *out, set_place *place, df_error *err) DF_CHECKED;
DF_API bool set_place_keep(set_place *place, df_error *err) DF_CHECKED; /* gives it its name; set_place_drop comes after it too */
DF_API void set_place_drop(set_place *place);                           /* removes what is there yet; {0} is legal */

#endif
