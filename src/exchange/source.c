/* source.c: the table of formats, and what they share. */
#include "exchange/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "exchange/source_rows.h"

static const source_row *const rows[] = {&source_manifest, &source_celebahq, &source_celeba, &source_csv, &source_folder};

const source_row *source_row_at(int index)
{
    return index >= 0 && index < (int)DF_ARRAY_LEN(rows) ? rows[index] : NULL;
}

const source_row *source_find(const char *name)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    return NULL;
}

const source_row *source_guess(const char *path, df_error *err)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (rows[i]->recognises(path))
            return rows[i];
    df_fail(err, df_path_exists(path) ? "%s: none of the known formats" : "%s: not there", path);
    return NULL;
}

const char *source_split_name(const char *word)
{
    static const struct {
        const char *word, *name;
    } words[] = {{"train", "train"},      {"training", "train"}, {"0", "train"},   {"valid", "valid"},  {"val", "valid"},
                 {"validation", "valid"}, {"1", "valid"},        {"test", "test"}, {"testing", "test"}, {"2", "test"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(words); i++)
        if (strcasecmp(words[i].word, word) == 0)
            return words[i].name;
    return NULL;
}

void source_say(source_log *log, int64_t *which, const char *format, ...)
{
    char sentence[sizeof(df_error)];
    va_list args;
    ++*which;
    if (log->named > SOURCE_NAMED)
        return;
    if (log->named++ == SOURCE_NAMED) {
        df_progress_note(log->progress, "and more like these, which are counted");
        return;
    }
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    for (char *at = sentence; *at; at++) /* names of files may hold newlines */
        if ((unsigned char)*at < ' ')
            *at = '?';
    df_progress_note(log->progress, "%s", sentence);
}
