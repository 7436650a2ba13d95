/* skin_albedo.h: albedo of the default model's heads: MakeHuman's painted skins, brought to measured colours and blended by group, gender
   and age, times the variation of tone, blood and melanin that few painted skins cannot show. The blend is linear in display
   values and the variation in the logarithm of linear albedo, so that both are matrix products over all heads.

   Colours: reflectance spectra of the inner forearm of 100 people (NIST, doi 10.18434/M38597) under D65 as linear sRGB, less 0.045 of
   surface reflection: mean (0.451, 0.274, 0.185); the first principal component of their logarithms is (0.64, 1, 1.54) to green. */
#ifndef DF_FACE_SKIN_ALBEDO_H
#define DF_FACE_SKIN_ALBEDO_H

#include "face/makehuman_macro.h"

enum {
    SKIN_PAINTED = MAKEHUMAN_GROUPS * 2 * MAKEHUMAN_SKIN_AGES,
    SKIN_BLOTCHES = 119, /* slow patterns, once for melanin and once for blood */
    SKIN_BLOBS = 6,      /* cheeks, nose, lips, under the eyes, beard, freckles */
    SKIN_PIGMENTS = 2 + 2 * SKIN_BLOTCHES + SKIN_BLOBS
};

typedef struct skin_palette {
    float *
        painted; /* [SKIN_PAINTED][count][3] display values (sRGB-encoded), group by group, in each female and male, in each ascending age */
    float *pigments; /* [SKIN_PIGMENTS][count][3] change of the logarithm of linear albedo for one unit of a pigment there */
} skin_palette;

/* Reads the skins below <assets>/public/data/skins at `uv` [count][2]. `positions` [count][3] mm: the vertices on the base mesh's head
   in the model's axes. */
DF_API bool skin_palette_read(const char *assets, const float *uv, const float *positions, int count, df_arena *arena, skin_palette *out,
                              df_error *err) DF_CHECKED;

/* What head `index` has of each row. */
DF_API void skin_weights(uint64_t seed, int index, const traits *known, float painted[SKIN_PAINTED], float pigments[SKIN_PIGMENTS]);

/* Display values = those of the blend, their linear albedo times exp(logarithms); in place in `blend` [count]. */
DF_API void skin_compose(float *blend, const float *logarithms, size_t count);

#endif
