/* attribute_data.c: lists by the source's parts, or people sorted by a random key and cut by the shares. */
#include "attributes/attribute_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static const char *const splits[PART_COUNT] = {[PART_TRAIN] = "train", [PART_VALID] = "valid", [PART_TEST] = "test"};

/* Runs through a source without labels: which splits it names, and its first image's attributes into `form` where that is not NULL. */
typedef struct glance {
    bool has[PART_COUNT];
    classifier_form *form;
    df_arena *arena; /* of the names */
} glance;

static bool take_names(const json_t *fields, const glance *g, df_error *err)
{
    const char *key;
    json_t *value, *all = json_object_get(fields, "attributes");
    if (json_object_size(all) == 0)
        return df_fail(err, "its images have no attributes: name some with --attribute NAME=CONDITION");
    if (json_object_size(all) > SAMPLE_LABELS)
        return df_fail(err, "%zu attributes, expected at most %d: name those wanted with --attribute", json_object_size(all),
                       SAMPLE_LABELS);
    json_object_foreach(all, key, value) {
        char *name = df_copy_string(g->arena, key, err);
        if (!name)
            return false;
        g->form->attributes[g->form->count++] = (classifier_attribute){.name = name, .slope = 1};
    }
    return true;
}

static bool take_names_of(const source_image *one, const glance *g, df_error *err)
{
    json_t *line = one->line ? df_json_parse(one->line, one->line_length, err) : NULL;
    if (one->line && !line)
        return false;
    const bool ok = take_names(line ? line : one->fields, g, err);
    json_decref(line);
    return ok;
}

static bool glance_over(const attribute_source *source, glance *g, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    source_image *one = arena ? df_alloc(arena, 1, sizeof *one, err) : NULL;
    source_log log = {0};
    void *state = one ? source->row->open(source->setting, &log, arena, err) : NULL;
    bool ok = state != NULL, found = true;
    for (int64_t i = 0; ok && found; i++) {
        ok = source->row->next(state, one, &found, err);
        for (int p = 0; ok && found && p < PART_COUNT; p++)
            g->has[p] |= strcmp(one->split, splits[p]) == 0;
        if (ok && found && i == 0 && g->form)
            ok = take_names_of(one, g, err);
        if (g->form)
            break;
    }
    if (state && source->row->close)
        source->row->close(state);
    df_arena_free(arena);
    return ok;
}

bool attribute_names_of(const attribute_source *source, df_arena *arena, classifier_form *form, df_error *err)
{
    glance g = {.form = form, .arena = arena};
    form->count = 0;
    return glance_over(source, &g, err) && (form->count > 0 || df_fail(err, "%s: no images", source->setting->path));
}

/* ---- lists ---- */

static bool read_list(const attribute_source *source, const classifier_form *form, const char *split, source_log *log, sample_list *out,
                      df_error *err)
{
    sample_label labels[SAMPLE_LABELS];
    classifier_labels(form, labels);
    return sample_list_init(out, labels, form->count, 0, err) &&
           sample_list_add(out, source->row, source->setting, &(sample_choice){.split = split, .where = source->where}, log, err);
}

bool attribute_list_read(const attribute_source *source, const classifier_form *form, const char *split, sample_list *out, df_error *err)
{
    source_log log = {.progress = source->progress};
    return read_list(source, form, split, &log, out, err);
}

/* The images of `from` whose part is `part`, as a list of its own memory but for names and paths. */
static bool take_part(const sample_list *from, const uint8_t *parts, uint8_t part, sample_list *out, df_error *err)
{
    const size_t columns = (size_t)from->label_count;
    size_t count = 0;
    for (size_t i = 0; i < from->count; i++)
        count += parts[i] == part;
    sample_list made = *from;
    made.arena = df_arena_new(SIZE_MAX, err);
    if (!made.arena)
        return false;
    made.count = 0;
    made.room = count;
    made.paths = df_alloc(made.arena, count, sizeof *made.paths, err);
    made.identities = df_alloc(made.arena, count, sizeof *made.identities, err);
    made.sets = df_alloc(made.arena, count, sizeof *made.sets, err);
    made.labels = df_alloc(made.arena, count * columns, sizeof *made.labels, err);
    *out = made; /* with its arena, so that it is freed */
    if (!made.paths || !made.identities || !made.sets || !made.labels)
        return false;
    for (size_t i = 0; i < from->count; i++) {
        if (parts[i] != part)
            continue;
        made.paths[made.count] = from->paths[i];
        made.identities[made.count] = from->identities[i];
        made.sets[made.count] = from->sets[i];
        memcpy(made.labels + made.count++ * columns, from->labels + i * columns, columns * sizeof *made.labels);
    }
    out->count = count;
    return true;
}

typedef struct holder { /* of images: a person, or an image that is nobody's */
    uint64_t key;
    int32_t identity; /* -1: of one image */
    size_t image;
} holder;

static int by_key(const void *a, const void *b)
{
    const holder *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->image > y->image) - (x->image < y->image);
}

static uint64_t key_of(const sample_list *list, uint64_t seed, int32_t identity, size_t number)
{
    const uint64_t name = identity >= 0 ? df_identity_key(list->identity_names[identity]) : number;
    df_random random = df_random_at(seed, name, identity >= 0, DF_FOR_SPLIT);
    const uint64_t high = df_random_u32(&random);
    return high << 32 | df_random_u32(&random);
}

/* People by their first images, in random order. */
static holder *list_holders(const sample_list *list, uint64_t seed, df_arena *arena, size_t *count, df_error *err)
{
    bool *seen = df_alloc(arena, (size_t)list->identity_count, sizeof *seen, err);
    holder *holders = seen ? df_alloc(arena, list->count, sizeof *holders, err) : NULL;
    *count = 0;
    for (size_t i = 0; holders && i < list->count; i++) {
        const int32_t who = list->identities[i];
        if (who >= 0 && seen[who])
            continue;
        if (who >= 0)
            seen[who] = true;
        holders[(*count)++] = (holder){key_of(list, seed, who, i), who, i};
    }
    if (holders && *count > 1)
        qsort(holders, *count, sizeof *holders, by_key);
    return holders;
}

/* Which part each image belongs to. Each part with a share has somebody where there are enough people. */
static bool deal(const sample_list *list, const double shares[PART_COUNT], uint64_t seed, df_arena *arena, uint8_t **out, df_error *err)
{
    size_t count = 0;
    holder *holders = list_holders(list, seed, arena, &count, err);
    uint8_t *of_identity = holders ? df_alloc(arena, (size_t)list->identity_count, 1, err) : NULL;
    uint8_t *parts = of_identity ? df_alloc(arena, list->count, 1, err) : NULL;
    double sum = 0, all = shares[0] + shares[1] + shares[2];
    size_t next = 0;
    if (!parts)
        return false;
    for (int p = 0; p < PART_COUNT; p++) {
        sum += shares[p];
        size_t end = (size_t)llround((double)count * sum / all);
        for (; next < end && next < count; next++)
            if (holders[next].identity >= 0)
                of_identity[holders[next].identity] = (uint8_t)p;
            else
                parts[holders[next].image] = (uint8_t)p;
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->identities[i] >= 0)
            parts[i] = of_identity[list->identities[i]];
    *out = parts;
    return true;
}

/* Deals a list into parts. */
static bool deal_list(const sample_list *list, const double shares[PART_COUNT], uint64_t seed, sample_list parts[PART_COUNT], df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    uint8_t *of = NULL;
    bool ok = arena && deal(list, shares, seed, arena, &of, err);
    for (int p = 0; ok && p < PART_COUNT; p++)
        if (shares[p] > 0)
            ok = take_part(list, of, (uint8_t)p, &parts[p], err);
    df_arena_free(arena);
    return ok;
}

/* The source's own parts; train is shared with valid where that is not there. */
static bool read_parts(const attribute_source *source, const classifier_form *form, const glance *g, const double shares[PART_COUNT],
                       uint64_t seed, attribute_data *out, df_error *err)
{
    source_log log = {.progress = source->progress};
    const bool shares_train = !g->has[PART_VALID] && shares[PART_VALID] > 0;
    bool ok = read_list(source, form, splits[PART_TRAIN], &log, shares_train ? &out->all : &out->parts[PART_TRAIN], err);
    out->missing = log.missing;
    out->unlisted = log.unlisted;
    log.progress = NULL; /* it would say the same again */
    if (ok && shares_train)
        ok = deal_list(&out->all, (const double[PART_COUNT]){shares[PART_TRAIN], shares[PART_VALID], 0}, seed, out->parts, err);
    for (int p = PART_VALID; ok && p < PART_COUNT; p++)
        if (g->has[p])
            ok = read_list(source, form, splits[p], &log, &out->parts[p], err);
    return ok;
}

bool attribute_data_read(const attribute_source *source, const classifier_form *form, const double shares[PART_COUNT], uint64_t seed,
                         attribute_data *out, df_error *err)
{
    glance g = {0};
    *out = (attribute_data){0};
    if (!glance_over(source, &g, err))
        return false;
    if (g.has[PART_TRAIN])
        return read_parts(source, form, &g, shares, seed, out, err);
    source_log log = {.progress = source->progress};
    out->is_dealt = true;
    const bool ok = read_list(source, form, NULL, &log, &out->all, err);
    out->missing = log.missing;
    out->unlisted = log.unlisted;
    return ok && deal_list(&out->all, shares, seed, out->parts, err);
}

void attribute_data_free(attribute_data *data)
{
    for (int p = 0; p < PART_COUNT; p++)
        sample_list_free(&data->parts[p]);
    sample_list_free(&data->all);
    *data = (attribute_data){0};
}

/* ---- classes ---- */

void attribute_count(const sample_list *list, int column, int64_t *yes, int64_t *no)
{
    *yes = *no = 0;
    for (size_t i = 0; i < list->count; i++) {
        const float value = list->labels[i * (size_t)list->label_count + (size_t)column];
        *yes += value > 0.5f;
        *no += value <= 0.5f;
    }
}

bool attribute_check_classes(const sample_list *list, const char *what, df_error *err)
{
    for (int c = 0; c < list->label_count; c++) {
        int64_t yes, no;
        attribute_count(list, c, &yes, &no);
        if (yes == 0 || no == 0)
            return df_fail(err, "attribute '%s': all %lld images to %s are %s: both are needed", list->label[c].name, (long long)(yes + no),
                           what, yes == 0 ? "without it" : "with it");
    }
    return true;
}
