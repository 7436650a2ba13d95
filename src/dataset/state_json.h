/* state_json.h: the small JSON files that a set keeps in .diffuse: read whole, checked, handed over. */
#ifndef DF_DATASET_STATE_JSON_H
#define DF_DATASET_STATE_JSON_H

#include "base/json.h"

typedef struct state_form {
    const char *name; /* of the file */
    size_t limit;     /* bytes */
    bool (*check)(const json_t *root, df_error *err);
} state_form;

/* *found false: there is no such file. *out is the caller's (json_decref). Errors name the path. */
bool state_json_read(const char *folder, const state_form *form, json_t **out, bool *found, df_error *err) DF_CHECKED;

#endif
