/* label_files.h: the labels of an image that are no images themselves (label_planes.h has those). World, camera and pixels as
   docs/manifest.md says; whatever is given in pixels is what is given in the world, through the camera as the manifest has it.

   gaze:      JSON, for the right and the left eye: centre of the ball, pupil, the rim of the iris (a ring of points), in the world and
              in pixels; visible: the image shows the eye at the pixel that holds the point; gaze, the line of sight, and axis,
              from the centre to the pupil, both unit.
   mesh:      PLY, binary little-endian: the fine skin (vertex i is the model's vertex i, with texture coordinates) and behind it the
              eyes, millimetres in the world; each face with its region.
   landmarks: NPY, float32 [vertices][5]: x, y in pixels, depth in mm along the optical axis, visible (1 or 0), the vertex's number. Seen
              where the point is not more than LABEL_VISIBLE_MM behind the farthest depth label of the four pixels whose centres
              lie around it; a neighbour without depth hides nothing. Outside the image nothing is seen. */
#ifndef DF_DATASET_LABEL_FILES_H
#define DF_DATASET_LABEL_FILES_H

#include "dataset/job.h"
#include "render/scene.h"

#define LABEL_VISIBLE_MM 1.0f

typedef struct label_shot {
    const render_job *job;
    const face_model *model;
    const head_identity *identity;
    const head_params *params;
    const camera *camera;
    const scene_picture *planes; /* label_planes_new made those that are needed */
} label_shot;

/* Appends the file's bytes. Fails on models that lack what the label is about, and when memory ends. */
DF_API bool label_bytes(label_kind kind, const label_shot *shot, df_text *out, df_arena *scratch, df_error *err) DF_CHECKED;

/* Whether a model has what a job's labels are about, and the vertices of its landmarks. */
DF_API bool label_check(const render_job *job, const face_model *model, df_error *err) DF_CHECKED;

/* A list of vertices for job.landmarks: a number a line. Fails on other lines, an empty file, and more than JOB_MAX_LANDMARKS. */
DF_API bool label_read_vertices(const char *path, job_landmarks *out, df_arena *arena, df_error *err) DF_CHECKED;

#endif
