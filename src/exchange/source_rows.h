/* source_rows.h: the formats of source.c's table, one file each. */
#ifndef DF_EXCHANGE_SOURCE_ROWS_H
#define DF_EXCHANGE_SOURCE_ROWS_H

#include "base/file.h"
#include "exchange/source.h"

extern const source_row source_manifest; /* our own sets */
extern const source_row source_folder;   /* a folder per identity, or of images */
extern const source_row source_celeba;
extern const source_row source_celebahq;
extern const source_row source_csv;

/* By its ending in any case: .png, .jpg, .jpeg, and those of other formats of images, which cannot be read but must be named. */
bool source_is_image_name(const char *name);

/* Whether `folder` has something named so. */
bool source_has(const char *folder, const char *name);

#endif
