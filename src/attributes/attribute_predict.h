/* attribute_predict.h: what H says of each image of a data set, as a table or in a copy of its manifest. */
#ifndef DF_ATTRIBUTES_ATTRIBUTE_PREDICT_H
#define DF_ATTRIBUTES_ATTRIBUTE_PREDICT_H

#include "attributes/attribute_data.h"
#include "attributes/attribute_network.h"

/* CSV with a header: image (the file's path as the list has it), identity, then for each attribute the probability of yes with six decimals
   and, as NAME_answer, 1 or 0. Images that cannot be read have empty fields. */
DF_API bool attribute_predict_csv(const classifier_form *form, const sample_list *list, const attribute_logits *logits, const char *path,
                                  df_error *err) DF_CHECKED;

/* The lines of one of our own sets with a key "predicted" at their end: {"male": 0.98, ...}, null for images that cannot be read. `list` is of
   all images of the same set. Refuses a line that has that key, and other sources. */
DF_API bool attribute_predict_manifest(const attribute_source *source, const classifier_form *form, const sample_list *list,
                                       const attribute_logits *logits, const char *path, df_error *err) DF_CHECKED;

#endif
