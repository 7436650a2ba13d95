/* sample_list.h: what a network learns from, in memory: paths of images, a few numbers about each, and whose they are. Made of any
   data set that exchange/source.h reads: our own, a folder for each identity, CelebA's lists, a table. Several sets make one list, in the
   order in which they are added; the samples of a set keep the order of their source. Pixels are not looked at.

   Memory: the paths, 9 bytes and 4 bytes for each label of a sample, and up to twice that while a list grows. */
#ifndef DF_FEED_SAMPLE_LIST_H
#define DF_FEED_SAMPLE_LIST_H

#include "exchange/source.h"

enum { SAMPLE_LABELS = 64, SAMPLE_SETS = 16 };

typedef enum sample_label_kind {
    SAMPLE_CONDITION, /* 1 where the image's line meets the condition `text` (dataset/where.h), else 0; always known */
    SAMPLE_ATTRIBUTE, /* attributes.`text` of the line (CelebA's list, tables, imported sets): 1 above zero or true, else 0 */
    SAMPLE_NUMBER     /* the number at the keys `text` of the line: "yaw", "light.strength" */
} sample_label_kind;

typedef struct sample_label {
    const char *name; /* as charts and files call it */
    sample_label_kind kind;
    const char *text;
} sample_label;

/* All of it lives in the list's own arena until sample_list_free. */
typedef struct sample_list {
    df_arena *arena;
    size_t count, room;
    const char **paths;        /* [count] of the files, to open them */
    int32_t *identities;       /* [count] below identity_count; -1: not said. Of two sets they are two people, whatever they are called */
    uint8_t *sets;             /* [count] below set_count: by which sample_list_add the sample came */
    float *labels;             /* [count][label_count]; NAN: not known of this image */
    const sample_label *label; /* [label_count] copies */
    int label_count;
    const char **identity_names; /* [identity_count] as their source has them */
    int32_t identity_count;
    size_t identity_room;
    int set_count;
} sample_list;

/* An empty list with these labels (up to SAMPLE_LABELS, their names and texts are copied); at most `limit` bytes, 0: 4 GiB. */
DF_API bool sample_list_init(sample_list *list, const sample_label *labels, int label_count, size_t limit, df_error *err) DF_CHECKED;

/* Which images of a source: of this split ("train", "valid", "test"; NULL: all), that meet this condition on their line (NULL: all). */
typedef struct sample_choice {
    const char *split, *where;
} sample_choice;

/* Adds the images of a source in its order. Fails where the source does, on a condition that cannot be read or decided, on an attribute
   that the source does not know (the error names near ones), and where no image is left; the list is then good for nothing but being
   freed. `log` counts what the source has to tell (source.h). */
DF_API bool sample_list_add(sample_list *list, const source_row *row, const source_setting *source, const sample_choice *choice,
                            source_log *log, df_error *err) DF_CHECKED;

DF_API void sample_list_free(sample_list *list); /* {0} is legal */

#endif
