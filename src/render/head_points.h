/* head_points.h: places on a posed head that labels tell beside what is drawn: vertices of the skin, and the eyes' points. They come
   from the same sums as the drawn meshes, so they lie on them. World axes and millimetres as camera.h. */
#ifndef DF_RENDER_HEAD_POINTS_H
#define DF_RENDER_HEAD_POINTS_H

#include "render/head.h"

/* out [count][3]: skin vertices of the fine mesh, by number; `vertices` NULL: the first `count`. Numbers are below the model's
   skin_count. */
DF_API bool head_skin_points(const head_identity *identity, const head_params *params, const int32_t *vertices, int count, float *out,
                             df_arena *scratch, df_error *err) DF_CHECKED;

/* The skin vertices of the face (not neck, ears, scalp, mouth, sockets) that the model's cage has: in ascending order, in `scratch`. */
DF_API bool head_face_vertices(const head_identity *identity, const int32_t **vertices, int *count, df_arena *scratch,
                               df_error *err) DF_CHECKED;

/* out [part->vertex_count][3]: the model's eyes part as it is drawn. Fails where the model has none. */
DF_API bool head_eyes_points(const head_identity *identity, const head_params *params, const face_part **part, float **out,
                             df_arena *scratch, df_error *err) DF_CHECKED;

/* One eye. The iris is a region of the eyeball's surface; its rim is a ring of vertices. */
enum { HEAD_MAX_RIM = 128 };
typedef struct head_eye {
    float centre[3];            /* about which the ball turns */
    float pupil[3];             /* on the surface, in the middle of the iris */
    float gaze[3];              /* unit: the line of sight, as head_labels has it */
    float axis[3];              /* unit: from the centre through the pupil */
    int rim_count;              /* 0: the eye has no iris of its own */
    float rim[HEAD_MAX_RIM][3]; /* in order around the pupil, seen from outside counter-clockwise, beginning at the right in the image
                                   of a face that looks into the camera */
} head_eye;

/* Right and left. Fails on models without eyes that turn. */
DF_API bool head_eyes(const head_identity *identity, const head_params *params, head_eye out[2], df_arena *scratch,
                      df_error *err) DF_CHECKED;

#endif
