/* sampler.h: draws people to demanded shares. Person k depends on the seed, the options and k only, never on how many follow.
   Gender is dealt first, within it ethnicity, within that the age bin, each by deal.h; the traits are drawn inside the dealt
   cell, and the coefficients from the model's trait law (mean of the traits plus the residual Gaussian). */
#ifndef DF_FACE_SAMPLER_H
#define DF_FACE_SAMPLER_H

#include "base/progress.h"
#include "face/deal.h"
#include "face/person.h"

enum { SAMPLER_MAX_BINS = 15 };

typedef struct sampler_options {
    uint64_t seed;
    int64_t count;
    deal gender;                 /* categories: person_gender */
    deal ethnicity;              /* the model's groups, then (if share_mixture) "mixture" */
    int age_bins;                /* 1 .. SAMPLER_MAX_BINS */
    float age_edge[SAMPLER_MAX_BINS + 1]; /* years, ascending, 1 to 90 */
    deal age;
    bool overlap;                /* soft groups and genders instead of pure ones */
    float min_distance;          /* root mean square difference of shape coefficients to every earlier person, 0: none */
    bool gaussian;               /* the report's BFM-style sampling: coefficients N(0, sigma^2), traits read back by the attribute directions */
    float sigma;
    float fixed_gender, fixed_weight; /* chosen values, NAN: drawn */
    float fixed_mixture[FACE_MAX_GROUPS]; /* chosen group weights; [0] NAN: drawn */
    const char *include;         /* identities.jsonl whose people are used first where the dealt cell fits, ids and all; NULL */
    int64_t take[2];             /* at most so many of each gender out of `include`; -1 all */
} sampler_options;

/* Draws and writes the file (beside and renamed). */
DF_API bool sampler_run(const face_model *model, const sampler_options *options, const char *out, const df_progress *progress, df_error *err) DF_CHECKED;

#endif
