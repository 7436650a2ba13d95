/* raster.h: which triangle is seen at each sample. Draws indexed meshes into a visibility buffer; shade.h makes colour of it.

   Edge functions after Pineda (SIGGRAPH 1988) in integers: corners are snapped to 1/256 pixel, so that shared edges agree
   exactly; top-left fill rule: two triangles with a common edge never both own a sample. One sample a pixel lies at the
   centre; four at (.375 .125) (.875 .375) (.125 .625) (.625 .875), as graphics processors have them. Near plane at 10 mm: triangles
   that reach behind it are dropped. Coordinates beyond +-2^20 pixels are dropped. Results do not depend on threads or on
   the processor. A target belongs to one thread at a time. */
#ifndef DF_RENDER_RASTER_H
#define DF_RENDER_RASTER_H

#include "base/arena.h"
#include "base/error.h"
#include "render/scene.h"

typedef struct raster_target raster_target;

/* samples: 1 or 4. Planes and scratch live in `arena`; there is no free. */
DF_API raster_target *raster_target_new(int width, int height, int samples, df_arena *arena, df_error *err) DF_CHECKED;

/* Draws the whole scene: opaque and cut-out meshes by depth, shaded once for each surface that a pixel sees (its samples of one
   mesh at about the same depth), blended meshes over them from far to near, the background beneath. `scratch` is reset by the
   caller between images. */
DF_API bool raster_draw(raster_target *target, const scene *scene, const scene_picture *picture, df_arena *scratch,
                        df_error *err) DF_CHECKED;

/* Depth in mm (0: nothing) of the nearest opaque surface, or blended one of coverage above 0.5, in the last drawn scene at a
   pixel; what decides whether a landmark is visible. Needs no picture->depth. */
DF_API float raster_depth_at(const raster_target *target, int x, int y);

#endif
