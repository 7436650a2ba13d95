/* fuzz_croissant.c: the checker of croissant.json on any JSON. */
#include <string.h>

#include "dataset/croissant.h"
#include "fuzz/fuzz.h"

static void hear(void *user, const char *sentence)
{
    size_t *length = user;
    *length += strlen(sentence);
}

static bool read_croissant(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    size_t length = 0;
    json_t *root = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (!root)
        return false;
    const int problems = croissant_check(root, hear, &length);
    json_decref(root);
    return problems == 0 || df_fail(err, "%d problems in %zu bytes", problems, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_croissant);
}
