/* arena.c: chunks of memory, handed out front to back. After a reset the chunks stay and are used again, so that a loop over
   images settles on the memory that its largest image needs. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

enum { ALIGNMENT = 64, FIRST_CHUNK = 1 << 16 };

typedef struct chunk {
    struct chunk *next;
    size_t size; /* bytes after the header */
    size_t used;
    unsigned char padding[ALIGNMENT - sizeof(struct chunk *) - 2 * sizeof(size_t)];
} chunk;
_Static_assert(sizeof(chunk) == ALIGNMENT, "data must start aligned");

struct df_arena {
    chunk *first, *current;
    size_t limit, reserved; /* bytes: allowed in all; in chunks */
    bool was_refused;
};

df_arena *df_arena_new(size_t limit, df_error *err)
{
    df_arena *arena = calloc(1, sizeof *arena);
    if (!arena) {
        df_fail(err, "out of memory");
        return NULL;
    }
    arena->limit = limit;
    return arena;
}

static chunk *chunk_new(df_arena *arena, size_t wanted, df_error *err)
{
    if (wanted > arena->limit - arena->reserved) {
        df_fail(err, "needs %zu bytes more than the limit of %zu bytes", wanted - (arena->limit - arena->reserved), arena->limit);
        return NULL;
    }
    /* Grow with what is there, within the limit. */
    size_t size = arena->reserved < FIRST_CHUNK ? FIRST_CHUNK : arena->reserved;
    if (size > arena->limit - arena->reserved)
        size = arena->limit - arena->reserved;
    if (size < wanted)
        size = wanted;
    size_t bytes;
    chunk *made = NULL;
    if (df_size_add(size, sizeof(chunk) + ALIGNMENT, &bytes))
        made = aligned_alloc(ALIGNMENT, bytes / ALIGNMENT * ALIGNMENT);
    if (!made) {
        df_fail(err, "out of memory: %zu bytes", size);
        return NULL;
    }
    *made = (chunk){.size = size};
    arena->reserved += size;
    return made;
}

/* The chunk with room for `wanted`: the current one, a later one left from before a reset, or a new one. */
static chunk *chunk_for(df_arena *arena, size_t wanted, df_error *err)
{
    chunk **link = arena->current ? &arena->current : &arena->first;
    for (; *link; link = &(*link)->next)
        if ((*link)->size - (*link)->used >= wanted)
            return arena->current = *link;
    chunk *made = chunk_new(arena, wanted, err);
    if (!made)
        return NULL;
    chunk **end = &arena->first;
    while (*end)
        end = &(*end)->next;
    *end = made;
    return arena->current = made;
}

/* The chunk for that many elements and the bytes that they take there; NULL with the sentence. */
static chunk *place_for(df_arena *arena, size_t count, size_t size, size_t *bytes, df_error *err)
{
    if (!df_size_mul(count, size, bytes) || *bytes > SIZE_MAX - ALIGNMENT) {
        df_fail(err, "out of memory: %zu times %zu bytes", count, size);
        return NULL;
    }
    *bytes = *bytes ? (*bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    return chunk_for(arena, *bytes, err);
}

void *df_alloc(df_arena *arena, size_t count, size_t size, df_error *err)
{
    size_t bytes;
    chunk *place = place_for(arena, count, size, &bytes, err);
    if (!place) {
        arena->was_refused = true;
        return NULL;
    }
    void *memory = (unsigned char *)(place + 1) + place->used;
    place->used += bytes;
    memset(memory, 0, bytes);
    return memory;
}

void *df_copy(df_arena *arena, const void *data, size_t size, df_error *err)
{
    void *copy = df_alloc(arena, size, 1, err);
    if (copy && size)
        memcpy(copy, data, size);
    return copy;
}

char *df_copy_string(df_arena *arena, const char *text, df_error *err)
{
    return df_copy(arena, text, strlen(text) + 1, err);
}

bool df_arena_was_refused(const df_arena *arena)
{
    return arena->was_refused;
}

df_arena_mark df_arena_save(const df_arena *arena)
{
    return (df_arena_mark){.chunk = arena->current, .used = arena->current ? arena->current->used : 0};
}

void df_arena_restore(df_arena *arena, df_arena_mark mark)
{
    chunk *keep = mark.chunk;
    for (chunk *later = keep ? keep->next : arena->first; later; later = later->next)
        later->used = 0;
    if (keep)
        keep->used = mark.used;
    arena->current = keep;
}

void df_arena_reset(df_arena *arena)
{
    df_arena_restore(arena, (df_arena_mark){0});
}

void df_arena_free(df_arena *arena)
{
    if (!arena)
        return;
    for (chunk *next; arena->first; arena->first = next) {
        next = arena->first->next;
        free(arena->first);
    }
    free(arena);
}
