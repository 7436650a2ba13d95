/* where_parse.c: text to nodes by precedence climbing: a table of operators with their levels, one function for what stands
   between them. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/where_internal.h"

enum { LEVEL_NOT = 3, LEVEL_COMPARE = 4, NO_NODE = -1, NUMBER_TEXT = 64 };

typedef enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_WORD, TOKEN_SIGN } token_kind;

typedef struct token {
    token_kind kind;
    const char *at; /* in the text */
    size_t length;
} token;

typedef struct parser {
    const char *text;
    token now;
    where *out;
    df_arena *arena;
    int depth;
    df_error *err;
} parser;

static const struct {
    const char *text;
    where_op op;
    int level; /* tighter is more */
} operators[] = {
    {"or", WHERE_OR, 1},
    {"and", WHERE_AND, 2},
    {"==", WHERE_EQUAL, LEVEL_COMPARE},
    {"!=", WHERE_UNEQUAL, LEVEL_COMPARE},
    {"<", WHERE_LESS, LEVEL_COMPARE},
    {"<=", WHERE_LESS_EQUAL, LEVEL_COMPARE},
    {">", WHERE_GREATER, LEVEL_COMPARE},
    {">=", WHERE_GREATER_EQUAL, LEVEL_COMPARE},
    {"in", WHERE_IN, LEVEL_COMPARE},
    {"not", WHERE_NOT, LEVEL_COMPARE}, /* x not in (...) */
    {"+", WHERE_ADD, 5},
    {"-", WHERE_SUBTRACT, 5},
    {"*", WHERE_MULTIPLY, 6},
    {"/", WHERE_DIVIDE, 6},
};
enum { LEVEL_TIGHTEST = 7 };

static const struct {
    const char *name;
    where_op op;
    int most; /* arguments */
} functions[] = {
    {"abs", WHERE_ABS, 1}, {"min", WHERE_MIN, WHERE_ARGUMENTS}, {"max", WHERE_MAX, WHERE_ARGUMENTS}, {"len", WHERE_LEN, 1},
    {"has", WHERE_HAS, 1},
};

static const struct {
    const char *name;
    where_op op;
} constants[] = {{"true", WHERE_TRUE}, {"false", WHERE_FALSE}, {"null", WHERE_NULL}};

/* ---- tokens ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c) || (unsigned char)c >= 0x80;
}

static int column(const parser *p)
{
    return (int)(p->now.at - p->text) + 1;
}

static bool is_token(const parser *p, const char *text)
{
    return (p->now.kind == TOKEN_WORD || p->now.kind == TOKEN_SIGN) && strlen(text) == p->now.length &&
           memcmp(p->now.at, text, p->now.length) == 0;
}

/* What stands there, for errors. */
static bool fail_here(const parser *p, const char *expected)
{
    if (p->now.kind == TOKEN_END)
        return df_fail(p->err, "column %d: the condition ends, expected %s", column(p), expected);
    return df_fail(p->err, "column %d: '%.*s', expected %s", column(p), p->now.length < 40 ? (int)p->now.length : 40, p->now.at, expected);
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

static bool advance(parser *p)
{
    const char *at = p->now.at + p->now.length;
    const bool is_key_next = *at == '.' && (p->now.kind == TOKEN_WORD || is_token(p, "]")); /* a.5_b: no number */
    at += strspn(at, " \t\r\n");
    p->now = (token){.at = at, .kind = TOKEN_SIGN, .length = 1};
    if (*at == '\0') {
        p->now.kind = TOKEN_END;
        p->now.length = 0;
    } else if (is_digit(*at) || (*at == '.' && is_digit(at[1]) && !is_key_next)) {
        p->now.kind = TOKEN_NUMBER;
        p->now.length = number_length(at);
        if (is_word(at[p->now.length]))
            return df_fail(p->err, "column %d: '%.20s': expected a number, or a name that does not begin with a digit", column(p), at);
    } else if (*at == '"' || *at == '\'') {
        p->now.kind = TOKEN_TEXT;
        p->now.length = quoted_length(at);
        if (p->now.length == 0)
            return df_fail(p->err, "column %d: the text that begins here has no end, expected %c", column(p), *at);
    } else if (is_word(*at)) {
        p->now.kind = TOKEN_WORD;
        while (is_word(at[p->now.length]))
            p->now.length++;
    } else if (strchr("=!<>", *at) && at[1] == '=') {
        p->now.length = 2;
    }
    return true;
}

static bool expect(parser *p, const char *sign)
{
    char what[8];
    snprintf(what, sizeof what, "'%s'", sign);
    return is_token(p, sign) ? advance(p) : fail_here(p, what);
}

/* ---- nodes ---- */

static bool add_node(parser *p, where_node node, int *out)
{
    where *w = p->out;
    if (w->count == WHERE_NODES)
        return df_fail(p->err, "column %d: the condition has more than %d values and operations", node.column, WHERE_NODES);
    w->nodes[w->count] = node;
    *out = w->count++;
    return true;
}

/* Without quotes, a backslash takes the next character as it is. */
static char *unquoted(parser *p)
{
    char *out = df_alloc(p->arena, p->now.length, 1, p->err);
    size_t used = 0;
    for (size_t i = 1; out && i + 1 < p->now.length; i++) {
        i += p->now.at[i] == '\\';
        out[used++] = p->now.at[i];
    }
    return out; /* zeroed by df_alloc */
}

static char *word(parser *p, const char *at, size_t length)
{
    char *out = df_alloc(p->arena, length + 1, 1, p->err);
    if (out)
        memcpy(out, at, length);
    return out;
}

static bool add_part(parser *p, where_name *name, where_part part)
{
    if (name->count == WHERE_PARTS)
        return df_fail(p->err, "column %d: a name with more than %d parts", column(p), WHERE_PARTS);
    name->parts[name->count++] = part;
    return true;
}

static bool parse_index(parser *p, where_name *name)
{
    char *end;
    if (!advance(p))
        return false;
    const unsigned long index = p->now.kind == TOKEN_NUMBER ? strtoul(p->now.at, &end, 10) : 0;
    if (p->now.kind != TOKEN_NUMBER || end != p->now.at + p->now.length || index > INT32_MAX)
        return fail_here(p, "a place in the list, from 0");
    return add_part(p, name, (where_part){.index = index}) && advance(p) && expect(p, "]");
}

/* After a dot, which is the current token: any word, or a text in quotes. Words may begin with a digit here. */
static bool parse_key(parser *p, where_name *name)
{
    const char *at = p->now.at + 1;
    size_t length = 0;
    while (is_word(at[length]))
        length++;
    if (length > 0)
        p->now = (token){.kind = TOKEN_WORD, .at = at, .length = length};
    else if (!advance(p))
        return false;
    if (p->now.kind != TOKEN_WORD && p->now.kind != TOKEN_TEXT)
        return fail_here(p, "a key behind the dot");
    const char *key = p->now.kind == TOKEN_TEXT ? unquoted(p) : word(p, p->now.at, p->now.length);
    return key && add_part(p, name, (where_part){.key = key}) && advance(p);
}

static bool parse_name(parser *p, int *out)
{
    const char *start = p->now.at, *end = start;
    where_name *name = df_alloc(p->arena, 1, sizeof *name, p->err);
    const char *first = name ? word(p, p->now.at, p->now.length) : NULL;
    where_node node = {.op = WHERE_NAME, .column = column(p), .name = name};
    if (!first || !add_part(p, name, (where_part){.key = first}))
        return false;
    end = p->now.at + p->now.length;
    if (!advance(p))
        return false;
    while (is_token(p, ".") || is_token(p, "[")) {
        if (is_token(p, ".") ? !parse_key(p, name) : !parse_index(p, name))
            return false;
        end = p->now.at;
    }
    while (end > start && strchr(" \t\r\n", end[-1]))
        end--;
    return (name->text = word(p, start, (size_t)(end - start))) != NULL && add_node(p, node, out);
}

static bool parse_level(parser *p, int level, int *out);

/* "( a, b )" into the arguments of a node. */
static bool parse_arguments(parser *p, where_node *node, int most)
{
    int list[WHERE_ARGUMENTS];
    if (!expect(p, "("))
        return false;
    do {
        if (node->count == most)
            return fail_here(p, "')'");
        if ((node->count > 0 && !advance(p)) || !parse_level(p, 1, &list[node->count]))
            return false;
        node->count++;
    } while (is_token(p, ","));
    where *w = p->out;
    if (w->argument_count + node->count > WHERE_NODES)
        return df_fail(p->err, "column %d: the condition has more than %d values and operations", node->column, WHERE_NODES);
    node->first = w->argument_count;
    memcpy(w->arguments + w->argument_count, list, sizeof *list * (size_t)node->count);
    w->argument_count += node->count;
    node->left = list[0];
    return expect(p, ")");
}

static bool parse_function(parser *p, size_t which, int *out)
{
    where_node node = {.op = functions[which].op, .column = column(p)};
    if (!advance(p) || !parse_arguments(p, &node, functions[which].most))
        return false;
    where_node *operand = &p->out->nodes[node.left];
    if (node.op == WHERE_HAS) {
        if (operand->op != WHERE_NAME)
            return df_fail(p->err, "column %d: has(): expected a name in the parentheses", node.column);
        operand->name->is_tested = true;
    }
    return add_node(p, node, out);
}

static bool parse_word(parser *p, int *out)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(constants); i++)
        if (is_token(p, constants[i].name))
            return add_node(p, (where_node){.op = constants[i].op, .column = column(p)}, out) && advance(p);
    const char *behind = p->now.at + p->now.length;
    const bool is_call = behind[strspn(behind, " \t\r\n")] == '(';
    for (size_t i = 0; i < DF_ARRAY_LEN(functions) && is_call; i++)
        if (is_token(p, functions[i].name))
            return parse_function(p, i, out);
    if (is_call)
        return fail_here(p, "abs, min, max, len or has before '('");
    for (size_t i = 0; i < DF_ARRAY_LEN(operators); i++)
        if (is_token(p, operators[i].text))
            return fail_here(p, "a value or a name");
    return parse_name(p, out);
}

static bool parse_number(parser *p, int *out)
{
    char digits[NUMBER_TEXT];
    if (p->now.length >= sizeof digits)
        return fail_here(p, "a number of fewer digits");
    memcpy(digits, p->now.at, p->now.length);
    digits[p->now.length] = '\0';
    const where_node node = {.op = WHERE_NUMBER, .column = column(p), .number = strtod(digits, NULL)};
    if (!(node.number <= 1e300))
        return fail_here(p, "a number up to 1e300");
    return add_node(p, node, out) && advance(p);
}

static bool parse_operand(parser *p, int *out)
{
    where_node node = {.column = column(p)};
    if (p->now.kind == TOKEN_NUMBER)
        return parse_number(p, out);
    if (p->now.kind == TOKEN_TEXT) {
        node.op = WHERE_STRING;
        return (node.text = unquoted(p)) != NULL && add_node(p, node, out) && advance(p);
    }
    if (p->now.kind == TOKEN_WORD)
        return parse_word(p, out);
    if (is_token(p, "("))
        return advance(p) && parse_level(p, 1, out) && expect(p, ")");
    if (is_token(p, "-")) {
        node.op = WHERE_NEGATE;
        return advance(p) && parse_level(p, LEVEL_TIGHTEST, &node.left) && add_node(p, node, out);
    }
    return fail_here(p, "a value or a name");
}

/* The operator that stands here, of this level; its place in the table, or -1. */
static int operator_here(const parser *p, int level)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(operators); i++)
        if (operators[i].level == level && is_token(p, operators[i].text))
            return (int)i;
    return -1;
}

static bool parse_list(parser *p, where_node node, int *out)
{
    const bool is_negated = node.op == WHERE_NOT;
    const int left = node.left;
    if (is_negated && !expect(p, "in"))
        return false;
    node.op = WHERE_IN;
    if (!parse_arguments(p, &node, WHERE_ARGUMENTS))
        return false;
    node.left = left;
    return add_node(p, node, out) && (!is_negated || add_node(p, (where_node){.op = WHERE_NOT, .column = node.column, .left = *out}, out));
}

/* One operator and what stands behind it, with *out as its left side. */
static bool parse_rest(parser *p, int level, int which, int *out)
{
    where_node node = {.op = operators[which].op, .column = column(p), .left = *out};
    if (!advance(p))
        return false;
    if (node.op == WHERE_IN || node.op == WHERE_NOT)
        return parse_list(p, node, out);
    return parse_level(p, level + 1, &node.right) && add_node(p, node, out);
}

static bool parse_inside(parser *p, int level, int *out)
{
    if (level == LEVEL_TIGHTEST)
        return parse_operand(p, out);
    if (level == LEVEL_NOT) {
        const where_node node = {.op = WHERE_NOT, .column = column(p)};
        int operand;
        if (!is_token(p, "not"))
            return parse_level(p, level + 1, out);
        if (!advance(p) || !parse_level(p, level, &operand))
            return false;
        where_node whole = node;
        whole.left = operand;
        return add_node(p, whole, out);
    }
    if (!parse_level(p, level + 1, out))
        return false;
    for (int which; (which = operator_here(p, level)) >= 0;) {
        if (!parse_rest(p, level, which, out))
            return false;
        if (level == LEVEL_COMPARE && operator_here(p, level) >= 0)
            return fail_here(p, "'and' or 'or' between two comparisons");
    }
    return true;
}

static bool parse_level(parser *p, int level, int *out)
{
    if (p->depth == WHERE_DEPTH * LEVEL_TIGHTEST)
        return df_fail(p->err, "column %d: nested deeper than %d", column(p), WHERE_DEPTH);
    p->depth++;
    const bool is_good = parse_inside(p, level, out);
    p->depth--;
    return is_good;
}

where *where_parse(const char *text, df_arena *arena, df_error *err)
{
    int whole;
    where *out = df_alloc(arena, 1, sizeof *out, err);
    if (!out)
        return NULL;
    if (strnlen(text, WHERE_TEXT + 1) > WHERE_TEXT) {
        df_fail(err, "the condition is longer than %d bytes", WHERE_TEXT);
        return NULL;
    }
    out->nodes = df_alloc(arena, WHERE_NODES, sizeof *out->nodes, err);
    out->values = df_alloc(arena, WHERE_NODES, sizeof *out->values, err);
    out->arguments = df_alloc(arena, WHERE_NODES, sizeof *out->arguments, err);
    parser p = {.text = text, .now = {.at = text}, .out = out, .arena = arena, .err = err};
    if (!out->nodes || !out->values || !out->arguments || !advance(&p) || !parse_level(&p, 1, &whole))
        return NULL;
    if (p.now.kind != TOKEN_END) {
        fail_here(&p, "an operator or the end");
        return NULL;
    }
    return out;
}
