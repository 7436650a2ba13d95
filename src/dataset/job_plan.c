/* job_plan.c: a sample of the people goes into an identities file of its own, and generate() draws them; what comes out is weighed. */
#include "dataset/job_plan.h"

#include <errno.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/manifest_read.h"
#include "dataset/roster.h"

enum {
    LEAST_PEOPLE = 4,
    MOST_PEOPLE = 32,
    IMAGES_EACH = 4,
    LARGE_SIZE = 1024, /* from here on one image of a person */
    BLOCK = 4096
};

typedef struct weights {
    int64_t images;
    double image_bytes, label_bytes, line_bytes, disk_bytes; /* of one image; disk_bytes without the manifest */
    int labels;                                              /* files of one image */
} weights;

/* ---- the sample ---- */

/* Every n-th line of the identities, `wanted` of them. */
static bool write_people(const generate_run *run, int64_t count, int64_t wanted, const char *path, df_error *err)
{
    df_text lines = {0};
    bool found = true, is_good;
    person who;
    people *stream = people_open(run->identities, run->model, err);
    is_good = stream != NULL;
    for (int64_t i = 0, taken = 0; is_good && taken < wanted; i++) {
        size_t length;
        is_good = people_next(stream, &who, &found, err);
        if (!is_good || !found)
            break;
        if (i * wanted / count < taken)
            continue;
        const char *line = people_line(stream, &length);
        df_text_add_bytes(&lines, line, length);
        df_text_add(&lines, "\n");
        taken++;
    }
    people_close(stream);
    is_good = is_good && df_text_ok(&lines, err) && df_file_write(path, lines.data, lines.size, err);
    df_text_free(&lines);
    return is_good;
}

static double in_blocks(double bytes)
{
    const int64_t blocks = ((int64_t)bytes + BLOCK - 1) / BLOCK;
    return (double)blocks * BLOCK;
}

static bool add_file(const char *folder, const char *name, double *bytes, double *disk, df_error *err)
{
    char path[DATASET_PATH];
    struct stat status;
    if (!df_path_join(path, sizeof path, folder, name, err))
        return false;
    if (stat(path, &status) != 0)
        return df_fail(err, "%s: %s", path, strerror(errno));
    *bytes += (double)status.st_size;
    *disk += in_blocks((double)status.st_size);
    return true;
}

static bool add_files(const char *folder, const manifest_entry *entry, weights *sum, df_error *err)
{
    int labels = 0;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        if (entry->labels[kind].path[0] == '\0')
            continue;
        if (!add_file(folder, entry->labels[kind].path, &sum->label_bytes, &sum->disk_bytes, err))
            return false;
        labels++;
    }
    sum->labels = labels;
    sum->images++;
    return add_file(folder, entry->image, &sum->image_bytes, &sum->disk_bytes, err);
}

static bool weigh(const char *folder, weights *out, df_error *err)
{
    char path[DATASET_PATH];
    bool found = true;
    manifest_entry entry;
    weights sum = {0};
    if (!df_path_join(path, sizeof path, folder, "manifest.jsonl", err))
        return false;
    manifest_reader *reader = manifest_open(path, err);
    bool is_good = reader != NULL;
    while (is_good && found) {
        size_t length;
        is_good = manifest_next(reader, &entry, &found, err);
        if (!is_good || !found)
            break;
        manifest_text(reader, &length);
        sum.line_bytes += (double)length + 1;
        is_good = add_files(folder, &entry, &sum, err);
    }
    manifest_close(reader);
    const double n = (double)sum.images;
    if (is_good)
        *out = (weights){.images = sum.images,
                         .image_bytes = sum.image_bytes / n,
                         .label_bytes = sum.label_bytes / n,
                         .line_bytes = sum.line_bytes / n,
                         .disk_bytes = sum.disk_bytes / n,
                         .labels = sum.labels};
    return is_good;
}

/* ---- the plan ---- */

static job_plan_part part_of(const job_plan *plan, const weights *w, int64_t identities, int64_t images)
{
    const double n = (double)images;
    return (job_plan_part){.identities = identities,
                           .images = images,
                           .files = images * (1 + w->labels),
                           .image_bytes = n * w->image_bytes,
                           .label_bytes = n * w->label_bytes,
                           .manifest_bytes = n * w->line_bytes,
                           .disk_bytes = n * w->disk_bytes + in_blocks(n * w->line_bytes),
                           .seconds = (n * plan->image_seconds + (double)identities * plan->identity_seconds) / plan->threads};
}

static void note_costs(const generate_result *drawn, int64_t identities, job_plan *out)
{
    struct rusage used;
    double busy = 0;
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        busy += drawn->stages[stage];
    out->sample_identities = identities;
    out->sample_images = drawn->made;
    out->identity_seconds = drawn->stages[STAGE_IDENTITY] / (double)identities;
    out->image_seconds = (busy - drawn->stages[STAGE_IDENTITY]) / (double)drawn->made;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        out->memory_bytes = (double)used.ru_maxrss * 1024;
}

/* The job on a few of its people, into `place`. */
static bool draw_sample(const render_job *job, const generate_run *run, int64_t count, const char *place, job_plan *out, weights *w,
                        df_error *err)
{
    char identities[DATASET_PATH], folder[DATASET_PATH];
    render_job few = *job;
    generate_run quiet = *run;
    generate_result drawn;
    const int64_t least = 2 * (int64_t)out->threads, wanted = least < LEAST_PEOPLE  ? LEAST_PEOPLE
                                                              : least > MOST_PEOPLE ? MOST_PEOPLE
                                                                                    : least;
    const int64_t people_count = count < wanted ? count : wanted;
    const int each = job->size >= LARGE_SIZE ? 1 : IMAGES_EACH;
    few.only_identity[0] = '\0';
    few.only_index = JOB_ALL_IMAGES;
    few.per_identity = few.per_identity < each ? few.per_identity : each;
    if (!df_path_join(identities, sizeof identities, place, "people.jsonl", err) ||
        !df_path_join(folder, sizeof folder, place, "set", err) || !write_people(run, count, people_count, identities, err))
        return false;
    quiet.identities = identities;
    quiet.out = folder;
    quiet.shard = 0;
    quiet.shards = 1;
    quiet.start = SET_CREATE;
    quiet.progress = NULL;
    if (!generate(&few, &quiet, &drawn, err) || !weigh(folder, w, err))
        return false;
    note_costs(&drawn, people_count, out);
    return true;
}

/* A folder in memory where the system has one. */
static bool make_place(char place[DATASET_PATH], df_error *err)
{
    const char *given = getenv("TMPDIR");
    const char *top = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : given && given[0] ? given : "/tmp";
    if (!df_path_join(place, DATASET_PATH, top, "diffuse-plan-XXXXXX", err))
        return false;
    return mkdtemp(place) || df_fail(err, "%s: %s", place, strerror(errno));
}

bool job_plan_make(render_job *job, const generate_run *run, job_plan *out, df_error *err)
{
    char place[DATASET_PATH];
    roster known;
    int64_t only_position;
    weights w;
    const int shards = run->shards > 0 ? run->shards : 1;
    job_plan plan = {.threads = run->threads > 0 ? run->threads : omp_get_max_threads()};
    if (!roster_read(run->identities, run->model, job->only_identity, &only_position, &known, err) || !make_place(place, err))
        return false;
    bool is_good = draw_sample(job, run, known.count, place, &plan, &w, err);
    is_good = df_remove_tree(place, is_good ? err : NULL) && is_good;
    if (!is_good)
        return false;
    const bool is_one = job->only_identity[0] != '\0';
    const int64_t all = is_one ? 1 : known.count, of_shard = is_one ? 1 : (known.count + shards - 1 - run->shard) / shards;
    plan.whole = part_of(&plan, &w, all, is_one ? 1 : all * job->per_identity);
    plan.shard = part_of(&plan, &w, of_shard, is_one ? 1 : of_shard * job->per_identity);
    *out = plan;
    return true;
}
