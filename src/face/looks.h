/* looks.h: hair, brows, beard, lashes and irises that suit a person, out of what the model has. Tables of weights by gender, age
   and group are in looks.c with their sources; a part that they do not know has a weight of its own kind's usual. Looks are
   dressing: nothing in shape or albedo depends on them. */
#ifndef DF_FACE_LOOKS_H
#define DF_FACE_LOOKS_H

#include "base/random.h"
#include "face/person.h"

/* Draws. Who's gender, age and mixture are known. A model without parts of a kind gives "none". */
DF_API void looks_draw(const face_model *model, const person *who, df_random *random, person_looks *out);

/* The likeliest ones: what a person has about whom the file is silent. */
DF_API void looks_likeliest(const face_model *model, const person *who, person_looks *out);

/* The texture of an iris is called IRIS_PREFIX NAME. */
#define LOOKS_IRIS_PREFIX "iris-"
DF_API bool looks_has_iris(const face_model *model, const char *name);

#endif
