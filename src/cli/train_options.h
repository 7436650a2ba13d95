/* train_options.h: what the commands that train have in common. */
#ifndef DF_CLI_TRAIN_OPTIONS_H
#define DF_CLI_TRAIN_OPTIONS_H

#include "cli/command.h"
#include "train/trainer.h"

typedef struct train_choice {
    int optimizer, schedule, norm;
    double rate, momentum, decay, clip, average, factor, save_minutes;
    bool spares_norms;
    int64_t warm_up, accumulate, save_steps, keep;
    option_numbers drops;
    const char *checkpoints;
    bool resume;
    reducer ranks; /* filled by train_choice_read */
} train_choice;

extern const char *const train_optimizers[], *const train_schedules[], *const train_norms[];

/* Rows for a struct that has a train_choice `train`. LR: the rate where none is given, as text. */
#define TRAIN_CHOICE_ROWS(OPTIONS, LR)                                                                                                     \
    {.name = "optimizer",                                                                                                                  \
     .kind = OPTION_CHOICE,                                                                                                                \
     .at = offsetof(OPTIONS, train.optimizer),                                                                                             \
     .choices = train_optimizers,                                                                                                          \
     .initial = "sgd",                                                                                                                     \
     .help = "how weights follow their derivatives"},                                                                                      \
        {.name = "lr", .kind = OPTION_NUMBER, .at = offsetof(OPTIONS, train.rate), .low = 0, .high = 1e3, .initial = LR, .help = "rate"},  \
        {.name = "momentum",                                                                                                               \
         .kind = OPTION_NUMBER,                                                                                                            \
         .at = offsetof(OPTIONS, train.momentum),                                                                                          \
         .low = 0,                                                                                                                         \
         .high = 1,                                                                                                                        \
         .initial = "0",                                                                                                                   \
         .help = "of sgd"},                                                                                                                \
        {.name = "weight-decay",                                                                                                           \
         .kind = OPTION_NUMBER,                                                                                                            \
         .at = offsetof(OPTIONS, train.decay),                                                                                             \
         .low = 0,                                                                                                                         \
         .high = 1e6,                                                                                                                      \
         .help = "0.01 for adamw and 0 for the others where it is not given"},                                                             \
        {.name = "spare-norms",                                                                                                            \
         .kind = OPTION_FLAG,                                                                                                              \
         .at = offsetof(OPTIONS, train.spares_norms),                                                                                      \
         .help = "biases and the weights of normalisation do not decay"},                                                                  \
        {.name = "schedule",                                                                                                               \
         .kind = OPTION_CHOICE,                                                                                                            \
         .at = offsetof(OPTIONS, train.schedule),                                                                                          \
         .choices = train_schedules,                                                                                                       \
         .initial = "constant",                                                                                                            \
         .help = "how the rate goes on after the warm-up"},                                                                                \
        {.name = "warm-up",                                                                                                                \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, train.warm_up),                                                                                           \
         .low = 0,                                                                                                                         \
         .high = 1e9,                                                                                                                      \
         .initial = "0",                                                                                                                   \
         .help = "steps over which the rate rises from 0"},                                                                                \
        {.name = "drops",                                                                                                                  \
         .kind = OPTION_NUMBERS,                                                                                                           \
         .argument = "STEP,...",                                                                                                           \
         .at = offsetof(OPTIONS, train.drops),                                                                                             \
         .low = 1,                                                                                                                         \
         .high = 1e9,                                                                                                                      \
         .help = "of --schedule steps: after these the rate is multiplied by --drop-factor"},                                              \
        {.name = "drop-factor",                                                                                                            \
         .kind = OPTION_NUMBER,                                                                                                            \
         .at = offsetof(OPTIONS, train.factor),                                                                                            \
         .low = 1e-6,                                                                                                                      \
         .high = 1,                                                                                                                        \
         .initial = "0.1",                                                                                                                 \
         .help = "see --drops"},                                                                                                           \
        {.name = "clip",                                                                                                                   \
         .kind = OPTION_NUMBER,                                                                                                            \
         .at = offsetof(OPTIONS, train.clip),                                                                                              \
         .low = 0,                                                                                                                         \
         .high = 1e9,                                                                                                                      \
         .initial = "0",                                                                                                                   \
         .help = "longest derivative over all weights; 0: any"},                                                                           \
        {.name = "accumulate",                                                                                                             \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, train.accumulate),                                                                                        \
         .low = 1,                                                                                                                         \
         .high = 1e6,                                                                                                                      \
         .initial = "1",                                                                                                                   \
         .help = "batches of one step"},                                                                                                   \
        {.name = "average",                                                                                                                \
         .kind = OPTION_NUMBER,                                                                                                            \
         .at = offsetof(OPTIONS, train.average),                                                                                           \
         .low = 0,                                                                                                                         \
         .high = 0.999999,                                                                                                                 \
         .initial = "0",                                                                                                                   \
         .help = "moving average of the weights, which is then the result; 0: none"},                                                      \
        {.name = "checkpoints",                                                                                                            \
         .kind = OPTION_STRING,                                                                                                            \
         .argument = "DIR",                                                                                                                \
         .at = offsetof(OPTIONS, train.checkpoints),                                                                                       \
         .help = "folder for all that a training needs to go on"},                                                                         \
        {.name = "resume",                                                                                                                 \
         .kind = OPTION_FLAG,                                                                                                              \
         .at = offsetof(OPTIONS, train.resume),                                                                                            \
         .help = "goes on from the newest checkpoint, from the start where there is none"},                                                \
        {.name = "save-steps",                                                                                                             \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, train.save_steps),                                                                                        \
         .low = 0,                                                                                                                         \
         .high = 1e9,                                                                                                                      \
         .initial = "0",                                                                                                                   \
         .help = "a checkpoint after so many steps; 0: not by steps"},                                                                     \
        {.name = "save-minutes",                                                                                                           \
         .kind = OPTION_NUMBER,                                                                                                            \
         .at = offsetof(OPTIONS, train.save_minutes),                                                                                      \
         .low = 0,                                                                                                                         \
         .high = 1e5,                                                                                                                      \
         .initial = "10",                                                                                                                  \
         .help = "a checkpoint after so many minutes; 0: not by time"},                                                                    \
        {.name = "keep",                                                                                                                   \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, train.keep),                                                                                              \
         .low = 1,                                                                                                                         \
         .high = 1e6,                                                                                                                      \
         .initial = "2",                                                                                                                   \
         .help = "so many checkpoints stay"},                                                                                              \
    {                                                                                                                                      \
        .name = "rank-norm", .kind = OPTION_CHOICE, .at = offsetof(OPTIONS, train.norm), .choices = train_norms, .initial = "refuse",      \
        .help = "under mpirun, batch normalisation: each rank by its own batch, or not at all"                                             \
    }

/* Joins the ranks of mpirun and fills optimizer, schedule, checkpoints and ranks of a form whose steps are set, and its progress; wrong
   usage is told. `choice` must live as long as the form. */
bool train_choice_read(cli_context *cli, train_choice *choice, trainer_form *form, df_error *err) DF_CHECKED;

/* The end of a training, which was good or failed: meets the other ranks. Returns whether all were good. */
bool train_choice_end(cli_context *cli, bool is_good, df_error *err) DF_CHECKED;

#endif
