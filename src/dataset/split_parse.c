/* split_parse.c: parts and shares as one writes them, in whole millionths. */
#include <string.h>

#include "dataset/split.h"

enum { MOST_SHARE = 1000, VALUE_TEXT = 12 };

/* "0.8" in millionths. */
static bool parse_share(const char *text, int64_t *out)
{
    const size_t whole = strspn(text, "0123456789"), decimals = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    if (whole + decimals == 0 || whole + decimals > VALUE_TEXT || decimals > SPLIT_DECIMALS ||
        text[whole + (text[whole] == '.') + decimals] != '\0')
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < whole + (text[whole] == '.') + decimals; i++)
        if (text[i] != '.')
            value = 10 * value + (text[i] - '0');
    for (size_t i = decimals; i < SPLIT_DECIMALS; i++)
        value *= 10;
    if (value > (int64_t)MOST_SHARE * SPLIT_UNIT)
        return false;
    *out = value;
    return true;
}

static bool parse_part(const char *text, split_parts *out, df_error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    const size_t length = strspn(text, letters);
    int64_t weight;
    if (length == 0 || length >= FACE_NAME || text[length] != ':' || !parse_share(text + length + 1, &weight))
        return df_fail(err, "'%.60s': expected NAME:SHARE, as train:0.8, with a share up to %d of at most %d decimals", text, MOST_SHARE,
                       SPLIT_DECIMALS);
    for (int p = 0; p < out->count; p++)
        if (strlen(out->names[p]) == length && memcmp(out->names[p], text, length) == 0)
            return df_fail(err, "'%.60s' is there twice", out->names[p]);
    if (out->count == SPLIT_PARTS)
        return df_fail(err, "more than %d parts", SPLIT_PARTS);
    memcpy(out->names[out->count], text, length);
    out->names[out->count][length] = '\0';
    out->weights[out->count++] = weight;
    return true;
}

bool split_parse(const char *const *texts, size_t count, split_parts *out, df_error *err)
{
    split_parts parts = {0};
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        if (!parse_part(texts[i], &parts, err))
            return false;
    for (int p = 0; p < parts.count; p++)
        sum += parts.weights[p];
    if (sum == 0)
        return df_fail(err, "expected a share above 0");
    *out = parts;
    return true;
}
