/* source_folder.c: a folder per identity, or a folder of images of nobody known.

   ID/NAME.png, ID/NAME.jpg, and whatever folders lie between them. Images that lie beside the identities belong to nobody known. Where
   the folder has train/ (or training/), that and valid/ (val/, validation/) and test/ (testing/) are splits of such folders; an
   identity that is in several of them is one. Hidden names are not looked at. A link to a folder is followed where an identity's folder
   could stand, unless it leads back above itself; deeper ones are named and left out, so that no circle is walked.

   Memory: the names of the identities, and those of the images of one identity. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "exchange/source_rows.h"

enum { PARTS = 8, DEPTH = 8 };
static const size_t IDENTITY_MEMORY = (size_t)1 << 30;

typedef struct folder_part { /* the folder itself, or one of its splits */
    const char *path, *name, *split;
} folder_part;

typedef struct folder_file {
    const char *below; /* the part */
    const folder_part *part;
} folder_file;

typedef struct folder_source {
    source_log *log;
    df_arena *arena, *files_arena; /* of the run; of one identity */
    folder_part parts[PARTS];
    int part_count;
    char **identities;               /* [identity_count], ascending; behind them comes "", nobody known */
    size_t identity_count, identity; /* the next */
    const char *current;
    folder_file *files; /* [file_count] of the current identity */
    size_t file_count, file_room, file;
} folder_source;

bool source_is_image_name(const char *name)
{
    static const char *const endings[] = {"png", "jpg",  "jpeg", "jpe", "bmp", "gif",  "webp",
                                          "tif", "tiff", "ppm",  "pgm", "jp2", "heic", "avif"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < DF_ARRAY_LEN(endings); i++)
        if (strcasecmp(dot + 1, endings[i]) == 0)
            return true;
    return false;
}

bool source_has(const char *folder, const char *name)
{
    char path[SOURCE_PATH];
    return df_path_join(path, sizeof path, folder, name, NULL) && df_path_exists(path);
}

/* ---- one identity's images ---- */

static bool add_file(folder_source *s, const folder_part *part, const char *below, df_error *err)
{
    if (s->file_count == s->file_room) {
        const size_t room = s->file_room ? 2 * s->file_room : 64;
        folder_file *files = df_alloc(s->files_arena, room, sizeof *files, err);
        if (!files)
            return false;
        if (s->file_count)
            memcpy(files, s->files, s->file_count * sizeof *files);
        s->files = files;
        s->file_room = room;
    }
    const char *copy = df_copy_string(s->files_arena, below, err);
    if (!copy)
        return false;
    s->files[s->file_count++] = (folder_file){.below = copy, .part = part};
    return true;
}

static bool is_link(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/* A link to a folder in which it lies itself. */
static bool leads_back(const char *link, const char *above)
{
    char real[PATH_MAX], real_above[PATH_MAX];
    if (!realpath(link, real) || !realpath(above, real_above))
        return true;
    const size_t length = strlen(real);
    return strncmp(real_above, real, length) == 0 && (real_above[length] == '/' || real_above[length] == '\0' || length == 1);
}

static bool add_folder(folder_source *s, const folder_part *part, const char *below, int depth, df_error *err);

/* One name in the folder `path`, which is `below` the part. */
static bool add_name(folder_source *s, const folder_part *part, const char *path, const char *below, const char *name, int depth,
                     df_error *err)
{
    char inner[SOURCE_PATH], inner_below[SOURCE_PATH];
    if (!df_path_join(inner, sizeof inner, path, name, err) || !df_path_join(inner_below, sizeof inner_below, below, name, err))
        return false;
    if (!df_path_is_folder(inner))
        return !source_is_image_name(name) || add_file(s, part, inner_below, err);
    if (is_link(inner))
        source_say(s->log, &s->log->skipped, "%s: a link to a folder inside an identity's, left out", inner);
    else if (depth == DEPTH)
        source_say(s->log, &s->log->skipped, "%s: more than %d folders deep, left out", inner, DEPTH);
    else
        return add_folder(s, part, inner_below, depth + 1, err);
    return true;
}

static bool add_folder(folder_source *s, const folder_part *part, const char *below, int depth, df_error *err)
{
    char path[SOURCE_PATH];
    char **names;
    size_t count;
    df_error what;
    if (!df_path_join(path, sizeof path, part->path, below, err))
        return false;
    if (!df_path_is_folder(path))
        return true; /* the identity is in another split */
    if (!df_folder_list(path, s->files_arena, &names, &count, &what)) {
        if (df_arena_was_refused(s->files_arena))
            return df_fail(err, "%s", what.text);
        source_say(s->log, &s->log->skipped, "%s", what.text);
        return true;
    }
    for (size_t i = 0; i < count; i++)
        if (!add_name(s, part, path, below, names[i], depth, err))
            return false;
    return true;
}

/* The images that lie beside the identities. */
static bool add_loose(folder_source *s, const folder_part *part, df_error *err)
{
    char path[SOURCE_PATH];
    char **names;
    size_t count;
    if (!df_folder_list(part->path, s->files_arena, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (source_is_image_name(names[i]) && (!df_path_join(path, sizeof path, part->path, names[i], err) ||
                                               (!df_path_is_folder(path) && !add_file(s, part, names[i], err))))
            return false;
    return true;
}

static bool enter_identity(folder_source *s, const char *identity, df_error *err)
{
    df_arena_reset(s->files_arena);
    s->files = NULL;
    s->file_count = s->file_room = s->file = 0;
    s->current = identity;
    for (int p = 0; p < s->part_count; p++)
        if (!(identity[0] ? add_folder(s, &s->parts[p], identity, 1, err) : add_loose(s, &s->parts[p], err)))
            return false;
    return true;
}

/* ---- which identities ---- */

static bool add_part(folder_source *s, const char *root, const char *name, const char *split, df_error *err)
{
    char path[SOURCE_PATH];
    if (s->part_count == PARTS)
        return df_fail(err, "%s: more than %d folders of splits", root, PARTS);
    if (!df_path_join(path, sizeof path, root, name, err))
        return false;
    folder_part *part = &s->parts[s->part_count++];
    *part = (folder_part){.split = split, .path = df_copy_string(s->arena, path, err), .name = df_copy_string(s->arena, name, err)};
    return part->path && part->name;
}

static bool is_folder_in(const char *folder, const char *name)
{
    char path[SOURCE_PATH];
    return df_path_join(path, sizeof path, folder, name, NULL) && df_path_is_folder(path);
}

/* A folder of that split; NULL: of none. */
static bool is_split(const char *root, const char *name, const char *split)
{
    const char *named = strlen(name) > 1 ? source_split_name(name) : NULL; /* "0" is no folder's name for one */
    return is_folder_in(root, name) && (split && named ? strcmp(split, named) == 0 : split == named);
}

static bool find_parts(folder_source *s, const char *root, char *const *names, size_t count, df_error *err)
{
    static const char *const splits[] = {"train", "valid", "test"};
    if (!is_folder_in(root, "train") && !is_folder_in(root, "training"))
        return add_part(s, root, "", "", err);
    for (size_t k = 0; k < DF_ARRAY_LEN(splits); k++)
        for (size_t i = 0; i < count; i++)
            if (is_split(root, names[i], splits[k]) && !add_part(s, root, names[i], splits[k], err))
                return false;
    for (size_t i = 0; i < count; i++)
        if (is_split(root, names[i], NULL))
            source_say(s->log, &s->log->skipped, "%s/%s: a folder beside those of splits, left out", root, names[i]);
    return true;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Folders of a part, to the list of identities. */
static bool add_identities(folder_source *s, const folder_part *part, char *const *names, size_t count, df_error *err)
{
    char path[SOURCE_PATH];
    for (size_t i = 0; i < count; i++) {
        if (!df_path_join(path, sizeof path, part->path, names[i], err))
            return false;
        if (!df_path_is_folder(path))
            continue;
        if (is_link(path) && leads_back(path, part->path))
            source_say(s->log, &s->log->skipped, "%s: a link that leads back above itself, left out", path);
        else
            s->identities[s->identity_count++] = names[i];
    }
    return true;
}

static bool find_identities(folder_source *s, df_error *err)
{
    char **names[PARTS];
    size_t counts[PARTS], total = 0, kept = 0;
    for (int p = 0; p < s->part_count; p++) {
        if (!df_folder_list(s->parts[p].path, s->arena, &names[p], &counts[p], err))
            return false;
        total += counts[p];
    }
    if (!(s->identities = df_alloc(s->arena, total + 1, sizeof *s->identities, err)))
        return false;
    for (int p = 0; p < s->part_count; p++)
        if (!add_identities(s, &s->parts[p], names[p], counts[p], err))
            return false;
    qsort(s->identities, s->identity_count, sizeof *s->identities, by_bytes);
    for (size_t i = 0; i < s->identity_count; i++)
        if (kept == 0 || strcmp(s->identities[kept - 1], s->identities[i]) != 0)
            s->identities[kept++] = s->identities[i];
    s->identity_count = kept;
    return true;
}

/* ---- the row ---- */

static void close_folder(void *state)
{
    folder_source *s = state;
    df_arena_free(s->files_arena);
}

static void *open_folder(const source_setting *setting, source_log *log, df_arena *arena, df_error *err)
{
    char **names;
    size_t count;
    folder_source *s = df_alloc(arena, 1, sizeof *s, err);
    if (!s || !df_folder_list(setting->path, arena, &names, &count, err))
        return NULL;
    s->log = log;
    s->arena = arena;
    if (!(s->files_arena = df_arena_new(IDENTITY_MEMORY, err)))
        return NULL;
    if (find_parts(s, setting->path, names, count, err) && find_identities(s, err))
        return s;
    close_folder(s);
    return NULL;
}

static bool next_image(void *state, source_image *out, bool *found, df_error *err)
{
    folder_source *s = state;
    while (s->file == s->file_count) {
        if (s->identity > s->identity_count) {
            *found = false;
            return true;
        }
        const char *identity = s->identity < s->identity_count ? s->identities[s->identity] : "";
        s->identity++;
        if (!enter_identity(s, identity, err))
            return false;
    }
    const folder_file *file = &s->files[s->file++];
    *found = true;
    out->fields = NULL;
    out->entry = NULL;
    memcpy(out->split, file->part->split, strlen(file->part->split) + 1);
    return df_path_join(out->path, sizeof out->path, file->part->path, file->below, err) &&
           df_path_join(out->original, sizeof out->original, file->part->name, file->below, err) &&
           df_path_join(out->identity, sizeof out->identity, "", s->current, err);
}

static bool recognises(const char *path)
{
    return df_path_is_folder(path);
}

const source_row source_folder = {.name = "folder",
                                  .summary =
                                      "a folder of images for each identity, or one of images alone; train/, valid/ and test/ above them",
                                  .recognises = recognises,
                                  .open = open_folder,
                                  .next = next_image,
                                  .close = close_folder};
