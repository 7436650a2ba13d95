/* roster.h: the identities file as a data set needs it: checked once from end to end before anything is written, then streamed
   again while rendering. */
#ifndef DF_DATASET_ROSTER_H
#define DF_DATASET_ROSTER_H

#include "base/sha256.h"
#include "face/person.h"

typedef struct roster {
    int64_t count;
    char file_sha256[DF_SHA256_TEXT];
    char order_sha256[DF_SHA256_TEXT]; /* of the ids, each with a newline */
} roster;

/* Reads every line. `only`, unless "": that identity must be among them; *only_position then says where. Fails on a broken or empty
   file, and on ids that a data set's folder cannot hold. */
DF_API bool roster_read(const char *path, const face_model *model, const char *only, int64_t *only_position, roster *out,
                        df_error *err) DF_CHECKED;

/* The identities of one shard in order: numbers p with p mod shards = shard. */
typedef struct roster_stream {
    people *people;
    int64_t position; /* of the next line */
    int64_t shard, shards;
} roster_stream;
DF_API bool roster_open(const char *path, const face_model *model, int64_t shard, int64_t shards, roster_stream *out,
                        df_error *err) DF_CHECKED;
DF_API bool roster_next(roster_stream *stream, person *out, bool *found, df_error *err) DF_CHECKED;
DF_API void roster_close(roster_stream *stream);

#endif
