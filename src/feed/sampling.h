/* sampling.h: which samples make up the batch of a step: a pure function of the rule, the seed and the step's number, so that a training
   that was killed goes on with the samples that it would have had. Orders are drawn by base/random.h (Fisher and Yates' shuffle) for
   one epoch of one group and kept until another epoch is asked for: O(count) memory in all.

   In words: draw number p = (step * ranks + rank) * batch + i of the training belongs to a group by a fixed pattern that holds each
   group as often as its weight says, and takes the next of the group's samples, each once before any comes again. Batches do
   not end with epochs: the last samples of one and the first of the next may stand in one batch. */
#ifndef DF_FEED_SAMPLING_H
#define DF_FEED_SAMPLING_H

#include "feed/sample_list.h"

typedef enum sampling_kind {
    SAMPLING_IN_ORDER,  /* 0, 1, 2 ... once; steps behind the end have no samples, the last one may be short: for evaluation */
    SAMPLING_SHUFFLED,  /* every sample once in an epoch */
    SAMPLING_GROUPS,    /* classes in balance, sets by ratio: see `weights` */
    SAMPLING_IDENTITIES /* P identities x K images in a batch: `images_each` = K, P = batch / K. The identities of a batch differ, and so do
                           the images of one where it has at least K; one with fewer gives them again. In an epoch every identity comes
                           once, but for at most P - 1 of them that chance leaves out */
} sampling_kind;

typedef struct sampling_rule {
    sampling_kind kind;
    size_t count; /* of samples, 1 to 2^31 - 1 */
    int batch;    /* of this rank; at least 1 */
    uint64_t seed;
    const int32_t *groups; /* [count], 0 .. group_count - 1 or -1: never drawn. For SAMPLING_GROUPS, and as identities for
                                SAMPLING_IDENTITIES; borrowed during sampling_new alone */
    int group_count;
    const uint32_t *weights; /* [group_count] draws of each group in a pattern; sum up to 65536; 0: never; NULL: 1 each */
    int images_each;
    int rank, ranks; /* of mpirun: batches of all ranks of a step are one batch of ranks * batch. 0, 0: one rank */
} sampling_rule;

typedef struct sampling sampling;

/* Fails on a group without samples that has a weight, on a batch that is no multiple of images_each, and on fewer identities than a batch
   of all ranks wants. Lives in the arena. */
DF_API sampling *sampling_new(const sampling_rule *rule, df_arena *arena, df_error *err) DF_CHECKED;

/* The samples of a step: out [batch]. Returns how many there are: batch, but for SAMPLING_IN_ORDER at the end. One thread at a time. */
DF_API int sampling_batch(sampling *sampling, int64_t step, uint32_t *out);

/* The sample that takes the place of one that cannot be read, at attempt 1, 2, ... until one can: the others of its group in the order
   of the list and around its end, then those of the groups behind it. False when all that can be drawn have been tried. */
DF_API bool sampling_substitute(const sampling *sampling, uint32_t sample, size_t attempt, uint32_t *out);

DF_API const sampling_rule *sampling_rule_of(const sampling *sampling); /* groups and weights are NULL in it */
DF_API int64_t sampling_epoch_steps(const sampling *sampling);          /* ceil(samples that can be drawn / (ranks * batch)) */

/* Groups by the values of label columns, for balance: one group for each combination that occurs among known values (above 0.5 or not), in
   ascending order of the combination's bits; -1 where one of them is not known. out [list->count]. Fails where a column has one value
   only: "label 'male': no sample is 0, so there is nothing to balance". At most 8 columns. */
DF_API bool sampling_groups_of_labels(const sample_list *list, const int *columns, int column_count, int32_t *out, int *group_count,
                                      df_error *err) DF_CHECKED;

/* Several sets by ratio: out[i] = list->sets[i]; weights are the ratio. */
DF_API void sampling_groups_of_sets(const sample_list *list, int32_t *out, int *group_count);

#endif
