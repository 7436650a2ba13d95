/* csv_value.h: what a field of a table means in a manifest. */
#ifndef DF_EXCHANGE_CSV_VALUE_H
#define DF_EXCHANGE_CSV_VALUE_H

#include "base/json.h"

/* A decimal that means itself: no zeros in front, no more digits than a double has, no exponent. */
bool csv_decimal(const char *text, double *out);

/* true or false in any case, a number where csv_decimal sees one, else the text. NULL where it is no UTF-8 or memory ends. */
json_t *csv_value(const char *text);

/* "male" or "female" of the words and letters for them; other words as they are. */
const char *csv_gender(const char *text);

/* Set a member unless the text is empty. Fail where a name is too long for a manifest or no UTF-8, and when memory ends. An age that is no
   number from 0 to 200 becomes the attribute "age_range". */
bool csv_set_name(json_t *fields, const char *key, const char *text) DF_CHECKED;
bool csv_set_age(json_t *fields, json_t *attributes, const char *text) DF_CHECKED;

#endif
