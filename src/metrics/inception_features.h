/* inception_features.h: an Inception-v3 made ready for distances: pictures of 299 x 299 to 2048 features. Either pytorch-fid's network
   with weights of its form, or Keras' with those of nsfwjs, a stand-in whose distances compare with none that was published. */
#ifndef DF_METRICS_INCEPTION_FEATURES_H
#define DF_METRICS_INCEPTION_FEATURES_H

#include "base/sha256.h"
#include "metrics/inception_resize.h"

enum { INCEPTION_FEATURES = 2048, INCEPTION_BATCH = 8 };

typedef enum inception_network { INCEPTION_PYTORCH_FID, INCEPTION_KERAS_NSFWJS } inception_network;

typedef struct inception_choice {
    inception_network network;
    const char *weights; /* a file of any kind, or rule:PREFIX */
    inception_filter filter;
} inception_choice;

typedef struct inception inception;
DF_API inception *inception_open(const inception_choice *choice, df_error *err) DF_CHECKED;
DF_API void inception_close(inception *net); /* NULL is legal */

/* Where picture `index` of the next batch is to be put: [3][299][299] as inception_resize makes it. */
DF_API float *inception_place(inception *net, int index);

/* The features of the first `count` (1 .. INCEPTION_BATCH), [count][INCEPTION_FEATURES] until the next call. Places may be overwritten. */
DF_API const float *inception_run(inception *net, int count, df_error *err) DF_CHECKED;

/* For output: what the features are, in a few words, and the weight file's hash ("" for a rule). */
DF_API const char *inception_words(const inception *net);
DF_API const char *inception_hash(const inception *net);

/* Whether the weights are the file that pytorch-fid publishes, pt_inception-2015-12-05-6726825d.pth. */
DF_API bool inception_is_official(const inception *net);

#endif
