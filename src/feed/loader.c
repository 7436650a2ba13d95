/* loader.c: a ring of batches and the threads that fill it.

   Batches are opened in the order of their steps, each in slot (step mod ring) once the one that lay there has been given back, which
   the next call of `get` does; the slots of a batch are dealt to the threads a few at a time. Everything of the ring is guarded by one
   mutex, held for moments; what a thread writes into its slots nobody else looks at before the batch is whole. */
#include "feed/loader.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/stop.h"
#include "feed/loader_sample.h"

static const size_t RING_MEMORY = (size_t)64 << 30, SCRATCH_MEMORY = (size_t)2 << 30;
enum { DEALT = 4, USUAL_AHEAD = 3, WAKE_MS = 100, MOST_SIDE = 2048 };

typedef struct loader_batch {
    float *arrays[LOADER_OUTPUTS];
    uint32_t *wanted, *made; /* [batch] */
    int size, next, done;    /* slots with a sample; dealt; filled */
    int failed_slot;         /* the lowest; batch: none */
    df_error problem;        /* of that slot */
} loader_batch;

struct loader {
    df_arena *arena;
    sample_kitchen kitchen;
    sampling *sampling;
    int batch, ring_size, threads, running; /* running: threads that were started */
    loader_batch *ring;                     /* [ring_size] */
    sample_cook *cooks;                     /* [threads] */
    pthread_t *handles;
    pthread_mutex_t lock;
    pthread_cond_t work, ready;
    int64_t base, open;    /* steps from base on are in the ring or may be; those below `open` have been opened */
    int busy;              /* threads at work on slots */
    bool is_pausing, ends; /* no new slots; no more at all */
    int64_t given;         /* the step that `get` gave last; -1 */
    const float *out[LOADER_OUTPUTS];
    char (*notes)[sizeof(df_error)]; /* [LOADER_NAMED] not yet told */
    int note_count, named;
    atomic_llong unreadable;
    double waited;
};

/* ---- threads ---- */

static loader_batch *batch_of(const loader *l, int64_t step)
{
    return &l->ring[step % l->ring_size];
}

static void open_batch(loader *l)
{
    loader_batch *b = batch_of(l, l->open);
    b->size = sampling_batch(l->sampling, l->open, b->wanted);
    b->next = 0;
    b->done = 0;
    b->failed_slot = l->batch;
    l->open++;
}

/* The next few slots of the batch opened last, or of a new one. False: there is nothing to do now. */
static bool take_slots(loader *l, int64_t *step, int *first, int *count)
{
    if (l->is_pausing)
        return false;
    if (l->open == l->base || batch_of(l, l->open - 1)->next == l->batch) {
        if (l->open == l->base + l->ring_size)
            return false;
        open_batch(l);
    }
    loader_batch *b = batch_of(l, l->open - 1);
    *step = l->open - 1;
    *first = b->next;
    *count = l->batch - b->next < DEALT ? l->batch - b->next : DEALT;
    b->next += *count;
    return true;
}

/* The lowest slot's problem is the batch's. */
static void note_failure(loader *l, loader_batch *b, int slot, const df_error *problem)
{
    pthread_mutex_lock(&l->lock);
    if (slot < b->failed_slot) {
        b->failed_slot = slot;
        b->problem = *problem;
    }
    pthread_mutex_unlock(&l->lock);
}

static void fill_slots(loader *l, sample_cook *cook, int64_t step, int first, int count)
{
    loader_batch *b = batch_of(l, step);
    df_error problem;
    for (int slot = first; slot < first + count; slot++) {
        b->made[slot] = UINT32_MAX;
        if (slot >= b->size)
            sample_leave_out(&l->kitchen, slot, b->arrays);
        else if (!sample_make(cook, step, slot, b->wanted[slot], b->arrays, &b->made[slot], &problem))
            note_failure(l, b, slot, &problem);
    }
}

static void *run_thread(void *argument)
{
    sample_cook *cook = argument;
    loader *l = cook->kitchen->user;
    int64_t step;
    int first, count;
    pthread_mutex_lock(&l->lock);
    while (!l->ends) {
        if (!take_slots(l, &step, &first, &count)) {
            pthread_cond_wait(&l->work, &l->lock);
            continue;
        }
        l->busy++;
        pthread_mutex_unlock(&l->lock);
        fill_slots(l, cook, step, first, count);
        pthread_mutex_lock(&l->lock);
        l->busy--;
        batch_of(l, step)->done += count;
        if (batch_of(l, step)->done == l->batch || l->is_pausing)
            pthread_cond_broadcast(&l->ready);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

/* sample_kitchen.tell */
static void keep_note(void *user, const char *sentence)
{
    loader *l = user;
    pthread_mutex_lock(&l->lock);
    atomic_fetch_add(&l->unreadable, 1);
    if (l->named < LOADER_NAMED) {
        snprintf(l->notes[l->note_count++], sizeof *l->notes, "%s", sentence);
        l->named++;
    } else if (l->named == LOADER_NAMED) {
        snprintf(l->notes[l->note_count++], sizeof *l->notes, "and more images that cannot be read, which are counted");
        l->named++;
    }
    pthread_mutex_unlock(&l->lock);
}

/* ---- batches ---- */

/* Locked. Waits until something is ready, but not longer than a moment. */
static bool wait_a_moment(loader *l, df_error *err)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAKE_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&l->ready, &l->lock, &until);
    return df_may_go_on(err);
}

/* Locked. Steps from `step` on come into the ring, whatever was in it. */
static bool jump(loader *l, int64_t step, df_error *err)
{
    bool is_good = true;
    l->is_pausing = true;
    while (is_good && l->busy)
        is_good = wait_a_moment(l, err);
    if (is_good)
        l->base = l->open = step;
    l->is_pausing = false;
    return is_good;
}

static void tell_notes(loader *l)
{
    for (int i = 0; i < l->note_count; i++)
        df_progress_note(l->kitchen.setting.progress, "%s", l->notes[i]);
    l->note_count = 0;
}

/* Locked. */
static bool wait_for(loader *l, int64_t step, df_error *err)
{
    const loader_batch *b = batch_of(l, step);
    const bool is_near = step == l->base || (step == l->base + 1 && l->open > l->base && batch_of(l, l->base)->done == l->batch);
    if (!is_near && !jump(l, step, err))
        return false;
    l->base = step;
    pthread_cond_broadcast(&l->work);
    while (l->open <= step || b->done < l->batch)
        if (!wait_a_moment(l, err))
            return false;
    return b->failed_slot == l->batch || df_fail(err, "%s", b->problem.text);
}

static bool get(void *self, int64_t step, const float **arrays, df_error *err)
{
    loader *l = self;
    const double began = df_clock();
    if (!df_may_go_on(err))
        return false;
    pthread_mutex_lock(&l->lock);
    l->given = -1;
    const bool is_good = wait_for(l, step, err);
    if (is_good)
        l->given = step;
    tell_notes(l);
    pthread_mutex_unlock(&l->lock);
    l->waited += df_clock() - began;
    for (int i = 0; is_good && i < l->kitchen.setting.output_count; i++)
        arrays[i] = batch_of(l, step)->arrays[i];
    return is_good;
}

static double waited(const void *self)
{
    return ((const loader *)self)->waited;
}

batches loader_batches(loader *l)
{
    return (batches){.self = l, .get = get, .waited = waited};
}

const uint32_t *loader_samples(const loader *l)
{
    assert(l->given >= 0);
    return batch_of(l, l->given)->made;
}

int loader_used(const loader *l)
{
    int used = 0;
    for (int i = 0; i < l->batch; i++)
        used += loader_samples(l)[i] != UINT32_MAX;
    return used;
}

loader_counts loader_count(const loader *l)
{
    return (loader_counts){.images = atomic_load(&l->kitchen.made),
                           .decoded = atomic_load(&l->kitchen.decoded),
                           .unreadable = atomic_load(&l->unreadable),
                           .cache_bytes = image_cache_bytes(l->kitchen.cache),
                           .cache_images = image_cache_count(l->kitchen.cache),
                           .waited = l->waited};
}

/* ---- beginning and end ---- */

static bool check_setting(const sample_list *list, const loader_setting *s, df_error *err)
{
    if (s->width < 1 || s->height < 1 || s->width > MOST_SIDE || s->height > MOST_SIDE)
        return df_fail(err, "images of %d x %d pixels, expected 1 to %d a side", s->width, s->height, MOST_SIDE);
    if (s->channels != 1 && s->channels != 3)
        return df_fail(err, "images of %d channels, expected 1 or 3", s->channels);
    if (s->threads < 0 || s->threads > LOADER_THREADS)
        return df_fail(err, "%d threads for data, expected 1 to %d", s->threads, LOADER_THREADS);
    if (s->ahead < 0 || s->ahead > LOADER_AHEAD)
        return df_fail(err, "%d batches ahead, expected 1 to %d", s->ahead, LOADER_AHEAD);
    if (s->zoom != 0.0f && !(s->zoom >= 0.1f && s->zoom <= 1.0f))
        return df_fail(err, "zoom %g, expected 0.1 to 1", (double)s->zoom);
    if (s->output_count < 1 || s->output_count > LOADER_OUTPUTS)
        return df_fail(err, "%d arrays in a batch, expected 1 to %d", s->output_count, LOADER_OUTPUTS);
    for (int i = 0; i < s->output_count; i++)
        if ((s->outputs[i] == LOADER_LABELS || s->outputs[i] == LOADER_KNOWN) && list->label_count == 0)
            return df_fail(err, "no labels are known of the samples");
    for (int i = 0; i < s->swap_count; i++)
        if (s->swaps[i].a < 0 || s->swaps[i].b < 0 || s->swaps[i].a >= list->label_count || s->swaps[i].b >= list->label_count)
            return df_fail(err, "labels %d and %d change places, expected 0 to %d", s->swaps[i].a, s->swaps[i].b, list->label_count - 1);
    return true;
}

static bool fill_setting(loader *l, const loader_setting *given, df_error *err)
{
    loader_setting *s = &l->kitchen.setting;
    *s = *given;
    s->zoom = s->zoom > 0.0f ? s->zoom : 1.0f;
    s->threads = s->threads ? s->threads : 1;
    s->ahead = s->ahead ? s->ahead : USUAL_AHEAD;
    if (s->scale[0] == 0.0f && s->scale[1] == 0.0f && s->scale[2] == 0.0f)
        for (int c = 0; c < 3; c++) {
            s->mean[c] = 127.5f;
            s->scale[c] = 1.0f / 127.5f;
        }
    if (s->augment) {
        l->kitchen.plan = *s->augment;
        s->augment = &l->kitchen.plan;
    }
    s->swaps = df_copy(l->arena, s->swaps, (size_t)s->swap_count * sizeof *s->swaps, err);
    s->outputs = s->swaps ? df_copy(l->arena, s->outputs, (size_t)s->output_count * sizeof *s->outputs, err) : NULL;
    return s->outputs != NULL;
}

static bool make_batch(loader *l, loader_batch *b, df_error *err)
{
    const size_t slots = (size_t)l->batch;
    for (int i = 0; i < l->kitchen.setting.output_count; i++)
        if (!(b->arrays[i] = df_alloc(l->arena, slots * sample_floats(&l->kitchen, l->kitchen.setting.outputs[i]), sizeof(float), err)))
            return false;
    b->wanted = df_alloc(l->arena, slots, sizeof *b->wanted, err);
    b->made = b->wanted ? df_alloc(l->arena, slots, sizeof *b->made, err) : NULL;
    return b->made != NULL;
}

static bool make_cook(loader *l, sample_cook *cook, df_error *err)
{
    cook->kitchen = &l->kitchen;
    cook->fitted = df_alloc(l->arena, sample_entry_bytes(&l->kitchen.setting), 1, err);
    cook->scratch = cook->fitted ? df_arena_new(SCRATCH_MEMORY, err) : NULL;
    cook->augmenter = cook->scratch ? augmenter_new(err) : NULL;
    return cook->augmenter != NULL;
}

static bool make_parts(loader *l, df_error *err)
{
    const size_t count = l->kitchen.list->count;
    l->ring_size = l->kitchen.setting.ahead + 1;
    l->threads = l->kitchen.setting.threads;
    l->ring = df_alloc(l->arena, (size_t)l->ring_size, sizeof *l->ring, err);
    l->cooks = l->ring ? df_alloc(l->arena, (size_t)l->threads, sizeof *l->cooks, err) : NULL;
    l->handles = l->cooks ? df_alloc(l->arena, (size_t)l->threads, sizeof *l->handles, err) : NULL;
    l->notes = l->handles ? df_alloc(l->arena, LOADER_NAMED + 1, sizeof *l->notes, err) : NULL;
    l->kitchen.is_bad = l->notes ? df_alloc(l->arena, count, sizeof *l->kitchen.is_bad, err) : NULL;
    if (!l->kitchen.is_bad)
        return false;
    for (int i = 0; i < l->ring_size; i++)
        if (!make_batch(l, &l->ring[i], err))
            return false;
    for (int t = 0; t < l->threads; t++)
        if (!make_cook(l, &l->cooks[t], err))
            return false;
    l->kitchen.cache = image_cache_new(count, sample_entry_bytes(&l->kitchen.setting), l->kitchen.setting.cache, err);
    return l->kitchen.cache != NULL;
}

/* Signals are for the thread that trains. */
static bool start_threads(loader *l, df_error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int problem = 0;
    while (problem == 0 && l->running < l->threads) {
        problem = pthread_create(&l->handles[l->running], NULL, run_thread, &l->cooks[l->running]);
        l->running += problem == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return problem == 0 || df_fail(err, "starting a thread for data: %s", strerror(problem));
}

static void init_locks(loader *l)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->work, NULL);
    pthread_cond_init(&l->ready, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

loader *loader_new(const sample_list *list, sampling *order, const loader_setting *setting, df_error *err)
{
    if (!check_setting(list, setting, err))
        return NULL;
    df_arena *arena = df_arena_new(RING_MEMORY, err);
    loader *l = arena ? df_alloc(arena, 1, sizeof *l, err) : NULL;
    if (!l) {
        df_arena_free(arena);
        return NULL;
    }
    l->arena = arena;
    l->sampling = order;
    l->batch = sampling_rule_of(order)->batch;
    l->kitchen.list = list;
    l->kitchen.sampling = order;
    l->kitchen.tell = keep_note;
    l->kitchen.user = l;
    l->base = l->open = l->given = -1; /* the first `get` says where to begin */
    l->is_pausing = true;
    init_locks(l);
    if (fill_setting(l, setting, err) && make_parts(l, err) && start_threads(l, err))
        return l;
    loader_free(l);
    return NULL;
}

static void stop_threads(loader *l)
{
    pthread_mutex_lock(&l->lock);
    l->ends = true;
    pthread_cond_broadcast(&l->work);
    pthread_mutex_unlock(&l->lock);
    for (int t = 0; t < l->running; t++)
        pthread_join(l->handles[t], NULL);
}

void loader_free(loader *l)
{
    if (!l)
        return;
    stop_threads(l);
    for (int t = 0; l->cooks && t < l->threads; t++) {
        augmenter_free(l->cooks[t].augmenter);
        df_arena_free(l->cooks[t].scratch);
    }
    image_cache_free(l->kitchen.cache);
    pthread_cond_destroy(&l->ready);
    pthread_cond_destroy(&l->work);
    pthread_mutex_destroy(&l->lock);
    df_arena_free(l->arena);
}
