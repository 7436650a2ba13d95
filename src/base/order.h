/* order.h: comparisons for qsort. */
#ifndef DF_BASE_ORDER_H
#define DF_BASE_ORDER_H

/* Of two numbers that are no NaN; the smaller first. */
int df_by_double(const void *a, const void *b);
int df_by_float(const void *a, const void *b);

#endif
