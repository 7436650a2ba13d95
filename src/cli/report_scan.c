/* report_scan.c: a walk over folders with one row for each kind of file. */
#include "cli/report_scan.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/stop.h"
#include "tensor/safetensors.h"

enum { LONGEST_LINE = 1 << 20, HEADER_ROOM = 1 << 28 };

typedef struct walk {
    const char *root, *const *skip;
    report_scan *found;
    df_arena *arena;
} walk;

/* The first line is a person. A file that cannot be read, or is no JSON, counts too: the page then tells what is wrong with it. */
static bool is_people(const char *path)
{
    const char *line = NULL;
    size_t length = 0;
    df_lines *lines = df_lines_open(path, LONGEST_LINE, NULL);
    const bool is_read = lines && df_lines_next(lines, &line, &length, NULL);
    json_t *person = is_read && line ? df_json_parse(line, length, NULL) : NULL;
    const bool is_one = json_is_string(json_object_get(person, "id")) && json_is_string(json_object_get(person, "gender"));
    const bool is_broken = !is_read || (line && !person);
    json_decref(person);
    df_lines_close(lines);
    return is_one || is_broken;
}

/* A face model, and not a network's weights or a checkpoint. What cannot be read counts too, as above. */
static bool is_model(const char *path)
{
    df_bytes bytes;
    tensor_list list;
    df_arena *arena = df_arena_new(HEADER_ROOM, NULL);
    if (!arena || !df_file_map(path, &bytes, NULL)) {
        df_arena_free(arena);
        return true;
    }
    const bool is_read = safetensors_parse(bytes, arena, &list, NULL);
    const char *format = is_read ? tensor_metadata(&list, "format") : NULL;
    const bool is_one = !is_read || (format && strcmp(format, "diffuse-face-model") == 0);
    df_file_unmap(&bytes);
    df_arena_free(arena);
    return is_one;
}

/* The first row whose ending fits decides. A name with a '/' stands for a whole name; check NULL: the ending is enough. */
static const struct {
    const char *ending;
    report_kind kind;
    bool (*check)(const char *path);
} rows[] = {
    {"/commands.json", REPORT_COMMANDS, NULL},
    {".json", REPORT_RESULT, NULL},
    {".jsonl", REPORT_PEOPLE, is_people},
    {".safetensors", REPORT_MODEL, is_model},
    {".png", REPORT_FIGURE, NULL},
    {".jpg", REPORT_FIGURE, NULL},
    {".jpeg", REPORT_FIGURE, NULL},
    {".svg", REPORT_FIGURE, NULL},
};

static bool ends_with(const char *path, const char *ending)
{
    const size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && strcmp(path + length - tail, ending) == 0;
}

static const char *name_of(const walk *w, const char *path)
{
    const size_t root = strlen(w->root);
    const char *name = path + root;
    while (*name == '/')
        name++;
    if (*name)
        return name;
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static bool add(walk *w, report_kind kind, const char *path, df_error *err)
{
    int *count = &w->found->count[kind];
    if (*count == REPORT_MOST) {
        w->found->left_out++;
        return true;
    }
    const char *copy = df_copy_string(w->arena, path, err);
    if (!copy)
        return false;
    w->found->items[kind][(*count)++] = (report_item){.path = copy, .name = name_of(w, copy)};
    return true;
}

static bool add_file(walk *w, const char *path, df_error *err)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (ends_with(path, rows[i].ending))
            return (rows[i].check && !rows[i].check(path)) || add(w, rows[i].kind, path, err);
    return true;
}

/* A link that leads back above itself would show everything again. */
static bool leads_back(const char *real, const char *above)
{
    char real_above[PATH_MAX];
    const size_t length = strlen(real);
    return !realpath(above, real_above) ||
           (strncmp(real_above, real, length) == 0 && (real_above[length] == '/' || real_above[length] == '\0' || length == 1));
}

static bool is_skipped(const walk *w, const char *folder, const char *above)
{
    char real[PATH_MAX];
    if (!realpath(folder, real) || leads_back(real, above))
        return true;
    for (int i = 0; i < 2; i++)
        if (w->skip[i] && strcmp(w->skip[i], real) == 0)
            return true;
    return false;
}

static bool visit(walk *w, const char *folder, int depth, df_error *err);

static bool visit_name(walk *w, const char *folder, const char *name, int depth, df_error *err)
{
    char path[PATH_MAX];
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    if (!df_path_join(path, sizeof path, folder, name, err))
        return false;
    if (!df_path_is_folder(path))
        return add_file(w, path, err);
    return depth == REPORT_DEPTH || is_skipped(w, path, folder) || visit(w, path, depth + 1, err);
}

static bool is_set(const char *folder)
{
    char manifest[PATH_MAX];
    return df_path_join(manifest, sizeof manifest, folder, "manifest.jsonl", NULL) && df_path_exists(manifest);
}

static bool visit(walk *w, const char *folder, int depth, df_error *err)
{
    char **names;
    size_t count;
    if (is_set(folder))
        return add(w, REPORT_SET, folder, err);
    if (!df_folder_list(folder, w->arena, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!visit_name(w, folder, names[i], depth, err))
            return false;
    return true;
}

bool report_scan_folder(const char *folder, const char *const skip[2], df_arena *arena, const report_scan **out, df_error *err)
{
    walk w = {.root = folder, .skip = skip, .arena = arena};
    w.found = df_alloc(arena, 1, sizeof *w.found, err);
    if (!w.found)
        return false;
    if (!df_path_is_folder(folder))
        return df_fail(err, "%s: no folder", folder);
    if (!visit(&w, folder, 0, err))
        return false;
    *out = w.found;
    return true;
}
