/* where.c: a condition on one line: every node's value in turn, children first. A value that does not fit stays a value of its own
   kind until the end, so that `and` and `or` can overlook it. */
#include "dataset/where.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dataset/where_internal.h"

static const char *const kind_names[] = {
    [KIND_NULL] = "null",   [KIND_BOOL] = "true or false",        [KIND_NUMBER] = "a number",
    [KIND_TEXT] = "a text", [KIND_OTHER] = "a list or an object", [KIND_WRONG] = "a mistake",
};

static const where_value null_value = {.kind = KIND_NULL};

static where_value truth(bool is_true)
{
    return (where_value){.kind = KIND_BOOL, .truth = is_true};
}

static where_value wrong(int operand, const char *expected)
{
    return (where_value){.kind = KIND_WRONG, .operand = operand, .expected = expected};
}

/* ---- what a line has ---- */

static const json_t *find(const json_t *line, const where_name *name)
{
    const json_t *at = line;
    for (int i = 0; at && i < name->count; i++)
        at = name->parts[i].key ? json_object_get(at, name->parts[i].key) : json_array_get(at, name->parts[i].index);
    return at;
}

static where_value value_of(const json_t *json)
{
    if (!json)
        return null_value;
    switch (json_typeof(json)) {
    case JSON_STRING:
        return (where_value){.kind = KIND_TEXT, .text = json_string_value(json)};
    case JSON_INTEGER:
    case JSON_REAL:
        return (where_value){.kind = KIND_NUMBER, .number = json_number_value(json)};
    case JSON_TRUE:
    case JSON_FALSE:
        return truth(json_is_true(json));
    case JSON_NULL:
        return null_value;
    case JSON_OBJECT:
    case JSON_ARRAY:
        return (where_value){.kind = KIND_OTHER, .json = json};
    }
    return null_value;
}

static where_value name_value(where_name *name, const json_t *line)
{
    const json_t *found = find(line, name);
    name->seen += found != NULL;
    return value_of(found);
}

/* ---- operations ---- */

/* Both sides are of one kind; the side that is a name is the one that is told. */
static where_value mismatch(const where *w, int left, int right)
{
    const bool is_left = w->nodes[left].op == WHERE_NAME || w->nodes[right].op != WHERE_NAME;
    return wrong(is_left ? left : right, kind_names[w->values[is_left ? right : left].kind]);
}

/* *out: whether they are equal, or a mistake. */
static where_value equal(const where *w, int left, int right)
{
    const where_value *a = &w->values[left], *b = &w->values[right];
    if (a->kind == KIND_WRONG || b->kind == KIND_WRONG)
        return a->kind == KIND_WRONG ? *a : *b;
    if (a->kind == KIND_NULL || b->kind == KIND_NULL)
        return truth(a->kind == b->kind);
    if (a->kind == KIND_OTHER || b->kind == KIND_OTHER)
        return wrong(a->kind == KIND_OTHER ? left : right, "a number, a text, true or false");
    if (a->kind != b->kind)
        return mismatch(w, left, right);
    if (a->kind == KIND_BOOL)
        return truth(a->truth == b->truth);
    return truth(a->kind == KIND_NUMBER ? a->number == b->number : strcmp(a->text, b->text) == 0);
}

static bool holds(where_op op, int order)
{
    return op == WHERE_LESS ? order < 0 : op == WHERE_LESS_EQUAL ? order <= 0 : op == WHERE_GREATER ? order > 0 : order >= 0;
}

static where_value compare(const where *w, const where_node *node)
{
    const where_value *a = &w->values[node->left], *b = &w->values[node->right];
    if (a->kind == KIND_WRONG || b->kind == KIND_WRONG)
        return a->kind == KIND_WRONG ? *a : *b;
    if (a->kind == KIND_NULL || b->kind == KIND_NULL)
        return truth(false);
    if (a->kind != KIND_NUMBER && a->kind != KIND_TEXT)
        return wrong(node->left, "a number or a text");
    if (a->kind != b->kind)
        return mismatch(w, node->left, node->right);
    return truth(holds(node->op, a->kind == KIND_NUMBER ? (a->number > b->number) - (a->number < b->number) : strcmp(a->text, b->text)));
}

static where_value in_list(const where *w, const where_node *node)
{
    where_value mistake = truth(false);
    for (int i = 0; i < node->count; i++) {
        const where_value is_equal = equal(w, node->left, w->arguments[node->first + i]);
        if (is_equal.kind == KIND_BOOL && is_equal.truth)
            return is_equal;
        if (is_equal.kind == KIND_WRONG)
            mistake = is_equal;
    }
    return mistake;
}

/* What `and` (decides: false) and `or` (decides: true) make of their sides. */
static where_value join(const where *w, const where_node *node, bool decides)
{
    const int sides[] = {node->left, node->right};
    where_value out = truth(!decides);
    for (int i = 0; i < 2; i++) {
        const where_value *side = &w->values[sides[i]];
        const bool is_bool = side->kind == KIND_BOOL || side->kind == KIND_NULL;
        if (is_bool && side->truth == decides)
            return truth(decides);
        if (!is_bool && out.kind != KIND_WRONG)
            out = side->kind == KIND_WRONG ? *side : wrong(sides[i], kind_names[KIND_BOOL]);
    }
    return out;
}

/* False: *out is what comes of it, null or a mistake. */
static bool as_number(const where *w, int operand, double *number, where_value *out)
{
    const where_value *value = &w->values[operand];
    *number = value->number;
    if (value->kind == KIND_NUMBER)
        return true;
    *out = value->kind == KIND_NULL || value->kind == KIND_WRONG ? *value : wrong(operand, kind_names[KIND_NUMBER]);
    return false;
}

static where_value number_value(int self, double number)
{
    return fabs(number) <= 1e300 ? (where_value){.kind = KIND_NUMBER, .number = number} : wrong(self, "a number up to 1e300");
}

static where_value arithmetic(const where *w, const where_node *node, int self)
{
    double a, b;
    where_value out;
    if (!as_number(w, node->left, &a, &out) || !as_number(w, node->right, &b, &out))
        return out;
    if (node->op == WHERE_DIVIDE && b == 0)
        return wrong(node->right, "a divisor other than 0");
    return number_value(self, node->op == WHERE_ADD        ? a + b
                              : node->op == WHERE_SUBTRACT ? a - b
                              : node->op == WHERE_MULTIPLY ? a * b
                                                           : a / b);
}

static where_value sign(const where *w, const where_node *node)
{
    double number;
    where_value out;
    if (!as_number(w, node->left, &number, &out))
        return out;
    return (where_value){.kind = KIND_NUMBER, .number = node->op == WHERE_NEGATE ? -number : fabs(number)};
}

static where_value extreme(const where *w, const where_node *node)
{
    double best = 0;
    where_value out;
    for (int i = 0; i < node->count; i++) {
        double number;
        if (!as_number(w, w->arguments[node->first + i], &number, &out))
            return out;
        const bool is_better = i == 0 || (node->op == WHERE_MIN ? number < best : number > best);
        best = is_better ? number : best;
    }
    return (where_value){.kind = KIND_NUMBER, .number = best};
}

/* Characters of a text; parts of a list or object. */
static where_value length_of(const where *w, const where_node *node)
{
    const where_value *value = &w->values[node->left];
    size_t length = 0;
    if (value->kind == KIND_OTHER)
        length = json_is_array(value->json) ? json_array_size(value->json) : json_object_size(value->json);
    else if (value->kind == KIND_TEXT)
        for (const char *at = value->text; *at; at++)
            length += ((unsigned char)*at & 0xC0) != 0x80; /* bytes that go on with a character */
    else
        return value->kind == KIND_NULL || value->kind == KIND_WRONG ? *value : wrong(node->left, "a text, a list or an object");
    return (where_value){.kind = KIND_NUMBER, .number = (double)length};
}

static where_value opposite(const where *w, int operand)
{
    const where_value *value = &w->values[operand];
    if (value->kind == KIND_BOOL || value->kind == KIND_NULL)
        return truth(!value->truth);
    return value->kind == KIND_WRONG ? *value : wrong(operand, kind_names[KIND_BOOL]);
}

static where_value unequal(const where *w, const where_node *node)
{
    const where_value is_equal = equal(w, node->left, node->right);
    return is_equal.kind == KIND_WRONG ? is_equal : truth(!is_equal.truth);
}

static where_value evaluate(const where *w, int self, const json_t *line)
{
    const where_node *node = &w->nodes[self];
    switch (node->op) {
    case WHERE_NUMBER:
        return (where_value){.kind = KIND_NUMBER, .number = node->number};
    case WHERE_STRING:
        return (where_value){.kind = KIND_TEXT, .text = node->text};
    case WHERE_TRUE:
    case WHERE_FALSE:
        return truth(node->op == WHERE_TRUE);
    case WHERE_NAME:
        return name_value(node->name, line);
    case WHERE_NEGATE:
    case WHERE_ABS:
        return sign(w, node);
    case WHERE_NOT:
        return opposite(w, node->left);
    case WHERE_OR:
    case WHERE_AND:
        return join(w, node, node->op == WHERE_OR);
    case WHERE_EQUAL:
        return equal(w, node->left, node->right);
    case WHERE_UNEQUAL:
        return unequal(w, node);
    case WHERE_LESS:
    case WHERE_LESS_EQUAL:
    case WHERE_GREATER:
    case WHERE_GREATER_EQUAL:
        return compare(w, node);
    case WHERE_IN:
        return in_list(w, node);
    case WHERE_ADD:
    case WHERE_SUBTRACT:
    case WHERE_MULTIPLY:
    case WHERE_DIVIDE:
        return arithmetic(w, node, self);
    case WHERE_MIN:
    case WHERE_MAX:
        return extreme(w, node);
    case WHERE_LEN:
        return length_of(w, node);
    case WHERE_HAS:
        return truth(w->values[node->left].kind != KIND_NULL);
    case WHERE_NULL:
    case WHERE_OP_COUNT:
        break;
    }
    return null_value;
}

/* ---- the whole ---- */

static void describe(const where_value *value, char *out, size_t size)
{
    if (value->kind == KIND_NUMBER)
        snprintf(out, size, "the number %.9g", value->number);
    else if (value->kind == KIND_TEXT)
        snprintf(out, size, "the text \"%.40s\"", value->text);
    else
        snprintf(out, size, "%s", kind_names[value->kind]);
}

static bool fail_wrong(const where *w, const where_value *mistake, df_error *err)
{
    char found[80];
    const where_node *node = &w->nodes[mistake->operand];
    describe(&w->values[mistake->operand], found, sizeof found);
    if (node->op == WHERE_NAME)
        return df_fail(err, "%.100s: %s, expected %s", node->name->text, found, mistake->expected);
    if (w->values[mistake->operand].kind == KIND_WRONG)
        return df_fail(err, "column %d of the condition: expected %s", node->column, mistake->expected);
    return df_fail(err, "column %d of the condition: %s, expected %s", node->column, found, mistake->expected);
}

bool where_matches(where *condition, const json_t *line, bool *out, df_error *err)
{
    const int whole = condition->count - 1;
    for (int i = 0; i <= whole; i++)
        condition->values[i] = evaluate(condition, i, line);
    const where_value *result = &condition->values[whole];
    if (result->kind == KIND_WRONG)
        return fail_wrong(condition, result, err);
    if (result->kind != KIND_BOOL && result->kind != KIND_NULL) {
        const where_value mistake = wrong(whole, kind_names[KIND_BOOL]);
        return fail_wrong(condition, &mistake, err);
    }
    *out = result->truth;
    return true;
}
