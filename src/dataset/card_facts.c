/* card_facts.c: gathers. The first lines tell which keys there are; the whole manifest gives counts and hash. */
#include "dataset/card_facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "dataset/derived.h"
#include "dataset/manifest_skim.h"
#include "dataset/origin.h"
#include "dataset/set_state.h"

static void note_line(card_facts *facts, const manifest_entry *entry, const json_t *line)
{
    const char *ending = strrchr(entry->image, '.'), *key;
    json_t *value;
    facts->has_png |= ending && strcmp(ending, ".png") == 0;
    facts->has_jpeg |= ending && (strcmp(ending, ".jpg") == 0 || strcmp(ending, ".jpeg") == 0);
    facts->is_split |= entry->split[0] != '\0';
    facts->has_imported |= entry->imported[0] != '\0';
    facts->has_rendered |= entry->imported[0] == '\0';
    json_object_foreach((json_t *)(uintptr_t)line, key, value)
        if (!json_object_get(facts->keys, key))
            json_object_set(facts->keys, key, value);
}

static bool read_first_lines(const char *path, card_facts *facts, df_error *err)
{
    manifest_reader *reader = manifest_open(path, err);
    manifest_entry entry;
    bool found = reader != NULL, is_good = reader != NULL;
    for (int i = 0; is_good && found && i < CARD_FIRST_LINES; i++) {
        is_good = manifest_next(reader, &entry, &found, err);
        if (!is_good || !found)
            continue;
        if (i == 0)
            facts->first = entry;
        note_line(facts, &entry, manifest_json(reader));
    }
    manifest_close(reader);
    return is_good && (facts->first.image[0] || df_fail(err, "%s: no image stands there", path));
}

static bool has_folder_behind(const json_t *job)
{
    const char *background = json_string_value(json_object_get(job, "background"));
    return background && strcmp(background, "folder") == 0;
}

/* Sources of a derived set may be of both kinds beyond the first lines. */
static void note_sources(card_facts *facts)
{
    size_t i;
    const json_t *source, *sources = json_object_get(facts->derived, "sources");
    facts->has_photographs = has_folder_behind(facts->job);
    json_array_foreach(sources, i, source) {
        facts->has_photographs |= has_folder_behind(json_object_get(source, "job"));
        const bool is_rendered = json_is_object(json_object_get(source, "job"));
        facts->has_rendered |= is_rendered;
        facts->has_imported |= !is_rendered;
    }
}

static bool read_state(const char *folder, card_facts *facts, df_error *err)
{
    set_state state;
    bool found;
    if (!set_state_read(folder, &state, &facts->job, &found, err) || !origin_read(folder, &facts->origin, &found, err) ||
        !derived_read(folder, &facts->derived, &found, err))
        return false;
    facts->kind = facts->derived ? CARD_DERIVED : facts->job || !facts->has_imported ? CARD_RENDERED : CARD_IMPORTED;
    note_sources(facts);
    return true;
}

static void stand_in(card_facts *facts, card_word word, const char *format, ...) DF_PRINTF(3, 4);
static void stand_in(card_facts *facts, card_word word, const char *format, ...)
{
    va_list arguments;
    if (facts->words.text[word][0])
        return;
    va_start(arguments, format);
    vsnprintf(facts->words.text[word], CARD_TEXT, format, arguments);
    va_end(arguments);
    facts->stood[word] = true;
}

static void fill_words(card_facts *facts, const card_words *said)
{
    char(*text)[CARD_TEXT] = facts->words.text;
    facts->words = *said;
    stand_in(facts, CARD_NAME, "%s-%.8s", facts->has_imported ? "faces" : "synthetic-faces", facts->manifest_sha256);
    stand_in(facts, CARD_LICENSE, "%s", "not stated");
    stand_in(facts, CARD_CREATOR, "%s", "not stated");
    stand_in(facts, CARD_URL, "%s", "README.md");
    stand_in(facts, CARD_DATE, "%s", DIFFUSE_DATE);
    stand_in(facts, CARD_VERSION, "%s", "1.0.0");
    stand_in(facts, CARD_CITE, "@misc{%.80s, title = {%.80s}, author = {%.200s}, year = {%.4s}, note = {version %.40s}}", text[CARD_NAME],
             text[CARD_NAME], text[CARD_CREATOR], text[CARD_DATE], text[CARD_VERSION]);
}

/* The copy of the people that a rendered set keeps. */
static bool read_identities(const char *folder, card_facts *facts, df_error *err)
{
    char path[DATASET_PATH];
    struct stat status;
    if (!set_identities_path(path, folder, err))
        return false;
    if (stat(path, &status) != 0)
        return true;
    facts->identities_bytes = status.st_size;
    return df_sha256_of_file(path, facts->identities_sha256, err);
}

static bool read_manifest(const char *folder, df_arena *arena, const df_progress *progress, card_facts *facts, df_error *err)
{
    char path[DATASET_PATH];
    struct stat status;
    if (!df_path_join(path, sizeof path, folder, "manifest.jsonl", err))
        return false;
    if (stat(path, &status) != 0)
        return df_fail(err, "%s: no manifest.jsonl: no data set, or one that is not finished", folder);
    facts->manifest_bytes = status.st_size;
    return read_first_lines(path, facts, err) && manifest_skim_summary(folder, arena, progress, &facts->sum, facts->begins, err) &&
           df_sha256_of_file(path, facts->manifest_sha256, err);
}

bool card_facts_read(const char *folder, const card_words *said, df_arena *arena, const df_progress *progress, card_facts *out,
                     df_error *err)
{
    out->keys = json_object();
    if (!out->keys)
        return df_fail(err, "out of memory");
    if (!read_manifest(folder, arena, progress, out, err) || !read_identities(folder, out, err) || !read_state(folder, out, err))
        return false;
    fill_words(out, said);
    return true;
}

void card_facts_free(card_facts *facts)
{
    json_decref(facts->keys);
    json_decref(facts->job);
    json_decref(facts->origin);
    json_decref(facts->derived);
    *facts = (card_facts){0};
}
