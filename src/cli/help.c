/* help.c: `diffuse help`, written from the tables: nothing here knows a command. */
#include "cli/help.h"

#include "cli/commands.h"

static void print_name(FILE *out, const cli_command *command)
{
    fprintf(out, "diffuse %s%s%s", command->name, command->verb ? " " : "", command->verb ? command->verb : "");
}

static void print_option_form(FILE *out, const option *row)
{
    const char *argument = option_argument(row);
    if (row->positional)
        fprintf(out, "%s", row->name);
    else
        fprintf(out, "--%s%s%s", row->name, *argument ? " " : "", argument);
}

void help_usage(FILE *out, const cli_command *command)
{
    if (!command) {
        fprintf(out, "usage: diffuse COMMAND [VERB] [--option value] ... (diffuse help lists the commands)\n");
        return;
    }
    option_place places[OPTION_MAX_ROWS];
    const size_t count = commands_options(command, NULL, NULL, places);
    fprintf(out, "usage: ");
    print_name(out, command);
    for (int optional = 0; optional < 2; optional++)
        for (size_t i = 0; i < count; i++) {
            const option *row = places[i].row;
            if (row->required != !optional)
                continue;
            fprintf(out, optional ? " [" : " ");
            print_option_form(out, row);
            fprintf(out, optional ? "]%s" : "%s", row->repeats ? "..." : "");
        }
    fprintf(out, "\n");
}

static void print_option(FILE *out, const option *row)
{
    fprintf(out, "  ");
    print_option_form(out, row);
    fprintf(out, "\n      %s", row->help);
    if (row->kind != OPTION_FLAG && (row->choices || row->kind != OPTION_STRING)) {
        char expected[256];
        option_expectation(row, expected, sizeof expected);
        fprintf(out, "; %s", expected);
    }
    if (row->initial)
        fprintf(out, "; default %s", row->initial);
    else if (row->required)
        fprintf(out, "; required");
    if (row->repeats)
        fprintf(out, "; may be given more than once");
    fprintf(out, "\n");
}

void help_command_page(FILE *out, const cli_command *command)
{
    option_place places[OPTION_MAX_ROWS];
    const size_t count = commands_options(command, NULL, NULL, places);
    print_name(out, command);
    fprintf(out, ": %s\n\n", command->summary);
    help_usage(out, command);
    if (command->details)
        fprintf(out, "\n%s\n", command->details);
    fprintf(out, "\n");
    for (size_t i = 0; i < count; i++)
        print_option(out, places[i].row);
}

void help_overview(FILE *out, const char *name)
{
    help_usage(out, NULL);
    fprintf(out, "\n");
    for (size_t i = 0; i < cli_command_count; i++) {
        const cli_command *command = cli_commands[i];
        if (name && strcmp(name, command->name) != 0)
            continue;
        char words[64];
        snprintf(words, sizeof words, "%s%s%s", command->name, command->verb ? " " : "", command->verb ? command->verb : "");
        fprintf(out, "  %-20s %s\n", words, command->summary);
    }
    fprintf(out, "\ndiffuse help COMMAND [VERB] tells everything about one of them.\n");
}

typedef struct help_options {
    const char *name, *verb;
} help_options;

static const option rows[] = {
    {.name = "COMMAND", .kind = OPTION_STRING, .positional = true, .at = offsetof(help_options, name), .help = "which command"},
    {.name = "VERB", .kind = OPTION_STRING, .positional = true, .at = offsetof(help_options, verb), .help = "which of its verbs"},
};

static json_t *option_json(const option *row)
{
    json_t *choices = row->choices ? json_array() : json_null();
    for (const char *const *choice = row->choices; choice && *choice; choice++)
        json_array_append_new(choices, json_string(*choice));
    json_t *limits = row->low < row->high ? json_pack("[f,f]", row->low, row->high) : json_null();
    return json_pack("{s:s, s:s, s:s, s:s?, s:o, s:o, s:s?, s:s, s:b, s:b, s:b}", "name", row->name, "kind", option_kind_name(row->kind),
                     "argument", option_argument(row), "default", row->initial, "limits", limits, "choices", choices, "unit", row->unit,
                     "help", row->help, "positional", row->positional, "required", row->required, "repeats", row->repeats);
}

static json_t *command_json(const cli_command *command)
{
    option_place places[OPTION_MAX_ROWS];
    const size_t count = commands_options(command, NULL, NULL, places);
    json_t *options = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(options, option_json(places[i].row));
    return json_pack("{s:s, s:s?, s:s, s:o}", "name", command->name, "verb", command->verb, "summary", command->summary, "options",
                     options);
}

static bool print_json(const help_options *given, df_error *err)
{
    json_t *all = json_array();
    for (size_t i = 0; i < cli_command_count; i++)
        if ((!given->name || strcmp(given->name, cli_commands[i]->name) == 0) &&
            (!given->verb || (cli_commands[i]->verb && strcmp(given->verb, cli_commands[i]->verb) == 0)))
            json_array_append_new(all, command_json(cli_commands[i]));
    return cli_print_json(all, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const help_options *given = options;
    const cli_command *command = given->name ? commands_find(given->name, given->verb) : NULL;
    if (given->name && !command)
        return cli_usage(cli, err, "no command '%.40s%s%.40s'", given->name, given->verb ? " " : "", given->verb ? given->verb : "");
    if (cli->shared.json)
        return print_json(given, err);
    if (command && (given->verb || !command->verb))
        help_command_page(stdout, command);
    else
        help_overview(stdout, given->name);
    return true;
}

const cli_command help_command = {
    .name = "help",
    .summary = "explains the commands",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(help_options),
    .shared = CLI_JSON,
    .run = run,
};
