/* sampler.h: draws people to demanded shares. Person k depends on the seed, the options and k only, never on how many follow.
   Gender is dealt first, within it ethnicity, within that the age bin, each by deal.h; the traits are drawn inside the dealt
   cell, and the coefficients from the model's trait law (mean of the traits plus the residual Gaussian). Every number is
   rounded to what the file shows before anything follows from it. docs/identities.md describes the distributions. */
#ifndef DF_FACE_SAMPLER_H
#define DF_FACE_SAMPLER_H

#include "base/progress.h"
#include "face/deal.h"
#include "face/person.h"

enum { SAMPLER_MAX_BINS = 15, SAMPLER_TRIES = 1000, SAMPLER_YOUNGEST = 1, SAMPLER_OLDEST = 90, SAMPLER_COMPONENTS = 80 };

/* Start from sampler_defaults. A deal of count 0 is not demanded: that trait is drawn anew for each person, and does not divide
   the deals below it. */
typedef struct sampler_options {
    uint64_t seed;
    int64_t count;                        /* 1 or more */
    deal gender;                          /* 2 categories: person_gender */
    deal ethnicity;                       /* the model's groups; one more category: PERSON_MIXTURE, halves of two random groups */
    int age_bins;                         /* 1 .. SAMPLER_MAX_BINS */
    float age_edge[SAMPLER_MAX_BINS + 1]; /* years, ascending; bin b is from edge b up to, without, edge b + 1 */
    deal age;                             /* age_bins categories */
    bool overlap;                         /* soft groups and genders instead of pure ones */
    float variation;                      /* factor on what the traits do not explain */
    float min_distance;                   /* root mean square difference of shape coefficients to everybody before, 0: none */
    bool gaussian; /* the report's BFM-style sampling: coefficients N(0, sigma^2), traits read back by the attribute directions */
    float sigma;
    int components; /* of --gaussian: the first so many of shape and of albedo are drawn, 0 all; the report's faces have 80 */
    float fixed_gender, fixed_age, fixed_weight; /* chosen values, NAN: drawn */
    float fixed_mixture[FACE_MAX_GROUPS];        /* chosen group weights; [0] NAN: drawn */
    const char *include; /* identities.jsonl whose people are used first where the dealt cell fits, ids and all; NULL */
    int64_t take[2];     /* the first so many of each gender out of `include`; -1 all */
} sampler_options;

/* One person, seed 0, pure groups, nothing demanded, ages 18, 30, 45, 60, 76. */
DF_API sampler_options sampler_defaults(void);

/* Draws and writes the file (beside and renamed). Fails where options contradict each other or the model, where an included
   person finds no place, where the distance cannot be kept in SAMPLER_TRIES draws, and after a signal. */
DF_API bool sampler_run(const face_model *model, const sampler_options *options, const char *out, const df_progress *progress,
                        df_error *err) DF_CHECKED;

#endif
