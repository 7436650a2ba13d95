/* proxy.h: MakeHuman's proxies (eyes, lashes, brows, teeth, tongue, hair, beards, glasses, hats) as parts of the default model,
   with their textures. One table row a proxy. */
#ifndef DF_FACE_PROXY_H
#define DF_FACE_PROXY_H

#include "face/face_model.h"
#include "face/makehuman_head.h"

typedef struct proxy_set {
    int part_count, texture_count;
    const face_part *parts;
    const face_texture *textures; /* level 0 only */
    const char *credits;          /* "glasses: punkduck, CC BY 3.0; ..." of those that are neither the core team's nor AGPL3/CC0 */
} proxy_set;

DF_API bool proxies_read(const char *assets, const makehuman_head *head, df_arena *arena, proxy_set *out, df_error *err) DF_CHECKED;

#endif
