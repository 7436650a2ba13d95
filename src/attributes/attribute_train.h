/* attribute_train.h: trains H: a run (train/run_log.h) with metrics, checkpoints, and at the end the classifier's file.

   The loss is binary cross-entropy of each attribute's logit, over what is known; AdamW, rates that rise over the first steps and fall
   along half a cosine, a moving average of the weights. After each epoch the images to choose by are measured; the weights with the best
   mean balanced accuracy on them are kept, and their probabilities corrected on the same images (platt.h).

   The same lists, settings and number of compute threads give the same file, also when the training was killed and resumed. */
#ifndef DF_ATTRIBUTES_ATTRIBUTE_TRAIN_H
#define DF_ATTRIBUTES_ATTRIBUTE_TRAIN_H

#include "attributes/attribute_data.h"
#include "feed/augment.h"

typedef enum attribute_balance {
    BALANCE_NONE,
    BALANCE_WEIGHT, /* both classes of an attribute count as much */
    BALANCE_SAMPLE  /* each combination of attributes is drawn as often (sampling_groups_of_labels) */
} attribute_balance;

typedef struct attribute_training {
    const sample_list *train, *valid; /* each with both classes of every attribute */
    classifier_form form;
    const char *folder;   /* of the run; made where it is not there */
    const char *settings; /* a JSON object: what else must be the same when the training goes on; becomes run.json */
    int batch;            /* 1 .. */
    double epochs;
    float rate, decay;
    attribute_balance balance;
    const augment_plan *augment; /* NULL: none */
    int patience;                /* epochs without a gain until it ends; 0: never */
    uint64_t seed;
    size_t cache; /* bytes for decoded images */
    int readers;  /* threads that read images */
    bool is_half, is_resumed;
    const df_progress *progress;
} attribute_training;

#define ATTRIBUTE_FILE "classifier.safetensors" /* in the run's folder */

typedef struct attribute_trained {
    int64_t steps, epoch_steps;
    int64_t best_step;
    double best;            /* mean balanced accuracy on `valid` */
    double loss;            /* of the last step */
    double seconds, waited; /* of this run; of them for images */
    int64_t unreadable;     /* images to train with */
    bool is_early;          /* ended by patience */
} attribute_trained;

/* training->form is changed: slopes and offsets are set. On a signal it fails and says how to go on. */
DF_API bool attribute_train(attribute_training *training, attribute_trained *out, df_error *err) DF_CHECKED;

#endif
