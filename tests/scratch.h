/* scratch.h: a folder that exists for one test. */
#ifndef DF_TESTS_SCRATCH_H
#define DF_TESTS_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "check.h"

typedef struct scratch {
    char folder[200];
    char path[600]; /* what scratch_path gave last */
} scratch;

static inline scratch scratch_new(void)
{
    scratch s = {0};
    const char *above = getenv("TMPDIR");
    snprintf(s.folder, sizeof s.folder, "%s/diffuse-test-XXXXXX", above ? above : "/tmp");
    assert_non_null(mkdtemp(s.folder));
    return s;
}

/* The path of `name` in the folder; valid until the next call. */
static inline const char *scratch_path(scratch *s, const char *name)
{
    snprintf(s->path, sizeof s->path, "%s/%s", s->folder, name);
    return s->path;
}

static inline const char *scratch_file(scratch *s, const char *name, const void *data, size_t size)
{
    df_error err;
    must(df_file_write(scratch_path(s, name), data, size, &err), &err);
    return s->path;
}

/* How many entries the folder has, hidden ones too. */
static inline size_t scratch_entries(const scratch *s)
{
    char command[300];
    size_t count = 0;
    snprintf(command, sizeof command, "ls -A '%s'", s->folder);
    FILE *list = popen(command, "r");
    assert_non_null(list);
    for (int c = fgetc(list); c != EOF; c = fgetc(list))
        count += c == '\n';
    pclose(list);
    return count;
}

static inline void scratch_free(scratch *s)
{
    df_error err;
    must(df_remove_tree(s->folder, &err), &err);
}

#endif
