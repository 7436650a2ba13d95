/* pca.h: principal components of few samples with many numbers each, by the Gram matrix of the samples (n x n instead of
   d x d) and its leading eigenvectors, found by subspace iteration with Rayleigh-Ritz (G. H. Golub, C. F. Van Loan, "Matrix
   Computations", section 8.2). The arithmetic is BLAS's: results may differ in the last digits between processors. */
#ifndef DF_FACE_PCA_H
#define DF_FACE_PCA_H

#include "base/arena.h"

typedef struct pca {
    int samples, count;  /* n; components found */
    float *coefficients; /* [n][count] of the samples, mean 0, variance 1, uncorrelated */
    float *variance;     /* [looked_at] descending; the first `count` are the components' */
    int looked_at;       /* leading variances that were found: count or more */
    double total;        /* variance of all */
} pca;

/* rows [n][stride], of which the first d columns count: minus their mean they are the samples. count < n. */
DF_API bool pca_fit(const float *rows, int n, int d, int stride, int count, df_arena *arena, pca *out, df_error *err) DF_CHECKED;

/* rows minus `mean`, in place; the mean [stride] over the n rows is an output, summed in double. */
DF_API void pca_centre(float *rows, int n, int stride, float *mean);

/* components [count][stride] in units of one standard deviation: those of the columns that were not used in the fit follow from
   the same coefficients. rows are centred. */
DF_API void pca_components(const pca *fit, const float *rows, int stride, float *components);

/* How many leading components hold `share` of the variance; looked_at + 1 if that many do not. */
DF_API int pca_meaningful(const pca *fit, double share);

/* Share of the variance that the first `count` hold. */
DF_API float pca_share(const pca *fit, int count);

#endif
