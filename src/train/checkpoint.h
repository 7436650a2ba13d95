/* checkpoint.h: all that a training goes on from, in one safetensors file: FOLDER/checkpoint-000001200.safetensors.

   Tensors: now/NAME of each parameter and buffer; first/NAME and second/NAME of the optimizer; average/NAME and best/NAME where these are
   kept. Metadata: "training", a JSON object with step, early stop and settings; "crc32", of that text and then, in the file's order, of
   each tensor's name and data. Written beside and renamed. For src/train itself. */
#ifndef DF_TRAIN_CHECKPOINT_H
#define DF_TRAIN_CHECKPOINT_H

#include "base/file.h"
#include "base/json.h"
#include "train/learner.h"

enum { CHECKPOINT_PATH = 4096 };

typedef struct checkpoint_state {
    int64_t step;     /* done */
    int64_t measured; /* the last step that was evaluated; 0: none */
    patience_state patience;
} checkpoint_state;

/* Writes one, then removes older ones but for `keep` in all, and any of later steps. `path` gets its name. Fails, writing nothing, where a
   weight is no finite number. */
bool checkpoint_save(const learner *l, const char *folder, const json_t *settings, const checkpoint_state *state, int keep,
                     char path[CHECKPOINT_PATH], df_error *err) DF_CHECKED;

/* Takes the newest one that is whole into the learner; a damaged one is told by a note. path "": there is none. Fails where all are
   damaged, or where the settings are others; the learner is then as before. */
bool checkpoint_load(learner *l, const char *folder, const json_t *settings, checkpoint_state *state, const df_progress *progress,
                     char path[CHECKPOINT_PATH], df_error *err) DF_CHECKED;

/* A whole file: its form, its checksum, its state. The list's data point into `bytes`. The metadata "training" is the caller's
   (json_decref); NULL, with the sentence, where the file is damaged. */
json_t *checkpoint_parse(df_bytes bytes, df_arena *arena, tensor_list *list, checkpoint_state *state, df_error *err) DF_CHECKED;

/* Whether a folder holds any. */
bool checkpoint_any(const char *folder, bool *any, df_error *err) DF_CHECKED;

/* Removes what a killed training left half written. Failures are ignored. */
void checkpoint_clean(const char *folder);

#endif
