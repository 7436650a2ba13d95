/* label_planes.h: the dense labels that are images, one PNG file a kind beside each picture (label_files.h has those that are not):

   segmentation: 8 bit grey, the face_region seen at the pixel (0 is background).
   depth:        16 bit grey, tenths of a millimetre along the optical axis, 0 where there is only background; 6553.5 mm and more
                 are 65535.
   normals:      unit normals in camera axes (x right, y down, z forward) by the octahedral map of Meyer et al., "On floating-point
                 normal vectors" (EGSR 2010): p = (x, y) / (|x| + |y| + |z|), the far side (z > 0) folded outwards; code =
                 128 + round(127 p) in two channels of 8 bits, or 32768 + round(32767 p) in 16; (0, 0) where there is only background.
   albedo:       16 bit, as many channels as the picture: linear albedo of the surface that the segmentation names, 65535 is 1 (and
                 more), 0 where there is only background.
   uv:           2 channels of 16 bit, on the skin alone: texture coordinates of the model's skin, u to the right and v up, 0 to 1 as
                 1 + round(65534 u); (0, 0) elsewhere.
   matte:        8 bit grey: the share of the pixel's light that comes from hair of the head, beard and moustache, of 255: what hair
                 covers, less what glass or a veil of something else lies before it. Brows and lashes do not count. */
#ifndef DF_DATASET_LABEL_PLANES_H
#define DF_DATASET_LABEL_PLANES_H

#include "dataset/job.h"
#include "render/scene.h"

enum { LABEL_DEPTH_PER_MM = 10 };

/* The planes that the wanted labels need, in `scratch`; the others are NULL. */
DF_API bool label_planes_new(const render_job *job, scene_picture *picture, df_arena *scratch, df_error *err) DF_CHECKED;

/* The image of one kind from the drawn planes; in `scratch`. */
DF_API bool label_image(label_kind kind, const render_job *job, const scene_picture *picture, image *out, df_arena *scratch,
                        df_error *err) DF_CHECKED;

/* Whether a kind is one of these. */
DF_API bool label_is_image(label_kind kind);

/* What such a label's file must be, in a set of that band. */
DF_API void label_form(label_kind kind, render_band band, bool normals16, int *channels, image_type *type);

/* One normal to its two codes, largest code `top` (255 or 65535), and back. */
DF_API void label_normal_encode(const float normal[3], int top, uint16_t code[2]);
DF_API void label_normal_decode(const uint16_t code[2], int top, float normal[3]);

#endif
