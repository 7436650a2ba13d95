/* test_rle.c: masks come back from their text, whatever they look like. The decoder here is written from the description of COCO's mask
   API, the other way round and by its own means. */
#include "base/random.h"
#include "check.h"
#include "exchange/rle.h"

enum { MOST = 40 * 40, RUNS = 3000 };

/* Reads lengths from the text; returns how many. */
static int lengths_of(const char *text, int64_t *out, int room)
{
    int count = 0;
    for (const char *at = text; *at && count < room; count++) {
        int64_t value = 0, weight = 1;
        int digit;
        do {
            digit = *at++ - 48;
            value += (digit & 31) * weight;
            weight *= 32;
        } while (digit & 32);
        if (digit & 16)
            value -= weight;
        out[count] = value + (count > 2 ? out[count - 2] : 0);
    }
    return count;
}

/* Row-major 0 and 1; false where the lengths do not fill the image. */
static bool decode(const char *text, int width, int height, uint8_t *out)
{
    static int64_t lengths[MOST + 2];
    const int count = lengths_of(text, lengths, MOST + 2);
    int64_t at = 0;
    for (int i = 0; i < count; i++)
        for (int64_t n = 0; n < lengths[i]; n++, at++) {
            if (at >= (int64_t)width * height)
                return false;
            out[at % height * width + at / height] = (uint8_t)(i % 2);
        }
    return at == (int64_t)width * height;
}

static void masks_come_back(void **state)
{
    (void)state;
    df_error err = {0};
    rle masks[4] = {0};
    uint8_t classes[256], codes[MOST], back[MOST];
    memset(classes, RLE_NONE, sizeof classes);
    for (int code = 0; code < 8; code++)
        classes[code] = (uint8_t)(code < 4 ? code : code < 6 ? 0 : RLE_NONE);
    for (uint32_t run = 0; run < RUNS; run++) {
        df_random random = df_random_at(1, 1, run, DF_FOR_TEST);
        const int width = 1 + (int)df_random_below(&random, 40), height = 1 + (int)df_random_below(&random, 40);
        const uint32_t kinds = 1 + df_random_below(&random, 8), noise = df_random_below(&random, 3);
        for (int i = 0; i < width * height; i++)
            codes[i] = (uint8_t)(noise ? df_random_below(&random, kinds) : (uint32_t)(i / (width * 3 + 1)) % kinds);
        must(rle_encode(codes, width, height, classes, masks, 4, &err), &err);
        for (int m = 0; m < 4; m++) {
            int64_t area = 0;
            int x0 = width, y0 = height, x1 = -1, y1 = -1;
            assert_true(decode(masks[m].counts.data, width, height, back));
            for (int i = 0; i < width * height; i++) {
                assert_int_equal(back[i], classes[codes[i]] == m);
                if (!back[i])
                    continue;
                area++;
                x0 = i % width < x0 ? i % width : x0;
                x1 = i % width > x1 ? i % width : x1;
                y0 = i / width < y0 ? i / width : y0;
                y1 = i / width > y1 ? i / width : y1;
            }
            assert_int_equal(masks[m].area, area);
            const int want[4] = {x0, y0, x1 - x0 + 1, y1 - y0 + 1}, none[4] = {0};
            assert_memory_equal(masks[m].box, area ? want : none, sizeof want);
        }
    }
    for (int m = 0; m < 4; m++)
        rle_free(&masks[m]);
}

/* By hand: lengths 0 20 40 10 72 6 are "0", 20 = "d0" with the sign bit clear, 40 = "X1", then 10 - 20 = -10 as "F", 72 - 40 = 32 as
   "P1" and 6 - 10 = -4 as "L". */
static void known_lengths_have_the_known_text(void **state)
{
    (void)state;
    df_error err = {0};
    uint8_t classes[256] = {[0] = RLE_NONE, [1] = 0}, codes[148];
    static const int lengths[] = {0, 20, 40, 10, 72, 6};
    size_t at = 0;
    for (size_t i = 0; i < DF_ARRAY_LEN(lengths); i++)
        for (int n = 0; n < lengths[i]; n++)
            codes[at++] = (uint8_t)(i % 2);
    rle mask = {0};
    must(rle_encode(codes, 1, 148, classes, &mask, 1, &err), &err); /* one column: rows are its order */
    assert_string_equal(mask.counts.data, "0d0X1FP1L");
    rle_free(&mask);
}

static void an_empty_and_a_full_mask_are_legal(void **state)
{
    (void)state;
    df_error err = {0};
    uint8_t codes[12] = {0}, classes[256] = {[0] = 1};
    rle masks[2] = {0};
    must(rle_encode(codes, 4, 3, classes, masks, 2, &err), &err);
    assert_string_equal(masks[0].counts.data, "<"); /* 12 */
    assert_string_equal(masks[1].counts.data, "0<");
    assert_int_equal(masks[0].area, 0);
    assert_int_equal(masks[1].area, 12);
    rle_free(&masks[0]);
    rle_free(&masks[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_come_back),
        cmocka_unit_test(known_lengths_have_the_known_text),
        cmocka_unit_test(an_empty_and_a_full_mask_are_legal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
