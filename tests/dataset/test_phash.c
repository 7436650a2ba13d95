/* test_phash.c: the index finds what a comparison with each hash finds; the hash changes little where a picture does. */
#include "dataset/phash.h"

#include "dataset/picture_fixture.h"
#include "arena_fixture.h" /* behind what names its own arenas */

enum { HASHES = 3000, QUERIES = 200, PICTURES = 40 };

/* Some at random, most of them a few bits from another. */
static void make_hashes(uint64_t *hashes)
{
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (uint32_t i = 0; i < HASHES; i++) {
        hashes[i] = (uint64_t)df_random_u32(&random) << 32 | df_random_u32(&random);
        if (i % 5 == 0)
            continue;
        hashes[i] = hashes[df_random_below(&random, i)];
        for (uint32_t flips = df_random_below(&random, 9); flips > 0; flips--)
            hashes[i] ^= UINT64_C(1) << df_random_below(&random, 64);
    }
}

typedef struct found {
    int times[HASHES], distances[HASHES];
} found;

static bool note(void *user, size_t number, int distance)
{
    found *f = user;
    f->times[number]++;
    f->distances[number] = distance;
    return true;
}

static void the_index_finds_what_looking_at_each_finds_and_once(void **state)
{
    (void)state;
    uint64_t *hashes = df_alloc(arena, HASHES, sizeof *hashes, &err);
    found *f = df_alloc(arena, 1, sizeof *f, &err);
    phash_index index;
    int hits = 0;
    make_hashes(hashes);
    must(phash_index_init(&index, hashes, HASHES, arena, &err), &err);
    for (int radius = 0; radius <= PHASH_RADIUS; radius++)
        for (int q = 0; q < QUERIES; q++) {
            const int query = q * (HASHES / QUERIES) + 1; /* near others */
            memset(f, 0, sizeof *f);
            assert_true(phash_index_find(&index, hashes[query], radius, note, f));
            for (int i = 0; i < HASHES; i++) {
                const int distance = __builtin_popcountll(hashes[i] ^ hashes[query]);
                assert_int_equal(f->times[i], distance <= radius);
                assert_true(distance > radius || f->distances[i] == distance);
                hits += f->times[i];
            }
        }
    assert_true(hits > 2 * QUERIES * (PHASH_RADIUS + 1)); /* there was something to find */
}

static bool refuse(void *user, size_t number, int distance)
{
    (void)number;
    (void)distance;
    ++*(int *)user;
    return false;
}

static void the_search_ends_where_the_caller_says_so(void **state)
{
    (void)state;
    uint64_t same[HASHES] = {0};
    phash_index index;
    int calls = 0;
    must(phash_index_init(&index, same, HASHES, arena, &err), &err);
    assert_false(phash_index_find(&index, 0, PHASH_RADIUS, refuse, &calls));
    assert_int_equal(calls, 1);
}

static phash hash_of(const image *picture)
{
    phash out;
    must(phash_of(picture, &out, arena, &err), &err);
    return out;
}

static int bits_between(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a ^ b);
}

static void copies_keep_their_hash_and_other_pictures_have_another(void **state)
{
    (void)state;
    int most = 0, least = 64;
    for (uint32_t p = 0; p < PICTURES; p++) {
        const image picture = picture_make(p, arena), dark = picture_darker(&picture, 0.6f, arena),
                    small = picture_resized(&picture, PICTURE_SIDE / 2, arena), mirrored = picture_mirrored(&picture, arena);
        const phash hash = hash_of(&picture);
        const int off[] = {bits_between(hash_of(&dark).bits, hash.bits), bits_between(hash_of(&small).bits, hash.bits),
                           bits_between(hash_of(&mirrored).bits, hash.mirrored), bits_between(hash_of(&mirrored).mirrored, hash.bits)};
        for (size_t i = 0; i < DF_ARRAY_LEN(off); i++)
            most = off[i] > most ? off[i] : most;
        for (uint32_t q = 0; q < p; q++) {
            const image other = picture_make(q, arena);
            const int apart = bits_between(hash_of(&other).bits, hash.bits);
            least = apart < least ? apart : least;
        }
        df_arena_reset(arena);
    }
    assert_in_range(most, 0, PHASH_RADIUS - 1);
    assert_in_range(least, PHASH_RADIUS + 1, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_index_finds_what_looking_at_each_finds_and_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_search_ends_where_the_caller_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(copies_keep_their_hash_and_other_pictures_have_another, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
