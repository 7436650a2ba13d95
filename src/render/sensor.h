/* sensor.h: from radiance to pixel codes: vignetting, blur, exposure, shot and read noise, gain, quantisation. The noise of a
   pixel depends on (seed, identity, image) and the pixel alone. */
#ifndef DF_RENDER_SENSOR_H
#define DF_RENDER_SENSOR_H

#include "base/random.h"
#include "image/image.h"

typedef struct sensor {
    float exposure;   /* radiance 1 becomes this share of full scale */
    float full_well;  /* electrons at full scale; 0: no shot noise */
    float read_noise; /* electrons, standard deviation */
    float gain;       /* analogue gain after the electrons, 1: none; full scale is full_well / gain */
    float blur;       /* standard deviation of the optics' Gaussian, pixels; 0 to 8 */
    float vignetting; /* loss of light at the corners, 0 to 1 */
    int bits;         /* 8 or 16 */
    bool encode_srgb; /* RGB images: sRGB curve; near infrared stays linear */
} sensor;

/* radiance [height][width][channels] is overwritten (it serves as scratch); out gets U8 or U16 of the same size, made before. */
DF_API bool sensor_expose(const sensor *sensor, float *radiance, uint64_t seed, uint64_t identity, uint32_t image_index, image *out,
                          df_arena *scratch, df_error *err) DF_CHECKED;

#endif
