/* face_sheet.c: the first pass counts identities. In the second, identity p of n has a quota that follows from p, n and the number
   of cells alone; which of its images fill it is drawn by reservoir sampling (Vitter 1985, algorithm R), for a stream does not
   say beforehand how many there are. */
#include "dataset/face_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "dataset/face_overlay.h"
#include "dataset/journal.h"
#include "image/image_file.h"
#include "plot/sheet.h"

enum { USUAL_COUNT = 48, USUAL_COLUMNS = 8, CAPTION = 160, CAPTION_LINES = 2 };

static const size_t MEMORY = (size_t)1 << 30;

typedef struct chosen {
    char image[MANIFEST_PATH];
    char caption[CAPTION], detail[CAPTION];
    int64_t index;
    face_overlay overlay;
} chosen;

typedef struct choice {
    const face_sheet_options *options;
    int64_t identities, images;
    chosen *list; /* [wanted] */
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
    df_random random = df_random_at(c->options->seed, (uint64_t)cell, 0, DF_FOR_SHEET);
    return p - first == (int64_t)df_random_below(&random, (uint32_t)(end - first));
}

static void describe(const manifest_entry *entry, const json_t *json, chosen *out)
{
    *out = (chosen){.index = entry->index};
    memcpy(out->image, entry->image, sizeof out->image);
    snprintf(out->caption, sizeof out->caption, "%s/%lld", entry->identity, (long long)entry->index);
    snprintf(out->detail, sizeof out->detail, "%s %s, %d", entry->ethnicity, entry->gender, (int)entry->age);
    face_overlay_read(entry, json, &out->overlay);
}

static int by_index(const void *a, const void *b)
{
    const chosen *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

/* The images of one identity, as they come. */
typedef struct reservoir {
    chosen *slots; /* in the choice's list */
    int room;
    uint32_t seen;
    df_random random;
} reservoir;

static void begin_identity(choice *c, int64_t p, const char *id, reservoir *r)
{
    const int left = c->wanted - c->count, wanted = quota(c, p);
    *r = (reservoir){.slots = c->list + c->count,
                     .room = wanted < left ? wanted : left,
                     .random = df_random_at(c->options->seed, df_identity_key(id), 1, DF_FOR_SHEET)};
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
    (void)entry;
    (void)json;
    choice *c = user;
    c->images++;
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
    while (is_good && (is_good = manifest_next(reader, &entry, &found, err)) && found) {
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

static bool add_cell(sheet *s, const char *folder, const chosen *one, face_sheet_labels labels, df_arena *scratch, df_error *err)
{
    char path[DATASET_PATH];
    image picture, *cell = sheet_cell(s);
    if (!df_path_join(path, sizeof path, folder, one->image, err) || !image_read_file(path, &picture, scratch, err))
        return false;
    const canvas_box whole = {.width = (float)cell->width, .height = (float)cell->height};
    if (!canvas_picture(cell, &picture, whole, scratch, err))
        return false;
    if (labels == FACE_SHEET_LABELS && one->overlay.size > 0)
        face_overlay_draw(&one->overlay, cell);
    return sheet_put(s, one->caption, one->detail, err);
}

static bool draw(const char *folder, const choice *c, const char *out, df_arena *arena, df_error *err)
{
    char note[CAPTION];
    const char *slash = strrchr(folder, '/'), *name = slash && slash[1] ? slash + 1 : folder;
    snprintf(note, sizeof note, "%d of %lld images, %lld identities. Synthetic faces.", c->count, (long long)c->images,
             (long long)c->identities);
    const sheet_options options = {.title = c->options->title ? c->options->title : name,
                                   .note = note,
                                   .cell = c->options->cell,
                                   .columns = c->options->columns        ? c->options->columns
                                              : c->count < USUAL_COLUMNS ? c->count
                                                                         : USUAL_COLUMNS,
                                   .caption_lines = CAPTION_LINES,
                                   .count = c->count};
    sheet *s = sheet_open(out, &options, err);
    bool is_good = s != NULL;
    for (int i = 0; i < c->count && is_good; i++) {
        const df_arena_mark mark = df_arena_save(arena);
        is_good = add_cell(s, folder, &c->list[i], c->options->labels, arena, err);
        df_arena_restore(arena, mark);
    }
    if (is_good)
        return sheet_close(s, err);
    sheet_abandon(s);
    return false;
}

bool face_sheet_write(const char *folder, const face_sheet_options *options, const char *out, int *shown, df_error *err)
{
    choice c = {.options = options, .wanted = options->count > 0 ? options->count : USUAL_COUNT};
    if (c.wanted > FACE_SHEET_MOST)
        return df_fail(err, "a sheet of %d images, expected at most %d", c.wanted, FACE_SHEET_MOST);
    df_arena *arena = df_arena_new(MEMORY, err);
    const bool is_good = arena && choose(folder, &c, arena, err) && draw(folder, &c, out, arena, err);
    df_arena_free(arena);
    if (is_good && shown)
        *shown = c.count;
    return is_good;
}
