/* attribute_network.h: H on lists of images: one plan for batches of a fixed size, run as often as wanted. */
#ifndef DF_ATTRIBUTES_ATTRIBUTE_NETWORK_H
#define DF_ATTRIBUTES_ATTRIBUTE_NETWORK_H

#include "attributes/classifier.h"
#include "nets/net_weights.h"

typedef struct attribute_network {
    const classifier_form *form; /* borrowed */
    int batch;
    nn_graph *graph;
    nn_plan *plan;
    nn_node *x, *logits;
    net_weights *weights; /* NULL: another's, bound by whoever made it */
} attribute_network;

/* Without weights yet. Free with attribute_network_free in any case. */
DF_API bool attribute_network_init(attribute_network *network, const classifier_form *form, int batch, df_error *err) DF_CHECKED;

/* Reads and binds the weights of a classifier's file. */
DF_API bool attribute_network_load(attribute_network *network, const char *path, df_error *err) DF_CHECKED;
DF_API void attribute_network_free(attribute_network *network); /* {0} is legal */

/* What came out for a list. */
typedef struct attribute_logits {
    const float *values; /* [count][form->count]; 0 of images that cannot be read */
    const bool *is_read; /* [count] */
    int64_t unreadable;  /* images: named by notes, and left out of everything */
} attribute_logits;

typedef struct attribute_reading {
    int threads; /* that read images; 0: 1 */
    const char *title;
    const df_progress *progress; /* may be NULL */
} attribute_reading;

/* Fails where no image can be read and on a signal. The result lives in the arena. */
DF_API bool attribute_network_run(const attribute_network *network, const sample_list *list, const attribute_reading *how, df_arena *arena,
                                  attribute_logits *out, df_error *err) DF_CHECKED;

#endif
