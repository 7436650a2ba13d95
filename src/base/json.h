/* json.h: parsed JSON by Jansson, with our error sentences. Duplicate keys and text after the value are refused; nesting is
   limited by the library. The caller owns the json_t (json_decref). */
#ifndef DF_BASE_JSON_H
#define DF_BASE_JSON_H

#include <jansson.h>

#include "base/api.h"
#include "base/error.h"

/* NULL with "line L, column C: what" when it is no JSON value. */
DF_API json_t *df_json_parse(const char *text, size_t size, df_error *err) DF_CHECKED;

/* What is built part by part with Jansson lacks a part where memory ended for it. df_json_watch_memory, called once by src/cli, has its
   allocations watched; from the first failure on df_json_is_complete is false with a sentence: asked before a value is written. */
DF_API void df_json_watch_memory(void);
DF_API bool df_json_is_complete(df_error *err) DF_CHECKED;

/* Typed members of an object; each fails with "KEY: found, expected ...". The range is inclusive; integers count as numbers,
   and must be finite. */
DF_API bool df_json_get_number(const json_t *object, const char *key, double low, double high, double *out, df_error *err) DF_CHECKED;
DF_API bool df_json_get_integer(const json_t *object, const char *key, int64_t low, int64_t high, int64_t *out, df_error *err) DF_CHECKED;
DF_API bool df_json_get_string(const json_t *object, const char *key, const char **out, df_error *err) DF_CHECKED; /* lives in object */
/* At most `room` finite floats; *count says how many. */
DF_API bool df_json_get_floats(const json_t *object, const char *key, float *out, size_t room, size_t *count, df_error *err) DF_CHECKED;

#endif
