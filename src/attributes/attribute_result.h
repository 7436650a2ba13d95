/* attribute_result.h: how well H does on a list of images: measures of each attribute (metrics/binary_measures.h), as JSON, and on a page
   with its curves. */
#ifndef DF_ATTRIBUTES_ATTRIBUTE_RESULT_H
#define DF_ATTRIBUTES_ATTRIBUTE_RESULT_H

#include "attributes/attribute_network.h"
#include "base/json.h"
#include "metrics/binary_measures.h"
#include "plot/page.h"

typedef struct attribute_measured {
    int64_t known;                          /* images that can be read and whose truth is known; 0: nothing below is set */
    binary_measures as_trained, calibrated; /* of sigmoid(z), and of the probabilities that the file gives */
} attribute_measured;

typedef struct attribute_result {
    const classifier_form *form; /* borrowed, as the others */
    const sample_list *list;
    const attribute_logits *logits;
    attribute_measured *of; /* [form->count] */
} attribute_result;

/* Lives in the arena. Fails where no attribute of any image is known. */
DF_API bool attribute_measure(const classifier_form *form, const sample_list *list, const attribute_logits *logits, df_arena *arena,
                              attribute_result *out, df_error *err) DF_CHECKED;

/* Mean balanced accuracy over the attributes that have both classes; NaN where none has. */
DF_API double attribute_mean_balanced(const attribute_result *result);

/* Scores of one attribute, of images that can be read and whose truth is known: logits and truths [known] in the arena. */
DF_API bool attribute_column(const attribute_result *result, int column, df_arena *arena, float **logits, bool **truths, size_t *count,
                             df_error *err) DF_CHECKED;

/* A new reference. Numbers that are none are null. */
DF_API json_t *attribute_result_json(const attribute_result *result);

/* Sections of a page: numbers, tables, ROC curves and reliability diagrams. */
DF_API bool attribute_result_page(const attribute_result *result, page *onto, df_error *err) DF_CHECKED;

#endif
