/* train_options.c: from options to the training loop's form. */
#include "cli/train_options.h"

#include "cli/rank_sums.h"
#include "cli/stop_limit.h"

static const double ADAMW_DECAY = 0.01, MINUTE = 60;

const char *const train_optimizers[] = {"sgd", "adam", "adamw", NULL};       /* as optimizer_kind */
const char *const train_schedules[] = {"constant", "steps", "cosine", NULL}; /* as schedule_kind */
const char *const train_norms[] = {"refuse", "each", NULL};                  /* as trainer_norm */

static bool join_ranks(cli_context *cli, train_choice *choice, trainer_form *form, df_error *err)
{
    if (!ranks_open(&cli->ranks, err))
        return false;
    form->progress = cli->ranks.rank == 0 ? &cli->progress : NULL;
    if (cli->ranks.size < 2)
        return true;
    rank_sums *sums = rank_sums_new(&cli->ranks, cli->arena, err);
    if (!sums)
        return false;
    choice->ranks = rank_sums_reducer(sums);
    form->ranks = &choice->ranks;
    return true;
}

static bool read_schedule(cli_context *cli, const train_choice *choice, schedule *out, df_error *err)
{
    *out = (schedule){.kind = (schedule_kind)choice->schedule, .warm_up = choice->warm_up, .factor = (float)choice->factor};
    if ((choice->drops.count > 0) != (out->kind == SCHEDULE_STEPS))
        return cli_usage(cli, err, "--drops: expected with --schedule steps, and only there");
    if (choice->drops.count > SCHEDULE_MOST_DROPS)
        return cli_usage(cli, err, "--drops: expected at most %d", SCHEDULE_MOST_DROPS);
    for (size_t i = 0; i < choice->drops.count; i++)
        out->drops[out->drop_count++] = (int64_t)choice->drops.items[i];
    return true;
}

bool train_choice_read(cli_context *cli, train_choice *choice, trainer_form *form, df_error *err)
{
    const double decay = !isnan(choice->decay) ? choice->decay : choice->optimizer == OPTIMIZER_ADAMW ? ADAMW_DECAY : 0;
    if (choice->resume && !choice->checkpoints)
        return cli_usage(cli, err, "--resume: expected with --checkpoints");
    form->optimizer = (optimizer_form){
        .kind = (optimizer_kind)choice->optimizer, .rate = (float)choice->rate, .momentum = (float)choice->momentum, .decay = (float)decay};
    form->decays = choice->spares_norms ? TRAINER_DECAY_MATRICES : TRAINER_DECAY_ALL;
    form->norm = (trainer_norm)choice->norm;
    form->clip = (float)choice->clip;
    form->average = choice->average;
    form->accumulate = (int)choice->accumulate;
    form->folder = choice->checkpoints;
    form->is_resumed = choice->resume;
    form->save_steps = choice->save_steps;
    form->save_seconds = choice->save_minutes * MINUTE;
    form->keep = (int)choice->keep;
    if (!read_schedule(cli, choice, &form->rates, err) || !join_ranks(cli, choice, form, err))
        return false;
    stop_limit_start(choice->checkpoints
                         ? "stopped in the middle of a step; what the last checkpoint holds stays: --resume goes on from there"
                         : "stopped in the middle of a step; without --checkpoints nothing is kept");
    return true;
}

bool train_choice_end(cli_context *cli, bool is_good, df_error *err)
{
    bool any = false;
    if (!is_good)
        rank_sums_leave(&cli->ranks);
    return ranks_end(&cli->ranks, is_good, NULL, 0, &any, err);
}
