/* run_folders.c: the runs in a folder, by the file that each has. */

#include "train/run_log.h"
#include "train/run_metrics.h"

enum { PATH_BYTES = 4096 };

typedef struct search {
    const char **found;
    size_t count;
    df_arena *arena;
    df_error *err;
} search;

static bool look_at(search *s, const char *folder, int depth)
{
    char path[PATH_BYTES];
    char **names;
    size_t count;
    if (!df_path_join(path, sizeof path, folder, RUN_METRICS, s->err))
        return false;
    if (df_path_exists(path)) {
        if (s->count == RUN_MOST)
            return df_fail(s->err, "%s: more than %d runs", folder, RUN_MOST);
        s->found[s->count] = df_copy_string(s->arena, folder, s->err);
        return s->found[s->count++] != NULL; /* what lies in a run belongs to it */
    }
    if (depth == 0)
        return true;
    if (!df_folder_list(folder, s->arena, &names, &count, s->err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!df_path_join(path, sizeof path, folder, names[i], s->err) || (df_path_is_folder(path) && !look_at(s, path, depth - 1)))
            return false;
    return true;
}

bool run_folders_find(const char *folder, df_arena *arena, const char *const **out, size_t *count, df_error *err)
{
    search s = {.found = df_alloc(arena, RUN_MOST, sizeof *s.found, err), .arena = arena, .err = err};
    if (!s.found || (!df_path_is_folder(folder) && !df_fail(err, "%s: no folder", folder)) || !look_at(&s, folder, RUN_DEPTH))
        return false;
    if (s.count == 0)
        return df_fail(err, "%s: no run in it, nor %d folders below: a run is a folder with a file %s", folder, RUN_DEPTH, RUN_METRICS);
    *out = s.found;
    *count = s.count;
    return true;
}
