/* source_line.c: fixed keys first, in a fixed order, then the source's own. */
#include "exchange/source_line.h"

#include <stdlib.h>
#include <string.h>

static void add_text(df_text *out, const char *key, const char *value)
{
    df_text_addf(out, "%s\"%s\":", out->size > 0 && out->data[out->size - 1] != '{' ? "," : "", key);
    df_text_json_string(out, value);
}

static void add_number(df_text *out, const char *key, int64_t value)
{
    df_text_addf(out, ",\"%s\":", key);
    df_text_integer(out, value);
}

/* The members of the object, as text without its braces. */
static bool add_fields(df_text *out, const json_t *fields, df_error *err)
{
    if (json_object_size(fields) == 0)
        return true;
    char *text = json_dumps(fields, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    if (!text)
        return df_fail(err, "out of memory");
    df_text_add(out, ",");
    df_text_add_bytes(out, text + 1, strlen(text) - 2);
    free(text);
    return true;
}

bool source_line(const source_image *from, const source_placed *placed, df_text *out, df_error *err)
{
    df_text_add(out, "{");
    add_text(out, "image", placed->image);
    add_text(out, "identity", placed->identity);
    add_number(out, "index", placed->index);
    add_text(out, "imported", placed->format);
    add_text(out, "original", from->original);
    if (from->identity[0] && strcmp(from->identity, placed->identity) != 0)
        add_text(out, "original_identity", from->identity);
    if (from->split[0])
        add_text(out, "split", from->split);
    add_number(out, "width", placed->form.width);
    add_number(out, "height", placed->form.height);
    add_number(out, "channels", placed->form.channels);
    add_number(out, "bits", placed->form.bits);
    add_text(out, "sha256", placed->form.sha256);
    if (!add_fields(out, from->fields, err))
        return false;
    df_text_add(out, "}\n");
    return df_text_ok(out, err);
}
