/* crc32c.h: the checksum of Castagnoli's polynomial 0x1EDC6F41, reflected (RFC 3720, appendix B.4), as record files of TensorFlow
   have it. */
#ifndef DF_TRAIN_CRC32C_H
#define DF_TRAIN_CRC32C_H

#include <stddef.h>
#include <stdint.h>

#include "base/api.h"

DF_API uint32_t crc32c(const void *data, size_t size);

/* Turned and moved, so that the checksum of data that hold checksums is no accident: TensorFlow, lib/hash/crc32c.h. */
DF_API uint32_t crc32c_masked(const void *data, size_t size);

#endif
