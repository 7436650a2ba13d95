/* split.c: a first pass deals, a second writes. */
#include "dataset/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "dataset/line_edit.h"
#include "dataset/set_alone.h"
#include "dataset/set_place.h"
#include "dataset/split_deal.h"

static const size_t MEMORY = (size_t)4 << 20;

/* ---- the second pass ---- */

typedef bool put_line(void *user, int part, const set_lines *lines, const manifest_entry *entry, df_error *err);

/* Calls put (may be NULL) for every line, and counts. */
static bool second_pass(const char *folder, const split_deal *deal, put_line *put, void *user, const df_progress *progress,
                        split_result *result, df_error *err)
{
    manifest_entry entry;
    bool found = false, is_good, has[SPLIT_PARTS] = {false}; /* parts that have the current identity */
    set_lines *lines = split_deal_lines(folder, deal, err);
    df_progress_start(progress, "images", 0);
    while ((is_good = lines && set_lines_next(lines, &entry, &found, progress, err)) && found) {
        int part = 0;
        if (!(is_good = split_deal_part(deal, lines, &entry, &part, err) && (!put || put(user, part, lines, &entry, err))))
            break;
        if (set_lines_is_new(lines))
            memset(has, 0, sizeof has);
        result->images[part]++;
        result->identities[part] += !has[part];
        has[part] = true;
    }
    df_progress_finish(progress);
    set_lines_close(lines);
    return is_good;
}

static bool deal_all(const char *folder, const df_progress *progress, split_deal *deal, df_error *err)
{
    return split_deal_read(folder, progress, deal, err) && split_deal_parts(deal, err);
}

bool split_count(const char *folder, const split_setting *setting, const df_progress *progress, split_result *out, df_error *err)
{
    split_deal deal = {.setting = setting};
    split_result result = {0};
    const bool is_good = deal_all(folder, progress, &deal, err) && second_pass(folder, &deal, NULL, NULL, progress, &result, err);
    if (is_good) {
        *out = result;
        out->strata = split_deal_strata(&deal);
    }
    split_deal_free(&deal);
    return is_good;
}

/* The line with its part. */
static bool edit_line(const split_setting *setting, int part, const set_lines *lines, df_text *out, df_error *err)
{
    size_t length;
    const char *line = set_lines_text(lines, &length);
    df_text_clear(out);
    return line_edit_apply(line, length, &(line_edit){.key = "split", .text = setting->parts.names[part]}, 1, out, err) ||
           set_lines_fail(lines, err);
}

/* ---- into the set itself ---- */

typedef struct rewriting {
    const split_setting *setting;
    bool replaces;
    df_writer *writer;
    df_text line;
} rewriting;

static bool put_rewritten(void *user, int part, const set_lines *lines, const manifest_entry *entry, df_error *err)
{
    rewriting *to = user;
    if (entry->split[0] && !to->replaces) {
        df_fail(err, "%s: has the part '%s' already: --replace deals anew", entry->image, entry->split);
        return set_lines_fail(lines, err);
    }
    if (!edit_line(to->setting, part, lines, &to->line, err))
        return false;
    df_text_add(&to->line, "\n");
    return df_text_ok(&to->line, err) && df_writer_put(to->writer, to->line.data, to->line.size, err);
}

static bool rewrite(const char *folder, const split_deal *deal, rewriting *to, const df_progress *progress, split_result *result,
                    df_error *err)
{
    char path[DATASET_PATH];
    if (!df_path_join(path, sizeof path, folder, "manifest.jsonl", err) || !(to->writer = df_writer_open(path, err)))
        return false;
    const bool is_good = second_pass(folder, deal, put_rewritten, to, progress, result, err);
    if (is_good)
        return df_writer_commit(to->writer, err);
    df_writer_abandon(to->writer);
    return false;
}

bool split_write(const char *folder, const split_setting *setting, bool replaces, const df_progress *progress, split_result *out,
                 df_error *err)
{
    split_deal deal = {.setting = setting, .is_alone = true};
    split_result result = {0};
    rewriting to = {.setting = setting, .replaces = replaces};
    const int lock = set_alone_open(folder, err);
    bool is_good = lock >= 0 && deal_all(folder, progress, &deal, err);
    if (is_good) {
        result.strata = split_deal_strata(&deal);
        is_good = rewrite(folder, &deal, &to, progress, &result, err);
    }
    df_text_free(&to.line);
    split_deal_free(&deal);
    set_alone_close(lock);
    if (is_good)
        *out = result;
    return is_good;
}

/* ---- as sets ---- */

typedef struct part_set {
    set_maker *maker; /* opened with the part's first image */
    derivation from;
} part_set;

typedef struct making {
    const char *folder;
    const split_setting *setting;
    set_maker_files files;
    set_place place;
    df_arena *arena;
    df_text line;
    part_set parts[SPLIT_PARTS];
} making;

static bool put_made(void *user, int part, const set_lines *lines, const manifest_entry *entry, df_error *err)
{
    making *to = user;
    part_set *set = &to->parts[part];
    char path[DATASET_PATH];
    for (int p = 0; p < to->setting->parts.count; p++)
        derivation_line(&to->parts[p].from, p == part);
    if (!set->maker && (!df_path_join(path, sizeof path, to->place.path, to->setting->parts.names[part], err) ||
                        !(set->maker = set_maker_open(path, to->files, err))))
        return false;
    return edit_line(to->setting, part, lines, &to->line, err) &&
           set_maker_add(set->maker, to->folder, entry, NULL, to->line.data, to->line.size, err);
}

static void describe(const split_setting *setting, int part, df_text *out)
{
    const split_parts *parts = &setting->parts;
    df_text_addf(out, "part %s of ", parts->names[part]);
    for (int p = 0; p < parts->count; p++) {
        df_text_addf(out, "%s%s:", p ? "," : "", parts->names[p]);
        df_text_number(out, (double)parts->weights[p] / SPLIT_UNIT, SPLIT_DECIMALS);
    }
    df_text_addf(out, " by %s", setting->by == SPLIT_IMAGE ? "image" : "identity");
    for (size_t c = 0; c < setting->column_count; c++)
        df_text_addf(out, "%s%s", c ? "," : ", stratified by ", setting->columns[c]);
    df_text_addf(out, ", seed %llu", (unsigned long long)setting->seed);
}

static bool finish_part(making *to, int part, df_error *err)
{
    part_set *set = &to->parts[part];
    set_maker *maker = set->maker;
    df_text how = {0};
    set->maker = NULL;
    describe(to->setting, part, &how);
    const bool is_good = df_text_ok(&how, err);
    if (!is_good)
        set_maker_abandon(maker);
    const bool is_made = is_good && set_maker_finish(maker, &set->from, "split", how.data, err);
    df_text_free(&how);
    return is_made;
}

static bool make_all(making *to, const split_deal *deal, const df_progress *progress, split_result *result, df_error *err)
{
    for (int p = 0; p < to->setting->parts.count; p++)
        if (!derivation_init(&to->parts[p].from, to->arena, err) ||
            !(p == 0 ? derivation_begin(&to->parts[p].from, to->folder, err)
                     : derivation_copy(&to->parts[p].from, &to->parts[0].from, err)))
            return false;
    if (!second_pass(to->folder, deal, put_made, to, progress, result, err))
        return false;
    for (int p = 0; p < to->setting->parts.count; p++)
        if (to->parts[p].maker && !finish_part(to, p, err))
            return false;
    return set_place_keep(&to->place, err);
}

bool split_make(const char *folder, const split_setting *setting, const char *out, set_maker_files files, const df_progress *progress,
                split_result *result, df_error *err)
{
    split_deal deal = {.setting = setting};
    split_result made = {0};
    df_arena *arena = df_arena_new(MEMORY, err);
    making *to = arena ? df_alloc(arena, 1, sizeof *to, err) : NULL;
    bool is_good = to && deal_all(folder, progress, &deal, err);
    if (is_good) {
        *to = (making){.folder = folder, .setting = setting, .files = files, .arena = arena};
        made.strata = split_deal_strata(&deal);
        is_good = set_place_open(out, &to->place, err) && make_all(to, &deal, progress, &made, err);
        for (int p = 0; p < setting->parts.count; p++) {
            set_maker_abandon(to->parts[p].maker);
            derivation_free(&to->parts[p].from);
        }
        set_place_drop(&to->place);
        df_text_free(&to->line);
    }
    split_deal_free(&deal);
    df_arena_free(arena);
    if (is_good)
        *result = made;
    return is_good;
}
