/* face_layers.h: a dense label as a picture for people: regions in colours, depth as brightness (near is bright), normals as they are
   usually shown (right red, up green, towards the camera blue). Where there is only background the picture is dark. */
#ifndef DF_DATASET_FACE_LAYERS_H
#define DF_DATASET_FACE_LAYERS_H

#include "dataset/label_planes.h"
#include "plot/canvas.h"

/* From the image of a label's file (label_planes.h) to 8-bit RGB of the same size, in the arena. Fails where the file is none of that
   kind. */
DF_API bool face_layer_picture(label_kind kind, const image *label, image *out, df_arena *arena, df_error *err) DF_CHECKED;

/* Colour of a region; regions that no model has are magenta. */
DF_API canvas_colour face_region_colour(int region);

#endif
