/* where_parse.c: text to nodes by precedence climbing: a table of operators with their levels, one function for what stands
   between them. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/where_internal.h"
#include "dataset/where_token.h"

enum { LEVEL_NOT = 3, LEVEL_COMPARE = 4, NUMBER_TEXT = 64 };

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

/* ---- nodes ---- */

static bool add_node(where_parser *p, where_node node, int *out)
{
    where *w = p->out;
    if (w->count == WHERE_NODES)
        return df_fail(p->err, "column %d: the condition has more than %d values and operations", node.column, WHERE_NODES);
    w->nodes[w->count] = node;
    *out = w->count++;
    return true;
}

/* Without quotes, a backslash takes the next character as it is. */
static char *unquoted(where_parser *p)
{
    char *out = df_alloc(p->arena, p->now.length, 1, p->err);
    size_t used = 0;
    for (size_t i = 1; out && i + 1 < p->now.length; i++) {
        i += p->now.at[i] == '\\';
        out[used++] = p->now.at[i];
    }
    return out; /* zeroed by df_alloc */
}

static char *word(where_parser *p, const char *at, size_t length)
{
    char *out = df_alloc(p->arena, length + 1, 1, p->err);
    if (out)
        memcpy(out, at, length);
    return out;
}

static bool add_part(where_parser *p, where_name *name, where_part part)
{
    if (name->count == WHERE_PARTS)
        return df_fail(p->err, "column %d: a name with more than %d parts", where_column(p), WHERE_PARTS);
    name->parts[name->count++] = part;
    return true;
}

static bool parse_index(where_parser *p, where_name *name)
{
    char *end;
    if (!where_advance(p))
        return false;
    const unsigned long index = p->now.kind == WHERE_TOKEN_NUMBER ? strtoul(p->now.at, &end, 10) : 0;
    if (p->now.kind != WHERE_TOKEN_NUMBER || end != p->now.at + p->now.length || index > INT32_MAX)
        return where_fail_here(p, "a place in the list, from 0");
    return add_part(p, name, (where_part){.index = index}) && where_advance(p) && where_expect(p, "]");
}

/* After a dot, which is the current token: any word, or a text in quotes. Words may begin with a digit here. */
static bool parse_key(where_parser *p, where_name *name)
{
    const char *at = p->now.at + 1;
    size_t length = 0;
    while (where_is_word(at[length]))
        length++;
    if (length > 0)
        p->now = (where_token){.kind = WHERE_TOKEN_WORD, .at = at, .length = length};
    else if (!where_advance(p))
        return false;
    if (p->now.kind != WHERE_TOKEN_WORD && p->now.kind != WHERE_TOKEN_TEXT)
        return where_fail_here(p, "a key behind the dot");
    const char *key = p->now.kind == WHERE_TOKEN_TEXT ? unquoted(p) : word(p, p->now.at, p->now.length);
    return key && add_part(p, name, (where_part){.key = key}) && where_advance(p);
}

static bool parse_name(where_parser *p, int *out)
{
    const char *start = p->now.at, *end = start;
    where_name *name = df_alloc(p->arena, 1, sizeof *name, p->err);
    const char *first = name ? word(p, p->now.at, p->now.length) : NULL;
    where_node node = {.op = WHERE_NAME, .column = where_column(p), .name = name};
    if (!first || !add_part(p, name, (where_part){.key = first}))
        return false;
    end = p->now.at + p->now.length;
    if (!where_advance(p))
        return false;
    while (where_is(p, ".") || where_is(p, "[")) {
        if (where_is(p, ".") ? !parse_key(p, name) : !parse_index(p, name))
            return false;
        end = p->now.at;
    }
    while (end > start && strchr(" \t\r\n", end[-1]))
        end--;
    return (name->text = word(p, start, (size_t)(end - start))) != NULL && add_node(p, node, out);
}

static bool parse_level(where_parser *p, int level, int *out);

/* "( a, b )" into the arguments of a node. */
static bool parse_arguments(where_parser *p, where_node *node, int most)
{
    int list[WHERE_ARGUMENTS];
    if (!where_expect(p, "("))
        return false;
    do {
        if (node->count == most)
            return where_fail_here(p, "')'");
        if ((node->count > 0 && !where_advance(p)) || !parse_level(p, 1, &list[node->count]))
            return false;
        node->count++;
    } while (where_is(p, ","));
    where *w = p->out;
    if (w->argument_count + node->count > WHERE_NODES)
        return df_fail(p->err, "column %d: the condition has more than %d values and operations", node->column, WHERE_NODES);
    node->first = w->argument_count;
    memcpy(w->arguments + w->argument_count, list, sizeof *list * (size_t)node->count);
    w->argument_count += node->count;
    node->left = list[0];
    return where_expect(p, ")");
}

static bool parse_function(where_parser *p, size_t which, int *out)
{
    where_node node = {.op = functions[which].op, .column = where_column(p)};
    if (!where_advance(p) || !parse_arguments(p, &node, functions[which].most))
        return false;
    where_node *operand = &p->out->nodes[node.left];
    if (node.op == WHERE_HAS) {
        if (operand->op != WHERE_NAME)
            return df_fail(p->err, "column %d: has(): expected a name in the parentheses", node.column);
        operand->name->is_tested = true;
    }
    return add_node(p, node, out);
}

static bool parse_word(where_parser *p, int *out)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(constants); i++)
        if (where_is(p, constants[i].name))
            return add_node(p, (where_node){.op = constants[i].op, .column = where_column(p)}, out) && where_advance(p);
    const char *behind = p->now.at + p->now.length;
    const bool is_call = behind[strspn(behind, " \t\r\n")] == '(';
    for (size_t i = 0; i < DF_ARRAY_LEN(functions) && is_call; i++)
        if (where_is(p, functions[i].name))
            return parse_function(p, i, out);
    if (is_call)
        return where_fail_here(p, "abs, min, max, len or has before '('");
    for (size_t i = 0; i < DF_ARRAY_LEN(operators); i++)
        if (where_is(p, operators[i].text))
            return where_fail_here(p, "a value or a name");
    return parse_name(p, out);
}

static bool parse_number(where_parser *p, int *out)
{
    char digits[NUMBER_TEXT];
    if (p->now.length >= sizeof digits)
        return where_fail_here(p, "a number of fewer digits");
    memcpy(digits, p->now.at, p->now.length);
    digits[p->now.length] = '\0';
    const where_node node = {.op = WHERE_NUMBER, .column = where_column(p), .number = strtod(digits, NULL)};
    if (!(node.number <= 1e300))
        return where_fail_here(p, "a number up to 1e300");
    return add_node(p, node, out) && where_advance(p);
}

static bool parse_operand(where_parser *p, int *out)
{
    where_node node = {.column = where_column(p)};
    if (p->now.kind == WHERE_TOKEN_NUMBER)
        return parse_number(p, out);
    if (p->now.kind == WHERE_TOKEN_TEXT) {
        node.op = WHERE_STRING;
        return (node.text = unquoted(p)) != NULL && add_node(p, node, out) && where_advance(p);
    }
    if (p->now.kind == WHERE_TOKEN_WORD)
        return parse_word(p, out);
    if (where_is(p, "("))
        return where_advance(p) && parse_level(p, 1, out) && where_expect(p, ")");
    if (where_is(p, "-")) {
        node.op = WHERE_NEGATE;
        return where_advance(p) && parse_level(p, LEVEL_TIGHTEST, &node.left) && add_node(p, node, out);
    }
    return where_fail_here(p, "a value or a name");
}

/* The operator that stands here, of this level; its place in the table, or -1. */
static int operator_here(const where_parser *p, int level)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(operators); i++)
        if (operators[i].level == level && where_is(p, operators[i].text))
            return (int)i;
    return -1;
}

static bool parse_list(where_parser *p, where_node node, int *out)
{
    const bool is_negated = node.op == WHERE_NOT;
    const int left = node.left;
    if (is_negated && !where_expect(p, "in"))
        return false;
    node.op = WHERE_IN;
    if (!parse_arguments(p, &node, WHERE_ARGUMENTS))
        return false;
    node.left = left;
    return add_node(p, node, out) && (!is_negated || add_node(p, (where_node){.op = WHERE_NOT, .column = node.column, .left = *out}, out));
}

/* One operator and what stands behind it, with *out as its left side. */
static bool parse_rest(where_parser *p, int level, int which, int *out)
{
    where_node node = {.op = operators[which].op, .column = where_column(p), .left = *out};
    if (!where_advance(p))
        return false;
    if (node.op == WHERE_IN || node.op == WHERE_NOT)
        return parse_list(p, node, out);
    return parse_level(p, level + 1, &node.right) && add_node(p, node, out);
}

static bool parse_inside(where_parser *p, int level, int *out)
{
    if (level == LEVEL_TIGHTEST)
        return parse_operand(p, out);
    if (level == LEVEL_NOT) {
        const where_node node = {.op = WHERE_NOT, .column = where_column(p)};
        int operand;
        if (!where_is(p, "not"))
            return parse_level(p, level + 1, out);
        if (!where_advance(p) || !parse_level(p, level, &operand))
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
            return where_fail_here(p, "'and' or 'or' between two comparisons");
    }
    return true;
}

static bool parse_level(where_parser *p, int level, int *out)
{
    if (p->depth == WHERE_DEPTH * LEVEL_TIGHTEST)
        return df_fail(p->err, "column %d: nested deeper than %d", where_column(p), WHERE_DEPTH);
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
    where_parser p = {.text = text, .now = {.at = text}, .out = out, .arena = arena, .err = err};
    if (!out->nodes || !out->values || !out->arguments || !where_advance(&p) || !parse_level(&p, 1, &whole))
        return NULL;
    if (p.now.kind != WHERE_TOKEN_END) {
        where_fail_here(&p, "an operator or the end");
        return NULL;
    }
    return out;
}
