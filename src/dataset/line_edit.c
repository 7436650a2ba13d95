/* line_edit.c: walks over the text of an object, copies it, and puts other values in some places. Keys are compared as they are
   written: nobody needs an escape in a key, and one that has some is refused rather than written twice. */
#include "dataset/line_edit.h"

#include <assert.h>
#include <string.h>

typedef struct walk {
    const char *at, *end;
} walk;

static void skip_blanks(walk *w)
{
    while (w->at < w->end && strchr(" \t\r\n", *w->at))
        w->at++;
}

static void skip_string(walk *w)
{
    for (w->at++; w->at < w->end && *w->at != '"'; w->at++)
        w->at += *w->at == '\\';
    w->at++;
}

/* Any value; lists and objects by counting what opens and closes. */
static void skip_value(walk *w)
{
    int depth = 0;
    do {
        if (*w->at == '"') {
            skip_string(w);
            continue;
        }
        depth += *w->at == '{' || *w->at == '[';
        if ((*w->at == '}' || *w->at == ']' || *w->at == ',') && depth == 0)
            return;
        depth -= *w->at == '}' || *w->at == ']';
        w->at++;
    } while (w->at < w->end && (depth > 0 || !strchr(",}] \t\r\n", *w->at)));
}

static bool is_key(const char *key, const char *text, size_t length)
{
    return strlen(key) == length && memcmp(key, text, length) == 0;
}

typedef struct editing {
    const line_edit *edits;
    size_t count;
    bool done[LINE_EDITS], has_escaped_key;
    df_text *out;
} editing;

static void edit_members(editing *e, walk *w, const char *outer, size_t outer_length);

/* The key of the member that begins at the walk, which then stands at the value. */
static const char *read_key(editing *e, walk *w, size_t *length)
{
    const char *key = w->at + 1;
    skip_string(w);
    *length = (size_t)(w->at - 1 - key);
    e->has_escaped_key |= memchr(key, '\\', *length) != NULL;
    skip_blanks(w);
    w->at++; /* the colon */
    skip_blanks(w);
    return key;
}

/* Whether an edit is for something inside the object that is this member of the line. */
static bool goes_inside(const editing *e, const char *key, size_t length)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->edits[i].inner && is_key(e->edits[i].key, key, length))
            return true;
    return false;
}

/* The edit for this member, or `count`. */
static size_t edit_for(const editing *e, const char *outer, size_t outer_length, const char *key, size_t length)
{
    size_t i = 0;
    for (; i < e->count; i++) {
        const line_edit *edit = &e->edits[i];
        if (outer ? edit->inner && is_key(edit->key, outer, outer_length) && is_key(edit->inner, key, length)
                  : !edit->inner && is_key(edit->key, key, length))
            break;
    }
    return i;
}

/* Copies an object from its brace on; `outer`: its key in the line, NULL for the line itself. Leaves out the closing brace. */
static void edit_members(editing *e, walk *w, const char *outer, size_t outer_length)
{
    const char *copied = w->at++; /* all before is in the output */
    for (skip_blanks(w); w->at < w->end && *w->at == '"'; skip_blanks(w)) {
        size_t length;
        const char *key = read_key(e, w, &length), *value = w->at;
        const size_t edit = edit_for(e, outer, outer_length, key, length);
        if (edit < e->count && e->edits[edit].keeps) {
            e->done[edit] = true;
            skip_value(w);
        } else if (edit < e->count) {
            df_text_add_bytes(e->out, copied, (size_t)(value - copied));
            df_text_json_string(e->out, e->edits[edit].text);
            skip_value(w);
            copied = w->at;
            e->done[edit] = true;
        } else if (!outer && *value == '{' && goes_inside(e, key, length)) {
            df_text_add_bytes(e->out, copied, (size_t)(value - copied));
            edit_members(e, w, key, length);
            copied = w->at++;
        } else {
            skip_value(w);
        }
        skip_blanks(w);
        w->at += w->at < w->end && *w->at == ',';
    }
    df_text_add_bytes(e->out, copied, (size_t)(w->at - copied));
}

bool line_edit_apply(const char *line, size_t length, const line_edit *edits, size_t count, df_text *out, df_error *err)
{
    assert(count <= LINE_EDITS);
    editing e = {.edits = edits, .count = count, .out = out};
    walk w = {.at = line, .end = line + length};
    skip_blanks(&w);
    df_text_add_bytes(out, line, (size_t)(w.at - line));
    const bool is_empty = w.at + 1 < w.end && w.at[1] == '}';
    edit_members(&e, &w, NULL, 0);
    bool has_members = !is_empty;
    for (size_t i = 0; i < count; i++) {
        if (e.done[i] || edits[i].inner)
            continue;
        df_text_add(out, has_members ? "," : "");
        df_text_json_string(out, edits[i].key);
        df_text_add(out, ":");
        df_text_json_string(out, edits[i].text);
        has_members = true;
    }
    df_text_add(out, "}");
    return e.has_escaped_key ? df_fail(err, "a key with an escape in it, expected plain letters") : df_text_ok(out, err);
}
