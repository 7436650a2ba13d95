/* face_choice.c: the first pass counts identities. In the second, identity p of n has a quota that follows from p, n and the number
   of cells alone; which of its images fill it is drawn by reservoir sampling (Vitter 1985, algorithm R), for a stream does not
   say beforehand how many there are. */
#include "dataset/face_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "base/stop.h"
#include "dataset/journal.h"

typedef struct choice {
    uint64_t seed;
    int64_t identities, images, imported;
    face_chosen *list; /* [wanted] */
    int wanted, count;
} choice;

/* How many of the identities before `p` cells go to. */
static int64_t cells_before(const choice *c, int64_t p)
{
    return p * c->wanted / c->identities;
}

/* With fewer cells than people each cell takes one of the people in its stretch at random: a fixed one could walk in step with
   how the people were dealt, and show one group alone. */
static int quota(const choice *c, int64_t p)
{
    if (c->wanted >= c->identities)
        return (int)(cells_before(c, p + 1) - cells_before(c, p));
    const int64_t cell = p * c->wanted / c->identities; /* whose stretch this is: [first, end) */
    const int64_t first = (cell * c->identities + c->wanted - 1) / c->wanted,
                  end = ((cell + 1) * c->identities + c->wanted - 1) / c->wanted;
    df_random random = df_random_at(c->seed, (uint64_t)cell, 0, DF_FOR_SHEET);
    return p - first == (int64_t)df_random_below(&random, (uint32_t)(end - first));
}

/* "Asian female, 34", or as much of it as is known. */
static void describe_person(const manifest_entry *entry, char out[FACE_CAPTION])
{
    char age[16] = "";
    const bool is_named = entry->ethnicity[0] || entry->gender[0];
    if (entry->has_age)
        snprintf(age, sizeof age, "%s%d", is_named ? ", " : "", (int)entry->age);
    snprintf(out, FACE_CAPTION, "%s%s%s%s", entry->ethnicity, entry->ethnicity[0] && entry->gender[0] ? " " : "", entry->gender, age);
}

static void describe(const manifest_entry *entry, const json_t *json, face_chosen *out)
{
    *out = (face_chosen){.index = entry->index};
    memcpy(out->image, entry->image, sizeof out->image);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        memcpy(out->labels[kind], entry->labels[kind].path, sizeof out->labels[kind]);
    snprintf(out->caption, sizeof out->caption, "%s/%lld", entry->identity, (long long)entry->index);
    describe_person(entry, out->detail);
    face_overlay_read(entry, json, &out->overlay);
}

static int by_index(const void *a, const void *b)
{
    const face_chosen *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

/* The images of one identity, as they come. */
typedef struct reservoir {
    face_chosen *slots; /* in the choice's list */
    int room;
    uint32_t seen;
    df_random random;
} reservoir;

static void begin_identity(choice *c, int64_t p, const char *id, reservoir *r)
{
    const int left = c->wanted - c->count, wanted = quota(c, p);
    *r = (reservoir){.slots = c->list + c->count,
                     .room = wanted < left ? wanted : left,
                     .random = df_random_at(c->seed, df_identity_key(id), 1, DF_FOR_SHEET)};
}

static void end_identity(choice *c, const reservoir *r)
{
    const int filled = r->seen < (uint32_t)r->room ? (int)r->seen : r->room;
    if (filled > 0)
        qsort(r->slots, (size_t)filled, sizeof *r->slots, by_index);
    c->count += filled;
}

static void offer(reservoir *r, const manifest_entry *entry, const json_t *json)
{
    const uint32_t slot = r->seen < (uint32_t)r->room ? r->seen : df_random_below(&r->random, r->seen + 1);
    r->seen++;
    if (slot < (uint32_t)r->room)
        describe(entry, json, &r->slots[slot]);
}

typedef bool visit(void *user, const manifest_entry *entry, const json_t *json, bool is_new_identity);

static bool count_identities(void *user, const manifest_entry *entry, const json_t *json, bool is_new)
{
    (void)json;
    choice *c = user;
    c->images++;
    c->imported += entry->imported[0] != '\0';
    c->identities += is_new;
    return true;
}

typedef struct walk {
    choice *choice;
    reservoir reservoir;
    int64_t position;
} walk;

static bool choose_images(void *user, const manifest_entry *entry, const json_t *json, bool is_new)
{
    walk *w = user;
    if (is_new) {
        end_identity(w->choice, &w->reservoir);
        begin_identity(w->choice, w->position++, entry->identity, &w->reservoir);
    }
    offer(&w->reservoir, entry, json);
    return true;
}

static bool for_each_entry(const char *folder, visit *each, void *user, df_error *err)
{
    char path[DATASET_PATH], before[PERSON_ID] = "";
    manifest_entry entry;
    bool found = true, is_good = true;
    if (!df_path_join(path, sizeof path, folder, "manifest.jsonl", err))
        return false;
    manifest_reader *reader = manifest_open(path, err);
    if (!reader)
        return false;
    while (is_good && (is_good = df_may_go_on(err) && manifest_next(reader, &entry, &found, err)) && found) {
        is_good = each(user, &entry, manifest_json(reader), strcmp(before, entry.identity) != 0);
        memcpy(before, entry.identity, sizeof before);
    }
    manifest_close(reader);
    return is_good;
}

static bool choose(const char *folder, choice *c, df_arena *arena, df_error *err)
{
    if (!for_each_entry(folder, count_identities, c, err))
        return false;
    if (c->identities == 0)
        return df_fail(err, "%s/manifest.jsonl: no images", folder);
    c->list = df_alloc(arena, (size_t)c->wanted, sizeof *c->list, err);
    if (!c->list)
        return false;
    walk w = {.choice = c, .reservoir = {.slots = c->list}};
    if (!for_each_entry(folder, choose_images, &w, err))
        return false;
    end_identity(c, &w.reservoir);
    return true;
}

bool face_choose(const char *folder, int count, uint64_t seed, df_arena *arena, face_choice *out, df_error *err)
{
    choice c = {.seed = seed, .wanted = count};
    if (!choose(folder, &c, arena, err))
        return false;
    *out = (face_choice){.list = c.list, .count = c.count, .images = c.images, .identities = c.identities, .imported = c.imported};
    return true;
}
