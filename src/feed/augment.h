/* augment.h: changes of an image by chance, so that a network learns what does not matter. 8-bit images, 1 or 3 channels.

   Each change is a row of one table: what it is called, its strength's meaning, range and default. A plan gives each a probability; what
   happens to one image is drawn from (seed, step, slot in the batch) alone and is then the same on any thread. Order: geometry
   (flip, rotate, scale, shift, shear, as one map with one bilinear reading, edges repeated), blur, brightness, contrast and gamma
   (one table of 256), saturation and grey, noise, JPEG, cutout. Integer arithmetic on pixels: the same bytes on every
   processor, JPEG as libjpeg-turbo makes it. */
#ifndef DF_FEED_AUGMENT_H
#define DF_FEED_AUGMENT_H

#include "base/text.h"
#include "image/image.h"

typedef enum augment_kind {
    AUGMENT_FLIP,       /* left becomes right */
    AUGMENT_ROTATE,     /* up to so many degrees either way */
    AUGMENT_SCALE,      /* by 1 / (1 + s) to 1 + s */
    AUGMENT_SHIFT,      /* up to s times the side, each axis */
    AUGMENT_SHEAR,      /* up to so many degrees, along x */
    AUGMENT_BRIGHTNESS, /* up to s * 255 more or less */
    AUGMENT_CONTRAST,   /* distance from the middle grey (127.5) by 1 / (1 + s) to 1 + s */
    AUGMENT_GAMMA,      /* exponent of 1 / (1 + s) to 1 + s */
    AUGMENT_SATURATION, /* distance from the grey value by 1 - s to 1 + s */
    AUGMENT_GREY,       /* all of it grey (Rec. 601 luma) */
    AUGMENT_BLUR,       /* Gaussian, sigma up to s pixels */
    AUGMENT_NOISE,      /* sigma up to s * 255, each value for itself; the same in all channels of what is grey */
    AUGMENT_JPEG,       /* written and read with a quality from s to 95 */
    AUGMENT_CUTOUT,     /* a box with sides of up to s times the image's becomes middle grey (DeVries and Taylor 2017) */
    AUGMENT_COUNT
} augment_kind;

typedef struct augment_row {
    const char *name;         /* "rotate" */
    const char *strength;     /* for help: "degrees"; NULL: has no strength */
    float least, most, usual; /* of the strength */
    const char *help;         /* no capital, no full stop */
} augment_row;

DF_API const augment_row *augment_row_at(int kind); /* NULL past AUGMENT_COUNT - 1 */

typedef struct augment_plan {
    struct {
        float probability; /* 0 .. 1; 0: never */
        float strength;
    } of[AUGMENT_COUNT];
} augment_plan; /* {0}: nothing happens */

/* A plan from "flip,rotate=0.5:10,jpeg=0.2": NAME, NAME=PROBABILITY or NAME=PROBABILITY:STRENGTH between commas. Without a probability
   0.5, without a strength the usual one. "none" and "" are the empty plan; "light" and "strong" are two plans of augment_plans.c, and
   what follows them changes single rows. */
DF_API bool augment_parse(const char *text, augment_plan *out, df_error *err) DF_CHECKED;
DF_API bool augment_put(const augment_plan *plan, df_text *out, df_error *err) DF_CHECKED; /* such a text, every row that can happen */

/* What happens to one image. */
typedef struct augment_drawn {
    int width, height, out_width, out_height;
    bool is_flipped, is_plain; /* is_plain: the map is the identity between equal sizes */
    float to_input[2][3];  /* pixel coordinates (image.h: centres at + 0.5) of the output to those of the input: [x'; y'] = A [x; y; 1] */
    float to_output[2][3]; /* the inverse, for landmarks */
    float brightness, contrast, gamma, saturation; /* 0, 1, 1, 1: unchanged */
    bool is_grey;                                  /* becomes grey, or is: then a caller who knows sets it */
    float blur, noise;                             /* sigma in pixels and in units of 255; 0: none */
    int jpeg;                                      /* quality; 0: none */
    int cutout[4];                                 /* x, y, width, height in output pixels; width 0: none */
    uint64_t seed, step;
    uint32_t slot;
} augment_drawn;

/* Draws for an input of width x height that becomes out_width x out_height: the whole input fills the output where nothing is
   moved. plan NULL: only that. slot below 2^24: its place in the batch of all ranks. */
DF_API augment_drawn augment_draw(const augment_plan *plan, int width, int height, int out_width, int out_height, uint64_t seed,
                                  uint64_t step, uint32_t slot);

/* Where a point of the input lies in the output, in pixels. */
DF_API void augment_point(const augment_drawn *drawn, const float in[2], float out[2]);

/* What one thread needs to change images: compressor, decompressor, buffers. */
typedef struct augmenter augmenter;
DF_API augmenter *augmenter_new(df_error *err) DF_CHECKED;
DF_API void augmenter_free(augmenter *augmenter); /* NULL is legal */

/* in: U8, [height][width][channels] as drawn, 1 or 3 channels; out: U8 of out_width x out_height with as many channels, in the arena. */
DF_API bool augment_apply(augmenter *augmenter, const augment_drawn *drawn, const image *in, image *out, df_arena *arena,
                          df_error *err) DF_CHECKED;

#endif
