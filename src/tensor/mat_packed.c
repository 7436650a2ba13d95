/* mat_packed.c: zlib rather than libdeflate, since a stream's first bytes are wanted without the rest: they say what the variable is
   called and how large it is, before anything is allocated for it. */
#include "tensor/mat_packed.h"

#include <limits.h>
#define ZLIB_CONST
#include <zlib.h>

/* Calls inflate until `size` bytes are there or the stream ends. zlib counts in unsigned int. */
static int inflate_some(z_stream *stream, df_bytes packed, unsigned char *out, size_t size, size_t *got)
{
    size_t fed = 0;
    int status = Z_OK;
    *got = 0;
    stream->next_out = out;
    while (status == Z_OK && (stream->avail_in > 0 || fed < packed.size) && (*got < size || stream->avail_in > 0)) {
        if (stream->avail_in == 0) {
            const size_t most = packed.size - fed < UINT_MAX ? packed.size - fed : UINT_MAX;
            stream->next_in = packed.data + fed;
            stream->avail_in = (uInt)most;
            fed += most;
        }
        const size_t room = size - *got < UINT_MAX ? size - *got : UINT_MAX;
        stream->avail_out = (uInt)room;
        status = inflate(stream, Z_NO_FLUSH);
        *got += room - stream->avail_out;
        if (room == 0 && status == Z_OK)
            break; /* more than the caller has room for */
    }
    if (status == Z_STREAM_END && (stream->avail_in > 0 || fed < packed.size))
        return Z_DATA_ERROR; /* bytes that belong to nothing */
    return status;
}

static bool unpack(df_bytes packed, unsigned char *out, size_t size, size_t *got, int *status, df_error *err)
{
    z_stream stream = {.next_in = packed.data};
    if (inflateInit(&stream) != Z_OK)
        return df_fail(err, "out of memory");
    *status = inflate_some(&stream, packed, out, size, got);
    inflateEnd(&stream);
    return true;
}

bool mat_unpack_start(df_bytes packed, unsigned char *out, size_t size, size_t *got, df_error *err)
{
    int status;
    size_t there;
    if (!unpack(packed, out, size, &there, &status, err))
        return false;
    if (there < size && status != Z_STREAM_END)
        return df_fail(err, "its compressed data are damaged");
    *got = there;
    return true;
}

bool mat_unpack(df_bytes packed, unsigned char *out, size_t size, df_error *err)
{
    int status;
    size_t got;
    if (!unpack(packed, out, size, &got, &status, err))
        return false;
    return (status == Z_STREAM_END && got == size) ||
           df_fail(err, "its compressed data are damaged, or not the %zu bytes that they begin to be", size);
}
