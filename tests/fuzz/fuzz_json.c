/* fuzz_json.c: df_json_parse and the typed members. */
#include "fuzz/fuzz.h"

#include "base/json.h"

static bool read_json(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    json_t *value = df_json_parse((const char *)bytes.data, bytes.size, err);
    double number;
    int64_t integer;
    const char *text;
    float floats[8];
    size_t count;
    const bool ok = value && df_json_get_string(value, "id", &text, err) && df_json_get_number(value, "age", 0, 200, &number, err) &&
                    df_json_get_integer(value, "index", 0, 100, &integer, err) &&
                    df_json_get_floats(value, "shape", floats, 8, &count, err);
    json_decref(value);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_json);
}
