/* id_set.c: open addressing with linear steps, doubled when half full. */
#include "face/id_set.h"

#include "base/random.h"
#include "base/size.h"

enum { FIRST_ROOM = 256 };

static uint64_t key_of(const char *id)
{
    const uint64_t key = df_identity_key(id);
    return key ? key : 1; /* 0 marks a free place */
}

/* Where the key is, or the free place where it belongs. */
static size_t place_of(const uint64_t *keys, size_t room, uint64_t key)
{
    size_t place = (size_t)(key ^ key >> 32) & (room - 1);
    while (keys[place] != 0 && keys[place] != key)
        place = (place + 1) & (room - 1);
    return place;
}

static bool grow(id_set *set, df_error *err)
{
    size_t room = FIRST_ROOM, bytes;
    if (set->room > 0 && !df_size_mul(set->room, 2, &room))
        return df_fail(err, "too many identities");
    if (!df_size_mul(room, 2 * sizeof(uint64_t), &bytes))
        return df_fail(err, "too many identities");
    df_arena *arena = df_arena_new(bytes, err);
    uint64_t *keys = arena ? df_alloc(arena, room, sizeof *keys, err) : NULL;
    if (!keys) {
        df_arena_free(arena);
        return false;
    }
    for (size_t i = 0; i < set->room; i++)
        if (set->keys[i] != 0)
            keys[place_of(keys, room, set->keys[i])] = set->keys[i];
    df_arena_free(set->arena);
    *set = (id_set){.arena = arena, .keys = keys, .count = set->count, .room = room};
    return true;
}

bool id_set_add(id_set *set, const char *id, bool *is_new, df_error *err)
{
    if (2 * set->count >= set->room && !grow(set, err))
        return false;
    const uint64_t key = key_of(id);
    const size_t place = place_of(set->keys, set->room, key);
    *is_new = set->keys[place] == 0;
    set->keys[place] = key;
    set->count += *is_new;
    return true;
}

bool id_set_has(const id_set *set, const char *id)
{
    return set->room > 0 && set->keys[place_of(set->keys, set->room, key_of(id))] != 0;
}

void id_set_free(id_set *set)
{
    df_arena_free(set->arena);
    *set = (id_set){0};
}
