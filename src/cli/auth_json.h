/* auth_json.h: what auth_measure.h measured as one JSON object. */
#ifndef DF_CLI_AUTH_JSON_H
#define DF_CLI_AUTH_JSON_H

#include <jansson.h>

#include "auth/auth_measure.h"

/* "1e-1" .. "1e-6": of verification_point k. */
extern const char *const auth_rate_names[VERIFICATION_RATES + 1];

/* Why a rate has no value, as a sentence into `out`. */
void auth_rate_note(const verification *v, int rate, char *out, size_t size);

json_t *auth_json(const auth_result *r, const auth_setting *setting);

#endif
