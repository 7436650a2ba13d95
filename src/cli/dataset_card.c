/* dataset_card.c: `diffuse dataset card`: writes what a data set is, for people and for programs, or checks such a description. */
#include "base/file.h"
#include "cli/commands.h"
#include "dataset/card.h"
#include "dataset/croissant.h"

typedef struct card_options {
    const char *folder;
    const char *words[CARD_WORD_COUNT];
    bool force, check;
} card_options;

static const option rows[] = {
    {.name = "PATH",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(card_options, folder),
     .help = "folder of a data set; with --check it, or a croissant.json"},
#define WORD_OPTION(ID, NAME, HELP)                                                                                                        \
    {.name = NAME, .kind = OPTION_STRING, .argument = "TEXT", .at = offsetof(card_options, words[CARD_##ID]), .help = HELP},
    CARD_WORDS(WORD_OPTION)
#undef WORD_OPTION
        {.name = "force", .kind = OPTION_FLAG, .at = offsetof(card_options, force), .help = "replace a README.md that is not a card"},
    {.name = "check",
     .kind = OPTION_FLAG,
     .at = offsetof(card_options, check),
     .help = "write nothing: say what is wrong with croissant.json, and whether the files beside it are those that it describes"},
};

/* ---- checking ---- */

typedef struct listing {
    json_t *list; /* NULL: problems are printed as they come */
} listing;

static void note_problem(void *user, const char *sentence)
{
    const listing *to = user;
    if (to->list)
        json_array_append_new(to->list, json_string(sentence));
    else
        printf("%s\n", sentence);
}

static bool check(const cli_context *cli, const char *given, df_error *err)
{
    char path[4096];
    int problems = 0;
    const bool is_folder = df_path_is_folder(given);
    const listing to = {.list = cli->shared.json ? json_array() : NULL};
    if (!df_path_join(path, sizeof path, is_folder ? given : ".", is_folder ? "croissant.json" : given, err) ||
        !croissant_check_file(is_folder ? path : given, CROISSANT_BESIDE, note_problem, (void *)(uintptr_t)&to, &problems, err)) {
        json_decref(to.list);
        return false;
    }
    if (cli->shared.json && !cli_print_json(json_pack("{s:i, s:o}", "problem_count", problems, "problems", to.list), err))
        return false;
    if (!cli->shared.json && problems == 0)
        printf("%s: Croissant 1.1, nothing is missing\n", is_folder ? path : given);
    return problems == 0 || df_fail(err, "%s: %d problems", is_folder ? path : given, problems);
}

/* ---- writing ---- */

static bool read_words(cli_context *cli, const card_options *given, card_words *out, df_error *err)
{
    df_error problem = {0};
    for (int word = 0; word < CARD_WORD_COUNT; word++) {
        if (!given->words[word])
            continue;
        if (!card_word_check((card_word)word, given->words[word], &problem))
            return cli_usage(cli, err, "%s", problem.text);
        snprintf(out->text[word], CARD_TEXT, "%s", given->words[word]);
    }
    return true;
}

static bool print_result(const cli_context *cli, const char *folder, const card_result *result, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s, s:b, s:s, s:I, s:I, s:i}", "folder", folder, "readme", !result->has_kept_readme, "croissant",
                                        "croissant.json", "images", (json_int_t)result->images, "identities",
                                        (json_int_t)result->identities, "stand_ins", result->stand_ins),
                              err);
    printf("%s: %s of %lld images of %lld people; %d stand-ins for what nobody stated\n", folder,
           result->has_kept_readme ? "croissant.json" : "README.md and croissant.json", (long long)result->images,
           (long long)result->identities, result->stand_ins);
    if (result->has_kept_readme)
        printf("%s/README.md is somebody's own and stays; --force replaces it\n", folder);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const card_options *given = options;
    card_words *words = df_alloc(cli->arena, 1, sizeof *words, err);
    card_result result;
    if (!words || !read_words(cli, given, words, err))
        return false;
    if (given->check)
        return check(cli, given->folder, err);
    return card_write(given->folder, words, given->force ? CARD_README_REPLACE : CARD_README_KEEP, &cli->progress, &result, err) &&
           print_result(cli, given->folder, &result, err);
}

const cli_command dataset_card_command = {
    .name = "dataset",
    .verb = "card",
    .summary = "writes what a data set is: README.md and croissant.json",
    .details = "A data card for people and the same as Croissant 1.1 for programs. `diffuse render` writes both at the end; what is\n"
               "stated here is kept in the set for the next time.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(card_options),
    .shared = CLI_JSON,
    .run = run,
};
