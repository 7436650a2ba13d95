/* id_set.h: which identities have been seen, by their 64-bit keys (df_identity_key): 16 to 32 bytes an identity. Two ids of one key
   count as one, and rightly: all random numbers of an identity hang on that key. Chance of it among a million ids: 3e-8. */
#ifndef DF_FACE_ID_SET_H
#define DF_FACE_ID_SET_H

#include <stdint.h>

#include "base/arena.h"

typedef struct id_set {
    df_arena *arena; /* of the table; {0} is an empty set */
    uint64_t *keys;  /* [room], 0: free */
    size_t count, room;
} id_set;

/* *is_new is false where it was in before. */
DF_API bool id_set_add(id_set *set, const char *id, bool *is_new, df_error *err) DF_CHECKED;
DF_API bool id_set_has(const id_set *set, const char *id);
DF_API void id_set_free(id_set *set);

#endif
