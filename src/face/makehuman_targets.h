/* makehuman_targets.h: MakeHuman's morph targets: displacements of the base mesh's vertices, all in one file of 145 MB that is
   mapped and of which only the rows and columns needed are read. Rows are found by name ("nose/nose-hump-morehump"). */
#ifndef DF_FACE_MAKEHUMAN_TARGETS_H
#define DF_FACE_MAKEHUMAN_TARGETS_H

#include "base/file.h"

typedef struct makehuman_targets {
    df_bytes bytes;
    int vertex_count; /* of the base mesh */
    int count;
    const char **names; /* [count] in the order of rows, without "data/targets/" and ".target" */
} makehuman_targets;

/* Opens <assets>/public/data/targets/targets.bin and its list. The size of the file must fit the list. */
DF_API bool makehuman_targets_open(const char *assets, int vertex_count, df_arena *arena, makehuman_targets *out, df_error *err) DF_CHECKED;
DF_API void makehuman_targets_close(makehuman_targets *targets); /* {0} is legal */

/* Row of that name; -1 if there is none. */
DF_API int makehuman_target_find(const makehuman_targets *targets, const char *name);

/* Displacements in mm of the `count` base vertices `vertices`: out [count][3]. Repairs the package's one corrupt row (eye bags: lashes
   moved by 20 dm) and refuses others of that kind. */
DF_API bool makehuman_target_read(const makehuman_targets *targets, int row, const int32_t *vertices, int count, float *out,
                                  df_error *err) DF_CHECKED;

/* One slider: a pair of rows for negative and positive values; `low` is -1 where it is one-sided. */
typedef struct makehuman_slider {
    const char *group; /* "nose", ...; "asym" */
    const char *name;  /* "nose-hump" */
    int low, high;     /* rows */
} makehuman_slider;

/* The sliders of the groups named (NULL-terminated), and those that shift one side of the face against the other, in the
   package's order. */
DF_API bool makehuman_sliders_read(const char *assets, const makehuman_targets *targets, const char *const *groups, df_arena *arena,
                                   makehuman_slider **out, int *count, df_error *err) DF_CHECKED;

#endif
