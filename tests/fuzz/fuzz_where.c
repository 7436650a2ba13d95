/* fuzz_where.c: any bytes as a condition on one line that has values of every kind. */
#include <string.h>

#include "dataset/where.h"
#include "fuzz.h"

static const char line_text[] =
    "{\"yaw\":-12.5,\"gender\":\"male\",\"age\":null,\"flag\":true,\"light\":{\"strength\":0.25},\"box\":[1,2,30,40]}";

static bool read_condition(df_bytes bytes, df_arena *arena, df_error *err)
{
    bool matches;
    char *text = df_alloc(arena, bytes.size + 1, 1, err);
    if (!text)
        return false;
    if (bytes.size > 0)
        memcpy(text, bytes.data, bytes.size);
    where *condition = where_parse(text, arena, err);
    json_t *line = condition ? df_json_parse(line_text, sizeof line_text - 1, err) : NULL;
    const bool is_good = line && where_matches(condition, line, &matches, err) && where_check_names(condition, line, err);
    json_decref(line);
    return is_good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_condition);
}
