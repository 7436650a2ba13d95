/* ranks.c: a handful of MPI calls, all here. What is asked of MPI is small: rank and size, and one meeting at the end. */
#include "cli/ranks.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/stop.h"

int ranks_announced(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}; /* Open MPI; MPICH, Intel, Slurm's pmi2 */
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++) {
        const char *text = getenv(names[i]);
        const long size = text ? strtol(text, NULL, 10) : 0;
        if (size > 0 && size < INT_MAX)
            return (int)size;
    }
    return getenv("PMIX_RANK") ? 1 : 0; /* another launcher that speaks PMIx: MPI knows the number */
}

#ifdef DIFFUSE_MPI
#include <mpi.h>

enum { PAUSE_US = 2000, PATIENCE = 500 }; /* pauses that a failed rank waits for others to fail too */

bool ranks_open(cli_ranks *ranks, df_error *err)
{
    int level;
    *ranks = (cli_ranks){.size = 1};
    if (ranks_announced() == 0)
        return true;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS ||
        MPI_Comm_rank(MPI_COMM_WORLD, &ranks->rank) != MPI_SUCCESS || MPI_Comm_size(MPI_COMM_WORLD, &ranks->size) != MPI_SUCCESS)
        return df_fail(err, "MPI does not start");
    ranks->is_open = true;
    return true;
}

/* Waits for a meeting without spinning, as MPI itself would; a rank that failed waits only so long. */
static bool met(MPI_Request *request, bool is_patient)
{
    int is_done = 0;
    for (int pauses = 0; is_patient || pauses < PATIENCE; pauses++) {
        if (MPI_Test(request, &is_done, MPI_STATUS_IGNORE) != MPI_SUCCESS || df_stop_signal())
            return false;
        if (is_done)
            return true;
        usleep(PAUSE_US);
    }
    return false;
}

static bool reduce(const void *mine, void *all, int count, MPI_Datatype type, MPI_Op op, bool is_patient)
{
    MPI_Request request;
    return MPI_Iallreduce(mine, all, count, type, op, MPI_COMM_WORLD, &request) == MPI_SUCCESS && met(&request, is_patient);
}

bool ranks_end(cli_ranks *ranks, bool is_good, int64_t *sums, size_t count, bool *any, df_error *err)
{
    if (!ranks->is_open || ranks->size < 2)
        return is_good;
    int failed = is_good ? INT_MAX : ranks->rank, lowest = INT_MAX, flag = *any, flags = 0;
    int64_t all[16] = {0};
    ranks->has_ended = reduce(&failed, &lowest, 1, MPI_INT, MPI_MIN, is_good);
    ranks->is_silent = ranks->has_ended && lowest != ranks->rank;
    if (!is_good)
        return df_fail_in(err, "rank %d of %d", ranks->rank, ranks->size);
    if (!ranks->has_ended)
        return df_fail(err, "rank %d of %d: stopped while it waited for the others: --resume goes on", ranks->rank, ranks->size);
    if (lowest != INT_MAX)
        return df_fail(err, "rank %d failed", lowest);
    if (count > DF_ARRAY_LEN(all) || !reduce(sums, all, (int)count, MPI_INT64_T, MPI_SUM, true) ||
        !reduce(&flag, &flags, 1, MPI_INT, MPI_LOR, true))
        return df_fail(err, "rank %d of %d: the others went away", ranks->rank, ranks->size);
    for (size_t i = 0; i < count; i++)
        sums[i] = all[i];
    *any = flags != 0;
    return true;
}

void ranks_close(cli_ranks *ranks, int status)
{
    if (!ranks->is_open)
        return;
    ranks->is_open = false;
    if (status == 0 || ranks->has_ended || ranks->size < 2)
        MPI_Finalize();
    else
        MPI_Abort(MPI_COMM_WORLD, status);
}

#else

bool ranks_open(cli_ranks *ranks, df_error *err)
{
    *ranks = (cli_ranks){.size = 1};
    return ranks_announced() <= 1 ||
           df_fail(err, "started as one of %d ranks, and built without MPI: use --shard, or a build that has it", ranks_announced());
}

bool ranks_end(cli_ranks *ranks, bool is_good, int64_t *sums, size_t count, bool *any, df_error *err)
{
    (void)ranks, (void)sums, (void)count, (void)any, (void)err;
    return is_good;
}

void ranks_close(cli_ranks *ranks, int status)
{
    (void)ranks, (void)status;
}

#endif
