/* card_fields.h: the fields of a manifest's lines as the cards describe them: one table for both. docs/manifest.md is the manual. */
#ifndef DF_DATASET_CARD_FIELDS_H
#define DF_DATASET_CARD_FIELDS_H

#include <jansson.h>
#include <stdbool.h>

typedef struct card_field {
    const char *id, *key; /* the field's name; the key of the line that it stands in */
    const char *path;     /* below that key, as JSONPath; NULL: the key's own value */
    const char *type;     /* of Croissant: "sc:Float", ... */
    const char *second;   /* a second, semantic type, or NULL */
    const char *shape;    /* of arrays, "68,2"; NULL: one value */
    const char *format;   /* of boxes; NULL: none */
    const char *help;     /* capital, full stop */
} card_field;

/* In the order of the table; NULL at its end. */
const card_field *card_field_at(int index);

/* Whether lines with these keys (key to a value) have the field. */
bool card_field_is_there(const card_field *field, const json_t *keys);

#endif
