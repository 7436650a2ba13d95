/* model_notes.c: the metadata of a model's file that the format does not know. */
#include "face/model_notes.h"

#include <stdio.h>
#include <string.h>

#define PARTS "parts-"
#define DRESSED "dressed-" /* what `model dress` itself notes: not carried on when the result is dressed again */

static const char *const known[] = {"format", "version", "name", "expressions", "groups", "textures", "parts", "named_landmarks"};

static bool is_known(const char *key)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(known); i++)
        if (strcmp(key, known[i]) == 0)
            return true;
    return false;
}

static bool check_note(const char *key, const char *text, df_error *err)
{
    if (strlen(key) >= MODEL_NOTE_KEY)
        return df_fail(err, "metadata '%.40s...': a key of %zu bytes, expected fewer than %d", key, strlen(key), MODEL_NOTE_KEY);
    if (strlen(text) >= MODEL_NOTE_TEXT)
        return df_fail(err, "metadata '%s': %zu bytes, expected fewer than %d", key, strlen(text), MODEL_NOTE_TEXT);
    return true;
}

bool model_notes_read(const tensor_list *list, df_arena *arena, face_model *model, df_error *err)
{
    const char *(*notes)[2] = df_alloc(arena, MODEL_MAX_NOTES, sizeof *notes, err);
    int count = 0;
    if (!notes)
        return false;
    for (size_t i = 0; i < list->metadata_count; i++) {
        const char *key = list->metadata[i][0], *text = list->metadata[i][1];
        if (is_known(key))
            continue;
        if (count == MODEL_MAX_NOTES)
            return df_fail(err, "metadata: more than %d notes", MODEL_MAX_NOTES);
        if (!check_note(key, text, err) || !(notes[count][0] = df_copy_string(arena, key, err)) ||
            !(notes[count][1] = df_copy_string(arena, text, err)))
            return false;
        count++;
    }
    model->notes = (const char *const(*)[2])notes;
    model->note_count = count;
    return true;
}

typedef struct joined {
    const char *(*notes)[2]; /* [MODEL_MAX_NOTES + 1] */
    int count;
    df_arena *arena;
    df_error *err;
} joined;

static bool join(joined *to, const char *prefix, const char *key, const char *text)
{
    char name[2 * MODEL_NOTE_KEY];
    snprintf(name, sizeof name, "%s%s", prefix, key);
    if (to->count == MODEL_MAX_NOTES)
        return df_fail(to->err, "more than %d notes of both models", MODEL_MAX_NOTES);
    if (!check_note(name, text, to->err) || !(to->notes[to->count][0] = df_copy_string(to->arena, name, to->err)) ||
        !(to->notes[to->count][1] = df_copy_string(to->arena, text, to->err)))
        return false;
    to->count++;
    return true;
}

/* The parts of a base that was dressed before are replaced, and so is what is said of them. */
static bool join_all(joined *to, const face_model *base, const face_model *parts, const char *const (*more)[2])
{
    bool is_good = true;
    for (int i = 0; is_good && i < base->note_count; i++)
        if (strncmp(base->notes[i][0], PARTS, strlen(PARTS)) != 0 && strncmp(base->notes[i][0], DRESSED, strlen(DRESSED)) != 0)
            is_good = join(to, "", base->notes[i][0], base->notes[i][1]);
    for (int i = 0; is_good && i < parts->note_count; i++)
        is_good = join(to, PARTS, parts->notes[i][0], parts->notes[i][1]);
    for (size_t i = 0; is_good && more && more[i][0]; i++)
        is_good = join(to, "", more[i][0], more[i][1]);
    return is_good;
}

model_note *model_notes_joined(const face_model *base, const face_model *parts, model_note *more, df_arena *arena, df_error *err)
{
    joined to = {.arena = arena, .err = err};
    to.notes = df_alloc(arena, MODEL_MAX_NOTES + 1, sizeof *to.notes, err); /* the last stays NULL */
    return to.notes && join_all(&to, base, parts, more) ? (model_note *)to.notes : NULL;
}

bool model_note_is_licence(const char *key)
{
    static const char *const words[] = {"license", "licence", "credit"};
    for (size_t i = 0; i < DF_ARRAY_LEN(words); i++)
        if (strstr(key, words[i]))
            return true;
    return false;
}
