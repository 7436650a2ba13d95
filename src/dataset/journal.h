/* journal.h: what of a shard is done. A shard's images have one order (identities as in their file, indices from 0); the journal
   `.diffuse/shard-K-of-N.jsonl` holds their manifest lines in that order, each appended after its files are in place. So what is
   done is always a prefix, and the number of whole lines says where to go on.

   One process writes a journal: the file is locked (flock). A torn or damaged tail, as a kill, a full disk or a power loss leaves
   it, is cut off when the journal is opened. */
#ifndef DF_DATASET_JOURNAL_H
#define DF_DATASET_JOURNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { DATASET_PATH = 4096, JOURNAL_MAX_SHARDS = 10000, JOURNAL_LINE = 1 << 20 };

typedef struct journal {
    int file;      /* -1: not open */
    int64_t lines; /* whole ones */
    int64_t size;  /* bytes of them */
    char path[DATASET_PATH];
} journal;

typedef enum journal_start { JOURNAL_CREATE, JOURNAL_CONTINUE } journal_start;

/* JOURNAL_CREATE fails where there is one already. Both fail where another process holds it. */
DF_API bool journal_open(const char *folder, int shard, int shards, journal_start start, journal *out, df_error *err) DF_CHECKED;

/* The same of any file, which is made where it is not there; no lock. */
DF_API bool journal_open_file(const char *path, journal *out, df_error *err) DF_CHECKED;

/* Appends whole lines; after a failure the file ends where it did before. */
DF_API bool journal_append(journal *journal, const char *text, size_t size, int64_t lines, df_error *err) DF_CHECKED;
DF_API bool journal_sync(const journal *journal, df_error *err) DF_CHECKED; /* to the disk */
DF_API void journal_close(journal *journal);                                /* gives the lock back */

/* Marks a shard as complete. */
DF_API bool journal_finish(const char *folder, int shard, int shards, df_error *err) DF_CHECKED;

/* Joins the journals to manifest.jsonl in the order of identities, if all shards that have any are complete, and removes them:
   identity p is in shard p mod shards, with `per_identity` lines. The caller holds the folder's state lock. *merged says
   whether the manifest is there now. */
typedef struct journal_plan {
    const char *folder;
    int shards;
    int64_t identities, per_identity;
    bool sync; /* to the disk before the journals go */
} journal_plan;
DF_API bool journal_merge(const journal_plan *plan, bool *merged, df_error *err) DF_CHECKED;

/* Removes the journals and marks of any number of shards; errors are ignored: what is left does no harm. */
DF_API void journal_remove_all(const char *folder);

#endif
