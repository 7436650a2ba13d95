/* manifest_skim.h: the few members of manifest lines that counts and histograms need, taken out of the text before it is parsed: most of a
   line is landmarks, matrices and light, and a parser makes an object of each number. About four times as fast as reading whole lines, and in
   return blind to what is wrong in the rest. */
#ifndef DF_DATASET_MANIFEST_SKIM_H
#define DF_DATASET_MANIFEST_SKIM_H

#include "dataset/summary.h"

/* Appends an object of the wanted members of `line`, one JSON object. wanted: NULL-terminated, sorted in no way; "light.strength" is a
   member of an object in it. False where the line is no object as far as that can be seen. */
DF_API bool manifest_skim(const char *line, size_t length, const char *const *wanted, df_text *out) DF_CHECKED;

/* As summary_read, of the wanted members alone. Landmarks are not counted. begins[c]: some identity begins with the byte c. */
DF_API bool manifest_skim_summary(const char *folder, df_arena *arena, const df_progress *progress, const summary **out, bool begins[256],
                                  df_error *err) DF_CHECKED;

#endif
