/* traits.h: the known traits of a person as the features that the trait law of a model is linear in. For the default model
   they are MakeHuman's own products of hat functions (age, gender, group; gender, age, muscle, weight), so the law is nearly
   exact; see docs/default-model.md. */
#ifndef DF_FACE_TRAITS_H
#define DF_FACE_TRAITS_H

#include "face/face_model.h"

typedef struct traits {
    float gender;                 /* 0 female to 1 male */
    float age;                    /* years, 1 to 90 */
    float weight, muscle;         /* 0 to 1, 0.5 average */
    float group[FACE_MAX_GROUPS]; /* weights, sum 1 */
} traits;

/* features: for group_count G, G * 2 * 4 + 2 * 3 * 3 * 3 numbers; traits_feature_count says how many. */
DF_API int traits_feature_count(int group_count);
DF_API void traits_features(const traits *traits, int group_count, float *features);

#endif
