/* celeba_attributes.c: the rules. An attribute that a manifest cannot tell (hair's colour, make-up) is left out rather than guessed. */
#include "exchange/celeba_attributes.h"

#include <string.h>

enum { MOST_ATTRIBUTES = 1000 };
static const double YOUNG_BELOW = 40, SMILE_FROM = 0.3; /* years; weight of the lifted corners of the mouth */

static bool is_named(const char *name) /* glasses, hats and hair that are there */
{
    return name[0] != '\0' && strcmp(name, "none") != 0;
}

static bool is_bald(const manifest_entry *entry, const json_t *line)
{
    (void)line;
    return !is_named(entry->hair) && !is_named(entry->hat);
}

static bool has_glasses(const manifest_entry *entry, const json_t *line)
{
    (void)line;
    return is_named(entry->glasses);
}

static bool is_male(const manifest_entry *entry, const json_t *line)
{
    (void)line;
    return strcmp(entry->gender, "male") == 0;
}

static bool has_moustache(const manifest_entry *entry, const json_t *line)
{
    (void)line;
    return is_named(entry->moustache);
}

static bool has_no_beard(const manifest_entry *entry, const json_t *line)
{
    (void)line;
    return !is_named(entry->beard);
}

static bool is_smiling(const manifest_entry *entry, const json_t *line)
{
    (void)entry;
    return json_number_value(manifest_value(line, "expression.smile")) >= SMILE_FROM;
}

static bool has_hat(const manifest_entry *entry, const json_t *line)
{
    (void)line;
    return is_named(entry->hat);
}

static bool is_young(const manifest_entry *entry, const json_t *line)
{
    (void)line;
    return (double)entry->age < YOUNG_BELOW;
}

/* In CelebA's order. */
static const struct derived_row {
    const char *name;
    bool (*is_so)(const manifest_entry *entry, const json_t *line);
} derived_rows[] = {{"Bald", is_bald},          {"Eyeglasses", has_glasses}, {"Male", is_male},        {"Mustache", has_moustache},
                    {"No_Beard", has_no_beard}, {"Smiling", is_smiling},     {"Wearing_Hat", has_hat}, {"Young", is_young}};

/* ---- the attributes of a set ---- */

static bool copy_names(celeba_attributes *to, const json_t *attributes, df_arena *arena, df_error *err)
{
    const char *name;
    json_t *value;
    if (json_object_size(attributes) > MOST_ATTRIBUTES)
        return df_fail(err, "attributes: %zu of them, expected at most %d", json_object_size(attributes), MOST_ATTRIBUTES);
    to->names = df_alloc(arena, json_object_size(attributes), sizeof *to->names, err);
    if (!to->names)
        return false;
    json_object_foreach((json_t *)(uintptr_t)attributes, name, value)
        if (!(to->names[to->count++] = df_copy_string(arena, name, err)))
            return false;
    return true;
}

static bool take_derived(celeba_attributes *to, df_arena *arena, df_error *err)
{
    to->is_derived = true;
    to->names = df_alloc(arena, DF_ARRAY_LEN(derived_rows), sizeof *to->names, err);
    for (size_t i = 0; to->names && i < DF_ARRAY_LEN(derived_rows); i++)
        to->names[to->count++] = derived_rows[i].name;
    return to->names != NULL;
}

bool celeba_attributes_init(celeba_attributes *attributes, const export_sample *first, df_arena *arena, df_error *err)
{
    const json_t *own = json_object_get(export_sample_json(first), "attributes");
    celeba_attributes made = {0};
    bool is_good = true;
    if (json_is_object(own))
        is_good = copy_names(&made, own, arena, err);
    else if (export_sample_entry(first)->imported[0] == '\0')
        is_good = take_derived(&made, arena, err);
    if (is_good)
        *attributes = made;
    return is_good;
}

/* A blank would end the name. */
void celeba_attributes_head(const celeba_attributes *attributes, df_text *out)
{
    for (size_t i = 0; i < attributes->count; i++) {
        df_text_add(out, i > 0 ? " " : "");
        for (const char *c = attributes->names[i]; *c; c++)
            df_text_add_bytes(out, strchr(" \t\r\n", *c) ? "_" : c, 1);
    }
}

/* Numbers above 0 and true are 1; other numbers and false -1. */
static bool own_value(const json_t *line, const char *name, bool *out, df_error *err)
{
    const json_t *value = json_object_get(json_object_get(line, "attributes"), name);
    if (!json_is_number(value) && !json_is_boolean(value))
        return df_fail(err, "attributes.%s: expected 1, -1, true or false", name);
    *out = json_is_number(value) ? json_number_value(value) > 0 : json_is_true(value);
    return true;
}

bool celeba_attributes_put(const celeba_attributes *attributes, const export_sample *sample, df_text *out, df_error *err)
{
    const manifest_entry *entry = export_sample_entry(sample);
    const json_t *line = export_sample_json(sample);
    const bool is_rendered = entry->imported[0] == '\0' && !json_object_get(line, "attributes");
    if (is_rendered != attributes->is_derived)
        return df_fail(err, "has attributes of another kind than the images before");
    for (size_t i = 0; i < attributes->count; i++) {
        bool is_so = attributes->is_derived && derived_rows[i].is_so(entry, line);
        if (!attributes->is_derived && !own_value(line, attributes->names[i], &is_so, err))
            return false;
        df_text_add(out, i > 0 ? " " : "");
        df_text_add(out, is_so ? "1" : "-1");
    }
    return true;
}
