/* set_maker.h: a new data set of images that other sets have. It is made in a hidden folder beside its place and renamed when all is
   there, so a failure leaves nothing. */
#ifndef DF_DATASET_SET_MAKER_H
#define DF_DATASET_SET_MAKER_H

#include "dataset/derived.h"
#include "dataset/manifest_read.h"

typedef enum set_maker_files { SET_LINKED, SET_COPIED } set_maker_files; /* hard links where there can be any, else copies; or copies */

typedef struct set_maker set_maker;

/* Fails where `out` exists. Folders above it are made. */
DF_API set_maker *set_maker_open(const char *out, set_maker_files files, df_error *err) DF_CHECKED;

/* An image with its labels, and its line, without a newline. identity NULL: paths and line stay as they are. Else the image goes to
   that identity's folders and the line is edited to say so, with the former id in "renamed_from". */
DF_API bool set_maker_add(set_maker *maker, const char *folder, const manifest_entry *entry, const char *identity, const char *line,
                          size_t length, df_error *err) DF_CHECKED;

DF_API int64_t set_maker_images(const set_maker *maker);

/* Writes the manifest and derived.json and gives the set its name; frees the maker, also on failure. A set without images fails. */
DF_API bool set_maker_finish(set_maker *maker, const derivation *from, const char *made_by, const char *how, df_error *err) DF_CHECKED;
DF_API void set_maker_abandon(set_maker *maker); /* removes what was made; NULL is legal */

#endif
