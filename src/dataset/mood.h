/* mood.h: expressions as people have them: a mood is a few units that go together, left and right nearly alike, and eyes that
   blink now and then. Units are found by name; a model that knows none of the names gets a few of its units at random. */
#ifndef DF_DATASET_MOOD_H
#define DF_DATASET_MOOD_H

#include "base/random.h"
#include "face/face_model.h"

/* weights [model->expression_count], 0 to strength. Takes the same numbers from `random` whatever comes out. */
DF_API void mood_draw(const face_model *model, float strength, df_random *random, float *weights);

#endif
