/* set_remove.h: takes away what a data set consists of, and nothing else. */
#ifndef DF_DATASET_SET_REMOVE_H
#define DF_DATASET_SET_REMOVE_H

#include "base/api.h"
#include "base/error.h"

/* manifest.jsonl; files named as images (digits and ".png") in the folders at the top, as labels in labels/KIND/ID; folders that are
   empty then. Other files stay, links are not followed. The copy of the identities stays too: it may be what the next run reads,
   which puts its own over it. */
bool set_remove(const char *path, df_error *err) DF_CHECKED;

/* What killed runs left in one folder: hidden files that end in ".tmp". Errors are ignored. */
void set_remove_leftovers(const char *path);

#endif
