/* fma_peak.h: what the processor could do at most: the floating-point operations a second of fused multiply-adds of float32 that wait for
   nothing, two an element. Measured now, with the widest vectors that the processor has (AVX-512, AVX2, or plain C elsewhere), since
   clocks differ with load and temperature. Timings of networks are set against it. */
#ifndef DF_NN_FMA_PEAK_H
#define DF_NN_FMA_PEAK_H

#include "base/api.h"

typedef struct nn_fma_peak {
    double rate;              /* operations a second of all threads together */
    const char *instructions; /* "AVX-512", "AVX2" or "plain" */
} nn_fma_peak;

/* With OpenMP's threads, the best of several short tries, so that a busy neighbour matters little. Takes about 0.1 s. */
DF_API nn_fma_peak nn_measure_fma_peak(void);

#endif
