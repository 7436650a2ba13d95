/* options.h: a command's options as rows of a table. Parsing, usage lines, `diffuse help`, shell completion, the tables in
   docs/ and the tests that try every option with nonsense all come from the rows; a command's own code only sees a filled
   struct.

   A new command is one file of about 20 lines plus one line in two tables. Here it is in full, src/cli/greet.c:

       #include "cli/command.h"

       typedef struct greet_options {
           const char *whom;
           int64_t times;
       } greet_options;

       static const option rows[] = {
           {.name = "WHOM", .kind = OPTION_STRING, .positional = true, .required = true, .at = offsetof(greet_options, whom),
            .help = "who is greeted"},
           {.name = "times", .kind = OPTION_INTEGER, .at = offsetof(greet_options, times), .low = 1, .high = 100, .initial = "1",
            .help = "how often"},
       };

       static bool run(cli_context *cli, const void *options, df_error *err)
       {
           const greet_options *given = options;
           (void)cli;
           if (strcmp(given->whom, "nobody") == 0)
               return cli_usage(cli, err, "WHOM: expected somebody, found nobody"); // exit 2, with the usage line
           for (int64_t i = 0; i < given->times; i++)
               printf("Hello, %s.\n", given->whom); // only src/cli prints; main flushes and checks standard output
           return true; // false with a sentence in err: exit 1
       }

       const cli_command greet_command = {
           .name = "greet", .summary = "says hello", .run = run,
           .options = rows, .option_count = DF_ARRAY_LEN(rows), .options_size = sizeof(greet_options),
       };

   Then `extern const cli_command greet_command;` in commands.h and `&greet_command,` in commands.c, in the order in which
   help shows them. A command with verbs has one cli_command a verb (.name = "model", .verb = "info").

   What the struct holds, by kind; without .initial and not on the command line it is as in the last column, so that a command
   can tell "not said" from any value:

       OPTION_FLAG      bool            --force                   false
       OPTION_INTEGER   int64_t         --count 12                0
       OPTION_UNSIGNED  uint64_t        --seed 7                  0
       OPTION_NUMBER    double          --blur 0.5                NAN
       OPTION_STRING    const char *    --out F                   NULL
       OPTION_RANGE     option_range    --yaw -30:30, --yaw 0     both NAN
       OPTION_LIST      option_list     --balance gender,age      count 0
       OPTION_NUMBERS   option_numbers  --age-bins 18,30,45       count 0
       OPTION_CHOICE    int             --engine raster           -1

   .initial is text and goes through the same parser, so it is checked by the same rules and shown in help as it is. Numbers
   are plain decimals: no NaN, infinity, hexadecimal, blank or text behind. .low and .high (inclusive) apply where low < high.
   An option given twice is an error unless .repeats (lists only: the items are joined; of a positional each argument is one item,
   commas and all). `--name value` and `--name=value` are the same; a value that starts with "--" needs the second form; `--` ends
   the options. All memory is the arena's. */
#ifndef DF_CLI_OPTIONS_H
#define DF_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

typedef enum option_kind {
    OPTION_FLAG,
    OPTION_INTEGER,
    OPTION_UNSIGNED,
    OPTION_NUMBER,
    OPTION_STRING,
    OPTION_RANGE,
    OPTION_LIST,
    OPTION_NUMBERS,
    OPTION_CHOICE,
    OPTION_KIND_COUNT
} option_kind;

enum { OPTION_MAX_ITEMS = 64, OPTION_MAX_ROWS = 96 };

typedef struct option_range {
    double low, high; /* low <= high */
} option_range;

typedef struct option_list {
    const char *const *items; /* [count], none empty */
    size_t count;
    uint64_t chosen; /* bit k: choices[k] is among the items; 0 without choices */
} option_list;

typedef struct option_numbers {
    const double *items; /* [count] */
    size_t count;
} option_numbers;

typedef struct option {
    const char *name; /* without "--"; a positional's name in capitals */
    option_kind kind;
    size_t at;                  /* offsetof in the command's struct */
    const char *initial;        /* default as one would type it, or NULL */
    double low, high;           /* of numbers, of both ends of a range, of each item */
    const char *const *choices; /* NULL-terminated; for OPTION_CHOICE, and for OPTION_LIST where only these items are allowed */
    const char *argument;       /* what help calls the value: "FILE" and "DIR" also complete as such; NULL: by kind */
    const char *unit;           /* "degrees", "mm", or NULL */
    const char *help;           /* no capital, no full stop */
    bool positional, required, repeats;
} option;

/* A row and the struct that it fills; `given` is set when it stood on the command line. */
typedef struct option_place {
    const option *row;
    void *values;
    bool given;
} option_place;

/* Fills the structs from the rows' defaults, then from the arguments. On failure the sentence names the option, what was found
   and what was expected. */
bool options_parse(option_place *places, size_t count, int argc, char *const *argv, df_arena *arena, df_error *err) DF_CHECKED;

/* Parses one value into the row's place in `values`; what options_parse does for each. */
bool option_read(const option *row, const char *text, void *values, df_arena *arena, df_error *err) DF_CHECKED;

/* "a whole number from 1 to 100", "one of raster, path"; for help and for error sentences. */
void option_expectation(const option *row, char *out, size_t size);

/* What help writes for the value: "N", "X", "FILE", "A:B". */
const char *option_argument(const option *row);

/* The kind's name in `diffuse help --json`. */
const char *option_kind_name(option_kind kind);

#endif
