/* fuzz_manifest.c: any bytes as lines of a manifest. What is accepted stays below the folder and within its limits. */
#include <assert.h>
#include <string.h>

#include "dataset/manifest_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const manifest_entry *entry)
{
    assert(entry->image[0] != '/' && !strstr(entry->image, "..") && strlen(entry->image) > 0);
    assert(entry->index >= 0 && entry->index < JOB_MAX_PER_IDENTITY);
    assert(entry->size >= 1 && entry->size <= IMAGE_MAX_SIDE);
    for (int i = 0; i < FACE_LANDMARKS; i++)
        assert(entry->landmarks2d[i][0] == entry->landmarks2d[i][0]); /* no NaN */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t start = 0; start < size;) {
        const uint8_t *end = memchr(data + start, '\n', size - start);
        const size_t length = end ? (size_t)(end - data) - start : size - start;
        manifest_entry entry;
        df_error err;
        if (manifest_parse((const char *)data + start, length, &entry, NULL, &err))
            check(&entry);
        start += length + 1;
    }
    return 0;
}
