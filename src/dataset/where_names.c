/* where_names.c: names of a condition that no line has, and what they may have been meant to be: keys of one line, down two
   levels, that few changes of letters make of them. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "dataset/where_internal.h"

enum { NEAR = 3, LONGEST = 64, NAME_TEXT = 2 * LONGEST };

typedef struct near_names {
    const char *wanted;
    char names[NEAR][NAME_TEXT];
    int distances[NEAR];
    int count;
} near_names;

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Levenshtein's: letters to change, add or drop. Longer texts than LONGEST are far from everything. */
static int distance(const char *a, const char *b)
{
    int row[LONGEST + 1];
    const int m = (int)strlen(a), n = (int)strlen(b);
    if (m > LONGEST || n > LONGEST)
        return LONGEST;
    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 1; i <= m; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            const int above = row[j];
            row[j] = smaller(smaller(above, row[j - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[n];
}

/* Keeps the nearest, in order. */
static void consider(near_names *near, const char *name)
{
    const int far = distance(near->wanted, name);
    if (far > 2 + (int)strlen(near->wanted) / 4 || strlen(name) >= NAME_TEXT)
        return;
    int place = near->count;
    while (place > 0 && near->distances[place - 1] > far)
        place--;
    if (place == NEAR)
        return;
    near->count = smaller(near->count + 1, NEAR);
    for (int i = near->count - 1; i > place; i--) {
        memcpy(near->names[i], near->names[i - 1], NAME_TEXT);
        near->distances[i] = near->distances[i - 1];
    }
    memcpy(near->names[place], name, strlen(name) + 1);
    near->distances[place] = far;
}

static void consider_keys(near_names *near, const json_t *object, const char *above)
{
    json_t *line = (json_t *)(uintptr_t)object; /* jansson's iterators want one that may change */
    for (void *at = json_object_iter(line); at; at = json_object_iter_next(line, at)) {
        char name[NAME_TEXT];
        const json_t *value = json_object_iter_value(at);
        const int length = snprintf(name, sizeof name, "%s%s%s", above, above[0] ? "." : "", json_object_iter_key(at));
        if (length < 0 || length >= (int)sizeof name)
            continue;
        consider(near, name);
        if (json_is_object(value) && above[0] == '\0')
            consider_keys(near, value, name);
    }
}

static bool fail_unknown(const char *name, const json_t *line, df_error *err)
{
    near_names near = {.wanted = name};
    char list[NEAR * (NAME_TEXT + 4)] = "";
    size_t used = 0;
    consider_keys(&near, line, "");
    for (int i = 0; i < near.count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "; near names: ", near.names[i]);
    return df_fail(err, "no line has '%.100s'%s (has(...) asks for what may be missing)", name, list);
}

bool where_check_names(const where *condition, const json_t *line, df_error *err)
{
    for (int i = 0; i < condition->count; i++) {
        const where_node *node = &condition->nodes[i];
        if (node->op == WHERE_NAME && !node->name->is_tested && node->name->seen == 0)
            return fail_unknown(node->name->text, line, err);
    }
    return true;
}
