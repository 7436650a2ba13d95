/* makehuman_macro.h: MakeHuman's macro parameters: a person's gender, age, group, muscle, weight and proportions as weights of
   the targets below macrodetails/. The weight of such a target is the product of the factors in its name. */
#ifndef DF_FACE_MAKEHUMAN_MACRO_H
#define DF_FACE_MAKEHUMAN_MACRO_H

#include "face/makehuman_targets.h"
#include "face/traits.h"

enum { MAKEHUMAN_GROUPS = 3, MAKEHUMAN_SKIN_AGES = 3, MAKEHUMAN_MACROS = 18 + 54 + 108 };

/* In the order of traits.group. */
DF_API extern const char *const makehuman_group_names[MAKEHUMAN_GROUPS];   /* "African", ... */
DF_API extern const char *const makehuman_group_folders[MAKEHUMAN_GROUPS]; /* "african", ... in names of targets and skins */
DF_API extern const char *const makehuman_gender_names[2];                 /* "female", "male" */

/* Rows of all macro targets but those of babies and of body height. */
DF_API bool makehuman_macro_rows(const makehuman_targets *targets, int rows[MAKEHUMAN_MACROS], df_error *err) DF_CHECKED;

/* Their weights for a person. `proportions`: 0 uncommon to 1 ideal. */
DF_API void makehuman_macro_weights(const traits *known, float proportions, float weights[MAKEHUMAN_MACROS]);

#endif
