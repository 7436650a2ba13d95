/* run_log.h: the numbers of a training, written while it goes: metrics.jsonl, a line of JSON a step that has some,

       {"step":120,"wall":1795543201.5,"loss":0.41231,"valid/accuracy":0.93}

   and beside it the same as a file of TensorBoard (event_file.h). A line reaches the file as a whole and at once; a kill leaves at most a
   cut last line, which readers pass over. A training that goes on drops what was written after the checkpoint that it goes on from.
   "wall" is in seconds since 1970: the one thing that is not the same when a training is repeated. A value that is no number is null. */
#ifndef DF_TRAIN_RUN_LOG_H
#define DF_TRAIN_RUN_LOG_H

#include "base/arena.h"
#include "base/error.h"
#include "train/event_file.h"

#define RUN_METRICS "metrics.jsonl"
#define RUN_EVENTS "events.out.tfevents.diffuse"

typedef struct run_log run_log;

/* In the folder, which is there. Keeps what earlier logs wrote of steps up to `last_step`, in their order; -1: begins anew. */
DF_API run_log *run_log_open(const char *folder, int64_t last_step, df_error *err) DF_CHECKED;

/* Names are what JSON and TensorBoard can show; "step" and "wall" are taken. */
DF_API bool run_log_add(run_log *log, int64_t step, const run_value *values, size_t count, df_error *err) DF_CHECKED;
DF_API void run_log_close(run_log *log); /* NULL is legal */

#endif
