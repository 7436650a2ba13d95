/* ranks.h: the processes of one `mpirun -np N diffuse ...`. Built with MPI (CMake's DIFFUSE_MPI), a command that knows of ranks does its
   share and rank 0 speaks for all; without mpirun MPI is not even started, and the command is one process as ever. Built without MPI, being
   started by mpirun with more than one rank is an error rather than the whole work done N times. */
#ifndef DF_CLI_RANKS_H
#define DF_CLI_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct cli_ranks {
    int rank, size; /* size 0: not opened, 1: alone */
    bool is_open;   /* MPI runs */
    bool has_ended; /* all ranks have met in ranks_end */
    bool is_silent; /* another rank prints the error */
} cli_ranks;

/* How many processes a launcher said it started, by its environment; 0: none did. */
int ranks_announced(void);

/* Joins the others. Fails where a launcher started several and this program was built without MPI. */
bool ranks_open(cli_ranks *ranks, df_error *err) DF_CHECKED;

/* The end of this rank's share, which meets the others; no processor is kept busy while waiting. After a failure `err` gets the rank's
   number; ranks that fail alike leave the sentence to the lowest. Sums `sums` over all ranks and ors `any`, both alone unchanged. False when
   this rank or, as far as it met them, another failed. */
bool ranks_end(cli_ranks *ranks, bool is_good, int64_t *sums, size_t count, bool *any, df_error *err) DF_CHECKED;

/* Last, when all is printed. Ends the other ranks where this one failed before it met them. */
void ranks_close(cli_ranks *ranks, int status);

#endif
