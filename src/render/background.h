/* background.h: what is behind the head: procedural (one row a kind) or a random crop of an image of a folder. */
#ifndef DF_RENDER_BACKGROUND_H
#define DF_RENDER_BACKGROUND_H

#include "base/arena.h"
#include "base/error.h"
#include "base/random.h"

typedef enum background_kind {
    BACKGROUND_CABIN,
    BACKGROUND_GRADIENT,
    BACKGROUND_NOISE,
    BACKGROUND_PLAIN,
    BACKGROUND_KIND_COUNT
} background_kind;
DF_API extern const char *const background_kind_names[BACKGROUND_KIND_COUNT];

/* Fills [height][width][channels], linear. CABIN: large soft shapes as an interior out of focus: bright windows above and
   beside, a dark seat and headrest behind the head. */
DF_API void background_draw(background_kind kind, int width, int height, int channels, df_random *random, float *out);

/* Images of a folder (PNG, JPEG; found recursively is not offered), decoded when they are drawn. Broken ones are an error. */
typedef struct background_folder background_folder;
DF_API background_folder *background_folder_open(const char *path, df_arena *arena, df_error *err) DF_CHECKED;
DF_API int background_folder_count(const background_folder *folder);
DF_API const char *background_folder_name(const background_folder *folder, int index);
/* A random crop of image `index`, scaled to the size; linear. */
DF_API bool background_folder_draw(const background_folder *folder, int index, int width, int height, int channels, df_random *random,
                                   float *out, df_arena *scratch, df_error *err) DF_CHECKED;

#endif
