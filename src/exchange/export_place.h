/* export_place.h: where an export is written until it is whole. Beside `out` stands a hidden folder `.NAME.part` that one process at a
   time holds locked; in it grows what becomes `out` by a rename. What a killed run left in it goes away with the next one. An export
   that resumes grows in `out` itself, under the same lock, and stays after a failure. */
#ifndef DF_EXCHANGE_EXPORT_PLACE_H
#define DF_EXCHANGE_EXPORT_PLACE_H

#include "dataset/journal.h"
#include "exchange/exporter.h"

typedef struct export_place {
    char out[DATASET_PATH], part[DATASET_PATH]; /* part "": none, the export resumes */
    char place[DATASET_PATH];                   /* where the format writes */
    int lock;                                   /* of part, or of out */
} export_place;

/* Refuses an `out` inside the set, and one that is there, unless it is a folder and the row resumes. The folder above is made where
   it is missing. Nothing to close after a failure. */
bool export_place_open(const export_row *row, const char *set, const char *out, export_place *place, df_error *err) DF_CHECKED;

/* Gives what was written its name; on failure it is still to be abandoned. */
bool export_place_commit(export_place *place, df_error *err) DF_CHECKED;
void export_place_abandon(export_place *place); /* after a commit only the hidden folder goes */

#endif
