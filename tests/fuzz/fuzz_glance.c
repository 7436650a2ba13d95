/* fuzz_glance.c: export_glance of one line: it stays within the text, and says nothing that manifest_parse contradicts. */
#include <string.h>

#include "exchange/export_glance.h"
#include "fuzz/fuzz.h"

static bool read_glance(df_bytes bytes, df_arena *arena, df_error *err)
{
    manifest_entry glanced, parsed;
    (void)arena;
    const char *line = (const char *)bytes.data;
    if (bytes.size == 0 || !export_glance(line, bytes.size, &glanced))
        return df_fail(err, "left to the parser");
    if (!manifest_parse(line, bytes.size, &parsed, NULL, err))
        return false;
    if (strcmp(glanced.image, parsed.image) != 0 || strcmp(glanced.identity, parsed.identity) != 0 || glanced.index != parsed.index ||
        strcmp(glanced.split, parsed.split) != 0 || glanced.channels != parsed.channels)
        __builtin_trap();
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_glance);
}
