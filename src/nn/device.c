/* device.c: the one place that opens oneDNN. */
#include "nn/device.h"

bool nn_device_check(dnnl_status_t status, const char *what, df_error *err)
{
    static const char *const words[] = {"success",       "out of memory", "invalid arguments", "unimplemented",
                                        "iterator ends", "runtime error", "not required"};
    return status == dnnl_success ||
           df_fail(err, "oneDNN: %s: %s", what, (size_t)status < DF_ARRAY_LEN(words) ? words[status] : "unknown error");
}

bool nn_device_open(nn_device *device, bool bfloat16, df_error *err)
{
    *device = (nn_device){.bfloat16 = bfloat16};
    if (bfloat16 && (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) != dnnl_cpu_isa_avx512_core_bf16)
        return df_fail(err, "bfloat16: this processor does not multiply such numbers");
    if (nn_device_check(dnnl_engine_create(&device->engine, dnnl_cpu, 0), "engine", err) &&
        nn_device_check(dnnl_stream_create(&device->stream, device->engine, dnnl_stream_default_flags), "stream", err))
        return true;
    nn_device_close(device);
    return false;
}

void nn_device_close(nn_device *device)
{
    if (device->stream)
        dnnl_stream_destroy(device->stream);
    if (device->engine)
        dnnl_engine_destroy(device->engine);
    *device = (nn_device){0};
}
