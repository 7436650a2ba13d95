/* identification.h: 1:N search. Everybody in the gallery has one image or several; a probe is looked for among them. Its rank is the
   number of gallery people who score as high as its own person or higher, itself counted: ties count against. CMC(k): share of
   probes of rank k or better; rank-1 is CMC(1) (closed set, ISO/IEC 19795-1). A person's score is that of their best image. */
#ifndef DF_METRICS_IDENTIFICATION_H
#define DF_METRICS_IDENTIFICATION_H

#include "metrics/identity_bootstrap.h"

enum { IDENTIFICATION_RANKS = 20 };

typedef struct identification {
    int64_t gallery, probes;          /* people; images */
    double cmc[IDENTIFICATION_RANKS]; /* of rank 1, 2, ... */
    interval rank1;                   /* by people, as identity_bootstrap.h */
} identification;

/* The first image of each person (by row of the file) is the gallery, all further ones are probes. Without a probe `probes` is 0. */
DF_API bool identification_measure(const embedding_set *set, const bootstrap_setting *how, df_arena *arena, identification *out,
                                   df_error *err) DF_CHECKED;

#endif
