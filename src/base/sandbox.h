/* sandbox.h: work that nobody needs to trust. A function runs in a child process that can compute and hand bytes back, and do
   nothing else: no file or socket is open or can be opened, nothing can be started, memory and time have limits (rlimits and a
   seccomp filter; Linux on x86-64 and AArch64). For libraries that read files of strangers: whatever such a file makes of the
   library, the worst that comes of it is a failed read and one sentence.

   The child is a copy of the calling process made by fork, so the work may read all that its caller can, and what it
   changes is lost. It may call malloc; of OpenMP's, and of locks that other threads may hold at that moment, it keeps off. The bytes
   that come back are a stranger's too: check them as one checks a file. */
#ifndef DF_BASE_SANDBOX_H
#define DF_BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/api.h"
#include "base/error.h"

typedef struct sandbox sandbox;           /* the parent's end */
typedef struct sandbox_pipe sandbox_pipe; /* the child's */

typedef struct sandbox_limits {
    size_t memory;    /* bytes that the work may allocate (not enforced under AddressSanitizer) */
    unsigned seconds; /* of processor time, at least 1; of waiting, four times as many */
} sandbox_limits;

/* Runs in the child; a failure is told to the parent. */
typedef bool (*sandbox_work)(void *argument, sandbox_pipe *pipe, df_error *err);

/* Starts `work(argument, ...)`. `what` names it in errors ("the reader of HDF5 files") and must live as long as the box. NULL where
   the system cannot provide what a sandbox needs: there is no running without. */
DF_API sandbox *sandbox_start(const char *what, sandbox_work work, void *argument, sandbox_limits limits, df_error *err) DF_CHECKED;

/* The next `size` bytes of what the child put. Where it put fewer, the error is the child's own or says how it died. */
DF_API bool sandbox_get(sandbox *box, void *data, size_t size, df_error *err) DF_CHECKED;

/* Waits for the child's end and frees the box. Fails where the work failed or died, and where bytes are left that nobody got. */
DF_API bool sandbox_finish(sandbox *box, df_error *err) DF_CHECKED;

/* Kills the child and frees the box; NULL is legal. */
DF_API void sandbox_abandon(sandbox *box);

/* In the child: hands bytes to the parent. Waits while the parent does not take them. */
DF_API bool sandbox_put(sandbox_pipe *pipe, const void *data, size_t size, df_error *err) DF_CHECKED;

#endif
