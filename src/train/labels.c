/* labels.c: one pass over the labels. */
#include "train/labels.h"

#include <math.h>

bool labels_check_range(const float *labels, size_t count, int64_t classes, df_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!(labels[i] >= 0 && labels[i] < (float)classes && floorf(labels[i]) == labels[i]))
            return df_fail(err, "sample %zu has label %g, expected a whole number from 0 to %lld", i, (double)labels[i],
                           (long long)classes - 1);
    return true;
}

bool labels_check(const float *labels, size_t count, int64_t classes, df_error *err)
{
    if (count < 2)
        return df_fail(err, "%zu sample%s, expected two or more", count, count == 1 ? "" : "s");
    if (!labels_check_range(labels, count, classes, err))
        return false;
    for (size_t i = 1; i < count; i++)
        if (labels[i] != labels[0])
            return true;
    return df_fail(err, "all %zu samples have label %g, so there is nothing to learn", count, (double)labels[0]);
}
