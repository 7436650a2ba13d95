/* manifest_skim.c: walks over the members of an object without looking into values that nobody wants, brackets and strings apart. */
#include "dataset/manifest_skim.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/journal.h"
#include "dataset/manifest_read.h"

enum { REPORT_EVERY = 10000, LINE_LIMIT = 16 << 20, MOST_DEPTH = 4 };

/* ---- text ---- */

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at;
}

/* Behind the string that begins at `at`; NULL: it does not end. */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at == '"')
            return at + 1;
        at += *at == '\\';
    }
    return NULL;
}

/* Behind the value that begins at `at`. */
static const char *skip_value(const char *at, const char *end)
{
    int depth = 0;
    do {
        if (at >= end)
            return NULL;
        if (*at == '"') {
            if (!(at = skip_string(at, end)))
                return NULL;
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}' || *at == ']'))
            return at;
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        at++;
        if (depth == 0 && (at[-1] == '}' || at[-1] == ']'))
            return at;
    } while (true);
}

typedef struct skim {
    const char *const *wanted;
    df_text *out;
    const char *end;
} skim;

/* How a key stands to the wanted ones: not at all, itself, or as an object in which something is wanted. */
typedef enum match { MATCH_NONE, MATCH_WHOLE, MATCH_INSIDE } match;

static match match_key(const skim *s, const char *prefix, size_t prefix_length, const char *key, size_t length)
{
    for (const char *const *wanted = s->wanted; *wanted; wanted++) {
        const char *rest = *wanted + prefix_length;
        if (prefix_length > 0 && strncmp(*wanted, prefix, prefix_length) != 0)
            continue;
        if (strlen(rest) < length || memcmp(rest, key, length) != 0) /* a key may hold zero bytes */
            continue;
        if (rest[length] == '\0' || rest[length] == '.')
            return rest[length] == '\0' ? MATCH_WHOLE : MATCH_INSIDE;
    }
    return MATCH_NONE;
}

static const char *skim_object(const skim *s, const char *at, const char *prefix, size_t prefix_length, int depth);

/* A member whose key is [key, key + length) and whose value begins at `at`; returns what follows the value. */
static const char *skim_member(const skim *s, const char *at, const char *prefix, size_t prefix_length, const char *key, size_t length,
                               int depth, bool *is_first)
{
    match found = match_key(s, prefix, prefix_length, key, length);
    char path[128];
    if (found == MATCH_INSIDE && (*at != '{' || depth == MOST_DEPTH || prefix_length + length + 2 > sizeof path))
        found = MATCH_NONE;
    if (found == MATCH_NONE)
        return skip_value(at, s->end);
    df_text_add(s->out, *is_first ? "\"" : ",\"");
    df_text_add_bytes(s->out, key, length);
    df_text_add(s->out, "\":");
    *is_first = false;
    if (found == MATCH_INSIDE) {
        snprintf(path, sizeof path, "%.*s%.*s.", (int)prefix_length, prefix, (int)length, key);
        return skim_object(s, at, path, prefix_length + length + 1, depth + 1);
    }
    const char *behind = skip_value(at, s->end);
    if (behind)
        df_text_add_bytes(s->out, at, (size_t)(behind - at));
    return behind;
}

/* From '{' to behind '}'; NULL where it is none. */
static const char *skim_object(const skim *s, const char *at, const char *prefix, size_t prefix_length, int depth)
{
    bool is_first = true;
    at = skip_blanks(at, s->end);
    if (at >= s->end || *at != '{')
        return NULL;
    df_text_add(s->out, "{");
    at = skip_blanks(at + 1, s->end);
    while (at < s->end && *at == '"') {
        const char *key = at + 1, *behind = skip_string(at, s->end);
        if (!behind || (at = skip_blanks(behind, s->end)) >= s->end || *at != ':')
            return NULL;
        at = skip_blanks(at + 1, s->end);
        at = at < s->end ? skim_member(s, at, prefix, prefix_length, key, (size_t)(behind - 1 - key), depth, &is_first) : NULL;
        if (!at)
            return NULL;
        at = skip_blanks(at, s->end);
        if (at < s->end && *at == ',')
            at = skip_blanks(at + 1, s->end);
    }
    if (at >= s->end || *at != '}')
        return NULL;
    df_text_add(s->out, "}");
    return at + 1;
}

bool manifest_skim(const char *line, size_t length, const char *const *wanted, df_text *out)
{
    const skim s = {.wanted = wanted, .out = out, .end = line + length};
    const char *behind = skim_object(&s, line, "", 0, 0);
    return behind && skip_blanks(behind, s.end) == s.end;
}

/* ---- the summary ---- */

static const char *const summary_wants[] = {"identity",
                                            "imported",
                                            "gender",
                                            "ethnicity",
                                            "labels",
                                            "band",
                                            "size",
                                            "width",
                                            "height",
                                            "channels",
                                            "bits",
                                            "sensor.bits",
#define WANT_MEASURE(ID, KEYS, ...) KEYS,
                                            SUMMARY_MEASURES(WANT_MEASURE)
#undef WANT_MEASURE
#define WANT_TOPIC(ID, KEY, ...) KEY,
                                                SUMMARY_TOPICS(WANT_TOPIC)
#undef WANT_TOPIC
                                                    NULL};

static void copy_text(const json_t *line, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(line, key));
    snprintf(out, size, "%s", text ? text : "");
}

static int integer_at(const json_t *line, const char *keys)
{
    const json_int_t value = json_integer_value(manifest_value(line, keys));
    return value > 0 && value <= IMAGE_MAX_SIDE ? (int)value : 0;
}

/* What summary_add looks at. */
static void fill_entry(const json_t *line, manifest_entry *e)
{
    char band[16];
    const json_t *age = json_object_get(line, "age"), *labels = json_object_get(line, "labels");
    memset(e, 0, sizeof *e);
    copy_text(line, "identity", e->identity, sizeof e->identity);
    copy_text(line, "imported", e->imported, sizeof e->imported);
    copy_text(line, "gender", e->gender, sizeof e->gender);
    copy_text(line, "ethnicity", e->ethnicity, sizeof e->ethnicity);
    copy_text(line, "band", band, sizeof band);
    for (int b = 0; b < BAND_COUNT; b++)
        e->band = strcmp(render_band_names[b], band) == 0 ? (render_band)b : e->band;
    e->has_age = json_is_number(age);
    e->age = (float)json_number_value(age);
    e->size = integer_at(line, "size");
    e->width = e->imported[0] ? integer_at(line, "width") : e->size;
    e->height = e->imported[0] ? integer_at(line, "height") : e->size;
    e->bits = integer_at(line, e->imported[0] ? "bits" : "sensor.bits");
    e->channels = e->imported[0] ? integer_at(line, "channels") : band_channels(e->band);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        copy_text(labels, label_kind_names[kind], e->labels[kind].path, sizeof e->labels[kind].path);
}

static bool add_line(summary *s, const char *line, size_t length, df_text *few, char before[PERSON_ID], bool begins[256], df_error *err)
{
    manifest_entry entry;
    df_text_clear(few);
    const bool is_object = manifest_skim(line, length, summary_wants, few);
    if (!df_text_ok(few, err))
        return false;
    json_t *json = is_object ? df_json_parse(few->data, few->size, err) : NULL;
    if (!json)
        return is_object ? false : df_fail(err, "expected a JSON object");
    fill_entry(json, &entry);
    summary_add(s, &entry, json, strcmp(before, entry.identity) != 0);
    memcpy(before, entry.identity, PERSON_ID);
    begins[(unsigned char)entry.identity[0]] = true;
    json_decref(json);
    return true;
}

static bool add_lines(df_lines *lines, const char *path, summary *s, bool begins[256], const df_progress *progress, df_error *err)
{
    const char *line;
    size_t length;
    char before[PERSON_ID] = "";
    df_text few = {0};
    bool is_good;
    while ((is_good = df_lines_next(lines, &line, &length, err)) && line) {
        if (df_stop_signal())
            is_good = df_fail(err, "stopped by a signal");
        else if (!add_line(s, line, length, &few, before, begins, err))
            is_good = df_fail_in(err, "%s, line %zu", path, df_lines_number(lines));
        if (!is_good)
            break;
        if (s->images % REPORT_EVERY == 0)
            df_progress_step(progress, s->images);
    }
    df_text_free(&few);
    return is_good;
}

bool manifest_skim_summary(const char *folder, df_arena *arena, const df_progress *progress, const summary **out, bool begins[256],
                           df_error *err)
{
    char path[DATASET_PATH];
    summary *s = df_alloc(arena, 1, sizeof *s, err);
    df_lines *lines = s && df_path_join(path, sizeof path, folder, "manifest.jsonl", err) ? df_lines_open(path, LINE_LIMIT, err) : NULL;
    if (!lines)
        return false;
    summary_begin(s);
    df_progress_start(progress, "counting for the card", 0);
    const bool is_good = add_lines(lines, path, s, begins, progress, err);
    df_progress_finish(progress);
    df_lines_close(lines);
    summary_end(s);
    if (is_good)
        *out = s;
    return is_good;
}
