/* skin_albedo.h: albedo of the default model's heads: MakeHuman's painted skins, blended by group, gender and age, with the variation
   of tone, blood and melanin that few painted skins cannot show. Albedo is a product of such factors: its logarithm is a weighted
   sum of the rows of a palette, so that all heads are one matrix product. */
#ifndef DF_FACE_SKIN_ALBEDO_H
#define DF_FACE_SKIN_ALBEDO_H

#include "face/makehuman_macro.h"

enum {
    SKIN_PAINTED = MAKEHUMAN_GROUPS * 2 * MAKEHUMAN_SKIN_AGES,
    SKIN_BLOTCHES = 119, /* slow patterns, once for melanin and once for blood */
    SKIN_BLOBS = 5,      /* cheeks, nose, under the eyes, beard, freckles */
    SKIN_ROWS = SKIN_PAINTED + 2 + 2 * SKIN_BLOTCHES + SKIN_BLOBS
};

/* rows [SKIN_ROWS][count][3]: logarithms of linear albedo. Reads the skins below <assets>/public/data/skins at `uv` [count][2].
   `positions` [count][3] mm: the vertices on the base mesh's head in the model's axes. */
DF_API bool skin_palette(const char *assets, const float *uv, const float *positions, int count, df_arena *arena, float **rows, df_error *err) DF_CHECKED;

/* weights [SKIN_ROWS] of head `index`. */
DF_API void skin_weights(uint64_t seed, int index, const traits *known, float weights[SKIN_ROWS]);

/* Sums of rows to display values (sRGB-encoded), in place. */
DF_API void skin_encode(float *values, size_t count);

#endif
