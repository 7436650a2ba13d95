/* face_eval.h: coefficients to vertices. Plain sums in a fixed order, so the same bytes on every processor. No function
   allocates; all buffers are the caller's. */
#ifndef DF_FACE_FACE_EVAL_H
#define DF_FACE_FACE_EVAL_H

#include "face/face_model.h"

/* cage [C][3] = mean + sum over the first `count` shape components. */
DF_API void face_shape(const face_model *model, const float *coefficients, int count, float *cage);

/* cage += weight of each expression unit (weights[expression_count]; zeros cost nothing). */
DF_API void face_express(const face_model *model, const float *weights, float *cage);

/* skin [V][3] from cage [C][3]. */
DF_API void face_skin(const face_model *model, const float *cage, float *skin);

/* The first `count` vertices of it: what the coarse mesh needs. */
DF_API void face_skin_first(const face_model *model, const float *cage, int count, float *skin);

/* One skin vertex, as face_skin gives it. */
DF_API void face_skin_vertex(const face_model *model, const float *cage, int vertex, float out[3]);

/* albedo [V][3], display values, not clamped. */
DF_API void face_albedo(const face_model *model, const float *coefficients, int count, float *albedo);

/* Vertices [part->vertex_count][3] of a part on a cage. */
DF_API void face_part_vertices(const face_part *part, const float *cage, float *out);

/* Turns the vertices of an eyes part about the eye centres: rotation[e] row-major 3x3 for eye e (0 right, 1 left). */
DF_API void face_turn_eyes(const face_model *model, const face_part *part, const float *cage, const float rotation[2][9], float *vertices);
DF_API void face_eye_centre(const face_model *model, const float *cage, int eye, float out[3]);

/* Unit normals [vertices][3], area-weighted; (0, 0, 1) where a vertex has none. */
DF_API void mesh_normals(const float *vertices, int vertex_count, const int32_t *triangles, int triangle_count, float *normals);

#endif
