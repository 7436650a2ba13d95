/* origin.h: what a rendered set remembers of what went into it, so that its card can tell years later: `.diffuse/origin.json`, written
   when a run begins:

     {"program": "diffuse", "version": "0.1.0", "recipe": "...", "identities": {"sha256": "...", "count": 24},
      "model": {"name": "makehuman", "sha256": "...", "notes": {"license-parts": "..."}}}

   The recipe is stamp.h's; the notes are the model's (model_notes.h): licences, attributions, sources. */
#ifndef DF_DATASET_ORIGIN_H
#define DF_DATASET_ORIGIN_H

#include "base/json.h"
#include "dataset/stamp.h"

/* Writes the file unless it is there for the same recipe, people and model: then the version that began the set stays. */
DF_API bool origin_write(const char *folder, const stamp *recipe, const render_job *job, const face_model *model, int64_t identities,
                         df_error *err) DF_CHECKED;

/* *found false: the set has none, as those that were imported or made of others. *out (json_decref) has the form above. */
DF_API bool origin_read(const char *folder, json_t **out, bool *found, df_error *err) DF_CHECKED;

#endif
