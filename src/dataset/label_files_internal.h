/* label_files_internal.h: a function for each label that is no image; private to label_files.c and those that it calls. */
#ifndef DF_DATASET_LABEL_FILES_INTERNAL_H
#define DF_DATASET_LABEL_FILES_INTERNAL_H

#include "dataset/label_files.h"

bool label_gaze(const label_shot *shot, df_text *out, df_arena *scratch, df_error *err) DF_CHECKED;
bool label_mesh(const label_shot *shot, df_text *out, df_arena *scratch, df_error *err) DF_CHECKED;
bool label_landmarks(const label_shot *shot, df_text *out, df_arena *scratch, df_error *err) DF_CHECKED;

#endif
