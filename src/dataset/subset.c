/* subset.c: one pass that asks, another that links. */
#include "dataset/subset.h"

#include <string.h>

#include "dataset/set_lines.h"
#include "dataset/where.h"

static const size_t MEMORY = (size_t)8 << 20;

typedef struct pass {
    const char *folder;
    where *condition;
    subset_found *found;
    void *user;
    const df_progress *progress;
    set_maker *maker;   /* NULL: nothing is made */
    derivation *source; /* of what is made */
    subset_result result;
    json_t *first; /* the first line, to look for near names in */
} pass;

static bool take(pass *p, const set_lines *lines, const manifest_entry *entry, char before[PERSON_ID], df_error *err)
{
    size_t length;
    p->result.taken++;
    p->result.identities_taken += strcmp(before, entry->identity) != 0;
    memcpy(before, entry->identity, PERSON_ID);
    if (p->found && !p->found(p->user, entry, err))
        return false;
    const char *line = set_lines_text(lines, &length);
    return !p->maker || set_maker_add(p->maker, p->folder, entry, NULL, line, length, err);
}

static bool read_lines(pass *p, set_lines *lines, df_error *err)
{
    manifest_entry entry;
    char before[PERSON_ID] = "";
    bool found, matches;
    while (set_lines_next(lines, &entry, &found, p->progress, err)) {
        if (!found)
            return true;
        if (!p->first)
            p->first = json_incref((json_t *)(uintptr_t)set_lines_json(lines));
        if (!where_matches(p->condition, set_lines_json(lines), &matches, err))
            return set_lines_fail(lines, err);
        if (p->source)
            derivation_line(p->source, matches);
        if (matches && !take(p, lines, &entry, before, err))
            return false;
    }
    return false;
}

static bool run_pass(pass *p, const char *title, int64_t total, df_error *err)
{
    set_lines *lines = set_lines_open(p->folder, err);
    if (!lines)
        return false;
    p->result = (subset_result){0};
    df_progress_start(p->progress, title, total);
    bool is_good = read_lines(p, lines, err);
    df_progress_finish(p->progress);
    p->result.images = set_lines_count(lines);
    p->result.identities = set_lines_identities(lines);
    if (is_good && p->first)
        is_good = where_check_names(p->condition, p->first, err);
    json_decref(p->first);
    p->first = NULL;
    set_lines_close(lines);
    return is_good;
}

bool subset_list(const char *folder, const char *condition, subset_found *found, void *user, const df_progress *progress,
                 subset_result *out, df_error *err)
{
    df_arena *arena = df_arena_new(MEMORY, err);
    pass p = {.folder = folder, .found = found, .user = user, .progress = progress};
    bool is_good = arena && ((p.condition = where_parse(condition, arena, err)) || df_fail_in(err, "--where")) &&
                   run_pass(&p, "reading the manifest", 0, err);
    df_arena_free(arena);
    if (is_good)
        *out = p.result;
    return is_good;
}

static bool make(pass *p, const char *text, const char *out, set_maker_files files, df_arena *arena, df_error *err)
{
    derivation source = {0};
    bool is_good = derivation_init(&source, arena, err) && derivation_begin(&source, p->folder, err) &&
                   (p->maker = set_maker_open(out, files, err)) != NULL;
    if (is_good) {
        p->source = &source;
        is_good = run_pass(p, "images", p->result.images, err);
        if (!is_good)
            set_maker_abandon(p->maker);
        else
            is_good = set_maker_finish(p->maker, &source, "subset", text, err);
        p->source = NULL;
    }
    derivation_free(&source);
    return is_good;
}

bool subset_make(const char *folder, const char *condition, const char *out, set_maker_files files, const df_progress *progress,
                 subset_result *result, df_error *err)
{
    df_arena *arena = df_arena_new(MEMORY, err);
    pass p = {.folder = folder, .progress = progress};
    bool is_good = arena && ((p.condition = where_parse(condition, arena, err)) || df_fail_in(err, "--where")) &&
                   run_pass(&p, "reading the manifest", 0, err);
    if (is_good && p.result.taken == 0)
        is_good = df_fail(err, "%s: none of %lld images meets the condition", folder, (long long)p.result.images);
    is_good = is_good && make(&p, condition, out, files, arena, err);
    df_arena_free(arena);
    if (is_good)
        *result = p.result;
    return is_good;
}
