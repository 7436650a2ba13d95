/* sensor_noise.h: the noise of photons and of reading, by counter: value i depends on the stream's name and on i alone. Private
   to src/render. */
#ifndef DF_RENDER_SENSOR_NOISE_H
#define DF_RENDER_SENSOR_NOISE_H

#include <stddef.h>

#include "base/random.h"

/* Adds to each value (0 to 1, of full scale) Gaussian noise of variance signal + read_noise^2, in electrons. */
void sensor_add_noise(float *values, size_t count, float full_scale, float read_noise, df_random stream);

/* Numbers 4 * 64 * block ... of N(0, 1) of the stream: a block of 256. */
enum { SENSOR_NORMALS = 256 };
void sensor_normals(const df_random *stream, uint32_t block, float out[SENSOR_NORMALS]);

#endif
