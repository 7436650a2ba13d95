/* summary.c: every line goes into counters and tallies, and is forgotten. */
#include "dataset/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/journal.h"

enum { REPORT_EVERY = 1000 };

const summary_measure_row summary_measure_rows[SUMMARY_MEASURE_COUNT] = {
#define SUMMARY_ROW(id, KEYS, TITLE, UNIT, WIDTH) [SUMMARY_##id] = {.keys = KEYS, .title = TITLE, .unit = UNIT, .width = WIDTH},
    SUMMARY_MEASURES(SUMMARY_ROW)
#undef SUMMARY_ROW
};

const summary_topic_row summary_topic_rows[SUMMARY_TOPIC_COUNT] = {
#define SUMMARY_ROW(id, KEY, TITLE) [SUMMARY_TOPIC_##id] = {.key = KEY, .title = TITLE},
    SUMMARY_TOPICS(SUMMARY_ROW)
#undef SUMMARY_ROW
};

static void count_name(summary_names *names, const char *name)
{
    for (int i = 0; i < names->count; i++)
        if (strcmp(names->items[i].name, name) == 0) {
            names->items[i].images++;
            return;
        }
    if (names->count == SUMMARY_NAMES || strlen(name) >= FACE_NAME) {
        names->others++;
        return;
    }
    summary_name *added = &names->items[names->count++];
    memcpy(added->name, name, strlen(name) + 1);
    added->images = 1;
}

static void count_expressions(summary *s, const json_t *units)
{
    const char *name;
    const json_t *weight;
    void *at;
    for (at = json_object_iter((json_t *)(uintptr_t)units); at; at = json_object_iter_next((json_t *)(uintptr_t)units, at)) {
        name = json_object_iter_key(at);
        weight = json_object_iter_value(at);
        if (json_number_value(weight) > 0 && strcmp(name, "smile") != 0) /* a second name of one of the others */
            count_name(&s->topics[SUMMARY_TOPIC_EXPRESSIONS], name);
    }
}

static void count_topics(summary *s, const json_t *json)
{
    for (int t = 0; t < SUMMARY_TOPIC_COUNT; t++) {
        const json_t *value = json_object_get(json, summary_topic_rows[t].key);
        const json_t *kind = json_is_object(value) ? json_object_get(value, "kind") : value;
        if (t == SUMMARY_TOPIC_EXPRESSIONS)
            count_expressions(s, value);
        else if (json_is_string(kind))
            count_name(&s->topics[t], json_string_value(kind));
    }
}

void summary_add(summary *s, const manifest_entry *entry, const json_t *json, bool is_new)
{
    if (s->images++ == 0) {
        s->size = s->width = entry->width;
        s->height = entry->height;
        s->channels = entry->channels;
        s->bits = entry->bits;
        s->band = entry->band;
        s->is_uniform = true;
        memcpy(s->imported, entry->imported, sizeof s->imported);
    }
    s->is_uniform =
        s->is_uniform && entry->width == s->width && entry->height == s->height && entry->channels == s->channels && entry->bits == s->bits;
    s->identities += is_new;
    demographics_add(&s->people, entry->gender, entry->ethnicity, entry->has_age ? entry->age : NAN,
                     (demographics_count){.people = is_new, .images = 1});
    for (int i = 0; i < FACE_LANDMARKS; i++)
        s->hidden_landmarks += entry->has_landmarks && !entry->visible[i];
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        s->labels[kind] |= entry->labels[kind].path[0] != '\0';
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++) {
        const json_t *value = manifest_value(json, summary_measure_rows[m].keys);
        if (json_is_number(value))
            tally_add(&s->measures[m], json_number_value(value));
    }
    count_topics(s, json);
}

static int by_frequency(const void *a, const void *b)
{
    const summary_name *x = a, *y = b;
    return x->images != y->images ? (x->images < y->images ? 1 : -1) : strcmp(x->name, y->name);
}

void summary_begin(summary *s)
{
    *s = (summary){.people = demographics_empty()};
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++)
        s->measures[m].width = summary_measure_rows[m].width;
}

void summary_end(summary *s)
{
    for (int t = 0; t < SUMMARY_TOPIC_COUNT; t++)
        qsort(s->topics[t].items, (size_t)s->topics[t].count, sizeof(summary_name), by_frequency);
}

static bool read_lines(manifest_reader *reader, summary *s, const df_progress *progress, df_error *err)
{
    manifest_entry entry;
    char before[PERSON_ID] = "";
    bool found = true;
    while (manifest_next(reader, &entry, &found, err)) {
        if (!found)
            return true;
        if (df_stop_signal())
            return df_fail(err, "stopped by a signal");
        summary_add(s, &entry, manifest_json(reader), strcmp(before, entry.identity) != 0);
        memcpy(before, entry.identity, sizeof before);
        if (s->images % REPORT_EVERY == 0)
            df_progress_step(progress, s->images);
    }
    return false;
}

bool summary_read(const char *folder, df_arena *arena, const df_progress *progress, const summary **out, df_error *err)
{
    char path[DATASET_PATH];
    summary *s = df_alloc(arena, 1, sizeof *s, err);
    if (!s || !df_path_join(path, sizeof path, folder, "manifest.jsonl", err))
        return false;
    summary_begin(s);
    manifest_reader *reader = manifest_open(path, err);
    if (!reader)
        return false;
    df_progress_start(progress, "reading the manifest", 0);
    const bool is_good = read_lines(reader, s, progress, err);
    df_progress_finish(progress);
    manifest_close(reader);
    summary_end(s);
    if (is_good)
        *out = s;
    return is_good;
}
