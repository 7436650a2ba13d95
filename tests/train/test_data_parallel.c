/* Two ranks, here two threads, are one rank of twice the batch. */
#include "small_training.h"

#include <pthread.h>

#include "scratch.h"

enum { ROOM = 512, RANKS = 2, STEPS = 30 };

/* Both ranks meet at each begin and each end of a sum. */
typedef struct meeting {
    pthread_barrier_t barrier;
    float *values[RANKS];
    size_t counts[RANKS];
} meeting;

typedef struct seat {
    meeting *meeting;
    int rank;
    float *under_way[REDUCER_MOST];
    size_t sizes[REDUCER_MOST];
    int first, count, most;
} seat;

static bool begin(void *self, float *values, size_t count, df_error *err)
{
    seat *s = self;
    if (s->count == REDUCER_MOST)
        return df_fail(err, "more sums than promised");
    const int slot = (s->first + s->count++) % REDUCER_MOST;
    s->under_way[slot] = values;
    s->sizes[slot] = count;
    return true;
}

static bool finish(void *self, df_error *err)
{
    seat *s = self;
    meeting *m = s->meeting;
    const int slot = s->first;
    const size_t count = s->sizes[slot];
    m->values[s->rank] = s->under_way[slot];
    m->counts[s->rank] = count;
    pthread_barrier_wait(&m->barrier);
    if (m->counts[0] != m->counts[1])
        return df_fail(err, "ranks sum different counts");
    if (s->rank == 0)
        for (size_t i = 0; i < count; i++)
            m->values[0][i] = m->values[1][i] = m->values[0][i] + m->values[1][i];
    pthread_barrier_wait(&m->barrier);
    s->first = (s->first + 1) % REDUCER_MOST;
    s->count--;
    return true;
}

static bool judge(void *user, trainer *t, int64_t step, double *metric, df_error *err)
{
    (void)user, (void)t, (void)err;
    *metric = step < 20 ? (double)step : 0;
    return true;
}

typedef struct job {
    seat seat;
    bool has_norm;
    const char *folder;
    int accumulate;
    float latest[ROOM], best[ROOM];
    size_t count;
    trainer_report report;
    bool is_good;
    df_error err;
} job;

static void *train(void *user)
{
    job *j = user;
    small s = {.batch = 4, .bad_step = -1, .rank = j->seat.rank, .ranks = RANKS, .has_norm = j->has_norm};
    const reducer ranks = {.self = &j->seat, .rank = j->seat.rank, .size = RANKS, .begin = begin, .finish = finish};
    trainer_form form = small_open(&s);
    form.ranks = &ranks;
    form.norm = TRAINER_NORM_EACH_RANK;
    form.steps = STEPS;
    form.accumulate = j->accumulate;
    form.evaluate_steps = 5;
    form.patience = (patience_form){.goal = PATIENCE_LARGER, .patience = 2};
    form.hooks.evaluate = judge;
    form.folder = j->folder;
    form.is_resumed = j->folder != NULL;
    trainer *t = trainer_new(&form, &j->err);
    j->is_good = t && trainer_run(t, &j->report, &j->err);
    if (j->is_good) {
        j->count = small_weights(t, TRAINER_LATEST, j->latest, ROOM);
        small_weights(t, TRAINER_BEST, j->best, ROOM);
    }
    trainer_free(t);
    small_close(&s);
    return NULL;
}

static void train_together(job jobs[RANKS], const job *like)
{
    meeting m;
    pthread_t other;
    assert_int_equal(pthread_barrier_init(&m.barrier, NULL, RANKS), 0);
    for (int r = 0; r < RANKS; r++) {
        jobs[r] = *like;
        jobs[r].seat = (seat){.meeting = &m, .rank = r};
    }
    assert_int_equal(pthread_create(&other, NULL, train, &jobs[1]), 0);
    train(&jobs[0]);
    pthread_join(other, NULL);
    pthread_barrier_destroy(&m.barrier);
    for (int r = 0; r < RANKS; r++)
        must(jobs[r].is_good, &jobs[r].err);
}

static void two_ranks_are_one_of_twice_the_batch(void **state)
{
    (void)state;
    static job jobs[RANKS];
    for (int accumulate = 1; accumulate <= 2; accumulate++) {
        df_error err = {0};
        trainer_report report;
        float large[ROOM];
        train_together(jobs, &(job){.accumulate = accumulate});
        assert_memory_equal(jobs[0].latest, jobs[1].latest, sizeof jobs[0].latest);
        assert_memory_equal(jobs[0].best, jobs[1].best, sizeof jobs[0].best);
        for (int r = 0; r < RANKS; r++) { /* both know when patience is over: 15 was the best, then 20 and 25 */
            assert_int_equal(jobs[r].report.steps, 25);
            assert_int_equal(jobs[r].report.end, TRAINER_PATIENCE);
        }
        small s = {.batch = 8 * accumulate, .bad_step = -1};
        trainer_form form = small_open(&s);
        form.steps = 25;
        trainer *t = trainer_new(&form, &err);
        must(t != NULL, &err);
        must(trainer_run(t, &report, &err), &err);
        const size_t count = small_weights(t, TRAINER_LATEST, large, ROOM);
        trainer_free(t);
        small_close(&s);
        assert_int_equal(count, jobs[0].count);
        for (size_t i = 0; i < count; i++) /* sums in another order, through 25 steps */
            must_lie(jobs[0].latest[i] - large[i], -2e-5f, 2e-5f);
        must_lie((float)(jobs[0].report.loss - report.loss), -1e-5f, 1e-5f);
    }
}

static void running_values_are_the_mean_over_ranks(void **state)
{
    (void)state;
    static job jobs[RANKS];
    train_together(jobs, &(job){.has_norm = true});
    assert_memory_equal(jobs[0].latest, jobs[1].latest, sizeof jobs[0].latest);
}

static void ranks_resume_together(void **state)
{
    (void)state;
    static job jobs[RANKS], again[RANKS];
    scratch s = scratch_new();
    train_together(jobs, &(job){.has_norm = true, .folder = s.folder});
    train_together(again, &(job){.has_norm = true, .folder = s.folder});
    assert_int_equal(again[1].report.first, 25);
    assert_memory_equal(jobs[1].latest, again[1].latest, sizeof jobs[0].latest);
    scratch_free(&s);
}

static void batch_normalisation_under_ranks_is_refused_unless_asked_for(void **state)
{
    (void)state;
    df_error err = {0};
    small s = {.batch = 4, .bad_step = -1, .has_norm = true};
    const reducer ranks = {.size = RANKS, .begin = begin, .finish = finish};
    trainer_form form = small_open(&s);
    form.ranks = &ranks;
    must_say(trainer_new(&form, &err) != NULL, &err, "normalises by its batch, which 2 ranks");
    form = (trainer_form){0};
    small_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_ranks_are_one_of_twice_the_batch),
        cmocka_unit_test(running_values_are_the_mean_over_ranks),
        cmocka_unit_test(ranks_resume_together),
        cmocka_unit_test(batch_normalisation_under_ranks_is_refused_unless_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
