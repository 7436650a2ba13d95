/* render_plan.c: numbers as people say them: hours, gigabytes; programs get seconds and bytes. */
#include "cli/render_plan.h"

#include "dataset/job_plan.h"

static void duration(double seconds, char out[32])
{
    if (seconds < 120)
        snprintf(out, 32, "%.0f s", seconds);
    else if (seconds < 7200)
        snprintf(out, 32, "%.1f min", seconds / 60);
    else
        snprintf(out, 32, "%.1f h", seconds / 3600);
}

static void amount(double bytes, char out[32])
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    int unit = 0;
    for (; bytes >= 1000 && unit < 4; unit++)
        bytes /= 1000;
    snprintf(out, 32, unit ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static void print_part(const char *title, const job_plan_part *part)
{
    char images[32], labels[32], manifest[32], disk[32], time[32];
    amount(part->image_bytes, images);
    amount(part->label_bytes, labels);
    amount(part->manifest_bytes, manifest);
    amount(part->disk_bytes, disk);
    duration(part->seconds, time);
    printf("%s\n", title);
    printf("  images     %lld of %lld people, %lld files\n", (long long)part->images, (long long)part->identities, (long long)part->files);
    printf("  size       images %s, labels %s, manifest %s; %s on disk\n", images, labels, manifest, disk);
    printf("  time       %s\n", time);
}

static void print_plan(const job_plan *plan, const generate_run *run)
{
    char memory[32], title[64];
    print_part("the set", &plan->whole);
    if (run->shards > 1) {
        snprintf(title, sizeof title, "shard %d of %d", run->shard, run->shards);
        print_part(title, &plan->shard);
    }
    amount(plan->memory_bytes, memory);
    printf("this process\n");
    printf("  threads    %d, %.2f ms an image and %.2f ms a person each: %.0f images a second\n", plan->threads, 1e3 * plan->image_seconds,
           1e3 * plan->identity_seconds, (double)plan->whole.images / plan->whole.seconds);
    printf("  memory     %s\n", memory);
    printf("Measured on %lld images of %lld people drawn in memory; a disk may be slower.\n", (long long)plan->sample_images,
           (long long)plan->sample_identities);
}

static json_t *part_json(const job_plan_part *part)
{
    return json_pack("{s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f}", "identities", (json_int_t)part->identities, "images",
                     (json_int_t)part->images, "files", (json_int_t)part->files, "image_bytes", part->image_bytes, "label_bytes",
                     part->label_bytes, "manifest_bytes", part->manifest_bytes, "disk_bytes", part->disk_bytes, "seconds", part->seconds,
                     "hours", part->seconds / 3600);
}

static json_t *plan_json(const job_plan *plan, const generate_run *run)
{
    return json_pack("{s:o, s:o, s:i, s:i, s:i, s:f, s:f, s:f, s:f, s:I, s:I}", "set", part_json(&plan->whole), "shard",
                     part_json(&plan->shard), "shard_number", run->shard, "shards", run->shards, "threads", plan->threads,
                     "images_per_second", (double)plan->whole.images / plan->whole.seconds, "image_seconds", plan->image_seconds,
                     "identity_seconds", plan->identity_seconds, "memory_bytes", plan->memory_bytes, "sample_images",
                     (json_int_t)plan->sample_images, "sample_identities", (json_int_t)plan->sample_identities);
}

bool render_plan(const cli_context *cli, render_job *job, const generate_run *run, df_error *err)
{
    job_plan plan;
    if (!job_plan_make(job, run, &plan, err))
        return false;
    if (cli->shared.json)
        return cli_print_json(plan_json(&plan, run), err);
    print_plan(&plan, run);
    return true;
}
