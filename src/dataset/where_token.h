/* where_token.h: the text of a condition as tokens, one after the other; private to where_*.c. */
#ifndef DF_DATASET_WHERE_TOKEN_H
#define DF_DATASET_WHERE_TOKEN_H

#include "dataset/where_internal.h"

typedef enum where_token_kind {
    WHERE_TOKEN_END,
    WHERE_TOKEN_NUMBER,
    WHERE_TOKEN_TEXT,
    WHERE_TOKEN_WORD,
    WHERE_TOKEN_SIGN
} where_token_kind;

typedef struct where_token {
    where_token_kind kind;
    const char *at; /* in the text */
    size_t length;  /* of a text with its quotes */
} where_token;

typedef struct where_parser {
    const char *text;
    where_token now;
    where *out;
    df_arena *arena;
    int depth;
    df_error *err;
} where_parser;

bool where_is_word(char c);                                        /* may stand in a name without quotes */
int where_column(const where_parser *p);                           /* of the current token, from 1 */
bool where_is(const where_parser *p, const char *text);            /* the current token is this word or sign */
bool where_fail_here(const where_parser *p, const char *expected); /* says what stands there instead; returns false */
bool where_advance(where_parser *p) DF_CHECKED;                    /* to the next token */
bool where_expect(where_parser *p, const char *sign) DF_CHECKED;   /* past this sign or word */

#endif
