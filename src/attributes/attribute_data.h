/* attribute_data.h: images of a data set dealt into those to train with, to choose by and to measure with.

   Where the source says so (CelebA's list_eval_partition, a manifest's "split") its own parts are taken. Otherwise people are dealt: nobody
   is in two parts; an image without an identity is a person of its own. Who goes where hangs on the seed and the order of the source
   alone. */
#ifndef DF_ATTRIBUTES_ATTRIBUTE_DATA_H
#define DF_ATTRIBUTES_ATTRIBUTE_DATA_H

#include "attributes/classifier.h"

typedef enum attribute_part { PART_TRAIN, PART_VALID, PART_TEST, PART_COUNT } attribute_part;

typedef struct attribute_source {
    const source_row *row;
    const source_setting *setting;
    const char *where;           /* condition on lines; NULL: all */
    const df_progress *progress; /* notes about what the source lacks; may be NULL */
} attribute_source;

typedef struct attribute_data {
    sample_list all;               /* memory of the parts; empty where the source says the parts */
    sample_list parts[PART_COUNT]; /* any may be empty */
    bool is_dealt;                 /* by this program */
    int64_t missing, unlisted;     /* as in source_log */
} attribute_data;

/* Reads the lists. shares: of the people, when they are dealt; sum above 0. Where a source has a train part but no valid part, people (images,
   without identities) of train are dealt by the first two shares. Free with attribute_data_free in any case. */
DF_API bool attribute_data_read(const attribute_source *source, const classifier_form *form, const double shares[PART_COUNT], uint64_t seed,
                                attribute_data *out, df_error *err) DF_CHECKED;
DF_API void attribute_data_free(attribute_data *data); /* {0} is legal */

/* One list of all images, or of those of a split; free with sample_list_free. */
DF_API bool attribute_list_read(const attribute_source *source, const classifier_form *form, const char *split, sample_list *out,
                                df_error *err) DF_CHECKED;

/* Fails, naming the first attribute of which a list has one class alone. `what` calls the list. */
DF_API bool attribute_check_classes(const sample_list *list, const char *what, df_error *err) DF_CHECKED;

/* How many images have label `column` as yes and no. */
DF_API void attribute_count(const sample_list *list, int column, int64_t *yes, int64_t *no);

/* The attributes that a source's first image has (CelebA's 40), into form->count and names; rules NULL. Fails where it has none. */
DF_API bool attribute_names_of(const attribute_source *source, df_arena *arena, classifier_form *form, df_error *err) DF_CHECKED;

#endif
