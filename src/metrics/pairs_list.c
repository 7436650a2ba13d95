/* pairs_list.c: lines into fields, fields into names, names into rows by binary search. */
#include "metrics/pairs_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 4, NAME_ROOM = 512, MOST_NUMBER = 999999999, LINE_LEAST = 6 /* "a 1 2\n" */ };

typedef struct field {
    const char *text;
    size_t size;
} field;

typedef struct row_name {
    const char *name;
    uint32_t row;
} row_name;

typedef struct reading {
    df_bytes text;
    size_t at, line; /* line: of the last one read, from 1 */
    field fields[FIELDS];
    size_t field_count; /* FIELDS + 1: more */
    const embedding_set *set;
    row_name *names; /* [set->count] by name */
} reading;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const row_name *)a)->name, ((const row_name *)b)->name);
}

/* The next line's fields; false at the end. A carriage return before the newline belongs to neither. */
static bool next_line(reading *r)
{
    if (r->at == r->text.size)
        return false;
    const char *line = (const char *)r->text.data + r->at;
    const char *newline = memchr(line, '\n', r->text.size - r->at);
    size_t size = newline ? (size_t)(newline - line) : r->text.size - r->at;
    r->at += size + (newline != NULL);
    size -= size > 0 && line[size - 1] == '\r';
    r->line++;
    r->field_count = 0;
    for (;;) {
        const char *tab = memchr(line, '\t', size);
        const size_t length = tab ? (size_t)(tab - line) : size;
        if (r->field_count < FIELDS)
            r->fields[r->field_count] = (field){.text = line, .size = length};
        r->field_count += r->field_count <= FIELDS;
        if (!tab)
            return true;
        line += length + 1;
        size -= length + 1;
    }
}

static bool read_number(const field *f, size_t *out)
{
    size_t value = 0;
    for (size_t i = 0; i < f->size; i++) {
        if (f->text[i] < '0' || f->text[i] > '9' || value > MOST_NUMBER / 10)
            return false;
        value = value * 10 + (size_t)(f->text[i] - '0');
    }
    *out = value;
    return f->size > 0 && value > 0;
}

/* The row of image `number` of the person. */
static bool find_image(const reading *r, const field *person, const field *number, uint32_t *row, df_error *err)
{
    char name[NAME_ROOM];
    size_t index;
    if (person->size == 0 || person->size > NAME_ROOM - 32 || memchr(person->text, '\0', person->size))
        return df_fail(err, "line %zu: expected a name", r->line);
    if (!read_number(number, &index))
        return df_fail(err, "line %zu: expected the number of an image, from 1", r->line);
    snprintf(name, sizeof name, "%.*s_%04zu", (int)person->size, person->text, index);
    const row_name key = {.name = name}, *found = bsearch(&key, r->names, r->set->count, sizeof key, by_name);
    if (!found)
        return df_fail(err, "line %zu: no embedding is named '%.200s'", r->line, name);
    *row = found->row;
    return true;
}

/* Lines of 3 fields are genuine, of 4 fields impostors. people: of the pair, as fields. */
static bool read_pair(const reading *r, bool is_genuine, listed_pair *out, field people[2], df_error *err)
{
    const size_t wanted = is_genuine ? FIELDS - 1 : FIELDS;
    if (r->field_count != wanted)
        return df_fail(err, "line %zu: %s%zu fields between tabs, expected %zu (%s)", r->line, r->field_count > FIELDS ? "more than " : "",
                       r->field_count > FIELDS ? (size_t)FIELDS : r->field_count, wanted,
                       is_genuine ? "NAME, I, J" : "NAME, I, OTHER NAME, J");
    const field *second = is_genuine ? &r->fields[0] : &r->fields[2];
    *out = (listed_pair){.is_genuine = is_genuine};
    people[0] = r->fields[0];
    people[1] = *second;
    if (!is_genuine && people[0].size == people[1].size && memcmp(people[0].text, people[1].text, people[0].size) == 0)
        return df_fail(err, "line %zu: a pair of two people has one name", r->line);
    return find_image(r, &r->fields[0], &r->fields[1], &out->rows[0], err) &&
           find_image(r, second, &r->fields[wanted - 1], &out->rows[1], err);
}

/* How many pairs of each kind a fold has, and how many folds. */
static bool read_head(reading *r, size_t *folds, size_t *each, df_error *err)
{
    if (!next_line(r))
        return df_fail(err, "empty, expected a list of pairs");
    *folds = 1;
    const bool has_folds = r->field_count == 2;
    if ((!has_folds && r->field_count != 1) || (has_folds && !read_number(&r->fields[0], folds)) ||
        !read_number(&r->fields[has_folds ? 1 : 0], each))
        return df_fail(err, "line 1: expected the number of folds, a tab and the number of pairs of each kind in a fold");
    if (*each > r->text.size / LINE_LEAST || *folds > r->text.size / LINE_LEAST || *folds * *each > r->text.size / LINE_LEAST)
        return df_fail(err, "line 1: promises %zu folds of %zu and %zu pairs, more than the file has lines", *folds, *each, *each);
    return true;
}

static int by_field(const void *a, const void *b)
{
    const field *x = *(const field *const *)a, *y = *(const field *const *)b;
    const int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);
    return order != 0 ? order : (x->size > y->size) - (x->size < y->size);
}

/* Numbers the names of the pairs; people: [2 count]. */
static bool number_people(const field *people, pairs_list *list, df_arena *arena, df_error *err)
{
    const field **order = df_alloc(arena, 2 * list->count, sizeof *order, err);
    if (!order)
        return false;
    for (size_t i = 0; i < 2 * list->count; i++)
        order[i] = &people[i];
    qsort(order, 2 * list->count, sizeof(const field *), by_field);
    for (size_t i = 0; i < 2 * list->count; i++) {
        if (i > 0 && by_field(&order[i - 1], &order[i]) != 0)
            list->people++;
        const size_t place = (size_t)(order[i] - people);
        list->pairs[place / 2].people[place % 2] = (uint32_t)list->people;
    }
    list->people++;
    return true;
}

static bool sort_names(reading *r, df_arena *arena, df_error *err)
{
    const embedding_set *set = r->set;
    if (!set->names)
        return df_fail(err, "the embeddings have no array 'name', expected one that tells the images of the list");
    r->names = df_alloc(arena, set->count, sizeof *r->names, err);
    if (!r->names)
        return false;
    for (size_t i = 0; i < set->count; i++)
        r->names[i] = (row_name){.name = set->names[set->place[i]], .row = (uint32_t)i};
    qsort(r->names, set->count, sizeof *r->names, by_name);
    for (size_t i = 1; i < set->count; i++)
        if (strcmp(r->names[i - 1].name, r->names[i].name) == 0)
            return df_fail(err, "two embeddings are named '%.200s'", r->names[i].name);
    return true;
}

bool pairs_list_read(df_bytes text, const embedding_set *set, df_arena *arena, pairs_list *out, df_error *err)
{
    reading r = {.text = text, .set = set};
    size_t folds, each;
    if (!sort_names(&r, arena, err) || !read_head(&r, &folds, &each, err))
        return false;
    pairs_list list = {.count = 2 * folds * each};
    list.pairs = df_alloc(arena, list.count, sizeof *list.pairs, err);
    field *people = df_alloc(arena, 2 * list.count, sizeof *people, err);
    if (!list.pairs || !people)
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if (!next_line(&r))
            return df_fail(err, "ends after line %zu, but line 1 promises %zu pairs", r.line, list.count);
        if (!read_pair(&r, i / each % 2 == 0, &list.pairs[i], &people[2 * i], err))
            return false;
    }
    while (next_line(&r))
        if (r.field_count != 1 || r.fields[0].size > 0)
            return df_fail(err, "line %zu: expected the end, line 1 promises %zu pairs", r.line, list.count);
    if (!number_people(people, &list, arena, err))
        return false;
    *out = list;
    return true;
}
