/* celeba_files.h: where CelebA's lists and images lie: beside each other, in Anno/, Eval/ and Img/ as published, or where the user says. */
#ifndef DF_EXCHANGE_CELEBA_FILES_H
#define DF_EXCHANGE_CELEBA_FILES_H

#include "exchange/celeba_table.h"

/* The path of a list: `given` if not NULL; else NAME.txt or NAME.csv in the root, Anno/ or Eval/; *found false where there is none. */
bool celeba_find_list(const char *root, const char *given, const char *name, char path[SOURCE_PATH], bool *found, df_error *err) DF_CHECKED;

/* Reads the list if there is one. */
bool celeba_read_list(celeba_table *table, celeba_kind kind, celeba_key key, const char *root, const char *given, const char *name,
                      df_error *err) DF_CHECKED;

/* The first of the folders (NULL-terminated, below the root) that is there, or `given`. `shown`: as below the root. Fails without. */
bool celeba_find_images(const char *root, const char *given, const char *const *folders, char path[SOURCE_PATH], char shown[SOURCE_PATH],
                        df_error *err) DF_CHECKED;

#endif
