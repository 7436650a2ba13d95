/* draw.h: what differs between the images of a set, drawn from the ranges of a job. An image's numbers depend on (seed, identity,
   index) alone; each use has a stream of its own in which new draws come last, so that an option more or less leaves the
   others' values alone. Every value is rounded to what the manifest holds before it is used: the manifest tells the whole truth. */
#ifndef DF_DATASET_DRAW_H
#define DF_DATASET_DRAW_H

#include "dataset/job.h"
#include "render/background.h"

/* Decimals of the numbers in a manifest. */
enum { DRAW_ANGLE_DIGITS = 4, DRAW_MM_DIGITS = 2, DRAW_SHARE_DIGITS = 4, DRAW_LIGHT_DIGITS = 5 };

/* A folder's image has kind DRAW_BACKGROUND_IMAGE and its index. */
enum { DRAW_BACKGROUND_IMAGE = -1 };

typedef struct drawn_image {
    head_params head;
    float expression_strength, light_strength, ambient, exposure; /* what the range's draw gave; head holds what follows */
    bool may_have_occluder;                                       /* the job asks for some */
    int background;                                               /* background_kind or DRAW_BACKGROUND_IMAGE */
    int background_image;                                         /* index into the folder */
    float background_level;                                       /* radiance of a background value of 1 */
} drawn_image;

/* background_images: how many images the job's folder has; 0 for procedural backgrounds. Cannot fail: job_check and
   draw_check came before. */
DF_API void draw_image(const render_job *job, const face_model *model, const char *identity, uint32_t index, int background_images,
                       drawn_image *out);

/* Whether this model has what the job asks for: units for an expression, glasses, hats. */
DF_API bool draw_check(const render_job *job, const face_model *model, df_error *err) DF_CHECKED;

/* value with that many decimals (0 to 7), as the manifest will say it. */
DF_API float draw_rounded(float value, int digits);

#endif
