/* subdivide.h: one step of Catmull-Clark subdivision as a fixed sparse matrix (Catmull and Clark, "Recursively generated
   B-spline surfaces on arbitrary topological meshes", Computer-Aided Design 10 (1978)), so that it is applied to any vertices, or
   to components, by one product. Borders are smoothed as B-spline curves, corners of one face too. */
#ifndef DF_FACE_SUBDIVIDE_H
#define DF_FACE_SUBDIVIDE_H

#include "base/arena.h"
#include "face/face_model.h"

/* Fine vertices: the n moved ones in their order, then one for each edge, then one for each quad. Fine quad 4 q + k lies at corner
   k of quad q and begins with the vertex that the corner became; the one across it is q's own vertex. */
typedef struct subdivision {
    int vertex_count, quad_count;
    face_matrix matrix;   /* [vertex_count] rows over the n vertices */
    const int32_t *quads; /* [quad_count][4] */
} subdivision;

/* quads [quad_count][4] over `vertex_count` vertices, all of them used, edges shared by at most two quads. */
DF_API bool subdivide(int vertex_count, int quad_count, const int32_t *quads, df_arena *arena, subdivision *out, df_error *err) DF_CHECKED;

/* One uv for each fine vertex, out of those of the corners (quads_uv [quad_count][4] into uv [..][2]) of the first quad that has
   the vertex. At a seam, where quads differ, that quad's is drawn `inset` (0 to 1) towards its middle, away from what lies beyond
   the island's edge. out [sub->vertex_count][2]. */
DF_API bool subdivide_uv(const subdivision *sub, int quad_count, const int32_t *quads_uv, const float *uv, float inset, df_arena *arena,
                         float *out, df_error *err) DF_CHECKED;

/* values [n][width] to out [sub->vertex_count][width]. */
DF_API void subdivide_apply(const subdivision *sub, const float *values, int width, float *out);

#endif
