/* loader_sample.h: one image of a batch, from its file to its floats; for loader.c alone, which owns threads and order. */
#ifndef DF_FEED_LOADER_SAMPLE_H
#define DF_FEED_LOADER_SAMPLE_H

#include <stdatomic.h>

#include "feed/image_cache.h"
#include "feed/loader.h"

/* What all threads share; read only but for the cache and the marks. */
typedef struct sample_kitchen {
    const sample_list *list;
    const sampling *sampling;
    loader_setting setting; /* with defaults filled in; pointers to copies */
    augment_plan plan;
    image_cache *cache;
    atomic_uchar *is_bad; /* [list->count] the file cannot be read */
    atomic_llong made, decoded;
    /* Tells of a file that cannot be read, once each; any thread. */
    void (*tell)(void *user, const char *sentence);
    void *user;
} sample_kitchen;

/* What one thread has for itself. */
typedef struct sample_cook {
    sample_kitchen *kitchen;
    df_arena *scratch;
    augmenter *augmenter;
    unsigned char *fitted; /* sample_kitchen_entry_bytes */
} sample_cook;

/* Bytes of an image in the cache: its pixels and how it was fitted. */
size_t sample_entry_bytes(const loader_setting *setting);

/* Floats of one slot of an output. */
size_t sample_floats(const sample_kitchen *kitchen, loader_output output);

/* Fills slot `slot` of all arrays with the sample `wanted` or its substitute; *made says which one it became, UINT32_MAX: none, and zeros.
   False, with the sentence, where no image at all can be read, and when memory ends. */
bool sample_make(sample_cook *cook, int64_t step, int slot, uint32_t wanted, float *const *arrays, uint32_t *made,
                 df_error *err) DF_CHECKED;

/* Zeros for a slot without a sample. */
void sample_leave_out(const sample_kitchen *kitchen, int slot, float *const *arrays);

#endif
