/* json.c: Jansson with our limits and sentences. */
#include "base/json.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

static atomic_bool memory_ended; /* as the stop flag: any thread may see it first */

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    if (!memory)
        atomic_store(&memory_ended, true);
    return memory;
}

void df_json_watch_memory(void)
{
    json_set_alloc_funcs(allocate, free);
}

bool df_json_is_complete(df_error *err)
{
    return !atomic_load(&memory_ended) || df_fail(err, "out of memory for JSON");
}

json_t *df_json_parse(const char *text, size_t size, df_error *err)
{
    json_error_t error = {0};
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value && error.text[0] == '\0') /* Jansson has no words for it */
        df_fail(err, "out of memory");
    else if (!value)
        df_fail(err, "line %d, column %d: %s", error.line, error.column, error.text);
    return value;
}

static const char *kind(const json_t *value)
{
    if (!value)
        return "missing";
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        return "null";
    }
    return "unknown";
}

bool df_json_get_number(const json_t *object, const char *key, double low, double high, double *out, df_error *err)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        return df_fail(err, "%s: %s, expected a number", key, kind(value));
    const double number = json_number_value(value);
    if (!(number >= low && number <= high))
        return df_fail(err, "%s: %.9g, expected %.9g to %.9g", key, number, low, high);
    if (!isfinite(number))
        return df_fail(err, "%s: expected a finite number", key);
    *out = number;
    return true;
}

bool df_json_get_integer(const json_t *object, const char *key, int64_t low, int64_t high, int64_t *out, df_error *err)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value))
        return df_fail(err, "%s: %s, expected a whole number", key, json_is_real(value) ? "a fraction" : kind(value));
    const int64_t number = json_integer_value(value);
    if (number < low || number > high)
        return df_fail(err, "%s: %jd, expected %jd to %jd", key, (intmax_t)number, (intmax_t)low, (intmax_t)high);
    *out = number;
    return true;
}

bool df_json_get_string(const json_t *object, const char *key, const char **out, df_error *err)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return df_fail(err, "%s: %s, expected a string", key, kind(value));
    *out = json_string_value(value);
    return true;
}

bool df_json_get_floats(const json_t *object, const char *key, float *out, size_t room, size_t *count, df_error *err)
{
    const json_t *array = json_object_get(object, key);
    if (!json_is_array(array))
        return df_fail(err, "%s: %s, expected an array of numbers", key, kind(array));
    const size_t size = json_array_size(array);
    if (size > room)
        return df_fail(err, "%s: %zu numbers, expected at most %zu", key, size, room);
    for (size_t i = 0; i < size; i++) {
        const json_t *value = json_array_get(array, i);
        if (!json_is_number(value) || !isfinite((float)json_number_value(value)))
            return df_fail(err, "%s[%zu]: %s, expected a finite number", key, i, json_is_number(value) ? "too large" : kind(value));
    }
    for (size_t i = 0; i < size; i++)
        out[i] = (float)json_number_value(json_array_get(array, i));
    *count = size;
    return true;
}
