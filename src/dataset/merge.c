/* merge.c: a first pass over all sets learns their ids and forms, a second puts images into the new set. */
#include "dataset/merge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/sha256.h"
#include "dataset/journal.h"
#include "dataset/set_lines.h"
#include "face/id_set.h"

static const size_t MEMORY = (size_t)4 << 20;

typedef struct merging {
    const merge_setting *setting;
    const df_progress *progress;
    df_arena *arena;
    derivation from;
    id_set all;           /* ids of all sets, as they are there */
    id_set used;          /* ids of the new set so far */
    manifest_entry first; /* the first rendered line of all */
    bool has_first;
    set_maker *maker;
    char name[PERSON_ID]; /* of the current identity in the new set */
    bool is_renamed;
    merge_result result;
} merging;

/* ---- what may be merged ---- */

static bool check_folder(const char *const *folders, struct stat *there, size_t k, df_error *err)
{
    if (stat(folders[k], &there[k]) != 0)
        return df_fail(err, "%s: %s", folders[k], strerror(errno));
    for (size_t i = 0; i < k; i++)
        if (there[i].st_dev == there[k].st_dev && there[i].st_ino == there[k].st_ino)
            return df_fail(err, "%s: the same folder as %s, expected each set once", folders[k], folders[i]);
    return true;
}

static bool check_manifest(const char *const *folders, char (*sha256)[DF_SHA256_TEXT], size_t k, df_error *err)
{
    char path[DATASET_PATH];
    if (!df_path_join(path, sizeof path, folders[k], "manifest.jsonl", err) || !df_sha256_of_file(path, sha256[k], err))
        return false;
    for (size_t i = 0; i < k; i++)
        if (strcmp(sha256[i], sha256[k]) == 0)
            return df_fail(err, "%s: has the same manifest as %s, expected each set once", folders[k], folders[i]);
    return true;
}

static bool check_sets(const merging *m, df_error *err)
{
    const merge_setting *setting = m->setting;
    struct stat *there = df_alloc(m->arena, setting->count, sizeof *there, err);
    char(*sha256)[DF_SHA256_TEXT] = df_alloc(m->arena, setting->count, DF_SHA256_TEXT, err);
    if (!there || !sha256)
        return false;
    for (size_t k = 0; k < setting->count; k++)
        if (!check_folder(setting->folders, there, k, err))
            return false;
    for (size_t k = 0; k < setting->count; k++)
        if (!check_manifest(setting->folders, sha256, k, err))
            return false;
    return true;
}

static bool check_form(merging *m, const manifest_entry *e, df_error *err)
{
    const manifest_entry *f = &m->first;
    if (e->imported[0] || m->setting->is_mixed)
        return true;
    if (!m->has_first)
        m->first = *e;
    m->has_first = true;
    return (e->width == f->width && e->height == f->height && e->channels == f->channels && e->bits == f->bits) ||
           df_fail(err, "%s: %d x %d pixels, %d channels of %d bits; the images before have %d x %d, %d of %d (--mixed takes both)",
                   e->image, e->width, e->height, e->channels, e->bits, f->width, f->height, f->channels, f->bits);
}

/* ---- both passes ---- */

typedef bool take_line(merging *m, size_t k, const set_lines *lines, const manifest_entry *entry, df_error *err);

static bool read_set(merging *m, size_t k, take_line *take, df_error *err)
{
    manifest_entry entry;
    bool found = false, is_good;
    set_lines *lines = set_lines_open(m->setting->folders[k], err);
    while ((is_good = lines && set_lines_next(lines, &entry, &found, NULL, err)) && found)
        if (!(is_good = take(m, k, lines, &entry, err)))
            break;
    set_lines_close(lines);
    return is_good;
}

static bool learn_line(merging *m, size_t k, const set_lines *lines, const manifest_entry *entry, df_error *err)
{
    bool is_new;
    (void)k;
    m->result.images++;
    if (!check_form(m, entry, err))
        return set_lines_fail(lines, err);
    return !set_lines_is_new(lines) || id_set_add(&m->all, entry->identity, &is_new, err);
}

/* Finds its id in the new set. */
static bool name_identity(merging *m, size_t k, const char *identity, df_error *err)
{
    bool is_new;
    snprintf(m->name, sizeof m->name, "%s", identity);
    m->is_renamed = id_set_has(&m->used, identity);
    for (bool is_taken = m->is_renamed; is_taken; is_taken = id_set_has(&m->used, m->name) || id_set_has(&m->all, m->name)) {
        char longer[2 * PERSON_ID];
        const int length = snprintf(longer, sizeof longer, "s%zu-%s", k + 1, m->name);
        if (length >= PERSON_ID)
            return df_fail(err, "identity '%s' of %s: an earlier set has it too, and no prefix fits into %d bytes", identity,
                           m->setting->folders[k], PERSON_ID - 1);
        memcpy(m->name, longer, (size_t)length + 1);
    }
    m->result.renamed += m->is_renamed;
    return id_set_add(&m->used, m->name, &is_new, err);
}

static bool put_line(merging *m, size_t k, const set_lines *lines, const manifest_entry *entry, df_error *err)
{
    size_t length;
    if (set_lines_is_new(lines) && !name_identity(m, k, entry->identity, err))
        return false;
    const char *line = set_lines_text(lines, &length);
    derivation_line(&m->from, true);
    if (set_maker_images(m->maker) % 1000 == 0)
        df_progress_step(m->progress, set_maker_images(m->maker));
    return set_maker_add(m->maker, m->setting->folders[k], entry, m->is_renamed ? m->name : NULL, line, length, err);
}

static bool learn(merging *m, df_error *err)
{
    bool is_good = true;
    df_progress_start(m->progress, "reading the manifests", (int64_t)m->setting->count);
    for (size_t k = 0; is_good && k < m->setting->count; k++) {
        is_good = read_set(m, k, learn_line, err);
        df_progress_step(m->progress, (int64_t)k + 1);
    }
    df_progress_finish(m->progress);
    return is_good;
}

static bool put(merging *m, df_error *err)
{
    bool is_good = true;
    df_progress_start(m->progress, "images", m->result.images);
    for (size_t k = 0; is_good && k < m->setting->count; k++)
        is_good = derivation_begin(&m->from, m->setting->folders[k], err) && read_set(m, k, put_line, err);
    df_progress_finish(m->progress);
    return is_good;
}

static bool make(merging *m, const char *out, df_error *err)
{
    if (!derivation_init(&m->from, m->arena, err) || !check_sets(m, err) || !learn(m, err) ||
        !(m->maker = set_maker_open(out, m->setting->files, err)))
        return false;
    const bool is_put = put(m, err);
    m->result.identities = (int64_t)m->used.count;
    if (!is_put)
        set_maker_abandon(m->maker);
    return is_put && set_maker_finish(m->maker, &m->from, "merge", "", err);
}

bool merge_make(const merge_setting *setting, const char *out, const df_progress *progress, merge_result *result, df_error *err)
{
    df_arena *arena = df_arena_new(MEMORY, err);
    merging *m = arena ? df_alloc(arena, 1, sizeof *m, err) : NULL;
    bool is_good = m != NULL;
    if (is_good) {
        m->setting = setting;
        m->progress = progress;
        m->arena = arena;
        is_good = make(m, out, err);
        if (is_good)
            *result = m->result;
        derivation_free(&m->from);
        id_set_free(&m->all);
        id_set_free(&m->used);
    }
    df_arena_free(arena);
    return is_good;
}
