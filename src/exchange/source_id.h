/* source_id.h: names of identities as folders of our sets: letters, digits, '.', '_' and '-', at most PERSON_ID - 1, each once.

   What a name has besides becomes '_'. Where that makes two names equal, where a name is too long, and where it is one that a set
   uses itself, eight hexadecimal digits of the original name's key (df_identity_key) follow. Images without identity all belong to
   SOURCE_UNKNOWN. 32 to 64 bytes an identity. */
#ifndef DF_EXCHANGE_SOURCE_ID_H
#define DF_EXCHANGE_SOURCE_ID_H

#include "face/id_set.h"
#include "face/person.h"

#define SOURCE_UNKNOWN "unknown"

typedef struct source_ids {
    id_set originals, given; /* {0}: none yet */
} source_ids;

/* The id of the next identity of a source; "" is the one without name. Fails where the name came before: the images of an identity stand side by
   side. */
DF_API bool source_ids_next(source_ids *ids, const char *original, char out[PERSON_ID], df_error *err) DF_CHECKED;
DF_API void source_ids_free(source_ids *ids);

#endif
