/* set_folder.h: the folder of a data set as a run finds it: new, begun by this job or another, complete, or something else that is
   not to be touched. `.diffuse/job.json` (set_state.h) says what is made; two lock files
   keep processes apart: run.lock (shared by those that render, exclusive for --force), state.lock (for short steps). */
#ifndef DF_DATASET_SET_FOLDER_H
#define DF_DATASET_SET_FOLDER_H

#include "dataset/set_state.h"

typedef enum set_start { SET_CREATE, SET_RESUME, SET_REPLACE } set_start;

typedef struct set_folder {
    char path[DATASET_PATH];
    int run_lock;     /* file descriptor, -1: none */
    bool is_complete; /* manifest.jsonl was there: nothing to do */
} set_folder;

/* Opens the folder for a run of `job` in `state->shards` shards. SET_CREATE: refused where the folder exists, except for a further
   shard of the same job. SET_RESUME: refused, untouched, where it holds another job. SET_REPLACE: removes the images,
   labels, manifest and state of a data set, nothing else; refused where the folder holds no data set or a process renders into
   it. */
DF_API bool set_folder_open(const char *path, set_start start, const render_job *job, const set_state *state, set_folder *out,
                            df_error *err) DF_CHECKED;
DF_API void set_folder_close(set_folder *folder);

/* Refuses a folder whose set is not whole yet (no manifest.jsonl) or that a process renders into: for whoever reads a whole set. */
DF_API bool set_folder_check_whole(const char *path, df_error *err) DF_CHECKED;

/* Keeps everybody else out of a set, those that render and those that lock it so too; waits for nobody: -1 with a sentence. Given back
   by close(). */
DF_API int set_folder_lock_alone(const char *path, df_error *err) DF_CHECKED;

/* Exclusive, waits; -1 with a sentence. Given back by close(). */
DF_API int set_folder_lock_state(const char *path, df_error *err) DF_CHECKED;

#endif
