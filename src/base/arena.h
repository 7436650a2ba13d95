/* arena.h: memory by lifetime. A run, a model, a batch and each thread's scratch have an arena of their own; what lives in
   one is never freed singly. Every arena has a limit, so a hostile file can ask for no more than that. An arena belongs
   to one thread at a time. */
#ifndef DF_BASE_ARENA_H
#define DF_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/api.h"
#include "base/error.h"

typedef struct df_arena df_arena;

typedef struct df_arena_mark {
    void *chunk;
    size_t used;
} df_arena_mark;

/* An arena that hands out at most `limit` bytes in all. NULL when memory ends. */
DF_API df_arena *df_arena_new(size_t limit, df_error *err) DF_CHECKED;

/* count * size zeroed bytes, aligned to 64. NULL at the limit, on overflow and when memory ends; count or size 0 gives a
   valid pointer to nothing. */
DF_API void *df_alloc(df_arena *arena, size_t count, size_t size, df_error *err) DF_CHECKED;

/* A copy of `size` bytes, or of a string with its end. */
DF_API void *df_copy(df_arena *arena, const void *data, size_t size, df_error *err) DF_CHECKED;
DF_API char *df_copy_string(df_arena *arena, const char *text, df_error *err) DF_CHECKED;

/* A request failed since the arena was made: tells a shortage of memory from other failures. */
DF_API bool df_arena_was_refused(const df_arena *arena);

/* What has been handed out since the mark is given back by the reset; memory is kept for the next use. */
DF_API df_arena_mark df_arena_save(const df_arena *arena);
DF_API void df_arena_restore(df_arena *arena, df_arena_mark mark);
DF_API void df_arena_reset(df_arena *arena);

/* Frees everything; NULL is legal. */
DF_API void df_arena_free(df_arena *arena);

#endif
