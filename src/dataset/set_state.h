/* set_state.h: `.diffuse/job.json`: the job of a data set, in how many shards it is made, what its identities file had; and, as hints
   that decide nothing, where the model and the backgrounds were. */
#ifndef DF_DATASET_SET_STATE_H
#define DF_DATASET_SET_STATE_H

#include "dataset/job.h"
#include "dataset/journal.h"

enum { SET_HINT = 1024 }; /* longer paths are not written down */

typedef struct set_state {
    int shards;
    int64_t identities, per_identity;  /* images of the set: the product */
    char order_sha256[DF_SHA256_TEXT]; /* of all identities in order, each with a newline */
    bool normals16;
    char model_path[SET_HINT], background_path[SET_HINT]; /* "": not known, or procedural */
} set_state;

/* Reads .diffuse/job.json. *found false: the folder has none. *job_json, unless NULL, gets the job (json_decref). */
DF_API bool set_state_read(const char *path, set_state *out, json_t **job_json, bool *found, df_error *err) DF_CHECKED;

/* Writes it anew; .diffuse is there. */
DF_API bool set_state_write(const char *path, const render_job *job, const set_state *state, df_error *err) DF_CHECKED;

/* The whole path of a file or folder for a hint, "" where it has none or is too long. */
DF_API void set_state_hint(const char *path, char out[SET_HINT]);

/* The copy of the identities file that a set keeps, so that its images can be made again: DIR/identities.jsonl. */
DF_API bool set_identities_path(char path[DATASET_PATH], const char *folder, df_error *err) DF_CHECKED;

/* Makes the copy of `source`, which has that hash, unless it is there. A link in its place goes; what it points to stays. */
DF_API bool set_identities_keep(const char *folder, const char *source, const char *sha256, df_error *err) DF_CHECKED;

#endif
