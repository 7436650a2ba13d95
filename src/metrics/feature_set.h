/* feature_set.h: a set of samples as a distance sees it: `count` rows of `dims` features, or nothing but their mean and covariance. Rows
   lie in a mapped file or in a spool on the disk and are read where they are needed, so that memory does not grow with them. */
#ifndef DF_METRICS_FEATURE_SET_H
#define DF_METRICS_FEATURE_SET_H

#include "base/spool.h"
#include "tensor/tensor.h"

enum { FEATURE_MAX_DIMS = 16384 }; /* a covariance of them is 2 GiB */

typedef struct feature_set {
    const char *path; /* for sentences */
    int64_t count;    /* of rows; 0: only mu and sigma are known */
    int dims;
    const tensor *table;      /* [count][dims], float32 or float64; NULL: in the spool */
    df_spool *spool;          /* float32 [count][dims] */
    const double *mu, *sigma; /* [dims], [dims][dims] where there are no rows */
    df_bytes file;            /* mapped */
} feature_set;

/* An npz file with `features` (n, d), or with `mu` (d) and `sigma` (d, d) as pytorch-fid and clean-fid write them. Refuses what is not
   finite, fewer than 2 rows, and a sigma that is no covariance: not symmetric, or less than 0 on its diagonal. What is small lives in
   the arena. */
DF_API bool feature_set_open(const char *path, df_arena *arena, feature_set *out, df_error *err) DF_CHECKED;

/* The same of an archive's bytes, which must outlive the set; out->path is not set. */
DF_API bool feature_set_parse(df_bytes bytes, df_arena *arena, feature_set *out, df_error *err) DF_CHECKED;
DF_API void feature_set_close(feature_set *set); /* file and spool */

/* A choice of rows: order[0 .. count - 1] of a set, or its first `count` where order is NULL. A view. */
typedef struct feature_rows {
    const feature_set *set;
    const int64_t *order;
    int64_t count;
} feature_rows;

DF_API feature_rows feature_rows_all(const feature_set *set);

/* Rows first .. first + count - 1 of the choice, to out [count][dims]. */
DF_API bool feature_rows_read(const feature_rows *rows, int64_t first, int64_t count, double *out, df_error *err) DF_CHECKED;

#endif
