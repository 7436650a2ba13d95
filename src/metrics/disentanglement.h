/* disentanglement.h: how well single elements of a code stand for single factors.

   DCI: disentanglement and completeness of a matrix of importances (Eastwood and Williams, "A framework for the quantitative evaluation of
   disentangled representations", ICLR 2018, section 2; completeness is the plain mean over factors, as their code has it).
   MIG: the mutual information gap (Chen et al. 2018, arXiv 1802.04942), codes in 20 equal bins from smallest to largest.
   SAP: the separated attribute predictability score (Kumar et al. 2018, arXiv 1711.00848), by squared correlation of code and factor.
   All sums in double. 1 is the best of each, 0 the worst. */
#ifndef DF_METRICS_DISENTANGLEMENT_H
#define DF_METRICS_DISENTANGLEMENT_H

#include "tensor/tensor.h"

typedef struct disentanglement_dci {
    double disentanglement, completeness;
} disentanglement_dci;

/* importance: (codes, factors), each side 2 or more, finite, not negative, not all zero; else it fails with a sentence that names the
   element. A code without importance counts for nothing, a factor without importance as completeness 0. */
DF_API bool disentanglement_of_importance(const tensor *importance, df_arena *arena, disentanglement_dci *out, df_error *err) DF_CHECKED;

typedef struct disentanglement_gap {
    double mig, sap;
} disentanglement_gap;

/* codes: (n, D) real, factors: (n, K) integers; n and D 2 or more. Fails where they do not fit, on what is not finite, and on a factor
   that has one value alone, whose entropy is 0. Memory: a number for each sample, and for each bin and value of a factor. */
DF_API bool disentanglement_of_codes(const tensor *codes, const tensor *factors, df_arena *arena, disentanglement_gap *out,
                                     df_error *err) DF_CHECKED;

#endif
