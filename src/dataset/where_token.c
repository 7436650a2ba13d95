/* where_token.c: numbers, texts in quotes, words and signs; blanks lie between them. */
#include "dataset/where_token.h"

#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool where_is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c) || (unsigned char)c >= 0x80;
}

int where_column(const where_parser *p)
{
    return (int)(p->now.at - p->text) + 1;
}

bool where_is(const where_parser *p, const char *text)
{
    return (p->now.kind == WHERE_TOKEN_WORD || p->now.kind == WHERE_TOKEN_SIGN) && strlen(text) == p->now.length &&
           memcmp(p->now.at, text, p->now.length) == 0;
}

/* What stands there, for errors. */
bool where_fail_here(const where_parser *p, const char *expected)
{
    if (p->now.kind == WHERE_TOKEN_END)
        return df_fail(p->err, "column %d: the condition ends, expected %s", where_column(p), expected);
    return df_fail(p->err, "column %d: '%.*s', expected %s", where_column(p), p->now.length < 40 ? (int)p->now.length : 40, p->now.at,
                   expected);
}

static size_t number_length(const char *at)
{
    size_t length = strspn(at, "0123456789");
    if (at[length] == '.')
        length += 1 + strspn(at + length + 1, "0123456789");
    if (at[length] == 'e' || at[length] == 'E') {
        const size_t sign = at[length + 1] == '+' || at[length + 1] == '-';
        const size_t digits = strspn(at + length + 1 + sign, "0123456789");
        length += digits > 0 ? 1 + sign + digits : 0;
    }
    return length;
}

/* With its quotes; 0 where the end is missing. */
static size_t quoted_length(const char *at)
{
    for (size_t i = 1; at[i]; i++) {
        if (at[i] == at[0])
            return i + 1;
        i += at[i] == '\\' && at[i + 1];
    }
    return 0;
}

bool where_advance(where_parser *p)
{
    const char *at = p->now.at + p->now.length;
    const bool is_key_next = *at == '.' && (p->now.kind == WHERE_TOKEN_WORD || where_is(p, "]")); /* a.5_b: no number */
    at += strspn(at, " \t\r\n");
    p->now = (where_token){.at = at, .kind = WHERE_TOKEN_SIGN, .length = 1};
    if (*at == '\0') {
        p->now.kind = WHERE_TOKEN_END;
        p->now.length = 0;
    } else if (is_digit(*at) || (*at == '.' && is_digit(at[1]) && !is_key_next)) {
        p->now.kind = WHERE_TOKEN_NUMBER;
        p->now.length = number_length(at);
        if (where_is_word(at[p->now.length]))
            return df_fail(p->err, "column %d: '%.20s': expected a number, or a name that does not begin with a digit", where_column(p),
                           at);
    } else if (*at == '"' || *at == '\'') {
        p->now.kind = WHERE_TOKEN_TEXT;
        p->now.length = quoted_length(at);
        if (p->now.length == 0)
            return df_fail(p->err, "column %d: the text that begins here has no end, expected %c", where_column(p), *at);
    } else if (where_is_word(*at)) {
        p->now.kind = WHERE_TOKEN_WORD;
        while (where_is_word(at[p->now.length]))
            p->now.length++;
    } else if (strchr("=!<>", *at) && at[1] == '=') {
        p->now.length = 2;
    }
    return true;
}

bool where_expect(where_parser *p, const char *sign)
{
    char what[8];
    snprintf(what, sizeof what, "'%s'", sign);
    return where_is(p, sign) ? where_advance(p) : where_fail_here(p, what);
}
