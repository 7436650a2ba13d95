/* verify.c: the lines in order on one thread, the files of a window of lines on all, the problems in the order of the lines. */
#include "dataset/verify.h"

#include <dirent.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/set_folder.h"
#include "dataset/verify_files.h"
#include "face/id_set.h"

enum { ENTRIES_PER_THREAD = 16, SCRATCH_LIMIT = 2 << 20, SCRATCH_UNIT = 1 << 10 };
static const double LANDMARK_TOLERANCE = 0.02; /* pixels: four decimals of both, and float in the reader */

typedef struct checked_entry {
    manifest_entry entry;
    df_error line_problem; /* of the line itself, its order or its labels */
    df_error file_problems[VERIFY_FILES];
} checked_entry;

typedef struct verification {
    const char *folder;
    verify_problem *problem;
    void *user;
    verify_result result;
    int threads;
    manifest_reader *reader;
    df_arena *arena, **scratch; /* [threads] */
    checked_entry *window;      /* [threads * ENTRIES_PER_THREAD] */
    set_state expected;
    bool has_expected;
    verify_named named; /* files of the current identity */
    id_set identities;
    df_sha256 *order;
    char identity[PERSON_ID]; /* the current one; "": none yet */
    int64_t last_index, identity_count;
} verification;

static void report(void *user, const char *sentence)
{
    verification *v = user;
    v->result.problems++;
    v->problem(v->user, sentence);
}

static void reportf(verification *v, const df_error *err)
{
    if (err->text[0])
        report(v, err->text);
}

/* ---- lines ---- */

static bool check_landmarks(const manifest_entry *e, df_error *err)
{
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        double axes[3];
        for (int r = 0; r < 3; r++)
            axes[r] = (double)e->extrinsic[r][0] * (double)e->landmarks3d[i][0] +
                      (double)e->extrinsic[r][1] * (double)e->landmarks3d[i][1] +
                      (double)e->extrinsic[r][2] * (double)e->landmarks3d[i][2] + (double)e->extrinsic[r][3];
        if (!(axes[2] > 0))
            return df_fail(err, "%s: landmark %d lies behind the camera", e->image, i);
        const double x = (double)e->fx * axes[0] / axes[2] + (double)e->cx, y = (double)e->fy * axes[1] / axes[2] + (double)e->cy;
        const double off = fmax(fabs(x - (double)e->landmarks2d[i][0]), fabs(y - (double)e->landmarks2d[i][1]));
        if (!(off <= LANDMARK_TOLERANCE * fmax(1, e->size / 512.0)))
            return df_fail(err, "%s: landmark %d in 2D is %.3g pixels off its projection from 3D", e->image, i, off);
    }
    return true;
}

/* The identity that ends: all its images, and no file besides. */
static void end_identity(verification *v)
{
    df_error problem = {0};
    if (v->identity[0] == '\0')
        return;
    if (v->has_expected && v->last_index + 1 < v->expected.per_identity) {
        df_fail(&problem, "%s: ends at image %lld, expected %lld images", v->identity, (long long)v->last_index,
                (long long)v->expected.per_identity);
        reportf(v, &problem);
    }
    verify_folders(v->folder, v->identity, &v->named, report, v);
    verify_named_clear(&v->named);
}

static bool begin_identity(verification *v, const manifest_entry *e, df_error *problem, df_error *err)
{
    bool is_new;
    end_identity(v);
    if (!id_set_add(&v->identities, e->identity, &is_new, err))
        return false;
    if (!is_new)
        df_fail(problem, "%s: identity '%s' had lines before, expected them side by side", e->image, e->identity);
    snprintf(v->identity, sizeof v->identity, "%s", e->identity);
    df_sha256_add(v->order, e->identity, strlen(e->identity));
    df_sha256_add(v->order, "\n", 1);
    v->identity_count++;
    v->last_index = -1;
    return true;
}

static bool is_single(const verification *v)
{
    return v->has_expected && v->expected.identities == 1 && v->expected.per_identity == 1; /* made by --only */
}

/* Order, path and landmarks of one entry; false only when memory ends. */
static bool check_line(verification *v, checked_entry *c, df_error *err)
{
    const manifest_entry *e = &c->entry;
    char canonical[MANIFEST_PATH];
    if (strcmp(e->identity, v->identity) != 0 && !begin_identity(v, e, &c->line_problem, err))
        return false;
    const int64_t next = v->last_index + 1;
    manifest_image_path(canonical, e->identity, (uint32_t)e->index);
    if (!manifest_is_in_place(e))
        df_fail(&c->line_problem, "%s: expected the path %s%s", e->image, canonical, e->imported[0] ? " or that with .jpg" : "");
    else if (e->index < next || (e->index > next && v->has_expected && !is_single(v)))
        df_fail(&c->line_problem, "%s: line %zu has index %lld, expected %lld: a line is lost, doubled or out of order", e->image,
                manifest_line(v->reader), (long long)e->index, (long long)next);
    df_error landmarks = {0};
    if (c->line_problem.text[0] == '\0' && e->has_landmarks && !check_landmarks(e, &landmarks))
        c->line_problem = landmarks;
    v->last_index = e->index;
    verify_named_add(&v->named, e);
    return true;
}

/* ---- windows ---- */

static bool flush(verification *v, int count, df_error *err)
{
    const int files = count * VERIFY_FILES, normals16 = v->has_expected ? v->expected.normals16 : -1;
#pragma omp parallel for schedule(dynamic, 1) num_threads(v->threads)
    for (int k = 0; k < files; k++) {
        checked_entry *c = &v->window[k / VERIFY_FILES];
        df_arena *scratch = v->scratch[omp_get_thread_num()];
        df_arena_reset(scratch);
        if (!df_stop_signal() &&
            verify_file(v->folder, &c->entry, k % VERIFY_FILES, normals16, scratch, &c->file_problems[k % VERIFY_FILES]))
            c->file_problems[k % VERIFY_FILES].text[0] = '\0';
    }
    if (df_stop_signal())
        return df_fail(err, "stopped after %lld images", (long long)v->result.images);
    for (int i = 0; i < count; i++) {
        reportf(v, &v->window[i].line_problem);
        for (int k = 0; k < VERIFY_FILES; k++)
            reportf(v, &v->window[i].file_problems[k]);
    }
    v->result.images += count;
    return true;
}

static bool read_entries(verification *v, const df_progress *progress, df_error *err)
{
    const int room = v->threads * ENTRIES_PER_THREAD;
    int count = 0;
    bool found = true;
    while (found) {
        checked_entry *c = &v->window[count];
        df_error problem = {0};
        memset(c->file_problems, 0, sizeof c->file_problems);
        c->line_problem.text[0] = '\0';
        if (!manifest_next(v->reader, &c->entry, &found, &problem)) {
            if (manifest_is_over(v->reader))
                return df_fail(err, "%s", problem.text);
            reportf(v, &problem);
            continue;
        }
        if (found && !check_line(v, c, err))
            return false;
        count += found;
        if (count < room && found)
            continue;
        if (!flush(v, count, err))
            return false;
        count = 0;
        df_progress_step(progress, v->result.images);
    }
    return true;
}

/* ---- the whole ---- */

static void check_totals(verification *v)
{
    df_error problem = {0};
    char order[DF_SHA256_TEXT];
    end_identity(v);
    df_sha256_end(v->order, order);
    v->order = NULL;
    if (!v->has_expected)
        return;
    const int64_t expected = v->expected.identities * v->expected.per_identity;
    if (v->result.images != expected) {
        df_fail(&problem, "manifest.jsonl: %lld lines, expected %lld", (long long)v->result.images, (long long)expected);
        reportf(v, &problem);
    } else if (v->identity_count == v->expected.identities && strcmp(order, v->expected.order_sha256) != 0) {
        df_fail(&problem, "manifest.jsonl: other identities, or in another order, than those that were rendered");
        reportf(v, &problem);
    }
}

/* Folders of identities that no line names. */
static void look_for_strangers(verification *v, const char *below)
{
    char path[DATASET_PATH];
    DIR *listing = df_path_join(path, sizeof path, v->folder, below, NULL) ? opendir(path) : NULL;
    if (!listing)
        return;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        char inner[DATASET_PATH], sentence[512];
        const char *name = entry->d_name;
        if (name[0] == '.' || id_set_has(&v->identities, name) || !df_path_join(inner, sizeof inner, path, name, NULL) ||
            !df_path_is_folder(inner))
            continue;
        if (strcmp(below, ".") == 0 && strcmp(name, "labels") == 0)
            continue;
        snprintf(sentence, sizeof sentence, "%s/%.256s: a folder that the manifest does not name", below, name);
        report(v, below[0] == '.' ? sentence + 2 : sentence);
    }
    closedir(listing);
}

static bool verify_all(verification *v, const df_progress *progress, df_error *err)
{
    bool is_good;
    df_progress_start(progress, "images", v->has_expected ? v->expected.identities * v->expected.per_identity : 0);
    is_good = read_entries(v, progress, err);
    df_progress_finish(progress);
    if (!is_good)
        return false;
    check_totals(v);
    look_for_strangers(v, ".");
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char below[MANIFEST_PATH];
        snprintf(below, sizeof below, "labels/%s", label_kind_names[kind]);
        look_for_strangers(v, below);
    }
    return true;
}

static bool open_all(verification *v, df_error *err)
{
    char manifest[DATASET_PATH];
    const size_t threads = (size_t)v->threads;
    if (!df_path_join(manifest, sizeof manifest, v->folder, "manifest.jsonl", err))
        return false;
    if (!df_path_exists(manifest))
        return df_fail(err, "%s: no manifest.jsonl: no data set, or one that is not finished (diffuse render ... --resume)", v->folder);
    v->scratch = df_alloc(v->arena, threads, sizeof *v->scratch, err);
    v->window = v->scratch ? df_alloc(v->arena, threads * ENTRIES_PER_THREAD, sizeof *v->window, err) : NULL;
    if (!v->window || !verify_named_init(&v->named, v->arena, err))
        return false;
    for (size_t t = 0; t < threads; t++)
        if (!(v->scratch[t] = df_arena_new((size_t)SCRATCH_LIMIT * SCRATCH_UNIT, err)))
            return false;
    return (v->order = df_sha256_new(err)) != NULL && (v->reader = manifest_open(manifest, err)) != NULL &&
           set_state_read(v->folder, &v->expected, NULL, &v->has_expected, err);
}

bool verify_dataset(const char *folder, int threads, const df_progress *progress, verify_problem *problem, void *user, verify_result *out,
                    df_error *err)
{
    df_arena *arena = df_arena_new((size_t)1 << 30, err);
    verification *v = arena ? df_alloc(arena, 1, sizeof *v, err) : NULL;
    bool is_good = v != NULL;
    if (is_good) {
        *v = (verification){
            .folder = folder, .problem = problem, .user = user, .threads = threads > 0 ? threads : omp_get_max_threads(), .arena = arena};
        is_good = open_all(v, err) && verify_all(v, progress, err);
        if (is_good)
            *out = v->result;
        char unused[DF_SHA256_TEXT];
        if (v->order)
            df_sha256_end(v->order, unused);
        manifest_close(v->reader);
        id_set_free(&v->identities);
        for (int t = 0; v->scratch && t < v->threads; t++)
            df_arena_free(v->scratch[t]);
    }
    df_arena_free(arena);
    return is_good;
}
