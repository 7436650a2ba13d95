/* proxy_texture.h: the textures of proxies in the form that the default model keeps; private to proxy.c and proxy_texture.c. */
#ifndef DF_FACE_PROXY_TEXTURE_H
#define DF_FACE_PROXY_TEXTURE_H

#include "face/face_model.h"
#include "image/image.h"

typedef enum proxy_colour {
    PROXY_RGB, /* opaque */
    PROXY_RGBA,
    PROXY_STRANDS /* grey and alpha: what is drawn multiplies it by the colour of hair */
} proxy_colour;

/* The texture in a file, at most `side` texels wide and high. Strands: the grey is stretched so that its mean over what is opaque
   is the same for all textures, whatever colour the author's hair had. */
DF_API bool proxy_texture_read(const char *path, const char *name, proxy_colour colour, int side, df_arena *arena, face_texture *out,
                               df_error *err) DF_CHECKED;

#endif
