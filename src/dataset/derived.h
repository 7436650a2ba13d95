/* derived.h: where a set that was made of others came from: `.diffuse/derived.json`, written by subset, split and merge in place of
   job.json. Lines keep their order, so it is enough to say how many lines each source gave:

     {"written-by": "diffuse", "made-by": "subset", "how": "abs(yaw) < 30",
      "sources": [{"name": "faces", "manifest-sha256": "...", "images": 120, "job": {...} or null,
                  "origin": {...} or null}]}

   The first 120 lines are of the set `faces`, and so on. job: the options of `diffuse render` that made them, as in job.json; null
   for imported images. origin: what went into them (origin.h), with licences. The people of the jobs go with the set: identities.jsonl
   where it was one file for all, else .diffuse/identities-SHA256.jsonl for each, by the hash that the job has. Of a source that was
   derived itself its own sources stand there, so the list is always flat. An identity that `merge` had to rename has its former id in
   the line's key "renamed_from": random numbers hang on that one. */
#ifndef DF_DATASET_DERIVED_H
#define DF_DATASET_DERIVED_H

#include "base/arena.h"
#include "base/json.h"

enum { DERIVED_SOURCES = 4096 };

/* Reads DIR/.diffuse/derived.json; *found false where there is none. *out (json_decref) is checked to have the form above. */
DF_API bool derived_read(const char *folder, json_t **out, bool *found, df_error *err) DF_CHECKED;

/* The job that rendered line `line` (from 0) of the set, NULL where nobody did or the set has fewer lines. Borrowed. */
DF_API const json_t *derived_job_at(const json_t *derived, int64_t line);

/* What becomes derived.json, told line by line. begin() for each folder in the order of the new set, then for each of its lines
   whether it is taken. The arena is borrowed. */
typedef struct derivation {
    df_arena *arena;
    json_t *sources;      /* of all folders so far */
    int64_t *has, *taken; /* [DERIVED_SOURCES] lines that each source still has, and that were taken */
    const char **folders; /* [DERIVED_SOURCES] where each source was read */
    size_t at;            /* the source of the next line */
} derivation;

DF_API bool derivation_init(derivation *d, df_arena *arena, df_error *err) DF_CHECKED;
DF_API bool derivation_begin(derivation *d, const char *folder, df_error *err) DF_CHECKED;
/* The same sources, of which nothing has been taken yet, in a derivation that was initialised. */
DF_API bool derivation_copy(derivation *d, const derivation *from, df_error *err) DF_CHECKED;
DF_API void derivation_line(derivation *d, bool is_taken);

/* Writes OUT/.diffuse/derived.json, with the sources that gave anything, and links or copies their identities. made_by: the command's verb; how: what it was told. */
DF_API bool derivation_write(const derivation *d, const char *made_by, const char *how, const char *out, df_error *err) DF_CHECKED;
DF_API void derivation_free(derivation *d); /* {0} is legal */

#endif
