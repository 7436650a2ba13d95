/* sampler.c: card by card to a file of people. */
#include "face/sampler_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "face/looks.h"

/* Lines of included people and, for distances, everybody's shape. */
static const size_t ARENA_LIMIT = (size_t)16 << 30;

typedef struct sampler {
    const face_model *model;
    const sampler_options *options;
    df_arena *arena;
    nested_deal dealer;
    guest_list guests;
    shape_crowd crowd;
    df_text line;
} sampler;

static bool start(sampler *s, df_error *err)
{
    const sampler_options *o = s->options;
    if (!sampler_check(s->model, o, err))
        return false;
    s->arena = df_arena_new(ARENA_LIMIT, err);
    if (!s->arena)
        return false;
    nested_deal_init(&s->dealer, o);
    if (o->min_distance > 0 && !crowd_init(&s->crowd, sampler_drawn_count(o, s->model->shape_count), (size_t)o->count, s->arena, err))
        return df_fail_in(err, "the minimum distance keeps all shapes in memory");
    return guest_list_init(&s->guests, s->model, o, o->min_distance > 0 ? &s->crowd : NULL, s->arena, err);
}

/* Six digits of the card's number; with a letter behind where an included person has that id. */
static bool set_id(const sampler *s, int64_t k, person *who, df_error *err)
{
    snprintf(who->id, sizeof who->id, "%06" PRId64, k);
    const size_t end = strlen(who->id);
    for (char letter = 'b'; id_set_has(&s->guests.ids, who->id); letter++) {
        if (letter > 'z')
            return df_fail(err, "person %" PRId64 ": the included people have taken all ids", k);
        who->id[end] = letter;
        who->id[end + 1] = '\0';
    }
    return true;
}

/* Redraws the shape until it keeps its distance. */
static bool draw_coefficients(sampler *s, sampler_cell cell, int64_t k, person *who, df_error *err)
{
    const float wanted = s->options->min_distance;
    float reached = 0;
    for (uint32_t try = 0; try < SAMPLER_TRIES; try++) {
        person drawn = *who;
        if (!sampler_coefficients(s->model, s->options, cell, k, try, &drawn, err))
            return false;
        const float distance = wanted > 0 ? crowd_distance(&s->crowd, drawn.shape) : 0;
        if (distance >= wanted) {
            *who = drawn;
            return true;
        }
        reached = distance > reached ? distance : reached;
    }
    return df_fail(err, "person %" PRId64 ": no distance of %.6g to everybody before in %d draws, at most %.4g was reached", k,
                   (double)wanted, SAMPLER_TRIES, (double)reached);
}

static bool draw_person(sampler *s, sampler_cell cell, int64_t k, df_error *err)
{
    person who = {0};
    df_random random = df_random_at(s->options->seed, (uint64_t)k, 0, DF_FOR_PERSON_LOOKS);
    if (!set_id(s, k, &who, err) || !sampler_traits(s->model, s->options, cell, k, &who, err) || !draw_coefficients(s, cell, k, &who, err))
        return false;
    if (s->options->min_distance > 0)
        crowd_add(&s->crowd, who.shape);
    looks_draw(s->model, &who, &random, &who.looks);
    person_write(&who, s->model, &s->line);
    return true;
}

static bool next_line(sampler *s, int64_t k, df_error *err)
{
    const sampler_cell cell = nested_deal_next(&s->dealer);
    const guest *included = guest_list_take(&s->guests, cell);
    df_text_clear(&s->line);
    if (included) {
        df_text_add_bytes(&s->line, included->line, included->length);
        df_text_add(&s->line, "\n");
    } else if (!draw_person(s, cell, k, err)) {
        return false;
    }
    return df_text_ok(&s->line, err);
}

static bool write_people(sampler *s, df_writer *writer, const df_progress *progress, df_error *err)
{
    for (int64_t k = 0; k < s->options->count; k++) {
        if (df_stop_signal())
            return df_fail(err, "stopped by a signal before person %" PRId64, k);
        if (!next_line(s, k, err) || !df_writer_put(writer, s->line.data, s->line.size, err))
            return false;
        df_progress_step(progress, k + 1);
    }
    return true;
}

static bool write_file(sampler *s, const char *out, const df_progress *progress, df_error *err)
{
    df_writer *writer = df_writer_open(out, err);
    if (!writer)
        return false;
    df_progress_start(progress, "people", s->options->count);
    const bool is_good = write_people(s, writer, progress, err);
    df_progress_finish(progress);
    if (is_good)
        return df_writer_commit(writer, err);
    df_writer_abandon(writer);
    return false;
}

static void announce_unknown_traits(const sampler *s, const df_progress *progress)
{
    if (s->options->gaussian && !sampler_has_direction(s->model, FACE_GENDER))
        df_progress_note(progress,
                         "the model '%s' has no direction of gender: labels of gender are drawn, and the faces do not follow them",
                         s->model->name);
}

bool sampler_run(const face_model *model, const sampler_options *options, const char *out, const df_progress *progress, df_error *err)
{
    sampler s = {.model = model, .options = options};
    bool is_good = start(&s, err);
    if (is_good) {
        announce_unknown_traits(&s, progress);
        is_good = write_file(&s, out, progress, err);
    }
    guest_list_free(&s.guests);
    df_text_free(&s.line);
    df_arena_free(s.arena);
    return is_good;
}
