/* main.c: the two engines take turns on the four cases; medians of the rounds, their spread, the ratio, and how equal the pictures
   are. Then ours on two threads, images side by side. Exit 1 where pictures differ or a demanded ratio is missed. */
#include <omp.h>
#include <stdio.h>
#include <time.h>

#include "raster_bench.h"
#include "render/camera.h"

enum { ROUNDS = 7 };
static const double ROUND_SECONDS = 0.4, LEAST_DECIBEL = 45, LEAST_TWO_THREADS = 1.85;

typedef struct bench_case {
    int side, samples;
    double least_ratio;
} bench_case;
static const bench_case cases[] = {{112, 1, 12}, {256, 1, 8}, {112, 4, 12}, {256, 4, 8}};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

/* Both engines draw in the calling thread, so on a quiet machine this is the time that passes; on a busy one it still is theirs. */
static double worked(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void turn(const float rotation[9], const float *from, float *to, int count)
{
    for (int i = 0; i < count; i++)
        for (int r = 0; r < 3; r++)
            to[3 * i + r] = rotation[3 * r] * from[3 * i] + rotation[3 * r + 1] * from[3 * i + 1] + rotation[3 * r + 2] * from[3 * i + 2];
}

static void make_frames(bench_frames *frames)
{
    ball_head_make(&frames->head, BENCH_COLUMNS, BENCH_ROWS);
    ball_head_paint(&frames->head, BENCH_TEXTURE);
    for (int f = 0; f < BENCH_FRAMES; f++) {
        float rotation[9];
        const size_t bytes = sizeof(float) * 3 * (size_t)frames->head.vertex_count;
        head_rotation(0.08f * (float)(f - BENCH_FRAMES / 2), 0.03f * (float)(f % 5), 0, rotation);
        turn(rotation, frames->head.positions, frames->positions[f] = malloc(bytes), frames->head.vertex_count);
        turn(rotation, frames->head.normals, frames->normals[f] = malloc(bytes), frames->head.vertex_count);
    }
    static const float sh[SH_COUNT] = {2.4f, 0.5f, 0.7f, 0.3f, 0.1f, 0.15f, 0.12f, -0.1f, 0.08f};
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < SH_COUNT; i++)
            frames->light.sh[c][i] = sh[i] * (1 - 0.05f * (float)c);
}

/* Images a second over a round. */
static double round_of(const bench_engine *engine, void *state)
{
    const double start = worked();
    int drawn = 0;
    while (worked() - start < ROUND_SECONDS)
        for (int f = 0; f < BENCH_FRAMES; f++, drawn++)
            engine->draw(state, f);
    return drawn / (worked() - start);
}

static double decibel(const float *a, const float *b, int values)
{
    double sum = 1e-30;
    for (int i = 0; i < values; i++)
        sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return 10 * __builtin_log10(values / sum);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct summary {
    double median, low, high;
} summary;

static summary summarise(double *rates)
{
    qsort(rates, ROUNDS, sizeof *rates, ascending);
    return (summary){.median = rates[ROUNDS / 2], .low = rates[0], .high = rates[ROUNDS - 1]};
}

static int compare(const bench_frames *frames, const bench_case *c)
{
    void *ours = bench_ours.open(frames, c->side, c->samples), *peer = bench_llvmpipe.open(frames, c->side, c->samples);
    double ours_rate[ROUNDS], peer_rate[ROUNDS], worst = 1e9;
    for (int f = 0; f < BENCH_FRAMES; f++) { /* also warms both */
        bench_ours.draw(ours, f);
        bench_llvmpipe.draw(peer, f);
        const double equal = decibel(bench_ours.picture(ours), bench_llvmpipe.picture(peer), c->side * c->side * 3);
        worst = equal < worst ? equal : worst;
    }
    for (int r = 0; r < ROUNDS; r++) {
        ours_rate[r] = round_of(&bench_ours, ours);
        peer_rate[r] = round_of(&bench_llvmpipe, peer);
    }
    bench_ours.close(ours);
    bench_llvmpipe.close(peer);
    const summary o = summarise(ours_rate), p = summarise(peer_rate);
    const double ratio = o.median / p.median;
    printf("%4d %8d   %6.0f (%.0f..%.0f)   %5.0f (%.0f..%.0f)   %5.1f (>= %.0f)   %.1f dB\n", c->side, c->samples, o.median, o.low, o.high,
           p.median, p.low, p.high, ratio, c->least_ratio, worst);
    return ratio < c->least_ratio || worst < LEAST_DECIBEL;
}

/* Images a second of `threads`, each with a target of its own. */
static double together(const bench_frames *frames, int threads)
{
    long drawn = 0;
    double start = 0;
#pragma omp parallel num_threads(threads) reduction(+ : drawn)
    {
        void *state = bench_ours.open(frames, 112, 4);
        bench_ours.draw(state, 0);
#pragma omp barrier
#pragma omp single
        start = now();
        while (now() - start < ROUND_SECONDS)
            for (int f = 0; f < BENCH_FRAMES; f++, drawn++)
                bench_ours.draw(state, f);
        bench_ours.close(state);
    }
    return (double)drawn / (now() - start);
}

static int compare_threads(const bench_frames *frames)
{
    double one[ROUNDS], two[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        one[r] = together(frames, 1);
        two[r] = together(frames, 2);
    }
    const summary a = summarise(one), b = summarise(two);
    printf("2 threads, 112, 4 samples: %.0f (%.0f..%.0f) against %.0f (%.0f..%.0f): %.2f (>= %.2f)\n", b.median, b.low, b.high, a.median,
           a.low, a.high, b.median / a.median, LEAST_TWO_THREADS);
    return b.median / a.median < LEAST_TWO_THREADS;
}

int main(void)
{
    static bench_frames frames;
    int missed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    make_frames(&frames);
    printf("%d triangles, texture %d x %d, images a second: median of %d rounds (least..most)\n", frames.head.triangle_count, BENCH_TEXTURE,
           BENCH_TEXTURE, ROUNDS);
    printf("side  samples   diffuse               llvmpipe          ratio           least PSNR\n");
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++)
        missed |= compare(&frames, &cases[i]);
    missed |= compare_threads(&frames);
    return missed;
}
