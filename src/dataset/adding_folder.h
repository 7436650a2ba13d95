/* adding_folder.h: where labels are made that a set does not have yet: DIR/.diffuse/adding/KIND/ID/, which take their place as whole
   folders DIR/labels/KIND. The folder `adding` is there from the beginning to the very end of the work, so a folder of labels
   that the manifest does not name is known as ours. `adding/job.json` says what is made, `adding/manifest.jsonl` has the new lines so
   far, each written after its files: a stopped run goes on behind them. Private to labels_add.c. */
#ifndef DF_DATASET_ADDING_FOLDER_H
#define DF_DATASET_ADDING_FOLDER_H

#include "dataset/job.h"
#include "dataset/journal.h"

typedef struct adding_folder {
    char set[DATASET_PATH];
    bool kinds[LABEL_KIND_COUNT]; /* those that are made here */
    journal lines;                /* file -1: not open */
} adding_folder;

typedef enum adding_start { ADDING_CONTINUE, ADDING_ANEW } adding_start;

/* Makes the folders, and takes back those that a stopped run had moved already. Fails where the set has a folder of that name
   that nobody here made. ADDING_CONTINUE: lines of a run that made the labels of the same job are kept. */
bool adding_folder_open(adding_folder *folder, const char *set, const bool kinds[LABEL_KIND_COUNT], const render_job *made,
                        adding_start start, df_error *err) DF_CHECKED;
void adding_folder_close(adding_folder *folder);

/* Path of a label's file, which is "labels/KIND/ID/0000.png" in the set; its folder is there then. is_there: the set has the kind
   already, the file stands in its own place. */
bool adding_folder_file(const adding_folder *folder, bool is_there, const char *name, char path[DATASET_PATH], df_error *err) DF_CHECKED;

/* The new labels and the new manifest take their places. */
bool adding_folder_move(const adding_folder *folder, df_error *err) DF_CHECKED;
void adding_folder_remove(const adding_folder *folder);

#endif
