/* label_planes.h: the dense labels as images for PNG files, one file a kind beside each picture:

   segmentation: 8 bit grey, the face_region seen at the pixel (0 is background).
   depth:        16 bit grey, tenths of a millimetre along the optical axis, 0 where there is only background; 6553.5 mm and more
                 are 65535.
   normals:      unit normals in camera axes (x right, y down, z forward) by the octahedral map of Meyer et al., "On floating-point
                 normal vectors" (EGSR 2010): p = (x, y) / (|x| + |y| + |z|), the far side (z > 0) folded outwards; code =
                 128 + round(127 p) in two channels of 8 bits, or 32768 + round(32767 p) in 16; (0, 0) where there is only background. */
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

/* What a label's file must be. */
DF_API void label_form(label_kind kind, bool normals16, int *channels, image_type *type);

/* One normal to its two codes, largest code `top` (255 or 65535), and back. */
DF_API void label_normal_encode(const float normal[3], int top, uint16_t code[2]);
DF_API void label_normal_decode(const uint16_t code[2], int top, float normal[3]);

#endif
