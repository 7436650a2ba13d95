/* csv_value.c: words of people about people, read with care: what is not understood stays as it is. */
#include "exchange/csv_value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exchange/csv.h"
#include "face/face_model.h"

bool csv_decimal(const char *text, double *out)
{
    char *end;
    const char *digits = text + (text[0] == '-');
    if (strlen(text) > 16 || digits[0] < '0' || digits[0] > '9' || strspn(digits, "0123456789.") != strlen(digits) ||
        (digits[0] == '0' && digits[1] != '\0' && digits[1] != '.'))
        return false;
    *out = strtod(text, &end);
    return *end == '\0' && end[-1] != '.';
}

json_t *csv_value(const char *text)
{
    int64_t whole;
    double number;
    if (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0)
        return json_boolean(text[0] == 't' || text[0] == 'T');
    if (!csv_decimal(text, &number))
        return json_string(text);
    return csv_integer(text, INT64_MIN, INT64_MAX, &whole) ? json_integer(whole) : json_real(number);
}

const char *csv_gender(const char *text)
{
    static const char *const males[] = {"m", "male", "man"}, *const females[] = {"f", "female", "woman"};
    for (size_t i = 0; i < DF_ARRAY_LEN(males); i++) {
        if (strcasecmp(text, males[i]) == 0)
            return "male";
        if (strcasecmp(text, females[i]) == 0)
            return "female";
    }
    return text;
}

bool csv_set_name(json_t *fields, const char *key, const char *text)
{
    return text[0] == '\0' || (strlen(text) < FACE_NAME && json_object_set_new(fields, key, json_string(text)) == 0);
}

bool csv_set_age(json_t *fields, json_t *attributes, const char *text)
{
    double age;
    if (text[0] == '\0')
        return true;
    if (csv_decimal(text, &age) && age >= 0 && age <= 200)
        return json_object_set_new(fields, "age", csv_value(text)) == 0;
    return json_object_set_new(attributes, "age_range", json_string(text)) == 0;
}
