/* remake_run.c: windows of the manifest: their people are prepared side by side, then their images, then each is handed out in order.
   A person whose images reach into the next window stays. */
#include <omp.h>
#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "dataset/remake_internal.h"
#include "dataset/roster.h"

enum { IMAGES_PER_THREAD = 16, PEOPLE_PER_THREAD = 2, PEOPLE_MORE = 2, PERSON_MEMORY = 512 << 20 };

typedef struct remake_person {
    df_arena *arena;
    person who;
    head_identity *identity; /* NULL until prepared */
    df_error err;
} remake_person;

typedef struct remake_item {
    remade made;
    remake_person *person;
    bool is_done;
    df_error err;
} remake_item;

/* What a thread's maker hands files to. */
typedef struct remake_hand {
    const remake_work *work;
    maker_setting setting;
    image_maker *maker;
    remade *current;
} remake_hand;

typedef struct running {
    remake *set;
    const remake_work *work;
    int threads, room, place_count;
    remake_item *items;     /* [room] */
    remake_person **places; /* [place_count]; the first `used` are this window's */
    remake_hand *hands;     /* [threads] */
    int count, used, ready; /* images; people; those of the people that were prepared before */
    manifest_reader *reader;
    roster_stream people;
    int64_t line; /* of the next entry */
    bool is_ended, has_waiting;
    int64_t finished;
    df_arena *arena;
} running;

/* ---- who is on a line ---- */

/* The person of that id: further on in the file of identities, or, where lines are in another order, from its beginning. */
static bool find_person(running *r, const char *id, person *out, df_error *err)
{
    for (int pass = 0; pass < 2; pass++) {
        bool found = true;
        while (found) {
            if (!roster_next(&r->people, out, &found, err))
                return false;
            if (found && strcmp(out->id, id) == 0)
                return true;
        }
        roster_close(&r->people);
        if (!roster_open(r->set->identities, remake_model(r->set), 0, 1, &r->people, err))
            return false;
    }
    return df_fail(err, "%s: has no identity '%s', which %s names", r->set->identities, id, r->set->manifest);
}

/* The person's place in this window; *is_full where it has no room for one more. */
static bool place_of(running *r, const char *id, remake_person **out, bool *is_full, df_error *err)
{
    if (r->used > 0 && strcmp(r->places[r->used - 1]->who.id, id) == 0) {
        *out = r->places[r->used - 1];
        return true;
    }
    *is_full = r->used == r->place_count;
    if (*is_full)
        return true;
    remake_person *place = r->places[r->used];
    df_arena_reset(place->arena);
    place->identity = NULL;
    place->err.text[0] = '\0';
    if (!find_person(r, id, &place->who, err))
        return false;
    r->used++;
    *out = place;
    return true;
}

/* ---- windows ---- */

/* The next wanted entry into an item; *found false at the end. */
static bool next_entry(running *r, remade *out, bool *found, df_error *err)
{
    const remake_work *work = r->work;
    for (;;) {
        if (!manifest_next(r->reader, &out->entry, found, err))
            return false;
        if (!*found)
            return true;
        if (!work->wants || work->wants(work->user, r->line++))
            break;
    }
    size_t length;
    const char *text = manifest_text(r->reader, &length);
    if (out->entry.imported[0])
        return df_fail(err, "%s: imported, nothing can make it again", out->entry.image);
    df_text_clear(&out->recorded);
    df_text_clear(&out->line);
    df_text_clear(&out->notes);
    df_text_add_bytes(&out->recorded, text, length);
    memcpy(out->labels, out->entry.labels, sizeof out->labels);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (work->job->labels[kind])
            out->labels[kind] = (manifest_file){0};
    return df_text_ok(&out->recorded, err);
}

/* The id by which the image was drawn. */
static const char *drawn_as(const running *r, remade *one)
{
    const char *former = json_string_value(json_object_get(manifest_json(r->reader), "renamed_from"));
    one->is_renamed = former != NULL;
    return former ? former : one->entry.identity;
}

/* An entry that found no room waits in the item behind the last one. */
static bool fill(running *r, df_error *err)
{
    r->count = 0;
    while (r->count < r->room && !r->is_ended) {
        remake_item *item = &r->items[r->count];
        bool found = true, is_full = false;
        if (!r->has_waiting && !next_entry(r, &item->made, &found, err))
            return false;
        r->is_ended = !found;
        if (!found)
            break;
        r->has_waiting = true;
        if (!place_of(r, drawn_as(r, &item->made), &item->person, &is_full, err))
            return false;
        if (is_full)
            break;
        r->has_waiting = false;
        item->is_done = false;
        item->err.text[0] = '\0';
        r->count++;
    }
    return true;
}

/* The last person stays for the next window; so does the entry that waits. */
static void clear(running *r)
{
    if (r->has_waiting && r->count > 0) {
        remake_item waiting = r->items[r->count];
        r->items[r->count] = r->items[0];
        r->items[0] = waiting;
    }
    r->ready = r->used > 0 ? 1 : 0;
    if (r->used > 1) {
        remake_person *last = r->places[r->used - 1];
        r->places[r->used - 1] = r->places[0];
        r->places[0] = last;
    }
    r->used = r->ready;
}

/* ---- work ---- */

static bool take_file(void *user, const person *who, int k, const manifest_file *file, df_bytes bytes, df_error *err)
{
    const remake_hand *hand = user;
    (void)who;
    return hand->work->sink(hand->work->user, hand->current, k, file, bytes, err);
}

static void prepare(const running *r, remake_person *place)
{
    if (!df_stop_signal())
        place->identity = head_identity_new(remake_model(r->set), &place->who, r->set->job.band, place->arena, &place->err);
}

static void make(const running *r, remake_item *item)
{
    remake_hand *hand = &r->hands[omp_get_thread_num()];
    remade *made = &item->made;
    if (df_stop_signal())
        return;
    hand->current = made;
    item->is_done = image_maker_make(hand->maker, item->person->identity, &item->person->who, (uint32_t)made->entry.index, made->labels,
                                     &made->line, &item->err);
    if (item->is_done && made->line.size > 0)
        made->line.data[--made->line.size] = '\0'; /* the newline */
}

static bool check_people(const running *r, df_error *err)
{
    for (int i = r->ready; i < r->used; i++)
        if (!r->places[i]->identity && r->places[i]->err.text[0])
            return df_fail(err, "identity %s: %s", r->places[i]->who.id, r->places[i]->err.text);
    return true;
}

static bool hand_out(running *r, df_error *err)
{
    const remake_work *work = r->work;
    for (int i = 0; i < r->count; i++) {
        const remake_item *item = &r->items[i];
        if (!item->is_done && item->err.text[0])
            return df_fail(err, "%s: %s", item->made.entry.image, item->err.text);
        if (!item->is_done)
            return df_fail(err, "stopped after %lld images", (long long)r->finished);
        if (!work->done(work->user, &item->made, err))
            return false;
        r->finished++;
    }
    df_progress_step(work->progress, r->finished);
    return true;
}

static bool work_window(running *r, df_error *err)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(r->threads)
    for (int i = r->ready; i < r->used; i++)
        prepare(r, r->places[i]);
    if (!check_people(r, err))
        return false;
    if (df_stop_signal())
        return df_fail(err, "stopped after %lld images", (long long)r->finished);
#pragma omp parallel for schedule(dynamic, 1) num_threads(r->threads)
    for (int i = 0; i < r->count; i++)
        make(r, &r->items[i]);
    return hand_out(r, err);
}

static bool run_all(running *r, df_error *err)
{
    do {
        if (!fill(r, err) || !work_window(r, err))
            return false;
        clear(r);
    } while (!r->is_ended);
    return true;
}

/* ---- the whole ---- */

static bool make_hand(running *r, remake_hand *hand, df_error *err)
{
    hand->work = r->work;
    hand->setting = (maker_setting){.job = r->work->job,
                                    .model = remake_model(r->set),
                                    .backgrounds = r->set->backgrounds,
                                    .folder = r->set->folder,
                                    .image = r->work->image,
                                    .sink = take_file,
                                    .sink_user = hand};
    return stamp_init(&hand->setting.stamp, r->work->job, err) && (hand->maker = image_maker_new(&hand->setting, err)) != NULL;
}

static bool open_all(running *r, df_error *err)
{
    const size_t threads = (size_t)r->threads;
    r->room = IMAGES_PER_THREAD * r->threads;
    r->place_count = PEOPLE_PER_THREAD * r->threads + PEOPLE_MORE;
    r->items = df_alloc(r->arena, (size_t)r->room + 1, sizeof *r->items, err);
    r->places = r->items ? df_alloc(r->arena, (size_t)r->place_count, sizeof *r->places, err) : NULL;
    r->hands = r->places ? df_alloc(r->arena, threads, sizeof *r->hands, err) : NULL;
    if (!r->hands)
        return false;
    for (int i = 0; i < r->place_count; i++)
        if (!(r->places[i] = df_alloc(r->arena, 1, sizeof *r->places[i], err)) || !(r->places[i]->arena = df_arena_new(PERSON_MEMORY, err)))
            return false;
    for (size_t t = 0; t < threads; t++)
        if (!make_hand(r, &r->hands[t], err))
            return false;
    return (r->reader = manifest_open(r->set->manifest, err)) != NULL &&
           roster_open(r->set->identities, remake_model(r->set), 0, 1, &r->people, err);
}

static void close_all(running *r)
{
    for (int t = 0; r->hands && t < r->threads; t++)
        image_maker_free(r->hands[t].maker);
    for (int i = 0; r->places && i < r->place_count && r->places[i]; i++)
        df_arena_free(r->places[i]->arena);
    for (int i = 0; r->items && i <= r->room; i++) {
        df_text_free(&r->items[i].made.recorded);
        df_text_free(&r->items[i].made.line);
        df_text_free(&r->items[i].made.notes);
    }
    manifest_close(r->reader);
    roster_close(&r->people);
}

bool remake_run(remake *set, const remake_work *work, df_error *err)
{
    df_arena *arena = df_arena_new((size_t)1 << 30, err);
    running *r = arena ? df_alloc(arena, 1, sizeof *r, err) : NULL;
    bool is_good = r != NULL;
    if (is_good) {
        *r = (running){.set = set, .work = work, .threads = work->threads > 0 ? work->threads : omp_get_max_threads(), .arena = arena};
        is_good = open_all(r, err);
        if (is_good) {
            df_progress_start(work->progress, "images", work->images);
            is_good = run_all(r, err);
            df_progress_finish(work->progress);
        }
        close_all(r);
    }
    df_arena_free(arena);
    return is_good;
}
