/* attribute_predict.c: rows of a table, and lines of a manifest. */
#include "attributes/attribute_predict.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"

enum { DIGITS = 6 };
static const char key[] = "predicted";

static bool put(df_writer *to, df_text *text, df_error *err)
{
    const bool ok = df_text_ok(text, err) && df_writer_put(to, text->data, text->size, err);
    df_text_clear(text);
    return ok;
}

/* ---- table ---- */

/* In quotes where it needs them (RFC 4180). */
static void add_field(df_text *out, const char *field)
{
    if (!strpbrk(field, ",\"\r\n")) {
        df_text_add(out, field);
        return;
    }
    df_text_add(out, "\"");
    for (; *field; field++)
        df_text_add_bytes(out, *field == '"' ? "\"\"" : field, *field == '"' ? 2 : 1);
    df_text_add(out, "\"");
}

static void add_header(const classifier_form *form, df_text *out)
{
    df_text_add(out, "image,identity");
    for (int c = 0; c < form->count; c++) {
        df_text_add(out, ",");
        add_field(out, form->attributes[c].name);
        df_text_add(out, ",");
        df_text name = {0};
        df_text_addf(&name, "%s_answer", form->attributes[c].name);
        add_field(out, name.data ? name.data : "");
        out->failed |= name.failed;
        df_text_free(&name);
    }
    df_text_add(out, "\n");
}

static void add_row(const classifier_form *form, const sample_list *list, const attribute_logits *logits, size_t i, df_text *out)
{
    add_field(out, list->paths[i]);
    df_text_add(out, ",");
    add_field(out, list->identities[i] >= 0 ? list->identity_names[list->identities[i]] : "");
    for (int c = 0; c < form->count; c++) {
        const float z = logits->values[i * (size_t)form->count + (size_t)c];
        df_text_add(out, ",");
        if (logits->is_read[i])
            df_text_number(out, (double)classifier_probability(&form->attributes[c], z), DIGITS);
        df_text_add(out, !logits->is_read[i] ? "," : z >= 0 ? ",1" : ",0");
    }
    df_text_add(out, "\n");
}

bool attribute_predict_csv(const classifier_form *form, const sample_list *list, const attribute_logits *logits, const char *path,
                           df_error *err)
{
    df_text text = {0};
    df_writer *to = df_writer_open(path, err);
    bool ok = to != NULL;
    add_header(form, &text);
    ok = ok && put(to, &text, err);
    for (size_t i = 0; ok && i < list->count; i++) {
        add_row(form, list, logits, i, &text);
        ok = put(to, &text, err);
    }
    df_text_free(&text);
    if (ok)
        return df_writer_commit(to, err);
    df_writer_abandon(to);
    return false;
}

/* ---- manifest ---- */

static void add_predicted(const classifier_form *form, const attribute_logits *logits, size_t i, df_text *out)
{
    df_text_addf(out, ",\"%s\":", key);
    if (!logits->is_read[i]) {
        df_text_add(out, "null}\n");
        return;
    }
    for (int c = 0; c < form->count; c++) {
        df_text_add(out, c ? "," : "{");
        df_text_json_string(out, form->attributes[c].name);
        df_text_add(out, ":");
        df_text_number(out, (double)classifier_probability(&form->attributes[c], logits->values[i * (size_t)form->count + (size_t)c]),
                       DIGITS);
    }
    df_text_add(out, "}}\n");
}

/* The line without its closing brace, and what is new. */
static bool add_line(const source_image *one, const classifier_form *form, const attribute_logits *logits, size_t i, df_text *out,
                     df_error *err)
{
    size_t end = one->line_length;
    json_t *line = df_json_parse(one->line, one->line_length, err);
    const bool has_key = line && json_object_get(line, key);
    json_decref(line);
    if (!line || has_key)
        return line && df_fail(err, "%s: the manifest has a key \"%s\" already", one->path, key);
    while (end > 0 && one->line[end - 1] != '}')
        end--;
    df_text_add_bytes(out, one->line, end ? end - 1 : 0);
    add_predicted(form, logits, i, out);
    return true;
}

static bool copy_lines(const attribute_source *source, void *state, source_image *one, const classifier_form *form, const sample_list *list,
                       const attribute_logits *logits, df_writer *to, df_error *err)
{
    df_text text = {0};
    bool ok = true, found = true;
    size_t i = 0;
    for (; ok && found; i++) {
        ok = source->row->next(state, one, &found, err);
        if (!ok || !found)
            break;
        ok = (one->line || df_fail(err, "%s: no data set of ours: it has no manifest to copy", source->setting->path)) &&
             (i < list->count && strcmp(list->paths[i], one->path) == 0 ? true
                                                                        : df_fail(err, "%s: the set has changed meanwhile", one->path)) &&
             add_line(one, form, logits, i, &text, err) && put(to, &text, err);
    }
    df_text_free(&text);
    return ok;
}

bool attribute_predict_manifest(const attribute_source *source, const classifier_form *form, const sample_list *list,
                                const attribute_logits *logits, const char *path, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    source_image *one = arena ? df_alloc(arena, 1, sizeof *one, err) : NULL;
    source_log log = {0};
    void *state = one ? source->row->open(source->setting, &log, arena, err) : NULL;
    df_writer *to = state ? df_writer_open(path, err) : NULL;
    bool ok = to && copy_lines(source, state, one, form, list, logits, to, err);
    if (ok)
        ok = df_writer_commit(to, err);
    else
        df_writer_abandon(to);
    if (state && source->row->close)
        source->row->close(state);
    df_arena_free(arena);
    return ok;
}
