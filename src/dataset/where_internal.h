/* where_internal.h: the flat tree of a condition; private to where_*.c. A node's children stand before it, so evaluating is one
   loop over the nodes. */
#ifndef DF_DATASET_WHERE_INTERNAL_H
#define DF_DATASET_WHERE_INTERNAL_H

#include <stdint.h>

#include "dataset/where.h"

enum { WHERE_ARGUMENTS = 256, WHERE_PARTS = 16, WHERE_KEY = 128 };

typedef enum where_op {
    WHERE_NUMBER,
    WHERE_STRING,
    WHERE_TRUE,
    WHERE_FALSE,
    WHERE_NULL,
    WHERE_NAME,
    WHERE_NEGATE,
    WHERE_NOT,
    WHERE_OR,
    WHERE_AND,
    WHERE_EQUAL,
    WHERE_UNEQUAL,
    WHERE_LESS,
    WHERE_LESS_EQUAL,
    WHERE_GREATER,
    WHERE_GREATER_EQUAL,
    WHERE_IN,
    WHERE_ADD,
    WHERE_SUBTRACT,
    WHERE_MULTIPLY,
    WHERE_DIVIDE,
    WHERE_ABS,
    WHERE_MIN,
    WHERE_MAX,
    WHERE_LEN,
    WHERE_HAS,
    WHERE_OP_COUNT
} where_op;

typedef struct where_part {
    const char *key; /* NULL: index of a list */
    size_t index;
} where_part;

typedef struct where_name {
    const char *text; /* as it was written */
    where_part parts[WHERE_PARTS];
    int count;
    bool is_tested; /* stands in has() */
    int64_t seen;   /* lines that have it */
} where_name;

typedef struct where_node {
    where_op op;
    int column;       /* in the text, from 1 */
    int left, right;  /* operands; left also the operand of one */
    int first, count; /* of IN, MIN, MAX: places in `arguments` */
    double number;
    const char *text;
    where_name *name;
} where_node;

typedef enum where_kind { KIND_NULL, KIND_BOOL, KIND_NUMBER, KIND_TEXT, KIND_OTHER, KIND_WRONG } where_kind;

typedef struct where_value {
    where_kind kind;
    bool truth;
    double number;
    const char *text;
    const json_t *json;   /* of KIND_OTHER */
    int operand;          /* of KIND_WRONG: the node whose value does not fit */
    const char *expected; /* of KIND_WRONG */
} where_value;

struct where {
    where_node *nodes;   /* [count], the last is the whole */
    where_value *values; /* [count], of the current line */
    int *arguments;      /* [argument_count] */
    int count, argument_count;
};

#endif
