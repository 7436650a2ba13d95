/* window.c: fills windows from the stream of people. */
#include "dataset/window.h"

#include <string.h>

enum { IMAGES_PER_THREAD = 32, PEOPLE_PER_THREAD = 2, PEOPLE_MORE = 2, PERSON_MEMORY = 512 << 20 };

bool window_source_init(window_source *source, window windows[2], int threads, df_arena *arena, df_error *err)
{
    source->room = IMAGES_PER_THREAD * threads;
    source->people = PEOPLE_PER_THREAD * threads + PEOPLE_MORE;
    source->place_count = 2 * source->people;
    source->places = df_alloc(arena, (size_t)source->place_count, sizeof *source->places, err);
    if (!source->places)
        return false;
    for (int w = 0; w < 2; w++) {
        windows[w].items = df_alloc(arena, (size_t)source->room, sizeof *windows[w].items, err);
        windows[w].newcomers = df_alloc(arena, (size_t)source->people, sizeof *windows[w].newcomers, err);
        windows[w].newcomer_errors = df_alloc(arena, (size_t)source->people, sizeof *windows[w].newcomer_errors, err);
        if (!windows[w].items || !windows[w].newcomers || !windows[w].newcomer_errors)
            return false;
    }
    for (int i = 0; i < source->place_count; i++)
        if (!(source->places[i].arena = df_arena_new(PERSON_MEMORY, err)))
            return false;
    return true;
}

void window_source_free(window_source *source, window windows[2])
{
    for (int i = 0; source->places && i < source->place_count; i++)
        df_arena_free(source->places[i].arena);
    for (int w = 0; w < 2; w++)
        for (int i = 0; windows[w].items && i < source->room; i++)
            df_text_free(&windows[w].items[i].line);
    roster_close(&source->stream);
}

static window_person *free_place(window_source *source)
{
    for (int i = 0; i < source->place_count; i++)
        if (source->places[i].used_by == 0)
            return &source->places[i];
    return NULL; /* cannot happen: two windows hold place_count people at most */
}

/* The next person of the shard whose images are not all done already; is_ended at the end. */
static bool next_person(window_source *source, df_error *err)
{
    window_person *place = free_place(source);
    const int64_t images = source->only_index >= 0 ? 1 : source->per_identity;
    bool found = true;
    while (found) {
        if (!roster_next(&source->stream, &place->who, &found, err))
            return false;
        if (found && source->skip < images)
            break;
        source->skip -= found ? images : 0;
    }
    source->is_ended = !found;
    if (!found)
        return true;
    place->identity = NULL;
    df_arena_reset(place->arena);
    source->current = place;
    source->next_index = source->only_index >= 0 ? source->only_index : source->skip;
    source->skip = 0;
    return true;
}

/* The current person's remaining images, as far as the window has room. */
static void take_images(window_source *source, window *out)
{
    const int64_t end = source->only_index >= 0 ? source->only_index + 1 : source->per_identity;
    source->current->used_by++;
    if (!source->current->identity)
        out->newcomers[out->newcomer_count++] = source->current;
    while (out->count < source->room && source->next_index < end) {
        window_item *item = &out->items[out->count++];
        item->person = source->current;
        item->index = (uint32_t)source->next_index++;
        item->is_done = false;
        item->err.text[0] = '\0';
        df_text_clear(&item->line);
    }
    if (source->next_index == end)
        source->current = NULL;
    if (source->only_index >= 0)
        source->is_ended = true;
}

bool window_fill(window_source *source, window *out, df_error *err)
{
    int taken = 0;
    while (out->count < source->room && taken < source->people && !source->is_ended) {
        if (!source->current && !next_person(source, err))
            return false;
        if (!source->current)
            break;
        take_images(source, out);
        taken++;
    }
    return true;
}

void window_clear(window *out)
{
    const window_person *last = NULL;
    for (int i = 0; i < out->count; i++) {
        window_person *who = out->items[i].person;
        if (who != last)
            who->used_by--;
        last = who;
    }
    out->count = out->appended = out->newcomer_count = 0;
}
