/* source_choice.c: the format by its name or by what is there, and what it takes. */
#include "cli/source_choice.h"

static const source_row *choose_row(cli_context *cli, const source_choice *given, df_error *err)
{
    if (!given->format)
        return source_guess(given->setting.path, err);
    const source_row *row = source_find(given->format);
    df_text names = {0};
    for (int i = 0; source_row_at(i); i++)
        df_text_addf(&names, "%s%s", i ? ", " : "", source_row_at(i)->name);
    if (!row)
        cli_usage(cli, err, "--from: '%.40s', expected one of %s", given->format, names.data ? names.data : "");
    df_text_free(&names);
    return row;
}

/* An option that the format has no use for would be ignored in silence. */
static bool check_taken(cli_context *cli, const source_row *row, const source_setting *s, df_error *err)
{
    const struct {
        const char *name, *value;
        unsigned flag;
    } settings[] = {{"images", s->images, SOURCE_IMAGES},
                    {"attributes", s->attributes, SOURCE_ATTRIBUTES},
                    {"identities", s->identities, SOURCE_IDENTITIES},
                    {"landmarks", s->landmarks, SOURCE_LANDMARKS},
                    {"partition", s->partition, SOURCE_PARTITION},
                    {"boxes", s->boxes, SOURCE_BOXES},
                    {"column-image", s->column_image, SOURCE_COLUMNS},
                    {"column-identity", s->column_identity, SOURCE_COLUMNS},
                    {"column-split", s->column_split, SOURCE_COLUMNS},
                    {"column-gender", s->column_gender, SOURCE_COLUMNS},
                    {"column-age", s->column_age, SOURCE_COLUMNS},
                    {"column-ethnicity", s->column_ethnicity, SOURCE_COLUMNS}};
    for (size_t i = 0; i < DF_ARRAY_LEN(settings); i++)
        if (settings[i].value && !(row->takes & settings[i].flag))
            return cli_usage(cli, err, "--%s: format %s has no use for it", settings[i].name, row->name);
    return true;
}

const source_row *source_choice_row(cli_context *cli, const source_choice *choice, df_error *err)
{
    const source_row *row = choose_row(cli, choice, err);
    return row && check_taken(cli, row, &choice->setting, err) ? row : NULL;
}
