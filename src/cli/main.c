/* main.c: finds the command in the table, gives it its options, and turns what comes back into an exit status: 0 done, 1
   failed, 2 wrong usage, 130 or 143 after SIGINT or SIGTERM. */
#include <cblas.h>
#include <errno.h>
#include <fcntl.h>
#include <omp.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/json.h"
#include "base/stop.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/terminal.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_WRONG_USAGE = 2, EXIT_SIGNAL = 128 };

static const size_t ARENA_LIMIT = (size_t)4 << 30;

/* A file opened later must not become one of the three standard streams that the caller closed: what is missing is /dev/null,
   opened so that output to it fails. */
static void occupy_standard_streams(void)
{
    for (int stream = 0; stream < 3; stream++)
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            _exit(EXIT_FAILED);
}

/* Nobody reads the pipe any more. */
static bool has_no_reader(int stream)
{
    struct pollfd watched = {.fd = stream, .events = POLLOUT};
    return poll(&watched, 1, 0) == 1 && (watched.revents & POLLERR);
}

/* What was printed is out, or the command failed. A reader that went away (`| head`) had enough, which is no failure. */
static bool close_output(df_error *err)
{
    errno = 0;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || has_no_reader(STDOUT_FILENO))
        return true;
    return df_fail(err, "standard output: %s", errno ? strerror(errno) : "cannot be written"); /* 0: an earlier write failed */
}

static int failed(void)
{
    return df_stop_signal() ? EXIT_SIGNAL + df_stop_signal() : EXIT_FAILED;
}

static int report(const cli_command *command, bool is_usage, const df_error *err)
{
    fprintf(stderr, "diffuse: %s\n", err->text);
    if (!is_usage)
        return failed();
    help_usage(stderr, command);
    return EXIT_WRONG_USAGE;
}

static bool run_command(const cli_command *command, cli_context *cli, const void *values, df_error *err)
{
    if (cli->shared.help) {
        help_command_page(stdout, command);
        return true;
    }
    if (cli->shared.threads > 0)
        omp_set_num_threads((int)cli->shared.threads);
    return command->run(cli, values, err);
}

static int run_with_options(const cli_command *command, int argc, char **argv, cli_context *cli)
{
    df_error err = {0};
    option_place places[OPTION_MAX_ROWS];
    void *values = df_alloc(cli->arena, 1, command->options_size, &err);
    if (!values)
        return report(command, false, &err);
    const size_t count = commands_options(command, values, &cli->shared, places);
    if (!options_parse(places, count, argc, argv, cli->arena, &err))
        return report(command, !df_arena_was_refused(cli->arena), &err); /* who ends in a lack of memory has typed nothing wrong */
    terminal_line terminal = terminal_open(cli->shared.quiet);
    cli->progress = terminal_progress(&terminal);
    bool is_done = run_command(command, cli, values, &err);
    is_done = is_done && close_output(&err);
    terminal_clear(&terminal);
    if (!is_done && cli->ranks.is_silent)
        return failed();
    return is_done ? EXIT_DONE : report(command, cli->wrong_usage, &err);
}

/* The command that the first words name; *words says how many of them. NULL with a sentence. */
static const cli_command *find_command(int argc, char **argv, int *words, df_error *err)
{
    const cli_command *command = commands_find(argv[1], NULL);
    *words = 1;
    if (!command) {
        df_fail(err, "no command '%.80s'", argv[1]);
        return NULL;
    }
    if (!command->verb)
        return command;
    *words = 2;
    const cli_command *with_verb = argc > 2 ? commands_find(argv[1], argv[2]) : NULL;
    if (!with_verb)
        df_fail(err, "%s: expected a verb, found '%.80s' (diffuse help %s lists them)", argv[1], argc > 2 ? argv[2] : "nothing", argv[1]);
    return with_verb;
}

/* `diffuse --help` and `diffuse --version` are the commands of that name; `diffuse model --help` is `diffuse help model`. */
static void rewrite_help(int argc, char **argv)
{
    static char help[] = "help", version[] = "version";
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        argv[1] = help;
    if (strcmp(argv[1], "--version") == 0)
        argv[1] = version;
    const cli_command *command = commands_find(argv[1], NULL);
    if (argc == 3 && strcmp(argv[2], "--help") == 0 && command && command->verb) {
        argv[2] = argv[1];
        argv[1] = help;
    }
}

int main(int argc, char **argv)
{
    occupy_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a write to a closed pipe fails and is reported like any other */
    signal(SIGXFSZ, SIG_IGN); /* so is one beyond the limit on the size of files */
    df_stop_on_signals();
    df_json_watch_memory();
    openblas_set_num_threads(1); /* with one a processor, sums and so models would depend on how many there are */
    df_error err = {0};
    if (argc < 2) {
        df_fail(&err, "expected a command");
        return report(NULL, true, &err);
    }
    rewrite_help(argc, argv);
    int words = 0;
    const cli_command *command = find_command(argc, argv, &words, &err);
    if (!command)
        return report(NULL, true, &err);
    cli_context cli = {.arena = df_arena_new(ARENA_LIMIT, &err), .words = (const char *const *)argv};
    if (!cli.arena)
        return report(command, false, &err);
    const int status = run_with_options(command, argc - 1 - words, argv + 1 + words, &cli);
    ranks_close(&cli.ranks, status);
    df_arena_free(cli.arena);
    return status;
}
