/* loader.h: batches (train/batches.h) out of image files. Threads of its own read ahead of the training: decode (image_file.h; 8 and 16
   bit, grey and colour), crop, resize, change (augment.h) and convert to float, into a bounded ring of batches. The numbers are a pure
   function of list, sampling, settings, seed and step: threads, cache and the order in which steps are asked for change nothing.

   Images that cannot be read are told once each by a note of the progress (the first LOADER_NAMED of them), counted, and replaced
   by the next readable sample of the same group, else of the next (sampling_substitute), whose labels then count; with SAMPLING_IN_ORDER they are left
   out instead: zeros, not used. Where none can be read, `get` fails. */
#ifndef DF_FEED_LOADER_H
#define DF_FEED_LOADER_H

#include "feed/augment.h"
#include "feed/sampling.h"
#include "train/batches.h"

enum { LOADER_THREADS = 64, LOADER_AHEAD = 64, LOADER_OUTPUTS = 8, LOADER_NAMED = 40 };

/* The arrays of a batch, in the order of the graph's inputs. Slots that are not used hold zeros everywhere. */
typedef enum loader_output {
    LOADER_IMAGES,   /* [batch][channels][height][width] (value - mean[c]) * scale[c], value 0 .. 255, channels R, G, B or grey */
    LOADER_LABELS,   /* [batch][label_count]; 0 where not known */
    LOADER_KNOWN,    /* [batch][label_count] 1 where the label is known, else 0 */
    LOADER_IDENTITY, /* [batch] its number; -1: not said */
    LOADER_USED,     /* [batch] 1, or 0 where the slot is padding or, in evaluation, the image cannot be read */
    LOADER_TRANSFORM /* [batch][2][3] pixels of the file's image (as image_file.h turns it) to pixels of the network's, by augment_point's
                        convention */
} loader_output;

typedef enum loader_fit {
    LOADER_CROP,   /* the largest middle part of the network's shape */
    LOADER_STRETCH /* all of it, whatever its shape */
} loader_fit;

typedef struct loader_swap { /* columns of labels that change places when the image is flipped: left and right eye closed */
    int a, b;
} loader_swap;

typedef struct loader_setting {
    int width, height, channels; /* of the network's image; channels 1 or 3 */
    float mean[3], scale[3];     /* scale all 0: mean 127.5, scale 1 / 127.5: -1 .. 1 */
    loader_fit fit;
    float zoom;                  /* the middle part of the fitted image, 0.1 .. 1; 0: 1 */
    const augment_plan *augment; /* copied; NULL: none */
    const loader_swap *swaps;    /* [swap_count] copied */
    int swap_count;
    uint64_t seed;                /* of the changes; the sampling has its own */
    size_t cache;                 /* bytes for decoded images; 0: none */
    int threads;                  /* 1 .. LOADER_THREADS; 0: 1 */
    int ahead;                    /* batches ready ahead, 1 .. LOADER_AHEAD; 0: 3 */
    const loader_output *outputs; /* [output_count] copied */
    int output_count;
    const df_progress *progress; /* for notes; called in the thread that calls `get` */
} loader_setting;

typedef struct loader loader;

/* Starts the threads. List and order are borrowed until loader_free; one order belongs to one loader. Reading begins
   at the step that `get` asks for first. Fails when memory or threads
   end, and on LOADER_LABELS and LOADER_KNOWN without labels. */
DF_API loader *loader_new(const sample_list *list, sampling *order, const loader_setting *setting, df_error *err) DF_CHECKED;

/* For a training loop; valid until loader_free. `get` also fails when a signal asks to stop (base/stop.h). */
DF_API batches loader_batches(loader *loader);

/* Of the batch that `get` gave last. */
DF_API int loader_used(const loader *loader);                /* slots that are used */
DF_API const uint32_t *loader_samples(const loader *loader); /* [batch] which sample stands in each slot; UINT32_MAX: none */

typedef struct loader_counts {
    int64_t images;     /* made so far */
    int64_t decoded;    /* of them out of files, not out of the cache */
    int64_t unreadable; /* files, each counted once */
    size_t cache_bytes, cache_images;
    double waited; /* seconds that `get` waited for data */
} loader_counts;
DF_API loader_counts loader_count(const loader *loader);

/* Stops the threads, wherever they are, and frees all. NULL is legal. */
DF_API void loader_free(loader *loader);

#endif
