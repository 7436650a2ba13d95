/* pair_choice.c: the pairs of a fold are numbered, distinct numbers are drawn, and each number is turned back into its pair; nothing is
   tried twice and no list of all pairs is made. Numbers are drawn by Floyd's method (Bentley and Floyd, "A sample of brilliance",
   CACM 1987). */
#include "exchange/pair_choice.h"

#include <stdlib.h>

#include "base/random.h"
#include "base/text.h"

struct pair_choice {
    df_arena *arena;
    df_text people; /* int64_t for each image: its person */
    int64_t person_count;
};

/* The images by person, and the people in the order in which folds take them. */
typedef struct people {
    const int64_t *order;   /* [persons] */
    const int64_t *start;   /* [persons + 1] into members */
    const int64_t *members; /* [images] numbers, ascending for each person */
} people;

/* One fold: people order[first] to order[first + count - 1]. */
typedef struct fold {
    const people *all;
    int64_t first, count;
    uint64_t *images; /* [count + 1] of the people before */
    uint64_t *same;   /* [count + 1] pairs of one person, of the people before */
    uint64_t *two;    /* [count + 1] pairs of an image of the people before with one of a later person */
} fold;

pair_choice *pair_choice_new(df_error *err)
{
    df_arena *arena = df_arena_new(1 << 16, err);
    pair_choice *choice = arena ? df_alloc(arena, 1, sizeof *choice, err) : NULL;
    if (!choice) {
        df_arena_free(arena);
        return NULL;
    }
    choice->arena = arena;
    return choice;
}

bool pair_choice_add(pair_choice *choice, int64_t person, df_error *err)
{
    df_text_add_bytes(&choice->people, (const char *)&person, sizeof person);
    if (person >= choice->person_count)
        choice->person_count = person + 1;
    return df_text_ok(&choice->people, err);
}

void pair_choice_free(pair_choice *choice)
{
    if (!choice)
        return;
    df_text_free(&choice->people);
    df_arena_free(choice->arena);
}

static uint64_t draw_below(df_random *random, uint64_t count)
{
    const uint64_t rest = (0 - count) % count; /* 2^64 modulo count: what would make low numbers likelier */
    for (;;) {
        const uint64_t high = df_random_u32(random), value = high << 32 | df_random_u32(random);
        if (value >= rest)
            return value % count;
    }
}

/* ---- people and folds ---- */

static const int64_t *shuffled(int64_t count, df_random *random, df_arena *arena, df_error *err)
{
    int64_t *order = df_alloc(arena, (size_t)count, sizeof *order, err);
    for (int64_t i = 0; order && i < count; i++) {
        const int64_t j = (int64_t)draw_below(random, (uint64_t)i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    return order;
}

/* A counting sort of the images by person. */
static bool gather(const pair_choice *choice, df_random *random, df_arena *arena, people *out, df_error *err)
{
    const int64_t *person = (const int64_t *)(const void *)choice->people.data;
    const size_t images = choice->people.size / sizeof *person, persons = (size_t)choice->person_count;
    int64_t *start = df_alloc(arena, persons + 1, sizeof *start, err), *members = df_alloc(arena, images, sizeof *members, err);
    int64_t *next = df_alloc(arena, persons, sizeof *next, err);
    const int64_t *order = shuffled(choice->person_count, random, arena, err);
    if (!start || !members || !next || !order)
        return false;
    for (size_t i = 0; i < images; i++)
        start[person[i] + 1]++;
    for (size_t p = 0; p < persons; p++) {
        next[p] = start[p];
        start[p + 1] += start[p];
    }
    for (size_t i = 0; i < images; i++)
        members[next[person[i]]++] = (int64_t)i;
    *out = (people){order, start, members};
    return true;
}

static uint64_t images_of(const fold *f, int64_t i)
{
    return f->images[i + 1] - f->images[i];
}

static int64_t image_at(const fold *f, int64_t i, uint64_t which)
{
    return f->all->members[f->all->start[f->all->order[f->first + i]] + (int64_t)which];
}

static bool fold_open(const people *all, int64_t first, int64_t count, df_arena *arena, fold *out, df_error *err)
{
    fold f = {.all = all, .first = first, .count = count};
    f.images = df_alloc(arena, (size_t)count + 1, sizeof *f.images, err);
    f.same = df_alloc(arena, (size_t)count + 1, sizeof *f.same, err);
    f.two = df_alloc(arena, (size_t)count + 1, sizeof *f.two, err);
    if (!f.images || !f.same || !f.two)
        return false;
    for (int64_t i = 0; i < count; i++) {
        const int64_t person = all->order[first + i];
        const uint64_t images = (uint64_t)(all->start[person + 1] - all->start[person]);
        f.images[i + 1] = f.images[i] + images;
        f.same[i + 1] = f.same[i] + images * (images ? images - 1 : 0) / 2;
    }
    for (int64_t i = 0; i < count; i++)
        f.two[i + 1] = f.two[i] + images_of(&f, i) * (f.images[count] - f.images[i + 1]);
    *out = f;
    return true;
}

/* The last i with before[i] <= number. */
static int64_t place_in(const uint64_t *before, int64_t count, uint64_t number)
{
    int64_t low = 0, high = count;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        if (before[middle] <= number)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Pairs of one person are numbered by person, then first image, then second. */
static image_pair pair_of_one(const fold *f, uint64_t number)
{
    const int64_t i = place_in(f->same, f->count, number);
    const uint64_t images = images_of(f, i);
    uint64_t rest = number - f->same[i], a = 0;
    for (; rest >= images - 1 - a; a++)
        rest -= images - 1 - a;
    return (image_pair){image_at(f, i, a), image_at(f, i, a + 1 + rest), true};
}

/* Pairs of two by first person, then its image, then the other image among all of later people. */
static image_pair pair_of_two(const fold *f, uint64_t number)
{
    const int64_t i = place_in(f->two, f->count, number);
    const uint64_t later = f->images[f->count] - f->images[i + 1], rest = number - f->two[i];
    const uint64_t other = f->images[i + 1] + rest % later;
    const int64_t j = place_in(f->images, f->count, other);
    return (image_pair){image_at(f, i, rest / later), image_at(f, j, other - f->images[j]), false};
}

/* ---- distinct numbers ---- */

/* Open addressing; 0 is an empty place, so numbers are kept plus 1. False where the number was there. */
static bool insert(uint64_t *table, size_t mask, uint64_t number)
{
    size_t at = (size_t)(number * 0x9E3779B97F4A7C15u >> 20) & mask;
    for (; table[at] != 0; at = (at + 1) & mask)
        if (table[at] == number + 1)
            return false;
    table[at] = number + 1;
    return true;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* `wanted` different numbers below `total`, ascending; all such sets are equally likely. */
static uint64_t *draw_numbers(uint64_t total, size_t wanted, df_random *random, df_arena *arena, df_error *err)
{
    size_t room = 2;
    while (room < 2 * wanted)
        room *= 2;
    uint64_t *out = df_alloc(arena, wanted, sizeof *out, err), *table = df_alloc(arena, room, sizeof *table, err);
    if (!out || !table)
        return NULL;
    for (size_t i = 0; i < wanted; i++) {
        const uint64_t last = total - wanted + i, number = draw_below(random, last + 1);
        out[i] = insert(table, room - 1, number) ? number : last;
        if (out[i] == last && number != last)
            insert(table, room - 1, last);
    }
    qsort(out, wanted, sizeof *out, ascending);
    return out;
}

/* ---- all together ---- */

static bool put_kind(const fold *f, bool is_same, size_t wanted, df_random *random, df_arena *arena, image_pair *out, df_error *err)
{
    const uint64_t total = is_same ? f->same[f->count] : f->two[f->count];
    if (total < wanted)
        return df_fail(err,
                       "a fold of %lld people has %llu pairs of %s, expected %zu: ask for fewer pairs, or take a set with more people or "
                       "images (ten folds have no person in common)",
                       (long long)f->count, (unsigned long long)total, is_same ? "one person" : "two people", wanted);
    const uint64_t *numbers = draw_numbers(total, wanted, random, arena, err);
    for (size_t i = 0; numbers && i < wanted; i++)
        out[i] = is_same ? pair_of_one(f, numbers[i]) : pair_of_two(f, numbers[i]);
    return numbers != NULL;
}

/* The people are dealt to folds in their order. */
static bool fold_open_number(const people *all, int64_t persons, int number, df_arena *arena, fold *out, df_error *err)
{
    const int64_t first = persons * number / PAIR_FOLDS, end = persons * (number + 1) / PAIR_FOLDS;
    return fold_open(all, first, end - first, arena, out, err);
}

static bool put_fold(const people *all, int64_t persons, int number, size_t wanted, uint64_t seed, df_arena *arena, image_pair *out,
                     df_error *err)
{
    fold f;
    df_random random = df_random_at(seed, 0, (uint32_t)number + 1, DF_FOR_PAIRS);
    return fold_open_number(all, persons, number, arena, &f, err) && put_kind(&f, true, wanted, &random, arena, out, err) &&
           put_kind(&f, false, wanted, &random, arena, out + wanted, err);
}

bool pair_choice_make(const pair_choice *choice, int64_t each, uint64_t seed, df_arena *arena, image_pair **out, df_error *err)
{
    if (each <= 0 || each % PAIR_FOLDS != 0)
        return df_fail(err, "%lld pairs of each kind, expected a multiple of %d: the pairs come in %d equal folds", (long long)each,
                       PAIR_FOLDS, PAIR_FOLDS);
    image_pair *made = df_alloc(arena, 2 * (size_t)each, sizeof *made, err);
    if (!made)
        return false;
    const df_arena_mark mark = df_arena_save(arena);
    const size_t wanted = (size_t)each / PAIR_FOLDS;
    people all;
    df_random random = df_random_at(seed, 0, 0, DF_FOR_PAIRS);
    if (!gather(choice, &random, arena, &all, err))
        return false;
    for (int number = 0; number < PAIR_FOLDS; number++) {
        const df_arena_mark before = df_arena_save(arena);
        if (!put_fold(&all, choice->person_count, number, wanted, seed, arena, made + 2 * wanted * (size_t)number, err))
            return false;
        df_arena_restore(arena, before);
    }
    df_arena_restore(arena, mark);
    *out = made;
    return true;
}

bool pair_choice_most(const pair_choice *choice, uint64_t seed, df_arena *arena, int64_t *out, df_error *err)
{
    const df_arena_mark mark = df_arena_save(arena);
    uint64_t most = INT64_MAX / PAIR_FOLDS;
    people all;
    df_random random = df_random_at(seed, 0, 0, DF_FOR_PAIRS);
    if (!gather(choice, &random, arena, &all, err))
        return false;
    for (int number = 0; number < PAIR_FOLDS; number++) {
        fold f;
        if (!fold_open_number(&all, choice->person_count, number, arena, &f, err))
            return false;
        const uint64_t fewest = f.same[f.count] < f.two[f.count] ? f.same[f.count] : f.two[f.count];
        most = fewest < most ? fewest : most;
    }
    df_arena_restore(arena, mark);
    *out = (int64_t)most * PAIR_FOLDS;
    return true;
}
