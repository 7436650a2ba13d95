/* vector8.h: eight numbers at once, for loops over the channels of a block that compilers do not turn into vectors by themselves. */
#ifndef DF_NN_VECTOR8_H
#define DF_NN_VECTOR8_H

#define DF_INLINE static inline __attribute__((always_inline))

typedef float vector8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int mask8 __attribute__((vector_size(32), aligned(4), may_alias));

/* What is done behind a sum: gain * (z > 0 ? z : slope * z), cut at -top and top. slope, gain 1 and top INFINITY: nothing. */
typedef struct nn_bend_form {
    float slope, gain, top;
} nn_bend_form;

DF_INLINE void vector8_bend(vector8 *y, nn_bend_form form)
{
    const vector8 z = *y, low = form.slope * z, zero = {0}, top = zero + form.top;
    const mask8 above = z > zero;
    const vector8 bent = form.gain * (vector8)(((mask8)z & above) | ((mask8)low & ~above));
    const mask8 over = bent > top, under = bent < -top; /* NaN stays */
    *y = (vector8)(((mask8)bent & ~over & ~under) | ((mask8)top & over) | ((mask8)-top & under));
}

/* The derivative with respect to z, from that with respect to the result. */
DF_INLINE void vector8_bend_back(const vector8 *z, vector8 *dy, nn_bend_form form)
{
    const vector8 zero = {0}, steep = zero + form.gain, flat = zero + form.gain * form.slope, top = zero + form.top;
    const mask8 above = *z > zero;
    const vector8 at = (vector8)(((mask8)steep & above) | ((mask8)flat & ~above)), y = at * *z;
    const mask8 within = (y < top) & (y > -top);
    *dy = (vector8)((mask8)(at * *dy) & within);
}

#endif
