/* sample_demand.c: lists such as "gender=male:0.88,female:0.12". An item with a '=' begins a trait, the following ones belong to
   it, so that the list may stand in one option or in several. Shares are read digit by digit into billionths: 0.88 is
   880000000 of 1000000000 and no binary fraction near it. */
#include "cli/sample_demand.h"

#include <stdlib.h>

const char *const demand_traits[DEMAND_COUNT + 1] = {[DEMAND_GENDER] = "gender", [DEMAND_ETHNICITY] = "ethnicity", [DEMAND_AGE] = "age"};

/* VALUE:NUMBER, behind TRAIT= or the trait of the item before. */
typedef struct entry {
    demand_trait trait;
    const char *value;
    size_t value_size;
    const char *number;
} entry;

typedef struct reader {
    cli_context *cli;
    const face_model *model;
    sampler_options *out;
    const char *option; /* being read: its name */
    df_error *err;
} reader;

static demand_trait find_trait(const char *name, size_t size)
{
    for (demand_trait t = DEMAND_GENDER; t < DEMAND_COUNT; t++)
        if (strlen(demand_traits[t]) == size && strncmp(demand_traits[t], name, size) == 0)
            return t;
    return DEMAND_COUNT;
}

static bool split_value(const reader *r, const char *item, const char *text, entry *out)
{
    const char *colon = strchr(text, ':');
    if (!colon || colon == text)
        return cli_usage(r->cli, r->err, "--%s: expected VALUE:NUMBER, found '%.80s'", r->option, item);
    out->value = text;
    out->value_size = (size_t)(colon - text);
    out->number = colon + 1;
    return true;
}

/* out->trait is the one of the item before, DEMAND_COUNT at first. */
static bool split(const reader *r, const char *item, entry *out)
{
    const char *equals = strchr(item, '=');
    if (equals)
        out->trait = find_trait(item, (size_t)(equals - item));
    if (out->trait == DEMAND_COUNT)
        return cli_usage(r->cli, r->err, "--%s: expected gender=, ethnicity= or age= in front, found '%.80s'", r->option, item);
    return split_value(r, item, equals ? equals + 1 : item, out);
}

/* Decimal of at most 9 places and below 100. */
static bool read_billionths(const char *text, int64_t *out)
{
    int64_t value = 0;
    int whole = 0, places = 0;
    for (; *text >= '0' && *text <= '9'; text++, whole++)
        value = whole < 2 ? 10 * value + (*text - '0') : value;
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++, places++)
            value = places < 9 ? 10 * value + (*text - '0') : value;
    if (*text != '\0' || whole + places == 0 || whole > 2 || places > 9)
        return false;
    for (int i = places; i < 9; i++)
        value *= 10;
    *out = value;
    return true;
}

static bool is_name(const entry *e, const char *name)
{
    return strlen(name) == e->value_size && strncmp(name, e->value, e->value_size) == 0;
}

static int gender_of(const entry *e)
{
    for (int g = 0; g < 2; g++)
        if (is_name(e, person_gender_names[g]))
            return g;
    return -1;
}

static int group_of(const entry *e, const face_model *model)
{
    for (int i = 0; i < model->group_count; i++)
        if (is_name(e, model->group_names[i]))
            return i;
    return -1;
}

/* "18-30", of the bins' edges. */
static int bin_of(const entry *e, const sampler_options *o)
{
    char *dash, *end;
    const float low = strtof(e->value, &dash);
    if (*dash != '-')
        return -1;
    const float high = strtof(dash + 1, &end);
    for (int i = 0; end == e->value + e->value_size && i < o->age_bins; i++)
        if (o->age_edge[i] == low && o->age_edge[i + 1] == high)
            return i;
    return -1;
}

static int category_of(const reader *r, const entry *e)
{
    switch (e->trait) {
    case DEMAND_GENDER:
        return gender_of(e);
    case DEMAND_ETHNICITY:
        return r->model->group_count > 1 && is_name(e, PERSON_MIXTURE) ? r->model->group_count : group_of(e, r->model);
    case DEMAND_AGE:
        return bin_of(e, r->out);
    case DEMAND_COUNT:
        break;
    }
    return -1;
}

/* "one of African, Asian, Caucasian" */
static bool fail_category(const reader *r, const entry *e)
{
    char known[256] = "";
    for (int i = 0; e->trait == DEMAND_ETHNICITY && i < r->model->group_count; i++) {
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", r->model->group_names[i]);
    }
    for (int i = 0; e->trait == DEMAND_AGE && i < r->out->age_bins; i++) {
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%g-%g", i ? ", " : "", (double)r->out->age_edge[i], (double)r->out->age_edge[i + 1]);
    }
    return cli_usage(r->cli, r->err, "--%s: %s '%.*s', expected one of %s", r->option, demand_traits[e->trait], (int)e->value_size,
                     e->value,
                     e->trait == DEMAND_GENDER ? "female, male"
                     : known[0]                ? known
                                               : "none: the model knows no groups");
}

static deal *deal_of(const reader *r, demand_trait trait)
{
    return trait == DEMAND_GENDER ? &r->out->gender : trait == DEMAND_ETHNICITY ? &r->out->ethnicity : &r->out->age;
}

static int categories_of(const reader *r, demand_trait trait)
{
    return trait == DEMAND_GENDER ? 2 : trait == DEMAND_ETHNICITY ? r->model->group_count : r->out->age_bins;
}

static bool read_balance(const reader *r, const option_list *list)
{
    for (demand_trait t = DEMAND_GENDER; t < DEMAND_COUNT; t++) {
        deal *d = deal_of(r, t);
        if (!(list->chosen >> t & 1))
            continue;
        d->count = categories_of(r, t);
        if (d->count == 0)
            return cli_usage(r->cli, r->err, "--balance: the model '%s' knows no ethnicities", r->model->name);
        for (int i = 0; i < d->count; i++)
            d->share[i] = 1;
    }
    return true;
}

static bool add_share(const reader *r, const entry *e, const option_list *balance)
{
    const int category = category_of(r, e);
    int64_t share;
    deal *d = deal_of(r, e->trait);
    if (category < 0)
        return fail_category(r, e);
    if (balance->chosen >> e->trait & 1)
        return cli_usage(r->cli, r->err, "--share: %s has equal shares already by --balance", demand_traits[e->trait]);
    if (!read_billionths(e->number, &share) || share > DEAL_UNIT)
        return cli_usage(r->cli, r->err, "--share: expected a number from 0 to 1 of at most 9 decimals, found '%.40s'", e->number);
    if (d->count <= category)
        d->count = category + 1;
    if (d->share[category] > 0)
        return cli_usage(r->cli, r->err, "--share: %s '%.*s' stands twice", demand_traits[e->trait], (int)e->value_size, e->value);
    d->share[category] = share;
    return true;
}

static bool check_sum(const reader *r, demand_trait trait)
{
    const deal *d = deal_of(r, trait);
    int64_t sum = 0;
    for (int i = 0; i < d->count; i++)
        sum += d->share[i];
    return (sum >= DEAL_UNIT - 1 && sum <= DEAL_UNIT + 1) ||
           cli_usage(r->cli, r->err, "--share: those of %s sum to %.9g, expected 1", demand_traits[trait], (double)sum / DEAL_UNIT);
}

static bool read_shares(const reader *r, const option_list *list, const option_list *balance)
{
    entry e = {.trait = DEMAND_COUNT};
    bool is_shared[DEMAND_COUNT] = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (!split(r, list->items[i], &e) || !add_share(r, &e, balance))
            return false;
        is_shared[e.trait] = true;
    }
    for (demand_trait t = DEMAND_GENDER; t < DEMAND_COUNT; t++)
        if (is_shared[t] && !check_sum(r, t))
            return false;
    return true;
}

static bool read_take(const reader *r, const option_list *list)
{
    entry e = {.trait = DEMAND_COUNT};
    if (list->count > 0)
        r->out->take[0] = r->out->take[1] = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!split(r, list->items[i], &e))
            return false;
        if (e.trait != DEMAND_GENDER)
            return cli_usage(r->cli, r->err, "--take: expected gender=..., found '%.80s'", list->items[i]);
        const int gender = gender_of(&e);
        if (gender < 0)
            return fail_category(r, &e);
        const size_t digits = strspn(e.number, "0123456789");
        if (digits == 0 || digits > 9 || e.number[digits] != '\0')
            return cli_usage(r->cli, r->err, "--take: expected a number of people, found '%.40s'", e.number);
        r->out->take[gender] = strtol(e.number, NULL, 10);
    }
    return true;
}

static bool read_mixture(const reader *r, const option_list *list)
{
    if (list->count > 0)
        memset(r->out->fixed_mixture, 0, sizeof r->out->fixed_mixture);
    for (size_t i = 0; i < list->count; i++) {
        entry e = {.trait = DEMAND_ETHNICITY};
        int64_t weight;
        if (!split_value(r, list->items[i], list->items[i], &e))
            return false;
        const int group = group_of(&e, r->model);
        if (group < 0)
            return fail_category(r, &e);
        if (!read_billionths(e.number, &weight) || weight > DEAL_UNIT)
            return cli_usage(r->cli, r->err, "--mixture: expected a weight from 0 to 1, found '%.40s'", e.number);
        r->out->fixed_mixture[group] = (float)weight / (float)DEAL_UNIT;
    }
    return true;
}

bool demand_read(cli_context *cli, const demand_texts *texts, const face_model *model, sampler_options *out, df_error *err)
{
    reader r = {.cli = cli, .model = model, .out = out, .err = err, .option = "share"};
    if (!read_balance(&r, &texts->balance) || !read_shares(&r, &texts->share, &texts->balance))
        return false;
    r.option = "take";
    if (!read_take(&r, &texts->take))
        return false;
    r.option = "mixture";
    return read_mixture(&r, &texts->mixture);
}
