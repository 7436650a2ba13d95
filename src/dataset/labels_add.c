/* labels_add.c: from the checks to the new manifest. */
#include "dataset/labels_add.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "dataset/adding_folder.h"
#include "dataset/card.h"
#include "dataset/label_files.h"
#include "dataset/set_folder.h"

typedef struct adding {
    const labels_add_run *run;
    remake *set;
    adding_folder folder;
    render_job made, whole;       /* with the labels that are made; with all labels that the set has then */
    bool there[LABEL_KIND_COUNT]; /* as the manifest's first line says */
    int64_t seen;                 /* lines of the manifest */
    df_text line;
    atomic_llong files;
} adding;

/* ---- what is asked for ---- */

/* The labels that the set has. */
static bool look_at_first_line(adding *a, df_error *err)
{
    char path[DATASET_PATH];
    df_arena *arena = df_arena_new(1 << 20, err);
    manifest_entry *entry = arena ? df_alloc(arena, 1, sizeof *entry, err) : NULL;
    manifest_reader *reader =
        entry && df_path_join(path, sizeof path, a->run->source.folder, "manifest.jsonl", err) ? manifest_open(path, err) : NULL;
    bool found = false;
    const bool is_good = reader && manifest_next(reader, entry, &found, err) && (found || df_fail(err, "%s: empty", path));
    for (int kind = 0; is_good && kind < LABEL_KIND_COUNT; kind++)
        a->there[kind] = entry->labels[kind].path[0] != '\0';
    manifest_close(reader);
    df_arena_free(arena);
    return is_good;
}

static bool same_vertices(const job_landmarks *a, const job_landmarks *b)
{
    return a->count == b->count && memcmp(a->vertices, b->vertices, (size_t)a->count * sizeof *a->vertices) == 0;
}

static bool plan(adding *a, df_error *err)
{
    const labels_add_run *run = a->run;
    const char *folder = run->source.folder;
    a->whole = *remake_job(a->set);
    if (!a->there[LABEL_NORMALS])
        a->whole.normals16 = run->labels[LABEL_NORMALS] && run->normals16;
    else if (run->normals16 && !a->whole.normals16)
        return df_fail(err, "%s: has normals of 8 bits", folder);
    if (!a->there[LABEL_LANDMARKS])
        a->whole.landmarks = run->landmarks;
    else if (run->landmarks.count > 0 && !same_vertices(&run->landmarks, &a->whole.landmarks))
        return df_fail(err, "%s: has landmarks of other vertices", folder);
    a->made = a->whole;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        a->made.labels[kind] = run->labels[kind];
        a->whole.labels[kind] = run->labels[kind] || a->there[kind];
    }
    if (!a->made.labels[LABEL_NORMALS])
        a->made.normals16 = false; /* a job says so only with normals */
    return job_check(&a->made, err) && label_check(&a->made, remake_model(a->set), err);
}

/* ---- the work ---- */

/* Files of labels that are there already go to their place: what they hold was compared first. */
static bool take_file(void *user, remade *one, int k, const manifest_file *file, df_bytes bytes, df_error *err)
{
    adding *a = user;
    char path[DATASET_PATH];
    const manifest_file *recorded = k > 0 ? &one->entry.labels[k - 1] : NULL;
    if (!recorded)
        return true;
    if (a->there[k - 1] != (recorded->path[0] != '\0'))
        return df_fail(err, "has other labels than the first line of the manifest: %s", label_kind_names[k - 1]);
    if (a->there[k - 1] && strcmp(recorded->sha256, file->sha256) != 0)
        return df_fail(err, "%s comes out otherwise than the manifest says", file->path);
    if (!adding_folder_file(&a->folder, a->there[k - 1], file->path, path, err) || !df_file_write(path, bytes.data, bytes.size, err))
        return false;
    atomic_fetch_add(&a->files, 1);
    return true;
}

/* Lines that a stopped run has written already are passed over. */
static bool wants_line(void *user, int64_t line)
{
    adding *a = user;
    a->seen = line + 1;
    return line >= a->folder.lines.lines;
}

static bool put_line(void *user, const remade *one, df_error *err)
{
    adding *a = user;
    df_text_clear(&a->line);
    df_text_add_bytes(&a->line, one->line.data, one->line.size);
    df_text_add(&a->line, "\n");
    return remake_check_line(one, err) && df_text_ok(&a->line, err) && journal_append(&a->folder.lines, a->line.data, a->line.size, 1, err);
}

static bool make_all(adding *a, df_error *err)
{
    const set_state *state = remake_state(a->set);
    const remake_work work = {.job = &a->made,
                              .image = MAKER_IMAGE_HASH,
                              .sink = take_file,
                              .wants = wants_line,
                              .done = put_line,
                              .user = a,
                              .threads = a->run->threads,
                              .progress = a->run->progress,
                              .images = state->identities * state->per_identity};
    if (!remake_run(a->set, &work, err))
        return false;
    return a->folder.lines.lines == a->seen || df_fail(err, "%s: %lld lines, %lld in the manifest: remove its folder", a->folder.lines.path,
                                                       (long long)a->folder.lines.lines, (long long)a->seen);
}

static bool finish(adding *a, df_error *err)
{
    const char *folder = a->run->source.folder;
    set_state state = *remake_state(a->set);
    set_state_hint(remake_model_path(a->set), state.model_path);
    state.normals16 = a->whole.normals16;
    if (!set_identities_keep(folder, remake_identities(a->set), a->whole.identities_sha256, err) || !adding_folder_move(&a->folder, err))
        return false;
    if (!set_state_write(folder, &a->whole, &state, err))
        return false;
    adding_folder_remove(&a->folder);
    return true;
}

static bool add_locked(adding *a, df_error *err)
{
    const labels_add_run *run = a->run;
    bool new_kinds[LABEL_KIND_COUNT];
    adding_start start = ADDING_CONTINUE;
    if (!look_at_first_line(a, err) || !plan(a, err))
        return false;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        new_kinds[kind] = run->labels[kind] && !a->there[kind];
        if (run->labels[kind] && a->there[kind])
            start = ADDING_ANEW; /* who knows which files got lost since */
    }
    return adding_folder_open(&a->folder, run->source.folder, new_kinds, &a->made, start, err) && make_all(a, err) && finish(a, err);
}

static bool add(adding *a, df_error *err)
{
    const char *folder = a->run->source.folder;
    if (!remake_state(a->set))
        return df_fail(err, "%s: was taken from other sets: add labels to those", folder);
    const int lock = set_folder_lock_alone(folder, err);
    if (lock < 0)
        return false;
    a->folder.lines.file = -1;
    const bool is_good = add_locked(a, err);
    adding_folder_close(&a->folder);
    df_text_free(&a->line);
    close(lock);
    return is_good;
}

bool labels_add(const labels_add_run *run, labels_add_result *out, df_error *err)
{
    const double start = df_clock();
    remake *set = remake_open(&run->source, err);
    df_arena *arena = set ? df_arena_new(1 << 20, err) : NULL;
    adding *a = arena ? df_alloc(arena, 1, sizeof *a, err) : NULL;
    bool is_good = a != NULL;
    if (is_good) {
        a->run = run;
        a->set = set;
        card_result told;
        is_good = add(a, err) && card_write(run->source.folder, NULL, CARD_README_KEEP, run->progress, &told, err);
    }
    if (is_good) {
        const set_state *state = remake_state(set);
        *out = (labels_add_result){
            .images = state->identities * state->per_identity, .files = atomic_load(&a->files), .seconds = df_clock() - start};
    }
    df_arena_free(arena);
    remake_close(set);
    return is_good;
}
