/* card_command.c: the command line that a job came from, every option spelled out, so that it stays right when a default changes. */
#include <stdlib.h>
#include <string.h>

#include "dataset/card_facts.h"

static void add_value(df_text *out, const json_t *value)
{
    if (json_is_string(value))
        df_text_add(out, json_string_value(value));
    else if (json_is_integer(value))
        df_text_integer(out, json_integer_value(value));
    else
        df_text_number(out, json_number_value(value), 6);
}

static void add_option(const json_t *job, const char *key, df_text *out)
{
    const json_t *value = json_object_get(job, key);
    if (!value)
        return;
    df_text_addf(out, " --%s ", key);
    add_value(out, value);
}

/* "a,b,c"; nothing where the list is empty. */
static void add_list(const json_t *job, const char *key, const char *option, df_text *out)
{
    size_t i;
    const json_t *item, *list = json_object_get(job, key);
    json_array_foreach(list, i, item) {
        df_text_add(out, i ? "," : " --");
        df_text_add(out, i ? "" : option);
        df_text_add(out, i ? "" : " ");
        add_value(out, item);
    }
}

static void add_range(const json_t *job, const char *key, df_text *out)
{
    const json_t *range = json_object_get(job, key);
    if (json_array_size(range) != 2)
        return;
    df_text_addf(out, " --%s ", key);
    add_value(out, json_array_get(range, 0));
    if (json_equal(json_array_get(range, 0), json_array_get(range, 1)))
        return;
    df_text_add(out, ":");
    add_value(out, json_array_get(range, 1));
}

static bool is_text(const json_t *job, const char *key, const char *text)
{
    const char *value = json_string_value(json_object_get(job, key));
    return value && strcmp(value, text) == 0;
}

static void add_only(const json_t *job, df_text *out)
{
    const char *identity = json_string_value(json_object_get(job, "only"));
    if (identity && identity[0])
        df_text_addf(out, " --only %s/%lld", identity, (long long)json_integer_value(json_object_get(job, "only-index")));
}

void card_render_command(const json_t *job, df_text *out)
{
    static const char *const before[] = {"per-identity", "seed", "engine", "size", "samples", "band", "bits", "crop"};
    static const char *const after[] = {"law", "glasses", "sunglasses", "hat", "occluder", "noise"};
    df_text_add(out, "diffuse render --model MODEL --identities identities.jsonl");
    for (size_t i = 0; i < DF_ARRAY_LEN(before); i++)
        add_option(job, before[i], out);
    for (int id = 0; id < JOB_RANGE_COUNT; id++)
        add_range(job, job_range_rows[id].name, out);
    for (size_t i = 0; i < DF_ARRAY_LEN(after); i++)
        add_option(job, after[i], out);
    add_list(job, "occluder-kinds", "occluder-kinds", out);
    if (is_text(job, "background", "folder"))
        df_text_add(out, " --background BACKGROUNDS");
    else
        add_option(job, "background", out);
    add_list(job, "labels", "labels", out);
    if (is_text(job, "landmark-vertices", "dense"))
        df_text_add(out, " --landmarks dense");
    else
        add_list(job, "landmark-vertices", "landmarks", out);
    if (json_integer_value(json_object_get(job, "normals-bits")) == 16)
        df_text_add(out, " --normals16");
    add_only(job, out);
    df_text_add(out, " --out DIR");
}

/* ---- all commands ---- */

static const char *note(const card_facts *facts, const char *key)
{
    return json_string_value(json_object_get(json_object_get(json_object_get(facts->origin, "model"), "notes"), key));
}

/* "4000 heads, seed 1" of the default model's notes. */
static bool read_built(const char *text, long long *heads, unsigned long long *seed)
{
    static const char between[] = " heads, seed ";
    char *end;
    *heads = strtoll(text, &end, 10);
    if (end == text || strncmp(end, between, strlen(between)) != 0)
        return false;
    text = end + strlen(between);
    *seed = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

static bool add_build(const card_facts *facts, df_text *out)
{
    long long heads;
    unsigned long long seed;
    const char *built = note(facts, "built-from"), *modes = note(facts, "identity-modes"), *groups = note(facts, "sampled-groups");
    if (!built || !modes || !groups || !read_built(built, &heads, &seed))
        return false;
    df_text_addf(out, "diffuse model build --heads %lld --seed %llu --identity-modes %.16s --groups %.16s --out MODEL", heads, seed, modes,
                 groups);
    return true;
}

static void append(json_t *list, df_text *line)
{
    json_array_append_new(list, json_stringn(line->data ? line->data : "", line->size));
    df_text_clear(line);
}

static void add_derivation(const card_facts *facts, json_t *list, df_text *line)
{
    size_t i;
    const json_t *source, *sources = json_object_get(facts->derived, "sources");
    const char *by = json_string_value(json_object_get(facts->derived, "made-by"));
    const char *how = json_string_value(json_object_get(facts->derived, "how"));
    json_array_foreach(sources, i, source) {
        const json_t *job = json_object_get(source, "job");
        if (i == CARD_SOURCES || !json_is_object(job))
            continue;
        card_render_command(job, line);
        append(list, line);
    }
    df_text_addf(line, "diffuse dataset %s", by ? by : "");
    df_text_addf(line, how && how[0] ? " (%s)" : "%s", how ? how : "");
    append(list, line);
}

json_t *card_commands(const card_facts *facts)
{
    json_t *list = json_array();
    df_text line = {0};
    if (add_build(facts, &line))
        append(list, &line);
    if (facts->job) {
        card_render_command(facts->job, &line);
        append(list, &line);
    }
    if (facts->derived)
        add_derivation(facts, list, &line);
    const bool is_whole = !line.failed;
    df_text_free(&line);
    if (is_whole)
        return list;
    json_decref(list);
    return NULL;
}
