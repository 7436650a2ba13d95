/* export_internal.h: one writer a format. Private to src/face/export*.c. */
#ifndef DF_FACE_EXPORT_INTERNAL_H
#define DF_FACE_EXPORT_INTERNAL_H

#include "base/file.h"
#include "face/export.h"
#include "image/image.h"

bool export_obj(const export_scene *scene, const char *path, df_error *err) DF_CHECKED;
bool export_ply(const export_scene *scene, const char *path, df_error *err) DF_CHECKED;
bool export_glb(const export_scene *scene, const char *path, df_error *err) DF_CHECKED;

/* The texture's finest level as RGBA or RGB. */
bool export_texture(const face_texture *texture, df_arena *arena, image *out, df_error *err) DF_CHECKED;

/* Display values of the texture at a uv, nearest texel. */
void export_texel(const face_texture *texture, const float uv[2], float out[3]);

#endif
