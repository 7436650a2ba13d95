/* main.c: images a second that the data loader delivers, for each core that it uses (process time), out of its cache and out of files in
   the page cache, with nothing changed, with flip, affine and colour, and with all that "strong" does; medians of the rounds and their
   spread. Then how long two busy threads wait for data. The pictures are stand-ins: smooth waves with noise. Exit 1 where a
   demanded rate is missed. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <turbojpeg.h>
#include <unistd.h>

#include "feed/loader.h"
#include "image/png.h"

enum { IMAGES = 96, BATCH = 64, ROUNDS = 5, WARM_STEPS = 8, COMPUTE_STEPS = 20 };
static const double ROUND_SECONDS = 0.2;

static const char MILD[] = "flip,rotate=1:10,scale=1:0.1,shift=1:0.05,brightness=1:0.1,contrast=1:0.2,gamma=1:0.2";

typedef enum file_kind { AS_PNG, AS_JPEG } file_kind;

typedef struct bench_case {
    int side;
    const char *changes, *called;
    file_kind kind;
    int width, height; /* of the files */
    bool is_cached;
    double least; /* demanded images a second; 0: none */
} bench_case;

static const bench_case cases[] = {
    {64, "", "nothing", AS_JPEG, 178, 218, true, 0},
    {64, MILD, "flip, affine, colour", AS_JPEG, 178, 218, true, 2000},
    {64, "strong", "strong", AS_JPEG, 178, 218, true, 0},
    {112, "", "nothing", AS_JPEG, 178, 218, true, 0},
    {112, MILD, "flip, affine, colour", AS_JPEG, 178, 218, true, 1000},
    {112, "strong", "strong", AS_JPEG, 178, 218, true, 0},
    {64, MILD, "flip, affine, colour", AS_JPEG, 178, 218, false, 0},
    {112, MILD, "flip, affine, colour", AS_JPEG, 178, 218, false, 0},
    {112, MILD, "flip, affine, colour", AS_JPEG, 1024, 1024, false, 0},
    {112, MILD, "flip, affine, colour", AS_PNG, 112, 112, false, 0},
    {112, MILD, "flip, affine, colour", AS_PNG, 256, 256, false, 0},
};

static void check(bool ok, const df_error *err)
{
    if (!ok) {
        fprintf(stderr, "bench_loader: %s\n", err->text);
        exit(1);
    }
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- pictures ---- */

static image picture(int number, int width, int height, df_arena *arena)
{
    image im;
    df_error err;
    check(image_new(&im, width, height, 3, IMAGE_U8, arena, &err), &err);
    unsigned char *p = im.data;
    uint32_t noise = (uint32_t)number;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < 3; c++) {
                noise = noise * 1664525u + 1013904223u;
                *p++ = (unsigned char)(127.0f + 60.0f * sinf(9.0f * (float)(x + number) / (float)width) +
                                       50.0f * cosf(7.0f * (float)(y + 9 * c) / (float)height) + (float)(noise >> 29));
            }
    return im;
}

/* Into the page cache, without waiting for the disk. */
static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void write_jpeg(const char *path, const image *im)
{
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    tjhandle jpeg = tjInitCompress();
    if (tjCompress2(jpeg, im->data, im->width, 0, im->height, TJPF_RGB, &bytes, &size, TJSAMP_420, 90, 0) != 0)
        exit(1);
    write_file(path, bytes, size);
    tjFree(bytes);
    tjDestroy(jpeg);
}

static void write_png(const char *path, const image *im)
{
    df_error err;
    df_bytes bytes;
    png_writer *writer = png_writer_new(&err);
    check(writer && png_encode(writer, im, &bytes, &err), &err);
    write_file(path, bytes.data, bytes.size);
    png_writer_free(writer);
}

typedef struct files {
    char folder[1024];
    const char *paths[IMAGES];
    int32_t identities[IMAGES];
    sample_list list;
} files;

static void write_files(files *f, const bench_case *c, df_arena *arena)
{
    char path[1100];
    const char *place = getenv("TMPDIR");
    snprintf(f->folder, sizeof f->folder, "%s/diffuse-bench-XXXXXX", place ? place : "/tmp");
    if (!mkdtemp(f->folder))
        exit(1);
    for (int i = 0; i < IMAGES; i++) {
        const df_arena_mark mark = df_arena_save(arena);
        const image im = picture(i, c->width, c->height, arena);
        snprintf(path, sizeof path, "%s/%03d", f->folder, i);
        if (c->kind == AS_JPEG)
            write_jpeg(path, &im);
        else
            write_png(path, &im);
        df_arena_restore(arena, mark);
        f->paths[i] = strdup(path);
    }
    f->list = (sample_list){.count = IMAGES, .paths = f->paths, .identities = f->identities};
}

static void remove_files(files *f)
{
    df_error err;
    for (int i = 0; i < IMAGES; i++)
        free((void *)(uintptr_t)f->paths[i]);
    check(df_remove_tree(f->folder, &err), &err);
}

/* ---- rates ---- */

static loader *open_case(const files *f, const bench_case *c, int threads, df_arena *arena)
{
    static const loader_output images = LOADER_IMAGES;
    df_error err;
    augment_plan plan;
    sampling *order = sampling_new(&(sampling_rule){.kind = SAMPLING_SHUFFLED, .count = IMAGES, .batch = BATCH}, arena, &err);
    check(order && augment_parse(c->changes, &plan, &err), &err);
    loader *l = loader_new(&f->list, order,
                           &(loader_setting){.width = c->side,
                                             .height = c->side,
                                             .channels = 3,
                                             .augment = c->changes[0] ? &plan : NULL,
                                             .cache = c->is_cached ? (size_t)64 << 20 : 0,
                                             .threads = threads,
                                             .outputs = &images,
                                             .output_count = 1},
                           &err);
    check(l != NULL, &err);
    return l;
}

static void take(loader *l, int64_t step)
{
    const batches b = loader_batches(l);
    const float *arrays[1];
    df_error err;
    check(b.get(b.self, step, arrays, &err), &err);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 1 where the demanded rate is missed. */
static int measure(const bench_case *c, df_arena *arena)
{
    files f;
    write_files(&f, c, arena);
    loader *l = open_case(&f, c, 1, arena);
    double rates[ROUNDS];
    int64_t step = 0;
    while (step < WARM_STEPS)
        take(l, step++);
    for (int r = 0; r < ROUNDS; r++) {
        const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
        const int64_t made = loader_count(l).images;
        while (seconds(CLOCK_PROCESS_CPUTIME_ID) - start < ROUND_SECONDS)
            take(l, step++);
        rates[r] = (double)(loader_count(l).images - made) / (seconds(CLOCK_PROCESS_CPUTIME_ID) - start);
    }
    qsort(rates, ROUNDS, sizeof *rates, ascending);
    printf("%4d   %-21s %s %4d x %-4d %-8s %7.0f (%.0f..%.0f)", c->side, c->called, c->kind == AS_PNG ? "PNG " : "JPEG", c->width,
           c->height, c->is_cached ? "cached" : "files", rates[ROUNDS / 2], rates[0], rates[ROUNDS - 1]);
    if (c->least > 0.0)
        printf("   (>= %.0f)", c->least);
    printf("\n");
    loader_free(l);
    remove_files(&f);
    return rates[ROUNDS / 2] < c->least;
}

/* ---- waiting ---- */

/* Stands in for a training's step: every thread works for so long. */
static void compute(double for_seconds)
{
#pragma omp parallel num_threads(2)
    {
        const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
        while (seconds(CLOCK_THREAD_CPUTIME_ID) - start < for_seconds)
            ;
    }
}

/* Share of the time that is spent waiting, where a step of 64 images computes for `step_seconds`. */
static void measure_waiting(const bench_case *c, double step_seconds, df_arena *arena)
{
    files f;
    write_files(&f, c, arena);
    loader *l = open_case(&f, c, 1, arena);
    take(l, 0);
    const double start = seconds(CLOCK_MONOTONIC), waited = loader_count(l).waited;
    for (int64_t step = 1; step <= COMPUTE_STEPS; step++) {
        take(l, step);
        compute(step_seconds);
    }
    const double all = seconds(CLOCK_MONOTONIC) - start;
    printf("%4d   %-21s %s %4d x %-4d %-8s %5.0f images/s, waiting %.2f %% of the time\n", c->side, c->called,
           c->kind == AS_PNG ? "PNG " : "JPEG", c->width, c->height, c->is_cached ? "cached" : "files", BATCH * COMPUTE_STEPS / all,
           100.0 * (loader_count(l).waited - waited) / all);
    loader_free(l);
    remove_files(&f);
}

int main(void)
{
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 28, &err);
    check(arena != NULL, &err);
    int missed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("side   changes               files                        images a second and core\n");
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++)
        missed |= measure(&cases[i], arena);
    printf("\nTwo computing threads, each 0.32 s for a batch of 64 (200 images a second with both cores); one thread for data:\n");
    measure_waiting(&cases[4], 0.32, arena);
    measure_waiting(&cases[7], 0.32, arena);
    measure_waiting(&cases[5], 0.32, arena);
    df_arena_free(arena);
    return missed;
}
