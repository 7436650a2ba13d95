/* export_people.h: the identities of a set in order of appearance, each with its number and the last index it had: 24 to 48 bytes an
   identity. An id is known by its 64-bit key (df_identity_key), as in face/id_set.h. */
#ifndef DF_EXCHANGE_EXPORT_PEOPLE_H
#define DF_EXCHANGE_EXPORT_PEOPLE_H

#include <stdint.h>

#include "base/arena.h"

typedef struct export_person {
    uint64_t key; /* 0: a free place */
    int64_t number;
    int64_t last_index; /* of its images so far, -1: none */
} export_person;

typedef struct export_people {
    df_arena *arena; /* of the table; {0} is nobody */
    export_person *places;
    size_t room;
    int64_t count;
} export_people;

/* The one of that id, added with the next number where there is none yet; until the next call. NULL when memory ends. */
export_person *export_people_find(export_people *people, const char *id, df_error *err) DF_CHECKED;
void export_people_free(export_people *people);

#endif
