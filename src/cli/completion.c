/* completion.c: `diffuse completion bash|zsh|fish` writes a completion script out of the tables. The scripts hold plain word
   lists, so a shell needs no call of the program while typing. */
#include "cli/commands.h"

typedef enum completion_shell { COMPLETION_BASH, COMPLETION_ZSH, COMPLETION_FISH } completion_shell;

typedef struct completion_options {
    int shell;
} completion_options;

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static const option rows[] = {
    {.name = "SHELL",
     .kind = OPTION_CHOICE,
     .positional = true,
     .required = true,
     .choices = shells,
     .at = offsetof(completion_options, shell),
     .help = "for which shell"},
};

static bool is_first_of_name(size_t index)
{
    return index == 0 || strcmp(cli_commands[index]->name, cli_commands[index - 1]->name) != 0;
}

static void print_names(const char *separator)
{
    for (size_t i = 0; i < cli_command_count; i++)
        if (is_first_of_name(i))
            printf("%s%s", i ? separator : "", cli_commands[i]->name);
}

static void print_verbs(const char *name)
{
    const char *separator = "";
    for (size_t i = 0; i < cli_command_count; i++)
        if (strcmp(cli_commands[i]->name, name) == 0 && cli_commands[i]->verb) {
            printf("%s%s", separator, cli_commands[i]->verb);
            separator = " ";
        }
}

static void print_option_names(const cli_command *command)
{
    option_place places[OPTION_MAX_ROWS];
    const size_t count = commands_options(command, NULL, NULL, places);
    const char *separator = "";
    for (size_t i = 0; i < count; i++) {
        if (places[i].row->positional)
            continue;
        printf("%s--%s", separator, places[i].row->name);
        separator = " ";
    }
}

static void print_choices(const option *row)
{
    for (const char *const *choice = row->choices; *choice; choice++)
        printf("%s%s", choice == row->choices ? "" : " ", *choice);
}

/* Cases "command verb --option) words=..." for options with a fixed set of values. */
static void print_bash_values(const cli_command *command)
{
    option_place places[OPTION_MAX_ROWS];
    const size_t count = commands_options(command, NULL, NULL, places);
    for (size_t i = 0; i < count; i++) {
        const option *row = places[i].row;
        if (!row->choices || row->positional)
            continue;
        printf("        '%s %s --%s') words='", command->name, command->verb ? command->verb : "", row->name);
        print_choices(row);
        printf("' ;;\n");
    }
}

/* The first positional's choices join the options: `diffuse completion <TAB>`. */
static void print_bash_words(const cli_command *command)
{
    printf("        '%s %s') words='", command->name, command->verb ? command->verb : "");
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].positional && command->options[i].choices) {
            print_choices(&command->options[i]);
            printf(" ");
        }
    print_option_names(command);
    printf("' ;;\n");
}

static void print_bash(void)
{
    printf("_diffuse()\n{\n    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} "
           "verb= words=\n");
    printf("    COMPREPLY=()\n    if [ \"$COMP_CWORD\" = 1 ]; then\n        words='");
    print_names(" ");
    printf("'\n    else\n        case $command in\n");
    for (size_t i = 0; i < cli_command_count; i++)
        if (is_first_of_name(i) && cli_commands[i]->verb) {
            printf("        %s) [ \"$COMP_CWORD\" = 2 ] && words='", cli_commands[i]->name);
            print_verbs(cli_commands[i]->name);
            printf("' || verb=${COMP_WORDS[2]} ;;\n");
        }
    printf("        esac\n        [ -n \"$words\" ] || case \"$command $verb $previous\" in\n");
    for (size_t i = 0; i < cli_command_count; i++)
        print_bash_values(cli_commands[i]);
    printf("        esac\n        [ -n \"$words\" ] || case \"$command $verb\" in\n");
    for (size_t i = 0; i < cli_command_count; i++)
        print_bash_words(cli_commands[i]);
    printf("        esac\n    fi\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\ncomplete -o default -F _diffuse diffuse\n");
}

/* zsh runs bash's function. */
static void print_zsh(void)
{
    printf("#compdef diffuse\nautoload -U +X bashcompinit && bashcompinit\n");
    print_bash();
}

/* 'text' for fish, whose single quotes know two escapes. */
static void print_fish_quoted(const char *text)
{
    putchar('\'');
    for (; *text; text++)
        printf(*text == '\'' || *text == '\\' ? "\\%c" : "%c", *text);
    putchar('\'');
}

static void print_fish_condition(const cli_command *command)
{
    printf("complete -c diffuse -n '__fish_seen_subcommand_from %s", command->name);
    if (command->verb)
        printf("; and __fish_seen_subcommand_from %s", command->verb);
    printf("'");
}

static void print_fish_option(const cli_command *command, const option *row)
{
    if (row->positional && !row->choices)
        return;
    print_fish_condition(command);
    if (row->positional)
        printf(" -f -a '");
    else
        printf(" -l %s%s", row->name, row->kind == OPTION_FLAG ? "" : row->choices ? " -x -a '" : " -r");
    if (row->choices) {
        print_choices(row);
        printf("'");
    }
    printf(" -d ");
    print_fish_quoted(row->help);
    printf("\n");
}

static void print_fish(void)
{
    for (size_t i = 0; i < cli_command_count; i++) {
        const cli_command *command = cli_commands[i];
        if (is_first_of_name(i))
            printf("complete -c diffuse -n __fish_use_subcommand -f -a %s -d ", command->name);
        if (is_first_of_name(i)) {
            print_fish_quoted(command->verb ? "" : command->summary);
            printf("\n");
        }
        if (command->verb) {
            printf("complete -c diffuse -n '__fish_seen_subcommand_from %s' -f -a %s -d ", command->name, command->verb);
            print_fish_quoted(command->summary);
            printf("\n");
        }
        option_place places[OPTION_MAX_ROWS];
        const size_t count = commands_options(command, NULL, NULL, places);
        for (size_t k = 0; k < count; k++)
            print_fish_option(command, places[k].row);
    }
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    (void)cli;
    (void)err;
    switch ((completion_shell)((const completion_options *)options)->shell) {
    case COMPLETION_BASH:
        print_bash();
        break;
    case COMPLETION_ZSH:
        print_zsh();
        break;
    case COMPLETION_FISH:
        print_fish();
        break;
    }
    return true;
}

const cli_command completion_command = {
    .name = "completion",
    .summary = "prints a completion script for a shell",
    .details = "For bash: diffuse completion bash > ~/.local/share/bash-completion/completions/diffuse",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(completion_options),
    .run = run,
};
