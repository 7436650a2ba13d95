/* source_id.c: names made safe and kept apart. */
#include "exchange/source_id.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"

enum { HASH_DIGITS = 8, STEM = PERSON_ID - 1 - 1 - HASH_DIGITS }; /* bytes before "-0123abcd" */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Names of a set's own files and folders, and endings that such have. */
static bool is_reserved(const char *id)
{
    static const char *const names[] = {"labels", SOURCE_UNKNOWN}, *const endings[] = {".jsonl", ".json", ".md", ".html", ".csv"};
    const size_t length = strlen(id);
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++)
        if (strcmp(id, names[i]) == 0)
            return true;
    for (size_t i = 0; i < DF_ARRAY_LEN(endings); i++)
        if (length >= strlen(endings[i]) && strcmp(id + length - strlen(endings[i]), endings[i]) == 0)
            return true;
    return false;
}

/* False where the whole name does not fit. */
static bool make_plain(const char *original, char out[PERSON_ID])
{
    size_t length = 0;
    for (; length < PERSON_ID - 1 && original[length]; length++)
        out[length] = is_plain(original[length]) ? original[length] : '_';
    out[length] = '\0';
    if (out[0] == '.')
        out[0] = '_';
    return original[length] == '\0';
}

static void add_hash(const char *original, uint32_t attempt, char id[PERSON_ID])
{
    const size_t length = strnlen(id, STEM);
    snprintf(id + length, PERSON_ID - length, "-%08x", (uint32_t)(df_identity_key(original) >> 32) + attempt);
}

bool source_ids_next(source_ids *ids, const char *original, char out[PERSON_ID], df_error *err)
{
    bool is_new;
    char id[PERSON_ID];
    if (!id_set_add(&ids->originals, original, &is_new, err))
        return false;
    if (!is_new)
        return df_fail(err, "identity '%.200s' comes again after others, expected its images side by side", original);
    if (original[0] == '\0') {
        snprintf(out, PERSON_ID, "%s", SOURCE_UNKNOWN);
        return true;
    }
    if (!make_plain(original, id) || is_reserved(id))
        add_hash(original, 0, id);
    for (uint32_t attempt = 0;; attempt++) {
        if (!id_set_add(&ids->given, id, &is_new, err))
            return false;
        if (is_new)
            break;
        make_plain(original, id);
        add_hash(original, attempt, id);
    }
    memcpy(out, id, sizeof id);
    return true;
}

void source_ids_free(source_ids *ids)
{
    id_set_free(&ids->originals);
    id_set_free(&ids->given);
}
