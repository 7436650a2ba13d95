/* croissant_files.c: croissant.json as a file, and the files beside it that it describes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "dataset/croissant.h"
#include "dataset/journal.h"

enum { FILE_LIMIT = 64 << 20 };

typedef struct beside {
    char folder[DATASET_PATH];
    croissant_problem *problem;
    void *user;
    int problems;
} beside;

static void complain(beside *b, const char *name, const char *what)
{
    char sentence[512];
    snprintf(sentence, sizeof sentence, "%.200s: %s", name, what);
    b->problems++;
    b->problem(b->user, sentence);
}

/* A path below the folder: no address, not absolute, no "..". */
static bool is_below(const char *url)
{
    if (url[0] == '/' || url[0] == '\0' || strstr(url, "://"))
        return false;
    for (const char *at = url; at; at = strchr(at, '/'), at = at ? at + 1 : NULL)
        if (strcmp(at, "..") == 0 || strncmp(at, "../", 3) == 0)
            return false;
    return true;
}

/* "120 B", "120": without a unit or in bytes; other units are not compared. */
static bool is_size(const char *text, long long size)
{
    char *end;
    const long long said = strtoll(text, &end, 10);
    return (strcmp(end, "") != 0 && strcmp(end, " B") != 0) || said == size;
}

static void check_beside(beside *b, const json_t *file)
{
    char path[DATASET_PATH], sha256[DF_SHA256_TEXT];
    struct stat status;
    const char *url = json_string_value(json_object_get(file, "contentUrl")),
               *size = json_string_value(json_object_get(file, "contentSize"));
    const char *hash = json_string_value(json_object_get(file, "sha256"));
    if (!url || !is_below(url) || json_object_get(file, "containedIn") || !df_path_join(path, sizeof path, b->folder, url, NULL))
        return;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        complain(b, url, "is not there, and croissant.json describes it");
        return;
    }
    if (size && !is_size(size, status.st_size))
        complain(b, url, "its size is not the contentSize of croissant.json: the set changed after the card was made");
    else if (hash && (!df_sha256_of_file(path, sha256, NULL) || strcmp(sha256, hash) != 0))
        complain(b, url, "its SHA-256 is not that of croissant.json: the set changed after the card was made");
}

bool croissant_check_file(const char *path, croissant_files files, croissant_problem *problem, void *user, int *problems, df_error *err)
{
    df_bytes bytes;
    df_arena *arena = df_arena_new(2 * (size_t)FILE_LIMIT, err);
    json_t *root = NULL;
    size_t i;
    const json_t *file;
    beside b = {.problem = problem, .user = user};
    const bool is_good = arena && df_file_read(path, FILE_LIMIT, arena, &bytes, err) &&
                         ((root = df_json_parse((const char *)bytes.data, bytes.size, err)) != NULL || df_fail_in(err, "%s", path));
    if (is_good) {
        const char *slash = strrchr(path, '/');
        snprintf(b.folder, sizeof b.folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
        *problems = croissant_check(root, problem, user);
        if (files == CROISSANT_BESIDE)
            json_array_foreach(json_object_get(root, "distribution"), i, file)
                check_beside(&b, file);
        *problems += b.problems;
    }
    json_decref(root);
    df_arena_free(arena);
    return is_good;
}
