/* sampler_include.c: people of an earlier file, queued by the cell that they belong to. Cells are dealt without any drawing, so it
   is known before the first person is drawn whether everybody finds a place. */
#include "face/sampler_internal.h"

#include <inttypes.h>
#include <math.h>

enum { CELLS = 2 * SAMPLER_ETHNICITIES * SAMPLER_MAX_BINS };

static int cell_index(sampler_cell cell)
{
    const int g = cell.gender == SAMPLER_ANY ? 0 : cell.gender, e = cell.ethnicity == SAMPLER_ANY ? 0 : cell.ethnicity;
    return (g * SAMPLER_ETHNICITIES + e) * SAMPLER_MAX_BINS + (cell.age == SAMPLER_ANY ? 0 : cell.age);
}

static int bin_of(const sampler_options *options, float age)
{
    for (int bin = 0; bin < options->age_bins; bin++)
        if (age >= options->age_edge[bin] && age < options->age_edge[bin + 1])
            return bin;
    return -1;
}

/* The cell where a person belongs, in what is demanded; false where there is none. */
static bool cell_of(const face_model *model, const sampler_options *options, const person *who, sampler_cell *out)
{
    *out = (sampler_cell){SAMPLER_ANY, SAMPLER_ANY, SAMPLER_ANY};
    if (options->gender.count > 0)
        out->gender = (int)who->gender;
    if (options->ethnicity.count > 0) {
        if (who->ethnicity[0] == '\0')
            return false;
        out->ethnicity = who->group >= 0 ? who->group : model->group_count;
    }
    if (options->age.count > 0) {
        const int bin = bin_of(options, who->age);
        if (bin < 0)
            return false;
        out->age = bin;
    }
    return true;
}

typedef struct reading {
    const face_model *model;
    const sampler_options *options;
    guest_list *guests;
    shape_crowd *crowd; /* NULL: nobody asks for distances */
    df_arena *arena;
    int last[CELLS];
    int64_t queued[CELLS], taken[2], homeless;
} reading;

static bool admit(reading *r, const person *who, const char *line, size_t length, df_error *err)
{
    bool is_new;
    sampler_cell place;
    guest_list *g = r->guests;
    if (g->count >= r->options->count)
        return df_fail(err, "more people than --count %" PRId64 " has room for", r->options->count);
    guest *next = &g->all[g->count];
    *next = (guest){.line = df_copy(r->arena, line, length, err), .length = length, .next = -1};
    if (!next->line || !id_set_add(&g->ids, who->id, &is_new, err))
        return false;
    if (r->crowd) {
        if (who->shape_count != r->crowd->dimensions)
            return df_fail(err, "id '%s' has %d shape coefficients, expected the model's %d to measure distances", who->id,
                           who->shape_count, r->crowd->dimensions);
        crowd_add(r->crowd, who->shape);
    }
    if (!cell_of(r->model, r->options, who, &place)) {
        r->homeless++;
        return true;
    }
    const int index = cell_index(place);
    *(r->queued[index]++ == 0 ? &g->first[index] : &g->all[r->last[index]].next) = g->count;
    r->last[index] = g->count++;
    return true;
}

static bool read_all(reading *r, people *file, df_error *err)
{
    person who;
    bool found = true;
    while (people_next(file, &who, &found, err) && found) {
        size_t length;
        const char *line = people_line(file, &length);
        const int64_t limit = r->options->take[who.gender];
        if (limit >= 0 && r->taken[who.gender] >= limit)
            continue;
        r->taken[who.gender]++;
        if (!admit(r, &who, line, length, err))
            return df_fail_in(err, "%s", r->options->include);
    }
    if (found)
        return false;
    for (int g = 0; g < 2; g++)
        if (r->options->take[g] > r->taken[g])
            return df_fail(err, "%s: %" PRId64 " %s people, but %" PRId64 " are to be taken", r->options->include, r->taken[g],
                           person_gender_names[g], r->options->take[g]);
    return true;
}

/* Deals all cards once and compares what each cell gets with who waits for it. */
static bool all_fit(const reading *r, df_error *err)
{
    nested_deal dealer;
    int64_t places[CELLS] = {0}, lost = r->homeless;
    nested_deal_init(&dealer, r->options);
    for (int64_t k = 0; k < r->options->count; k++)
        places[cell_index(nested_deal_next(&dealer))]++;
    for (int i = 0; i < CELLS; i++)
        lost += r->queued[i] > places[i] ? r->queued[i] - places[i] : 0;
    const int64_t taken = r->taken[0] + r->taken[1];
    return lost == 0 ||
           df_fail(err, "%s: of %" PRId64 " people to take, %" PRId64 " fit into the shares of %" PRId64 ", %" PRId64 " do not",
                   r->options->include, taken, taken - lost, r->options->count, lost);
}

bool guest_list_init(guest_list *guests, const face_model *model, const sampler_options *options, shape_crowd *crowd, df_arena *arena,
                     df_error *err)
{
    if (!options->include)
        return true;
    reading r = {.model = model, .options = options, .guests = guests, .crowd = crowd, .arena = arena};
    guests->all = df_alloc(arena, (size_t)options->count, sizeof *guests->all, err);
    guests->first = guests->all ? df_alloc(arena, CELLS, sizeof *guests->first, err) : NULL;
    people *file = guests->first ? people_open(options->include, model, err) : NULL;
    if (!file)
        return false;
    for (int i = 0; i < CELLS; i++)
        guests->first[i] = -1;
    const bool is_good = read_all(&r, file, err) && all_fit(&r, err);
    people_close(file);
    return is_good;
}

const guest *guest_list_take(guest_list *guests, sampler_cell cell)
{
    if (!guests->first)
        return NULL;
    int *first = &guests->first[cell_index(cell)];
    if (*first < 0)
        return NULL;
    const guest *next = &guests->all[*first];
    *first = next->next;
    return next;
}

void guest_list_free(guest_list *guests)
{
    id_set_free(&guests->ids);
}
