/* json_members.c: a walk that knows strings and nesting, and nothing of what values mean. */
#include "exchange/json_members.h"

#include <string.h>

static void skip_blanks(json_members *m)
{
    while (m->at < m->end && strchr(" \t\r\n,:", *m->at) && *m->at != '\0')
        m->at++;
}

/* At the opening quote; ends behind the closing one. */
static void skip_string(json_members *m)
{
    for (m->at++; m->at < m->end && *m->at != '"'; m->at++)
        if (*m->at == '\\')
            m->at++;
    if (m->at < m->end)
        m->at++;
    else
        m->at = m->end;
}

static void skip_value(json_members *m)
{
    int depth = 0;
    while (m->at < m->end) {
        const char c = *m->at;
        if (depth == 0 && (c == ',' || c == '}'))
            return;
        if (c == '"') {
            skip_string(m);
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        m->at++;
    }
}

json_members json_members_of(const char *object, size_t length)
{
    json_members m = {object, object + length};
    skip_blanks(&m);
    if (m.at < m.end && *m.at == '{')
        m.at++;
    else
        m.at = m.end;
    return m;
}

bool json_members_next(json_members *m, json_part *key, json_part *value)
{
    skip_blanks(m);
    if (m->at >= m->end || *m->at != '"')
        return false;
    const char *first = m->at;
    skip_string(m);
    if (m->at - first < 2)
        return false;
    *key = (json_part){first + 1, (size_t)(m->at - first) - 2};
    skip_blanks(m);
    first = m->at;
    skip_value(m);
    *value = (json_part){first, (size_t)(m->at - first)};
    return value->length > 0;
}

bool json_part_is(json_part part, const char *text)
{
    return part.length == strlen(text) && memcmp(part.text, text, part.length) == 0;
}
