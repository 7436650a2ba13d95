/* croissant.h: names that writer and checker of croissant.json share, and the checker: whether a file is a Croissant 1.1 description with
   what the specification requires (mlcommons.org/croissant/1.1, published 2026-01-29, and RAI 1.0), whoever wrote it. It is a stranger's. */
#ifndef DF_DATASET_CROISSANT_H
#define DF_DATASET_CROISSANT_H

#include "base/file.h"
#include "base/json.h"

#define CROISSANT_CONFORMS "http://mlcommons.org/croissant/1.1"
#define CROISSANT_RAI_CONFORMS "http://mlcommons.org/croissant/RAI/1.0"

/* "YYYY-MM-DD" that a calendar could have, as a date of its own or before a time ("T..."). */
DF_API bool croissant_is_date(const char *text);

/* One sentence for each thing that is wrong, "PLACE: what, expected what". */
typedef void croissant_problem(void *user, const char *sentence);

/* Checks a description; returns how many problems were reported. */
DF_API int croissant_check(const json_t *root, croissant_problem *problem, void *user);

/* The same of a file. beside: look for the files that it names by paths, which lie beside it, and compare size and SHA-256. Fails where
   it cannot be read or is no JSON. */
typedef enum croissant_files { CROISSANT_ALONE, CROISSANT_BESIDE } croissant_files;
DF_API bool croissant_check_file(const char *path, croissant_files beside, croissant_problem *problem, void *user, int *problems,
                                 df_error *err) DF_CHECKED;

#endif
