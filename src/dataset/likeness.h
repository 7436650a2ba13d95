/* likeness.h: how alike two images are: each becomes a vector, and the distance of two vectors says it. A feature is one row of a
   table; embeddings of a network are to be a further row.

   Every feature has length 1 (images without any contrast share one of their own), several are joined so that the whole has length 1
   again. So distances are sqrt(2 - 2 cos): 0 the same, 1.41 unrelated, 2 opposite, and that of several features is the root mean
   square of theirs. Brightness and contrast do not count.

       pixels      24 x 24 grey values less their mean
       gradients   orientations of edges in 6 x 6 cells (Dalal and Triggs, CVPR 2005, with one block for each cell and its
                   neighbours)                                                                                             */
#ifndef DF_DATASET_LIKENESS_H
#define DF_DATASET_LIKENESS_H

#include "image/image.h"

enum { LIKENESS_MOST_LENGTH = 2048, LIKENESS_MOST_SIDE = 128 };

typedef struct likeness_feature {
    const char *name;
    int side;                                    /* of the patch that it looks at */
    int length;                                  /* of the vector */
    void (*of)(const float *patch, float *out);  /* patch: [side][side] grey 0 .. 1; out: [length], not yet of length 1 */
    void (*mirror)(const float *in, float *out); /* the vector of the mirrored image from that of the image; [length] */
} likeness_feature;

DF_API const likeness_feature *likeness_feature_at(int index); /* NULL past the end */

/* Numbers of the joined vector of the features whose bits are set in `chosen` (bit k: row k), at least one. */
DF_API int likeness_length(unsigned chosen);

/* The part of an image that a face's box stands for: the square around the box's middle with its longer side; beyond the image's
   edges the edge goes on. 8 bit, 1 channel. Without a box (NULL) the whole image, whatever its proportions. */
DF_API bool likeness_crop(const image *in, const float box[4], image *out, df_arena *arena, df_error *err) DF_CHECKED;

/* out: [likeness_length(chosen)]. crop: 8 bit, 1 channel. */
DF_API bool likeness_of(const image *crop, unsigned chosen, float *out, df_arena *scratch, df_error *err) DF_CHECKED;

/* The vector of the image with left and right exchanged. in, out: [likeness_length(chosen)], not the same */
DF_API void likeness_mirror(const float *in, unsigned chosen, float *out);

/* Distance of two vectors; the same on every processor. */
DF_API float likeness_distance(const float *a, const float *b, int length);

#endif
