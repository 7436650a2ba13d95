/* rank_sums.c: non-blocking all-reduces, looked at in turn. */
#include "cli/rank_sums.h"

#include <time.h>

#include "base/stop.h"

enum { LEAVE_MS = 900, MS = 1000000 }; /* mpirun ends its ranks a second after it handed on a signal */

static void sleep_ns(long ns)
{
    nanosleep(&(struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000}, NULL);
}

void rank_sums_leave(cli_ranks *ranks)
{
    if (ranks->size < 2 || ranks->rank == 0 || !df_stop_signal())
        return;
    ranks->is_silent = true;
    sleep_ns((long)LEAVE_MS * MS);
}

#ifdef DIFFUSE_MPI
#include <mpi.h>

enum { LOOKS = 2000, PAUSE_NS = 50000 }; /* looks without a pause, then pauses between looks: others may need the processor */

struct rank_sums {
    const cli_ranks *ranks;
    MPI_Request requests[REDUCER_MOST]; /* a ring */
    int first, count;
};

rank_sums *rank_sums_new(const cli_ranks *ranks, df_arena *arena, df_error *err)
{
    rank_sums *sums = df_alloc(arena, 1, sizeof *sums, err);
    if (sums)
        sums->ranks = ranks;
    return sums;
}

static bool fail_gone(const rank_sums *sums, df_error *err)
{
    return df_fail(err, "rank %d of %d: another rank is gone", sums->ranks->rank, sums->ranks->size);
}

static bool begin(void *self, float *values, size_t count, df_error *err)
{
    rank_sums *sums = self;
    MPI_Request *request = &sums->requests[(sums->first + sums->count) % REDUCER_MOST];
    if (MPI_Iallreduce(MPI_IN_PLACE, values, (int)count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, request) != MPI_SUCCESS)
        return fail_gone(sums, err);
    sums->count++;
    return true;
}

static bool finish(void *self, df_error *err)
{
    rank_sums *sums = self;
    int is_done = 0;
    for (int looks = 0; !is_done; looks++) {
        if (df_stop_signal())
            return df_fail(err, "stopped by a signal");
        if (MPI_Test(&sums->requests[sums->first], &is_done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return fail_gone(sums, err);
        if (!is_done && looks > LOOKS)
            sleep_ns(PAUSE_NS);
        looks = looks > LOOKS ? LOOKS : looks;
    }
    sums->first = (sums->first + 1) % REDUCER_MOST;
    sums->count--;
    return true;
}

reducer rank_sums_reducer(rank_sums *sums)
{
    return (reducer){.self = sums, .rank = sums->ranks->rank, .size = sums->ranks->size, .begin = begin, .finish = finish};
}

#else

rank_sums *rank_sums_new(const cli_ranks *ranks, df_arena *arena, df_error *err)
{
    (void)ranks, (void)arena;
    df_fail(err, "built without MPI");
    return NULL;
}

reducer rank_sums_reducer(rank_sums *sums)
{
    (void)sums;
    return (reducer){.size = 1};
}

#endif
