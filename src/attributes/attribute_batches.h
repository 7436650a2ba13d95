/* attribute_batches.h: batches for H's loss: a loader's images and labels, and beside them how much each label counts: nothing where it is
   not known, and, where classes are to be in balance, each class of an attribute as much as the other, whatever its share of the list. */
#ifndef DF_ATTRIBUTES_ATTRIBUTE_BATCHES_H
#define DF_ATTRIBUTES_ATTRIBUTE_BATCHES_H

#include "feed/loader.h"

typedef struct attribute_batches {
    batches from; /* of a loader with outputs images, labels, known */
    int batch, columns;
    float *yes, *no; /* [columns] what a label of either class counts */
    float *counts;   /* [batch][columns] of the batch */
    const float *arrays[3];
} attribute_batches;

/* is_weighted: classes in balance; the list then has both of each attribute. Memory is the arena's. The counts of a batch add up to about
   1: a loss is the sum of counts times losses. */
DF_API bool attribute_batches_init(attribute_batches *b, const sample_list *list, batches from, int batch, bool is_weighted,
                                   df_arena *arena, df_error *err) DF_CHECKED;

/* images, labels, counts. Borrows `b`. */
DF_API batches attribute_batches_of(attribute_batches *b);

#endif
