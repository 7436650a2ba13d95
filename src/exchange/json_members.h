/* json_members.h: the members of a JSON object as they stand in its text, so that numbers are copied digit for digit. For a text that a
   parser has accepted before; of any other the walk ends early, within the text. */
#ifndef DF_EXCHANGE_JSON_MEMBERS_H
#define DF_EXCHANGE_JSON_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct json_members {
    const char *at, *end;
} json_members;

/* A part of the text. A key is without its quotes, escapes as they are; a value is whole, a string's quotes too. */
typedef struct json_part {
    const char *text;
    size_t length;
} json_part;

json_members json_members_of(const char *object, size_t length);
bool json_members_next(json_members *members, json_part *key, json_part *value);
bool json_part_is(json_part part, const char *text);

#endif
