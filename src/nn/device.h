/* device.h: where kernels run: oneDNN's engine and stream for this machine's processor. */
#ifndef DF_NN_DEVICE_H
#define DF_NN_DEVICE_H

#include <dnnl.h>

#include "base/error.h"

typedef struct nn_device {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    bool bfloat16; /* kernels may round what they multiply to it */
} nn_device;

/* bfloat16: fails where the processor does not multiply such. */
bool nn_device_open(nn_device *device, bool bfloat16, df_error *err) DF_CHECKED;
void nn_device_close(nn_device *device);

/* The sentence for a call of oneDNN's that did not go well; returns whether it did. */
bool nn_device_check(dnnl_status_t status, const char *what, df_error *err) DF_CHECKED;

#endif
