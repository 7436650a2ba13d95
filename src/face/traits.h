/* traits.h: the known traits of a person as the features that the trait law of a model is linear in. For the default model
   they are MakeHuman's own products of hat functions, so the law is nearly exact; see docs/default-model.md.

   The first G * 2 * 4 features are group weight x gender x age, the age by four hats with their tops at traits_age_knots (the
   ages of MakeHuman's child, and of its three skins). The other 54 are gender x age x muscle x weight, age by MakeHuman's child,
   young and old. Either set sums to 1. Ages are held to the first and last knot: outside of them people look as there. */
#ifndef DF_FACE_TRAITS_H
#define DF_FACE_TRAITS_H

#include "face/face_model.h"

enum { TRAITS_AGE_KNOTS = 4 };
DF_API extern const float traits_age_knots[TRAITS_AGE_KNOTS]; /* years, ascending */

typedef struct traits {
    float gender;                 /* 0 female to 1 male */
    float age;                    /* years, 1 to 90 */
    float weight, muscle;         /* 0 to 1, 0.5 average */
    float group[FACE_MAX_GROUPS]; /* weights, sum 1 */
} traits;

/* features: for group_count G, G * 2 * 4 + 2 * 3 * 3 * 3 numbers; traits_feature_count says how many. */
DF_API int traits_feature_count(int group_count);
DF_API void traits_features(const traits *known, int group_count, float *features);

/* The hat functions that features are products of; each set sums to 1. */
DF_API void traits_age_hats(float age, float hats[TRAITS_AGE_KNOTS]);
DF_API void traits_stages(float age, float stages[3]);   /* MakeHuman's child, young, old */
DF_API void traits_levels(float value, float levels[3]); /* MakeHuman's min, average, max of muscle, weight, proportions */

#endif
