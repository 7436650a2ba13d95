/* phash.c: a cosine transform of a 32 x 32 patch, of which 8 x 8 coefficients are wanted, and tables of numbers by 16-bit words. */
#include "dataset/phash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"

enum { SIDE = 32, WAVES = 8, COEFFICIENTS = WAVES * WAVES, WORD_BITS = 16, WORD_VALUES = 1 << WORD_BITS };

static const float PI = 3.14159265f;

static uint64_t bits_above_median(const float values[COEFFICIENTS])
{
    float sorted[COEFFICIENTS];
    uint64_t bits = 0;
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, COEFFICIENTS, sizeof *sorted, df_by_float);
    const float median = (sorted[COEFFICIENTS / 2 - 1] + sorted[COEFFICIENTS / 2]) / 2;
    for (int i = 0; i < COEFFICIENTS; i++)
        bits |= (uint64_t)(values[i] > median) << i;
    return bits;
}

/* patch: [SIDE][SIDE]; out: [v][u], waves 1 to 8 down and across */
static void transform(const float *patch, float out[COEFFICIENTS])
{
    float waves[WAVES][SIDE], rows[SIDE][WAVES];
    for (int u = 0; u < WAVES; u++)
        for (int x = 0; x < SIDE; x++)
            waves[u][x] = cosf(PI / SIDE * ((float)x + 0.5f) * (float)(u + 1));
    for (int y = 0; y < SIDE; y++)
        for (int u = 0; u < WAVES; u++) {
            rows[y][u] = 0;
            for (int x = 0; x < SIDE; x++)
                rows[y][u] += waves[u][x] * patch[y * SIDE + x];
        }
    for (int v = 0; v < WAVES; v++)
        for (int u = 0; u < WAVES; u++) {
            float sum = 0;
            for (int y = 0; y < SIDE; y++)
                sum += waves[v][y] * rows[y][u];
            out[v * WAVES + u] = sum;
        }
}

bool phash_of(const image *grey, phash *out, df_arena *scratch, df_error *err)
{
    image patch, small;
    float values[COEFFICIENTS];
    if (!image_convert(grey, IMAGE_FLOAT, &patch, scratch, err) || !image_resize(&patch, SIDE, SIDE, &small, scratch, err))
        return false;
    transform(small.data, values);
    out->bits = bits_above_median(values);
    for (int i = 0; i < COEFFICIENTS; i++) /* a mirror turns the odd waves over; wave u + 1 is odd where u is even */
        values[i] = i % 2 == 0 ? -values[i] : values[i];
    out->mirrored = bits_above_median(values);
    return true;
}

/* ---- the index ---- */

static uint32_t word_of(uint64_t hash, int word)
{
    return (uint32_t)(hash >> (WORD_BITS * word)) & (WORD_VALUES - 1);
}

/* Counting sort by the word. */
static void sort_by_word(phash_index *index, int word)
{
    uint32_t *starts = index->starts[word];
    for (size_t i = 0; i < index->count; i++)
        starts[word_of(index->hashes[i], word) + 1]++;
    for (int value = 0; value < WORD_VALUES; value++)
        starts[value + 1] += starts[value];
    for (size_t i = 0; i < index->count; i++)
        index->order[word][starts[word_of(index->hashes[i], word)]++] = (uint32_t)i;
    memmove(starts + 1, starts, WORD_VALUES * sizeof *starts); /* each start had moved to its end */
    starts[0] = 0;
}

bool phash_index_init(phash_index *index, const uint64_t *hashes, size_t count, df_arena *arena, df_error *err)
{
    phash_index made = {.hashes = hashes, .count = count};
    if (count >= UINT32_MAX)
        return df_fail(err, "%zu images, expected fewer than 2^32", count);
    for (int word = 0; word < PHASH_WORDS; word++) {
        made.starts[word] = df_alloc(arena, WORD_VALUES + 1, sizeof *made.starts[word], err);
        made.order[word] = df_alloc(arena, count, sizeof *made.order[word], err);
        if (!made.starts[word] || !made.order[word])
            return false;
        sort_by_word(&made, word);
    }
    *index = made;
    return true;
}

/* The words of two hashes that are within a bit: the first of them reports the hit, so that it comes once. */
static bool is_first_word(uint64_t difference, int word)
{
    for (int w = 0; w < word; w++)
        if (__builtin_popcount(word_of(difference, w)) <= 1)
            return false;
    return true;
}

bool phash_index_find(const phash_index *index, uint64_t hash, int radius, phash_hit *hit, void *user)
{
    for (int word = 0; word < PHASH_WORDS; word++)
        for (int flip = 0; flip <= WORD_BITS; flip++) { /* the word itself, and with each bit turned over */
            const uint32_t value = word_of(hash, word) ^ (flip < WORD_BITS ? 1u << flip : 0);
            for (uint32_t k = index->starts[word][value]; k < index->starts[word][value + 1]; k++) {
                const uint32_t number = index->order[word][k];
                const uint64_t difference = hash ^ index->hashes[number];
                const int distance = __builtin_popcountll(difference);
                if (distance <= radius && is_first_word(difference, word) && !hit(user, number, distance))
                    return false;
            }
        }
    return true;
}
