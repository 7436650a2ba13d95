/* export_people.c: open addressing with linear steps, doubled when half full. */
#include "exchange/export_people.h"

#include "base/random.h"
#include "base/size.h"

enum { FIRST_ROOM = 256 };

/* Where the key is, or the free place where it belongs. */
static export_person *place_of(export_person *places, size_t room, uint64_t key)
{
    size_t place = (size_t)(key ^ key >> 32) & (room - 1);
    while (places[place].key != 0 && places[place].key != key)
        place = (place + 1) & (room - 1);
    return &places[place];
}

static bool grow(export_people *people, df_error *err)
{
    size_t room = FIRST_ROOM, bytes;
    if ((people->room > 0 && !df_size_mul(people->room, 2, &room)) || !df_size_mul(room, sizeof *people->places, &bytes))
        return df_fail(err, "too many identities");
    df_arena *arena = df_arena_new(bytes, err);
    export_person *places = arena ? df_alloc(arena, room, sizeof *places, err) : NULL;
    if (!places) {
        df_arena_free(arena);
        return false;
    }
    for (size_t i = 0; i < people->room; i++)
        if (people->places[i].key != 0)
            *place_of(places, room, people->places[i].key) = people->places[i];
    df_arena_free(people->arena);
    *people = (export_people){.arena = arena, .places = places, .room = room, .count = people->count};
    return true;
}

export_person *export_people_find(export_people *people, const char *id, df_error *err)
{
    if (2 * (size_t)people->count >= people->room && !grow(people, err))
        return NULL;
    const uint64_t hash = df_identity_key(id), key = hash ? hash : 1;
    export_person *person = place_of(people->places, people->room, key);
    if (person->key == 0)
        *person = (export_person){.key = key, .number = people->count++, .last_index = -1};
    return person;
}

void export_people_free(export_people *people)
{
    df_arena_free(people->arena);
    *people = (export_people){0};
}
