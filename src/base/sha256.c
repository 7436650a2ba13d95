/* sha256.c: nettle's SHA-256 as hexadecimal text. */
#include "base/sha256.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/stop.h"

enum { CHUNK = 4096 };

struct df_sha256 {
    struct sha256_ctx context;
};

static void finish(struct sha256_ctx *context, char out[DF_SHA256_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * sizeof digest] = '\0';
}

df_sha256 *df_sha256_new(df_error *err)
{
    df_sha256 *hash = malloc(sizeof *hash);
    if (!hash) {
        df_fail(err, "out of memory");
        return NULL;
    }
    sha256_init(&hash->context);
    return hash;
}

void df_sha256_add(df_sha256 *hash, const void *data, size_t size)
{
    sha256_update(&hash->context, size, data);
}

void df_sha256_end(df_sha256 *hash, char out[DF_SHA256_TEXT])
{
    finish(&hash->context, out);
    free(hash);
}

void df_sha256_of(const void *data, size_t size, char out[DF_SHA256_TEXT])
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, size, data);
    finish(&context, out);
}

bool df_sha256_of_file(const char *path, char out[DF_SHA256_TEXT], df_error *err)
{
    const int descriptor = df_descriptor_open(path, NULL, err);
    if (descriptor < 0)
        return false;
    struct sha256_ctx context;
    sha256_init(&context);
    unsigned char chunk[CHUNK];
    size_t got = 0;
    bool ok;
    do {
        ok = df_may_go_on(err) && df_descriptor_read(descriptor, path, chunk, sizeof chunk, &got, err);
        if (ok)
            sha256_update(&context, got, chunk);
    } while (ok && got == sizeof chunk);
    close(descriptor);
    if (ok)
        finish(&context, out);
    return ok;
}
