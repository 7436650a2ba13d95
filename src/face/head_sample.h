/* head_sample.h: the people whose heads the default model is learned from: balanced over groups and genders, drawn one by one
   from streams of their own, so that head i does not depend on how many there are. */
#ifndef DF_FACE_HEAD_SAMPLE_H
#define DF_FACE_HEAD_SAMPLE_H

#include "base/random.h"
#include "face/build.h"
#include "face/makehuman_macro.h"

/* How a slider of MakeHuman is drawn. */
typedef struct slider_draw {
    int low, high;  /* columns among the shape rows below; low -1: one-sided */
    float strength; /* standard deviation of its value */
    int twin;       /* the earlier slider of the other side of the face, with which it shares its value; -1: none */
} slider_draw;

/* The displacements that heads are combined of, and how the sliders among them are drawn. */
typedef struct head_rows {
    int count;         /* rows: macros, then sliders or identity modes */
    const float *rows; /* [count][cage][3] mm */
    int slider_count;
    const slider_draw *sliders;
    int first_mode, mode_count; /* rows of identity modes; 0: none */
} head_rows;

/* Who head `index` is. Group and gender are what the draw started from: index % 3 and index / 3 % 2. */
DF_API traits head_traits(uint64_t seed, int index, build_groups groups, float *proportions);

/* The draw alone, from any stream: what "pure" and "soft" members of a group are like. */
DF_API traits head_traits_draw(df_random *random, int group, int gender, build_groups groups, float *proportions);

/* weights [rows->count] of head `index`. */
DF_API void head_weights(const head_rows *rows, uint64_t seed, int index, build_groups groups, const traits *known, float proportions,
                         float *weights);

/* How the sliders of `list` are drawn; those that only move or turn the head are left out. Their rows are appended to `rows`
   (target rows, room for two a slider), of which *row_count are there already. */
DF_API bool slider_draws(const makehuman_targets *targets, const makehuman_slider *list, int list_count, df_arena *arena, slider_draw **out,
                         int *count, int *rows, int *row_count, df_error *err) DF_CHECKED;

/* The slider groups that shape a head, NULL-terminated. */
DF_API extern const char *const head_slider_groups[];

#endif
