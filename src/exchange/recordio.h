/* recordio.h: records one after the other as dmlc's RecordIO has them (dmlc-core, recordio.h): the magic number, a word of a 3 bit flag
   and a 29 bit length, the data, zeros up to four bytes. Where the magic number stands in the data at a multiple of four it is left
   out and the record goes on in a further part (flags 1, 2, 3: first, middle, last), so that a reader may begin anywhere. Above that
   MXNet's image records: a header of flag, label, two ids, then labels, then the image (mxnet, image_recordio.h). Little-endian. */
#ifndef DF_EXCHANGE_RECORDIO_H
#define DF_EXCHANGE_RECORDIO_H

#include "base/file.h"

typedef struct recordio {
    df_writer *file;
    uint64_t place; /* bytes written */
} recordio;

/* One image record. labels: the one label where label_count is 1, else so many behind the header. The whole record at most 2^29 - 1
   bytes. *place: where it begins. */
DF_API bool recordio_put(recordio *to, uint64_t id, const float *labels, uint32_t label_count, df_bytes image, df_arena *scratch,
                         uint64_t *place, df_error *err) DF_CHECKED;

#endif
