/* card_page.c: README.md: what people ask of a data set, in the order in which they ask, as Markdown. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "dataset/card_facts.h"
#include "dataset/card_fields.h"

/* A cell of a table: no bar and no line end may break it. */
static void add_cell(df_text *out, const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at == '|')
            df_text_add(out, "\\|");
        else
            df_text_add_bytes(out, *at == '\n' || *at == '\r' ? " " : at, 1);
}

static void add_row(df_text *out, const char *name, const char *format, ...) DF_PRINTF(3, 4);
static void add_row(df_text *out, const char *name, const char *format, ...)
{
    char text[2 * CARD_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    df_text_addf(out, "| %s | ", name);
    add_cell(out, text);
    df_text_add(out, " |\n");
}

static void add_items(df_text *out, const char *title, json_t *list)
{
    size_t i;
    const json_t *item;
    df_text_addf(out, "\n## %s\n\n", title);
    json_array_foreach(list, i, item) {
        df_text_add(out, "- ");
        df_text_add(out, json_string_value(item));
        df_text_add(out, "\n");
    }
    if (json_array_size(list) == 0)
        df_text_add(out, "Nothing.\n");
    json_decref(list);
}

static const char *origin_text(const card_facts *facts, const char *key)
{
    const char *text = json_string_value(json_object_get(facts->origin, key));
    return text ? text : "not recorded";
}

static void add_labels(const card_facts *facts, df_text *out)
{
    char names[256] = "";
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (facts->sum->labels[kind]) {
            const size_t length = strlen(names);
            snprintf(names + length, sizeof names - length, "%s%s", length ? ", " : "", label_kind_names[kind]);
        }
    add_row(out, "dense labels", "%s", names[0] ? names : "none");
}

static void add_glance(const card_facts *facts, df_text *out)
{
    const summary *s = facts->sum;
    df_text_add(out, "\n## At a glance\n\n| | |\n|---|---|\n");
    add_row(out, "images", "%lld", (long long)s->images);
    add_row(out, "people", "%lld", (long long)s->identities);
    if (s->is_uniform)
        add_row(out, "size", "%d x %d pixels, %d bit", s->width, s->height, s->bits);
    else
        add_row(out, "size", "%s", "different sizes or depths");
    add_labels(facts, out);
    if (facts->kind == CARD_RENDERED) {
        add_row(out, "made by", "diffuse %s", origin_text(facts, "version"));
        add_row(out, "recipe", "`%s`", origin_text(facts, "recipe"));
    }
    add_row(out, "`manifest.jsonl`", "%lld bytes, SHA-256 `%s`", (long long)facts->manifest_bytes, facts->manifest_sha256);
    add_row(out, "licence of the set", "%s", facts->words.text[CARD_LICENSE]);
    add_row(out, "published by", "%s", facts->words.text[CARD_CREATOR]);
    add_row(out, "version, date", "%s, %s", facts->words.text[CARD_VERSION], facts->words.text[CARD_DATE]);
}

/* ---- numbers ---- */

static const char *named(const char *name)
{
    return name[0] ? name : "not said";
}

static void add_count(df_text *out, demographics_count count)
{
    df_text_addf(out, " %lld people, %lld images |", (long long)count.people, (long long)count.images);
}

static void add_groups(const card_facts *facts, df_text *out)
{
    const demographics *counts = &facts->sum->people;
    df_text_add(out, "\n## Who is in it\n\n| |");
    for (int gender = 0; gender < counts->gender_count; gender++)
        df_text_addf(out, " %s |", named(counts->genders[gender]));
    df_text_add(out, " all |\n|---|");
    for (int gender = 0; gender <= counts->gender_count; gender++)
        df_text_add(out, "---|");
    for (int group = 0; group <= counts->group_count; group++) {
        const int which = group < counts->group_count ? group : -1;
        df_text_add(out, "\n| ");
        add_cell(out, which < 0 ? "all" : named(counts->groups[which]));
        df_text_add(out, " |");
        for (int gender = 0; gender < counts->gender_count; gender++)
            add_count(out, demographics_sum(counts, gender, which, -1));
        add_count(out, demographics_sum(counts, -1, which, -1));
    }
    df_text_add(out, "\n");
}

static void add_ages(const card_facts *facts, df_text *out)
{
    const demographics *counts = &facts->sum->people;
    if (facts->sum->measures[SUMMARY_AGE].total == 0)
        return;
    df_text_add(out, "\n| age | |\n|---|---|\n");
    for (int bin = 0; bin < counts->age_count; bin++) {
        const demographics_count count = demographics_sum(counts, -1, -1, bin);
        char name[64];
        snprintf(name, sizeof name, "%g to %g", (double)counts->age_edges[bin], (double)counts->age_edges[bin + 1]);
        add_row(out, name, "%lld people, %lld images", (long long)count.people, (long long)count.images);
    }
}

static bool has_measures(const card_facts *facts)
{
    int64_t total = 0;
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++)
        total += facts->sum->measures[m].total;
    return total > 0;
}

static void add_measures(const card_facts *facts, df_text *out)
{
    if (!has_measures(facts))
        return;
    df_text_add(out, "\n## What varies\n\n| | least | mean | most |\n|---|---|---|---|\n");
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++) {
        const tally *t = &facts->sum->measures[m];
        const summary_measure_row *row = &summary_measure_rows[m];
        if (t->total > 0)
            df_text_addf(out, "| %s%s%s | %.2f | %.2f | %.2f |\n", row->title, row->unit ? ", " : "", row->unit ? row->unit : "", t->low,
                         t->sum / (double)t->total, t->high);
    }
}

static void add_topics(const card_facts *facts, df_text *out)
{
    int names_in_all = 0;
    for (int topic = 0; topic < SUMMARY_TOPIC_COUNT; topic++)
        names_in_all += facts->sum->topics[topic].count;
    if (names_in_all == 0)
        return;
    df_text_add(out, "\n| | images |\n|---|---|\n");
    for (int topic = 0; topic < SUMMARY_TOPIC_COUNT; topic++) {
        const summary_names *names = &facts->sum->topics[topic];
        if (names->count == 0)
            continue;
        df_text_addf(out, "| %s | ", summary_topic_rows[topic].title);
        for (int i = 0; i < names->count; i++) {
            df_text_add(out, i ? ", " : "");
            add_cell(out, names->items[i].name);
            df_text_addf(out, " %lld", (long long)names->items[i].images);
        }
        df_text_add(out, " |\n");
    }
}

/* ---- how it was made ---- */

static void add_hashes(const card_facts *facts, df_text *out)
{
    const json_t *model = json_object_get(facts->origin, "model"), *persons = json_object_get(facts->origin, "identities");
    const char *name = json_string_value(json_object_get(model, "name")), *hash = json_string_value(json_object_get(model, "sha256"));
    const char *identities = json_string_value(json_object_get(persons, "sha256"));
    if (name && hash)
        df_text_addf(out, "- `MODEL` is the face model `%s` whose file has the SHA-256 `%s`.\n", name, hash);
    if (identities)
        df_text_addf(out, "- `identities.jsonl`, %s, holds the %lld people of `diffuse sample`; its SHA-256 is `%s`.\n",
                     facts->identities_sha256[0] ? "which lies here" : "which the set did not keep",
                     (long long)json_integer_value(json_object_get(persons, "count")), identities);
    const char *backgrounds = json_string_value(json_object_get(facts->job, "background-images"));
    if (backgrounds && backgrounds[0])
        df_text_addf(out, "- `BACKGROUNDS` is a folder of images; the SHA-256 of its names and sizes is `%s`.\n", backgrounds);
}

static void add_sources(const card_facts *facts, df_text *out)
{
    size_t i;
    const json_t *source, *sources = json_object_get(facts->derived, "sources");
    json_array_foreach(sources, i, source) {
        if (i == CARD_SOURCES) {
            df_text_addf(out, "- and %zu more; `.diffuse/derived.json` lists all.\n", json_array_size(sources) - i);
            return;
        }
        const char *name = json_string_value(json_object_get(source, "name"));
        const char *hash = json_string_value(json_object_get(source, "manifest-sha256"));
        df_text_addf(out, "- %lld images of the set `%s`, whose manifest has the SHA-256 `%s`.\n",
                     (long long)json_integer_value(json_object_get(source, "images")), name ? name : "", hash ? hash : "");
    }
}

static void add_making(const card_facts *facts, df_text *out)
{
    size_t i;
    const json_t *line;
    json_t *commands = card_commands(facts);
    df_text_add(out, "\n## How it was made\n\n");
    card_collection(facts, out);
    df_text_add(out, "\n");
    out->failed |= !commands;
    if (json_array_size(commands) > 0) {
        df_text_addf(out, "\nWith diffuse %s:\n\n", origin_text(facts, "version"));
        json_array_foreach(commands, i, line)
            df_text_addf(out, "    %s\n", json_string_value(line));
        df_text_add(out, "\n");
    }
    add_hashes(facts, out);
    add_sources(facts, out);
    if (facts->kind == CARD_RENDERED)
        df_text_add(out,
                    "\nThe same files, seed and options give the same bytes. Every PNG file tells its person, number, seed and recipe.\n");
    json_decref(commands);
}

static void add_fields(const card_facts *facts, df_text *out)
{
    const card_field *row;
    df_text_add(out, "\n## Files and fields\n\n| | |\n|---|---|\n");
    add_row(out, "`manifest.jsonl`", "one JSON object a line for each image");
    if (facts->identities_sha256[0])
        add_row(out, "`identities.jsonl`", "the people, as they were sampled");
    add_row(out, "`PERSON/0000.png` and so on", "the images, a folder for each person");
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (facts->sum->labels[kind])
            df_text_addf(out, "| `labels/%s/PERSON/0000.%s` | dense label of each image |\n", label_kind_names[kind],
                         label_kind_endings[kind]);
    add_row(out, "`croissant.json`", "this card for programs: Croissant 1.1");
    df_text_add(out, "\n");
    card_annotation(facts, out);
    df_text_add(out, "\n\n| field | form | |\n|---|---|---|\n");
    for (int i = 0; (row = card_field_at(i)) != NULL; i++)
        if (card_field_is_there(row, facts->keys))
            df_text_addf(out, "| `%s%s%s` | %s%s%s | %s |\n", row->key, row->path ? "." : "", row->path ? row->path + strlen("$.") : "",
                         row->type + strlen("sc:"), row->shape ? " " : "", row->shape ? row->shape : "", row->help);
}

static void add_assets(const card_facts *facts, df_text *out)
{
    size_t i;
    const json_t *asset;
    json_t *assets = card_assets(facts);
    df_text_add(out, "\n## Licences of what went in\n\n| | |\n|---|---|\n");
    json_array_foreach(assets, i, asset) {
        df_text_add(out, "| ");
        add_cell(out, json_string_value(json_object_get(asset, "asset")));
        df_text_add(out, " | ");
        add_cell(out, json_string_value(json_object_get(asset, "notice")));
        df_text_add(out, " |\n");
    }
    json_decref(assets);
}

void card_page(const card_facts *facts, df_text *out)
{
    df_text_addf(out, CARD_MARK "\n# %s\n\n", facts->words.text[CARD_NAME]);
    card_summary(facts, out);
    df_text_add(out, "\n");
    add_glance(facts, out);
    add_groups(facts, out);
    add_ages(facts, out);
    add_measures(facts, out);
    add_topics(facts, out);
    add_making(facts, out);
    add_fields(facts, out);
    add_items(out, "What it is for", card_uses(facts));
    add_items(out, "What it cannot do", card_limitations(facts));
    add_items(out, "Biases", card_biases(facts));
    add_items(out, "People", card_sensitive(facts));
    add_assets(facts, out);
    add_items(out, "Stand-ins for what nobody stated", card_stand_ins(facts));
    df_text_add(out, "\n## How to cite\n\n    ");
    df_text_add(out, facts->words.text[CARD_CITE]);
    df_text_add(out, "\n");
}
