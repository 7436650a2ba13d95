/* stats_axis.h: an attribute of images as a short list of values ("levels"): the names that occur, or bins of numbers. */
#ifndef DF_DATASET_STATS_AXIS_H
#define DF_DATASET_STATS_AXIS_H

#include "base/json.h"
#include "face/face_model.h"

enum { STATS_LEVELS = 24, STATS_KEYS = 128 };

/* How a new image could be given a level. */
typedef enum stats_fill {
    STATS_FILL_NONE,   /* nobody can ask for it: no hole */
    STATS_FILL_SAMPLE, /* diffuse sample --share NAME=LEVEL:1 */
    STATS_FILL_RANGE,  /* diffuse render --NAME LOW:HIGH */
    STATS_FILL_SHARE   /* diffuse render --NAME 0 or 1, by the level's place */
} stats_fill;

typedef enum stats_form {
    STATS_NAMES,  /* texts, whole numbers, true or false, in the order in which they come */
    STATS_BINS,   /* numbers between edges; what lies beyond counts nowhere */
    STATS_AGES,   /* the same, the first and last bin open */
    STATS_WEARS,  /* "none" or "worn": any other name */
    STATS_GLASSES /* "none", "clear", "dark": opacity of the lenses above 0.5 */
} stats_form;

typedef struct stats_axis_row {
    const char *name, *keys, *title, *unit;
    stats_form form;
    stats_fill fill;
    const char *option; /* of render or sample */
    const double *edges;
    int edge_count;
} stats_axis_row;

DF_API const stats_axis_row *stats_axis_find(const char *name); /* NULL where it is no row: then it is a key of the manifest */

typedef struct stats_axis {
    const stats_axis_row *row; /* NULL: names of any key */
    char keys[STATS_KEYS];
    char levels[STATS_LEVELS][FACE_NAME]; /* texts for bins too, as "15 to 25" */
    int count;
    int64_t images[STATS_LEVELS]; /* of each level */
    bool has_others;              /* the last level stands for all names that found no room */
} stats_axis;

DF_API bool stats_axis_init(stats_axis *axis, const char *name, df_error *err) DF_CHECKED;
DF_API const char *stats_axis_title(const stats_axis *axis);

/* The line's level, added where it is new and counted; -1: the line says nothing. */
DF_API int stats_axis_level(stats_axis *axis, const json_t *line);

/* Levels first .. *end - 1 are worth showing: for bins from the first to the last that has images, for names all. */
DF_API int stats_axis_span(const stats_axis *axis, int *end);

#endif
