/* people.c: a file of identities, line by line, no id twice. */
#include "face/person.h"

#include <string.h>

#include "base/file.h"
#include "face/id_set.h"

/* A person of 512 coefficients takes 7 kB; keys that we do not know may be longer. */
enum { LONGEST_LINE = 1 << 20, ARENA_BYTES = 1 << 16 };

struct people {
    df_arena *arena; /* of this struct and the path */
    df_lines *lines;
    const char *path;
    const face_model *model;
    id_set ids;
    const char *line; /* the last one */
    size_t length;
};

people *people_open(const char *path, const face_model *model, df_error *err)
{
    df_arena *arena = df_arena_new(ARENA_BYTES, err);
    people *file = arena ? df_alloc(arena, 1, sizeof *file, err) : NULL;
    if (!file) {
        df_arena_free(arena);
        return NULL;
    }
    *file = (people){.arena = arena, .model = model};
    file->path = df_copy_string(arena, path, err);
    file->lines = file->path ? df_lines_open(path, LONGEST_LINE, err) : NULL;
    if (!file->lines) {
        people_close(file);
        return NULL;
    }
    return file;
}

static bool read_person(people *file, person *out, df_error *err)
{
    bool is_new;
    person read;
    if (!person_parse(file->line, file->length, file->model, &read, err) || !id_set_add(&file->ids, read.id, &is_new, err))
        return false;
    if (!is_new)
        return df_fail(err, "id '%s' stands in an earlier line, expected each id once", read.id);
    *out = read;
    return true;
}

bool people_next(people *file, person *out, bool *found, df_error *err)
{
    if (!df_lines_next(file->lines, &file->line, &file->length, err))
        return false;
    if (!file->line) {
        if (df_lines_number(file->lines) == 0)
            return df_fail(err, "%s: empty, expected a line for each identity", file->path);
        *found = false;
        return true;
    }
    if (!read_person(file, out, err))
        return df_fail_in(err, "%s: line %zu", file->path, df_lines_number(file->lines));
    *found = true;
    return true;
}

const char *people_line(const people *file, size_t *length)
{
    *length = file->length;
    return file->line;
}

void people_close(people *file)
{
    if (!file)
        return;
    df_lines_close(file->lines);
    id_set_free(&file->ids);
    df_arena_free(file->arena);
}
