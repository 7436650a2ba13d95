/* sample_list.c: a list of samples from the sources of exchange/: what is chosen, and a row of numbers for each. */
#include "feed/sample_list.h"

#include <math.h>
#include <string.h>

#include "base/stop.h"
#include "dataset/where.h"

static const size_t LIST_MEMORY = (size_t)4 << 30, READ_MEMORY = (size_t)4 << 30;
enum { FIRST_ROOM = 256, MOST_SAMPLES = INT32_MAX };

/* One call of sample_list_add. */
typedef struct adding {
    sample_list *list;
    const sample_choice *choice;
    df_arena *arena;                  /* of what is not needed later */
    where *only;                      /* NULL: all */
    where *conditions[SAMPLE_LABELS]; /* of SAMPLE_CONDITION, else NULL */
    bool is_known[SAMPLE_LABELS];     /* some line had it */
    json_t *empty, *last;             /* the line of sources that know nothing; the last line seen */
    const char *identity;             /* of the sample before; NULL: none yet */
    size_t before;                    /* samples of other sets */
} adding;

bool sample_list_init(sample_list *list, const sample_label *labels, int label_count, size_t limit, df_error *err)
{
    if (label_count < 0 || label_count > SAMPLE_LABELS)
        return df_fail(err, "%d labels, expected at most %d", label_count, SAMPLE_LABELS);
    sample_list made = {.arena = df_arena_new(limit ? limit : LIST_MEMORY, err), .label_count = label_count};
    sample_label *copies = made.arena ? df_alloc(made.arena, (size_t)label_count, sizeof *copies, err) : NULL;
    bool is_good = copies != NULL;
    for (int k = 0; is_good && k < label_count; k++) {
        copies[k] = (sample_label){.kind = labels[k].kind,
                                   .name = df_copy_string(made.arena, labels[k].name, err),
                                   .text = df_copy_string(made.arena, labels[k].text, err)};
        is_good = copies[k].name && copies[k].text;
    }
    made.label = copies;
    if (is_good)
        *list = made;
    else
        df_arena_free(made.arena);
    return is_good;
}

void sample_list_free(sample_list *list)
{
    df_arena_free(list->arena);
    *list = (sample_list){0};
}

/* An array with room for more; what it grew out of stays in the arena. */
static void *grown(df_arena *arena, const void *old, size_t count, size_t room, size_t size, df_error *err)
{
    void *array = df_alloc(arena, room, size, err);
    if (array && count)
        memcpy(array, old, count * size);
    return array;
}

static bool make_room(sample_list *list, df_error *err)
{
    if (list->count < list->room)
        return true;
    const size_t room = list->room ? 2 * list->room : FIRST_ROOM, count = list->count, labels = (size_t)list->label_count;
    if (count >= MOST_SAMPLES)
        return df_fail(err, "more than %d samples", MOST_SAMPLES);
    list->paths = grown(list->arena, list->paths, count, room, sizeof *list->paths, err);
    list->identities = list->paths ? grown(list->arena, list->identities, count, room, sizeof *list->identities, err) : NULL;
    list->sets = list->identities ? grown(list->arena, list->sets, count, room, 1, err) : NULL;
    list->labels = list->sets ? grown(list->arena, list->labels, count * labels, room * labels, sizeof *list->labels, err) : NULL;
    list->room = room;
    return list->labels != NULL;
}

/* The number of the image's identity: a new one where the name differs from the image's before, since an identity's images stand side by
   side. */
static bool number_identity(adding *a, const char *name, int32_t *number, df_error *err)
{
    sample_list *list = a->list;
    if (!name[0]) {
        *number = -1;
        return true;
    }
    if (!a->identity || strcmp(a->identity, name) != 0) {
        if ((size_t)list->identity_count == list->identity_room) {
            list->identity_room = list->identity_room ? 2 * list->identity_room : FIRST_ROOM;
            list->identity_names = grown(list->arena, list->identity_names, (size_t)list->identity_count, list->identity_room,
                                         sizeof *list->identity_names, err);
        }
        const char *copy = list->identity_names ? df_copy_string(list->arena, name, err) : NULL;
        if (!copy)
            return false;
        list->identity_names[list->identity_count++] = a->identity = copy;
    }
    *number = list->identity_count - 1;
    return true;
}

static float truth(const json_t *value)
{
    if (json_is_boolean(value))
        return json_is_true(value) ? 1.0f : 0.0f;
    return json_is_number(value) ? (json_number_value(value) > 0.0 ? 1.0f : 0.0f) : NAN;
}

static bool find_label(adding *a, int k, const json_t *line, float *out, df_error *err)
{
    const sample_label *label = &a->list->label[k];
    const json_t *value = NULL;
    bool is_so = false;
    switch (label->kind) {
    case SAMPLE_CONDITION:
        if (!where_matches(a->conditions[k], line, &is_so, err))
            return df_fail_in(err, "label '%s'", label->name);
        *out = is_so ? 1.0f : 0.0f;
        break;
    case SAMPLE_ATTRIBUTE:
        *out = truth(json_object_get(json_object_get(line, "attributes"), label->text));
        break;
    case SAMPLE_NUMBER:
        value = manifest_value(line, label->text);
        *out = json_is_number(value) ? (float)json_number_value(value) : NAN;
        if (!isfinite(*out))
            *out = NAN;
        break;
    }
    a->is_known[k] |= !isnan(*out);
    return true;
}

static bool add_sample(adding *a, const source_image *from, df_error *err)
{
    sample_list *list = a->list;
    const json_t *line = from->fields ? from->fields : a->empty;
    bool is_wanted = true;
    if (a->only && !where_matches(a->only, line, &is_wanted, err))
        return df_fail_in(err, "%s", from->original);
    if (!is_wanted)
        return true;
    if (!make_room(list, err) || !number_identity(a, from->identity, &list->identities[list->count], err))
        return false;
    float *labels = list->labels + list->count * (size_t)list->label_count;
    for (int k = 0; k < list->label_count; k++)
        if (!find_label(a, k, line, &labels[k], err))
            return df_fail_in(err, "%s", from->original);
    list->sets[list->count] = (uint8_t)list->set_count;
    list->paths[list->count] = df_copy_string(list->arena, from->path, err);
    return list->paths[list->count++] != NULL;
}

/* Keeps the last line, for the names of keys that an error says are near. */
static void remember(adding *a, const source_image *from)
{
    if (!from->fields)
        return;
    json_incref(from->fields);
    json_decref(a->last);
    a->last = from->fields;
}

static bool add_all(adding *a, const source_row *row, void *state, df_error *err)
{
    source_image *from = df_alloc(a->arena, 1, sizeof *from, err);
    for (bool found = from != NULL; found;) {
        from->fields = NULL;
        if (!df_may_go_on(err) || !row->next(state, from, &found, err))
            return false;
        if (found) {
            remember(a, from);
            if (!(a->choice->split && strcmp(a->choice->split, from->split) != 0) && !add_sample(a, from, err))
                return false;
        }
    }
    return from != NULL;
}

static bool parse_conditions(adding *a, df_error *err)
{
    if (a->choice->where && !(a->only = where_parse(a->choice->where, a->arena, err)))
        return df_fail_in(err, "the condition on images");
    for (int k = 0; k < a->list->label_count; k++) {
        const sample_label *label = &a->list->label[k];
        if (label->kind == SAMPLE_CONDITION && !(a->conditions[k] = where_parse(label->text, a->arena, err)))
            return df_fail_in(err, "label '%s'", label->name);
    }
    return true;
}

/* Says of a name that no line has which ones are near, as conditions do. */
static bool fail_unknown(adding *a, const sample_label *label, df_error *err)
{
    df_text text = {0};
    if (label->kind == SAMPLE_NUMBER && manifest_value(a->last, label->text))
        return df_fail(err, "label '%s': no image has a number at '%s'", label->name, label->text);
    if (label->kind == SAMPLE_ATTRIBUTE) {
        df_text_add(&text, "attributes.");
        df_text_json_string(&text, label->text);
    } else
        df_text_add(&text, label->text);
    where *name = df_text_ok(&text, err) ? where_parse(text.data, a->arena, err) : NULL;
    df_text_free(&text);
    if (!name || !where_check_names(name, a->last, err))
        return df_fail_in(err, "label '%s'", label->name);
    return df_fail(err, "label '%s': no image has '%s'", label->name, label->text);
}

static bool check_names(adding *a, df_error *err)
{
    if (a->only && !where_check_names(a->only, a->last, err))
        return df_fail_in(err, "the condition on images");
    if (a->list->count == a->before)
        return df_fail(err, "no image is left%s%s%s%s", a->choice->split ? ": split " : "", a->choice->split ? a->choice->split : "",
                       a->choice->where ? ": where " : "", a->choice->where ? a->choice->where : "");
    for (int k = 0; k < a->list->label_count; k++) {
        if (a->conditions[k] && !where_check_names(a->conditions[k], a->last, err))
            return df_fail_in(err, "label '%s'", a->list->label[k].name);
        if (!a->is_known[k])
            return fail_unknown(a, &a->list->label[k], err);
    }
    return true;
}

static bool add_from(adding *a, const source_row *row, const source_setting *source, source_log *log, df_error *err)
{
    void *state = row->open(source, log, a->arena, err);
    const bool is_good = state && add_all(a, row, state, err) && check_names(a, err);
    if (state && row->close)
        row->close(state);
    return is_good;
}

bool sample_list_add(sample_list *list, const source_row *row, const source_setting *source, const sample_choice *choice, source_log *log,
                     df_error *err)
{
    if (list->set_count == SAMPLE_SETS)
        return df_fail(err, "more than %d sets", SAMPLE_SETS);
    adding a = {.list = list,
                .choice = choice ? choice : &(sample_choice){0},
                .before = list->count,
                .arena = df_arena_new(READ_MEMORY, err),
                .empty = json_object()};
    a.last = json_incref(a.empty);
    bool is_good = a.arena && (a.empty || df_fail(err, "out of memory"));
    is_good = is_good && parse_conditions(&a, err) && add_from(&a, row, source, log, err);
    if (!is_good && !strstr(err ? err->text : "", source->path))
        df_fail_in(err, "%s", source->path);
    list->set_count += is_good;
    json_decref(a.last);
    json_decref(a.empty);
    df_arena_free(a.arena);
    return is_good;
}
