/* split_deal.c: every identity (or image) is a card of 16 bytes: its stratum and a random rank. Within a stratum the cards of lowest
   rank go to the first part, the next to the second. Strata are counted out in the order of their values, so that the lines' order
   does not matter. */
#include "dataset/split_deal.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/size.h"
#include "dataset/demographics.h"

enum { FIRST_ROOM = 1024, HASH_ROOM = 2 * SPLIT_STRATA, MEMORY = 64 << 20 };

typedef struct stratum {
    const char *values; /* one a line */
    int64_t size;
    uint32_t number; /* in the order in which they came */
} stratum;

struct split_strata {
    stratum list[SPLIT_STRATA];
    int count, hash[HASH_ROOM]; /* place in the list + 1, 0: free */
};

/* ---- strata ---- */

static void add_age(double age, df_text *out)
{
    const demographics usual = demographics_empty();
    const int bin = demographics_age_bin(&usual, (float)age);
    df_text_addf(out, "%g-%g", (double)usual.age_edges[bin], (double)usual.age_edges[bin + 1]);
}

static bool add_value(const json_t *line, const char *column, df_text *out, df_error *err)
{
    const json_t *value = manifest_value(line, column);
    if (!value || json_is_null(value))
        df_text_add(out, "-");
    else if (json_is_number(value) && strcmp(column, "age") == 0)
        add_age(json_number_value(value), out);
    else if (json_is_string(value))
        df_text_add(out, json_string_value(value));
    else if (json_is_boolean(value))
        df_text_add(out, json_is_true(value) ? "true" : "false");
    else if (json_is_integer(value))
        df_text_integer(out, json_integer_value(value));
    else
        return df_fail(err, "%s: %s, expected a text, a whole number, true or false (or age) to make strata of", column,
                       json_is_real(value) ? "a number with a fraction" : "a list or an object");
    return true;
}

static bool find_stratum(split_deal *deal, const char *values, uint32_t *out, df_error *err)
{
    struct split_strata *s = deal->strata;
    size_t place = (size_t)(df_identity_key(values) % HASH_ROOM);
    for (; s->hash[place]; place = (place + 1) % HASH_ROOM)
        if (strcmp(s->list[s->hash[place] - 1].values, values) == 0) {
            *out = (uint32_t)s->hash[place] - 1;
            return true;
        }
    if (s->count == SPLIT_STRATA)
        return df_fail(err, "more than %d strata", SPLIT_STRATA);
    stratum *added = &s->list[s->count];
    added->values = df_copy_string(deal->arena, values, err);
    added->number = (uint32_t)s->count;
    if (!added->values)
        return false;
    s->hash[place] = ++s->count;
    *out = added->number;
    return true;
}

static bool stratum_of(split_deal *deal, const json_t *line, df_text *text, uint32_t *out, df_error *err)
{
    const split_setting *setting = deal->setting;
    df_text_clear(text);
    df_text_add(text, "");
    for (size_t c = 0; c < setting->column_count; c++) {
        if (!add_value(line, setting->columns[c], text, err))
            return false;
        df_text_add(text, "\n");
    }
    return df_text_ok(text, err) && find_stratum(deal, text->data ? text->data : "", out, err);
}

/* ---- cards ---- */

static uint64_t rank_of(const split_setting *setting, const manifest_entry *entry)
{
    const uint32_t index = setting->by == SPLIT_IMAGE ? (uint32_t)entry->index : 0;
    df_random random = df_random_at(setting->seed, df_identity_key(entry->identity), index, DF_FOR_SPLIT);
    const uint64_t high = df_random_u32(&random);
    return high << 32 | df_random_u32(&random);
}

static bool grow(split_deal *deal, df_error *err)
{
    const size_t room = deal->card_room ? 2 * deal->card_room : FIRST_ROOM;
    size_t bytes;
    if (room > UINT32_MAX || !df_size_mul(room, sizeof(split_card) + 1, &bytes))
        return df_fail(err, "too many identities or images");
    df_arena *arena = df_arena_new(bytes + 128, err);
    split_card *cards = arena ? df_alloc(arena, room, sizeof *cards, err) : NULL;
    if (!cards) {
        df_arena_free(arena);
        return false;
    }
    if (deal->card_count > 0)
        memcpy(cards, deal->cards, deal->card_count * sizeof *cards);
    df_arena_free(deal->card_arena);
    deal->card_arena = arena;
    deal->cards = cards;
    deal->card_room = room;
    return true;
}

static bool add_card(split_deal *deal, const manifest_entry *entry, uint32_t number, df_error *err)
{
    if (deal->card_count == deal->card_room && !grow(deal, err))
        return false;
    deal->cards[deal->card_count] =
        (split_card){.rank = rank_of(deal->setting, entry), .stratum = number, .place = (uint32_t)deal->card_count};
    deal->card_count++;
    deal->strata->list[number].size++;
    return true;
}

static bool add_line(split_deal *deal, const set_lines *lines, const manifest_entry *entry, df_text *text, df_error *err)
{
    uint32_t number;
    if (!stratum_of(deal, set_lines_json(lines), text, &number, err))
        return set_lines_fail(lines, err);
    if (deal->setting->by == SPLIT_IMAGE || set_lines_is_new(lines))
        return add_card(deal, entry, number, err);
    return deal->cards[deal->card_count - 1].stratum == number ||
           df_fail(err, "%s: other values in --stratify than the identity's images before, expected what stays the same (or --by image)",
                   entry->image);
}

static bool read_lines(split_deal *deal, set_lines *lines, const df_progress *progress, df_error *err)
{
    manifest_entry entry;
    df_text text = {0};
    bool found = true, is_good = true;
    while (is_good && (is_good = set_lines_next(lines, &entry, &found, progress, err)) && found)
        is_good = add_line(deal, lines, &entry, &text, err);
    df_text_free(&text);
    return is_good;
}

set_lines *split_deal_lines(const char *folder, const split_deal *deal, df_error *err)
{
    return deal->is_alone ? set_lines_open_alone(folder, err) : set_lines_open(folder, err);
}

bool split_deal_read(const char *folder, const df_progress *progress, split_deal *deal, df_error *err)
{
    deal->arena = df_arena_new(MEMORY, err);
    deal->strata = deal->arena ? df_alloc(deal->arena, 1, sizeof *deal->strata, err) : NULL;
    set_lines *lines = deal->strata ? split_deal_lines(folder, deal, err) : NULL;
    df_progress_start(progress, "reading the manifest", 0);
    const bool is_good = lines && read_lines(deal, lines, progress, err);
    df_progress_finish(progress);
    set_lines_close(lines);
    return is_good && (deal->card_count > 0 || df_fail(err, "%s: has no images to split", folder));
}

/* ---- dealing ---- */

static int by_values(const void *a, const void *b)
{
    return strcmp(((const stratum *)a)->values, ((const stratum *)b)->values);
}

static int by_stratum_and_rank(const void *a, const void *b)
{
    const split_card *x = a, *y = b;
    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1) : (x->place > y->place) - (x->place < y->place);
}

/* counts[s][p] of strata in the order of their values. */
static bool count_out(split_deal *deal, int64_t *counts, df_error *err)
{
    struct split_strata *s = deal->strata;
    const split_parts *parts = &deal->setting->parts;
    int64_t *sizes = df_alloc(deal->arena, (size_t)s->count, sizeof *sizes, err);
    if (!sizes)
        return false;
    qsort(s->list, (size_t)s->count, sizeof *s->list, by_values);
    for (int i = 0; i < s->count; i++)
        sizes[i] = s->list[i].size;
    return apportion(sizes, (size_t)s->count, parts->weights, parts->count, counts, deal->arena, err);
}

bool split_deal_parts(split_deal *deal, df_error *err)
{
    struct split_strata *s = deal->strata;
    const size_t width = (size_t)deal->setting->parts.count;
    int64_t *counts = df_alloc(deal->arena, (size_t)s->count, width * sizeof *counts, err);
    int *rows = df_alloc(deal->arena, (size_t)s->count, sizeof *rows, err); /* stratum number to row */
    deal->parts = df_alloc(deal->card_arena, deal->card_count, 1, err);
    if (!counts || !rows || !deal->parts || !count_out(deal, counts, err))
        return false;
    for (int i = 0; i < s->count; i++)
        rows[s->list[i].number] = i;
    qsort(deal->cards, deal->card_count, sizeof *deal->cards, by_stratum_and_rank);
    for (size_t i = 0; i < deal->card_count; i++) {
        int64_t *left = counts + (size_t)rows[deal->cards[i].stratum] * width;
        size_t part = 0;
        while (left[part] == 0)
            part++;
        left[part]--;
        deal->parts[deal->cards[i].place] = (uint8_t)part;
    }
    return true;
}

int64_t split_deal_strata(const split_deal *deal)
{
    return deal->strata->count;
}

bool split_deal_part(const split_deal *deal, const set_lines *lines, const manifest_entry *entry, int *part, df_error *err)
{
    const int64_t number = deal->setting->by == SPLIT_IMAGE ? set_lines_count(lines) : set_lines_identities(lines);
    if (number > (int64_t)deal->card_count)
        return df_fail(err, "%s: was not there when the set was read first", entry->image);
    *part = deal->parts[number - 1];
    return true;
}

void split_deal_free(split_deal *deal)
{
    df_arena_free(deal->arena);
    df_arena_free(deal->card_arena);
}
