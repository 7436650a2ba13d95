/* labels.h: labels that cannot teach anything, found before a training starts. */
#ifndef DF_TRAIN_LABELS_H
#define DF_TRAIN_LABELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Labels of a whole set: whole numbers 0 .. classes - 1. Fails on fewer than two samples, on a number that is none of these (the sentence
   names the sample) and where all samples are of one class. */
DF_API bool labels_check(const float *labels, size_t count, int64_t classes, df_error *err) DF_CHECKED;

/* Of one batch: the range alone. A batch may hold one class. */
DF_API bool labels_check_range(const float *labels, size_t count, int64_t classes, df_error *err) DF_CHECKED;

#endif
