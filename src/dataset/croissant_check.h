/* croissant_check.h: what the two files of the checker share. Private to them. */
#ifndef DF_DATASET_CROISSANT_CHECK_H
#define DF_DATASET_CROISSANT_CHECK_H

#include "dataset/croissant.h"

typedef struct checking {
    json_t *ids; /* object: identifier to its type */
    bool uses_rai;
    croissant_problem *problem;
    void *user;
    int problems;
} checking;

void croissant_complain(checking *c, const char *place, const char *format, ...) DF_PRINTF(3, 4);

/* A value or a list of them: JSON-LD takes both. */
size_t croissant_count(const json_t *value);
const json_t *croissant_item(const json_t *value, size_t i);

/* The object's @id, "" without one. */
const char *croissant_id(const json_t *object);

/* Some of the object's types is `name`, with its prefix, as a full address or bare. */
bool croissant_is_a(const json_t *object, const char *name);

/* A reference has nothing but its identifier. */
bool croissant_is_reference(const json_t *value);

/* Each reference of `value` is to something of one of the types, separated by blanks. */
void croissant_check_references(checking *c, const json_t *value, const char *types, const char *place, const char *key);

/* The values of a key, if there are any, are texts that are not empty. */
void croissant_check_texts(checking *c, const json_t *object, const char *key, const char *place);

/* One record set with its fields (croissant_check_records.c). */
void croissant_check_records(checking *c, const json_t *set);

#endif
