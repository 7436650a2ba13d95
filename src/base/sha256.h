/* sha256.h: SHA-256 (nettle's), as 64 hexadecimal digits. */
#ifndef DF_BASE_SHA256_H
#define DF_BASE_SHA256_H

#include <stddef.h>

#include "base/api.h"
#include "base/error.h"

enum { DF_SHA256_TEXT = 65 }; /* bytes with the final zero */

typedef struct df_sha256 df_sha256;
DF_API df_sha256 *df_sha256_new(df_error *err) DF_CHECKED;
DF_API void df_sha256_add(df_sha256 *hash, const void *data, size_t size);
DF_API void df_sha256_end(df_sha256 *hash, char out[DF_SHA256_TEXT]); /* frees the hash */

DF_API void df_sha256_of(const void *data, size_t size, char out[DF_SHA256_TEXT]);
DF_API bool df_sha256_of_file(const char *path, char out[DF_SHA256_TEXT], df_error *err) DF_CHECKED;

#endif
