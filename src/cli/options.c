/* options.c: walks a command line over a command's rows. */
#include "cli/options.h"

#include <math.h>
#include <string.h>

/* What stands in the struct when nothing is said; options.h has the table. */
static void set_nothing(const option *row, void *values)
{
    char *place = (char *)values + row->at;
    switch (row->kind) {
    case OPTION_NUMBER:
        memcpy(place, &(double){(double)NAN}, sizeof(double));
        return;
    case OPTION_RANGE:
        memcpy(place, &(option_range){(double)NAN, (double)NAN}, sizeof(option_range));
        return;
    case OPTION_CHOICE:
        memcpy(place, &(int){-1}, sizeof(int));
        return;
    case OPTION_FLAG:
    case OPTION_INTEGER:
    case OPTION_UNSIGNED:
    case OPTION_STRING:
    case OPTION_LIST:
    case OPTION_NUMBERS:
    case OPTION_KIND_COUNT:
        return; /* zero is nothing */
    }
}

static bool set_defaults(option_place *places, size_t count, df_arena *arena, df_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const option *row = places[i].row;
        places[i].given = false;
        set_nothing(row, places[i].values);
        if (row->initial && !option_read(row, row->initial, places[i].values, arena, err))
            return df_fail_in(err, "default");
    }
    return true;
}

/* The place of the option of that name (`size` bytes of it), or NULL. */
static option_place *find(option_place *places, size_t count, const char *name, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (!places[i].row->positional && strlen(places[i].row->name) == size && memcmp(places[i].row->name, name, size) == 0)
            return &places[i];
    return NULL;
}

static bool take(option_place *place, const char *value, df_arena *arena, df_error *err)
{
    const option *row = place->row;
    if (place->given && !row->repeats)
        return df_fail(err, "--%s: given twice", row->name);
    if (row->repeats && !place->given) /* what is given replaces the default */
        memset((char *)place->values + row->at, 0, sizeof(option_list));
    place->given = true;
    return option_read(row, value, place->values, arena, err);
}

/* One option at argv[*at], with its value there or in the next argument. */
static bool take_option(option_place *places, size_t count, int argc, char *const *argv, int *at, df_arena *arena, df_error *err)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    const size_t size = equals ? (size_t)(equals - name) : strlen(name);
    option_place *place = find(places, count, name, size);
    if (!place)
        return df_fail(err, "unknown option '%.80s'", argv[*at]);
    if (place->row->kind == OPTION_FLAG)
        return equals ? df_fail(err, "--%s: expected no value, found '%.80s'", place->row->name, equals + 1) : take(place, "", arena, err);
    if (equals)
        return take(place, equals + 1, arena, err);
    if (*at + 1 == argc || strncmp(argv[*at + 1], "--", 2) == 0) {
        char expected[256];
        option_expectation(place->row, expected, sizeof expected);
        return df_fail(err, "--%s: expected %s, found nothing", place->row->name, expected);
    }
    return take(place, argv[++*at], arena, err);
}

static bool take_positional(option_place *places, size_t count, const char *value, df_arena *arena, df_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (places[i].row->positional && (!places[i].given || places[i].row->repeats))
            return take(&places[i], value, arena, err);
    return df_fail(err, "unexpected argument '%.80s'", value);
}

static bool all_there(const option_place *places, size_t count, df_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const option *row = places[i].row;
        if (row->required && !places[i].given)
            return df_fail(err, "%s%s is missing: %s", row->positional ? "" : "--", row->name, row->help);
    }
    return true;
}

/* Nothing but what stands on the line is looked at after --help. */
static bool wants_help(option_place *places, size_t count)
{
    const option_place *help = find(places, count, "help", 4);
    return help && help->given;
}

bool options_parse(option_place *places, size_t count, int argc, char *const *argv, df_arena *arena, df_error *err)
{
    if (!set_defaults(places, count, arena, err))
        return false;
    bool are_over = false;
    for (int i = 0; i < argc; i++) {
        if (!are_over && strcmp(argv[i], "--") == 0)
            are_over = true;
        else if (!are_over && strncmp(argv[i], "--", 2) == 0) {
            if (!take_option(places, count, argc, argv, &i, arena, err))
                return false;
        } else if (!are_over && argv[i][0] == '-' && argv[i][1] != '\0')
            return df_fail(err, "unknown option '%.80s'", argv[i]);
        else if (!take_positional(places, count, argv[i], arena, err))
            return false;
    }
    return wants_help(places, count) || all_there(places, count, err);
}
