/* reproduce.c: a random choice of lines, and comparisons. */
#include "dataset/reproduce.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "dataset/journal.h"

typedef struct reproducing {
    const reproduce_run *run;
    reproduce_report *report;
    void *user;
    int64_t *chosen; /* [made] line numbers, ascending */
    int64_t next;    /* of chosen */
    reproduce_result result;
    atomic_llong files, same;
} reproducing;

/* ---- choice ---- */

static bool count_lines(const char *folder, int64_t *out, df_error *err)
{
    char path[DATASET_PATH];
    const char *line;
    size_t length;
    int64_t count = 0;
    if (!df_path_join(path, sizeof path, folder, "manifest.jsonl", err))
        return false;
    df_lines *lines = df_lines_open(path, JOURNAL_LINE, err);
    bool is_good = lines != NULL;
    while (is_good) {
        is_good = df_lines_next(lines, &line, &length, err);
        if (!is_good || !line)
            break;
        count++;
    }
    df_lines_close(lines);
    *out = count;
    return is_good && (count > 0 || df_fail(err, "%s: empty", path));
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static int64_t below(df_random *random, int64_t count)
{
    const uint64_t high = df_random_u32(random), low = df_random_u32(random);
    return (int64_t)((high << 32 | low) % (uint64_t)count); /* uneven by less than one in 2^32 */
}

/* Reservoir sampling: every line is in it with the same chance. */
static void choose(reproducing *r)
{
    df_random random = df_random_at(r->run->seed, 0, 0, DF_FOR_REPRODUCE);
    const int64_t made = r->result.made;
    for (int64_t i = 0; i < r->result.images; i++) {
        const int64_t place = i < made ? i : below(&random, i + 1);
        if (place < made)
            r->chosen[place] = i;
    }
    qsort(r->chosen, (size_t)made, sizeof *r->chosen, compare_numbers);
}

static bool wants(void *user, int64_t line)
{
    reproducing *r = user;
    const bool is_wanted = r->next < r->result.made && r->chosen[r->next] == line;
    r->next += is_wanted;
    return is_wanted;
}

/* ---- comparison ---- */

static const manifest_file *recorded_file(const remade *one, int k, manifest_file *own)
{
    if (k > 0)
        return &one->entry.labels[k - 1];
    memcpy(own->path, one->entry.image, sizeof own->path);
    memcpy(own->sha256, one->entry.sha256, sizeof own->sha256);
    return own;
}

/* What is to be said of a file; NULL: it is the same. */
static const char *compare(const char *path, const manifest_file *recorded, const manifest_file *made, df_bytes bytes)
{
    df_bytes there;
    if (!df_file_map(path, &there, NULL))
        return "cannot be read";
    const bool is_same = there.size == bytes.size && memcmp(there.data, bytes.data, bytes.size) == 0;
    df_file_unmap(&there);
    if (is_same)
        return NULL;
    return strcmp(recorded->sha256, made->sha256) == 0 ? "other bytes, though what they hold comes out as the manifest says"
                                                       : "comes out otherwise than the manifest says";
}

static bool take_file(void *user, remade *one, int k, const manifest_file *made, df_bytes bytes, df_error *err)
{
    reproducing *r = user;
    char path[DATASET_PATH];
    manifest_file own;
    const manifest_file *recorded = recorded_file(one, k, &own);
    if (recorded->path[0] == '\0')
        return true;
    if (!df_path_join(path, sizeof path, r->run->source.folder, recorded->path, err))
        return false;
    const char *problem = compare(path, recorded, made, bytes);
    atomic_fetch_add(&r->files, 1);
    if (problem)
        df_text_addf(&one->notes, "%s: %s\n", recorded->path, problem);
    else
        atomic_fetch_add(&r->same, 1);
    return true;
}

/* The notes, a sentence each. */
static void report_notes(const reproducing *r, const char *notes)
{
    while (notes && *notes) {
        char sentence[512];
        const size_t length = strcspn(notes, "\n"), kept = length < sizeof sentence ? length : sizeof sentence - 1;
        memcpy(sentence, notes, kept);
        sentence[kept] = '\0';
        r->report(r->user, sentence);
        notes += length + (notes[length] == '\n');
    }
}

static bool end_image(void *user, const remade *one, df_error *err)
{
    reproducing *r = user;
    df_error problem;
    if (!df_text_ok(&one->notes, err))
        return false;
    report_notes(r, one->notes.data);
    if (one->is_renamed || remake_check_line(one, &problem))
        r->result.lines_same++;
    else
        r->report(r->user, problem.text);
    return true;
}

static bool reproduce_in(reproducing *r, remake *set, df_arena *arena, df_error *err)
{
    const remake_work work = {.job = remake_job(set),
                              .sink = take_file,
                              .wants = wants,
                              .done = end_image,
                              .user = r,
                              .threads = r->run->threads,
                              .progress = r->run->progress,
                              .images = r->run->sample};
    if (!count_lines(r->run->source.folder, &r->result.images, err))
        return false;
    r->result.made = r->run->sample < r->result.images ? r->run->sample : r->result.images;
    r->chosen = df_alloc(arena, (size_t)r->result.made, sizeof *r->chosen, err);
    if (!r->chosen)
        return false;
    choose(r);
    return remake_run(set, &work, err);
}

bool reproduce(const reproduce_run *run, reproduce_report *report, void *user, reproduce_result *out, df_error *err)
{
    reproducing r = {.run = run, .report = report, .user = user};
    df_arena *arena = df_arena_new((size_t)256 << 20, err);
    remake *set = arena ? remake_open(&run->source, err) : NULL;
    const bool is_good = set && reproduce_in(&r, set, arena, err);
    remake_close(set);
    df_arena_free(arena);
    if (!is_good)
        return false;
    r.result.files = atomic_load(&r.files);
    r.result.same = atomic_load(&r.same);
    *out = r.result;
    return true;
}
