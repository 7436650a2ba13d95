/* The sensor against closed forms: distribution and variance of its noise, its optics, its codes. */
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "image/colour.h"
#include "render/sensor.h"
#include "render/sensor_noise.h"

enum { SIDE = 96, PIXELS = SIDE * SIDE };

static const sensor PLAIN = {.exposure = 1, .gain = 1, .bits = 16};

typedef struct exposed {
    df_arena *arena;
    float *radiance; /* [PIXELS] */
    image picture;
} exposed;

static exposed exposed_new(int bits)
{
    df_error err = {0};
    exposed e = {.arena = df_arena_new((size_t)1 << 26, &err)};
    e.radiance = df_alloc(e.arena, PIXELS, sizeof(float), &err);
    must(e.radiance && image_new(&e.picture, SIDE, SIDE, 1, bits == 8 ? IMAGE_U8 : IMAGE_U16, e.arena, &err), &err);
    return e;
}

static void fill(exposed *e, float value)
{
    for (int i = 0; i < PIXELS; i++)
        e->radiance[i] = value;
}

static void expose(exposed *e, const sensor *how, uint64_t identity, uint32_t index)
{
    df_error err = {0};
    must(sensor_expose(how, e->radiance, 17, identity, index, &e->picture, e->arena, &err), &err);
}

static float code(const exposed *e, int i)
{
    return e->picture.type == IMAGE_U8 ? (float)((const uint8_t *)e->picture.data)[i] / 255
                                       : (float)((const uint16_t *)e->picture.data)[i] / 65535;
}

/* Share of N(0, 1) below x. */
static float below(float x)
{
    return 0.5f * erfcf(-x * 0.70710678f);
}

enum { BINS = 40, BLOCKS = 400 };

/* Chi-squared of the numbers' places in equally likely bins: mean 39, standard deviation 9 if they are normal. */
static float chi_squared(const float *numbers, int count)
{
    int bins[BINS] = {0};
    float sum = 0;
    const float expected = (float)count / BINS;
    for (int i = 0; i < count; i++) {
        const int bin = (int)(below(numbers[i]) * BINS);
        bins[bin < BINS ? bin : BINS - 1]++;
    }
    for (int b = 0; b < BINS; b++)
        sum += ((float)bins[b] - expected) * ((float)bins[b] - expected) / expected;
    return sum;
}

static float *numbers_new(void)
{
    const df_random stream = df_random_at(3, 4, 5, DF_FOR_SENSOR_NOISE);
    float *numbers = malloc(BLOCKS * SENSOR_NORMALS * sizeof(float));
    for (int b = 0; b < BLOCKS; b++)
        sensor_normals(&stream, (uint32_t)b, numbers + b * SENSOR_NORMALS);
    return numbers;
}

static void the_noise_is_normal(void **state)
{
    (void)state;
    const int count = BLOCKS * SENSOR_NORMALS;
    float *numbers = numbers_new(), largest = 0;
    double sum = 0, square = 0;
    for (int i = 0; i < count; i++) {
        sum += (double)numbers[i];
        square += (double)numbers[i] * (double)numbers[i];
        largest = fmaxf(largest, fabsf(numbers[i]));
    }
    must_lie((float)(sum / count), -0.01f, 0.01f); /* three standard errors of 102 400 numbers */
    must_lie((float)(square / count), 0.987f, 1.013f);
    must_lie(largest, 3.8f, 5.5f);
    must_lie(chi_squared(numbers, count), 10, 75); /* four standard deviations */
    free(numbers);
}

static void the_check_of_normality_refuses_numbers_of_another_spread(void **state)
{
    (void)state;
    const int count = BLOCKS * SENSOR_NORMALS;
    float *numbers = numbers_new();
    for (int i = 0; i < count; i++)
        numbers[i] *= 1.02f;
    assert_true(chi_squared(numbers, count) > 75);
    free(numbers);
}

/* Variance is signal + read noise squared, in electrons, and gain makes the full scale smaller. */
static void noise_has_the_mean_and_variance_of_its_electrons(void **state)
{
    (void)state;
    static const float levels[] = {0.1f, 0.4f, 0.7f}, gains[] = {1, 4};
    exposed e = exposed_new(16);
    for (int g = 0; g < 2; g++)
        for (int l = 0; l < 3; l++) {
            const sensor how = {.exposure = 1, .full_well = 8000, .read_noise = 9, .gain = gains[g], .bits = 16};
            fill(&e, levels[l]);
            expose(&e, &how, 1, 2);
            double sum = 0, square = 0;
            for (int i = 0; i < PIXELS; i++)
                sum += (double)code(&e, i) / PIXELS;
            for (int i = 0; i < PIXELS; i++)
                square += ((double)code(&e, i) - sum) * ((double)code(&e, i) - sum) / PIXELS;
            const float full = 8000 / gains[g], wanted = (levels[l] * full + 81) / (full * full);
            must_lie((float)sum, levels[l] - 4 * sqrtf(wanted / PIXELS), levels[l] + 4 * sqrtf(wanted / PIXELS));
            must_lie((float)square / wanted, 0.94f, 1.06f); /* four standard errors of a variance */
        }
    df_arena_free(e.arena);
}

static void noise_belongs_to_seed_identity_image_and_pixel(void **state)
{
    (void)state;
    const sensor how = {.exposure = 1, .full_well = 8000, .read_noise = 9, .gain = 1, .bits = 16};
    exposed e = exposed_new(16);
    uint16_t first[256];
    for (int n = 0; n < 4; n++) {
        fill(&e, 0.5f);
        expose(&e, &how, n == 2 ? 8 : 7, n == 3 ? 1 : 0);
        if (n == 0)
            memcpy(first, e.picture.data, sizeof first);
        else if (n == 1)
            assert_memory_equal(first, e.picture.data, sizeof first);
        else
            assert_memory_not_equal(first, e.picture.data, sizeof first);
    }
    df_arena_free(e.arena);
}

static void codes_are_rounded_and_clipped(void **state)
{
    (void)state;
    static const float radiance[] = {-1, 0, 0.49f / 255, 0.51f / 255, 0.5f, 254.4f / 255, 254.6f / 255, 1, 7, NAN};
    static const uint8_t codes[] = {0, 0, 0, 1, 128, 254, 255, 255, 255, 0};
    exposed e = exposed_new(8);
    sensor how = PLAIN;
    how.bits = 8;
    memcpy(e.radiance, radiance, sizeof radiance);
    expose(&e, &how, 0, 0);
    assert_memory_equal(e.picture.data, codes, sizeof codes);
    df_arena_free(e.arena);
}

static void exposure_scales_before_it_clips(void **state)
{
    (void)state;
    exposed e = exposed_new(16);
    sensor how = PLAIN;
    how.exposure = 0.25f;
    fill(&e, 2);
    expose(&e, &how, 0, 0);
    must_lie(code(&e, 7), 0.5f - 1e-5f, 0.5f + 1e-5f);
    df_arena_free(e.arena);
}

static void the_encoded_curve_is_srgbs(void **state)
{
    (void)state;
    exposed e = exposed_new(16);
    sensor how = PLAIN;
    how.encode_srgb = true;
    for (int i = 0; i < PIXELS; i++)
        e.radiance[i] = (float)i / (PIXELS - 1);
    expose(&e, &how, 0, 0);
    for (int i = 0; i < PIXELS; i++)
        must_lie(code(&e, i), linear_to_srgb((float)i / (PIXELS - 1)) - 1.2e-5f, linear_to_srgb((float)i / (PIXELS - 1)) + 1.2e-5f);
    df_arena_free(e.arena);
}

static void vignetting_takes_its_share_at_the_corners_and_nothing_in_the_middle(void **state)
{
    (void)state;
    exposed e = exposed_new(16);
    sensor how = PLAIN;
    how.vignetting = 0.4f;
    fill(&e, 0.8f);
    expose(&e, &how, 0, 0);
    for (int i = 0; i < PIXELS; i++) {
        const float x = (float)(i % SIDE) + 0.5f - SIDE / 2, y = (float)(i / SIDE) + 0.5f - SIDE / 2;
        const float wanted = 0.8f * (1 - 0.4f * (x * x + y * y) / (SIDE * SIDE / 2));
        must_lie(code(&e, i), wanted - 2e-5f, wanted + 2e-5f);
    }
    df_arena_free(e.arena);
}

static void blur_spreads_a_point_as_a_gaussian_and_keeps_its_light(void **state)
{
    (void)state;
    static const float sigmas[] = {0.4f, 1, 3, 8};
    for (size_t s = 0; s < DF_ARRAY_LEN(sigmas); s++) {
        exposed e = exposed_new(16);
        sensor how = PLAIN;
        how.blur = sigmas[s];
        fill(&e, 0);
        e.radiance[SIDE / 2 * SIDE + SIDE / 2] = 1;
        df_error err = {0};
        must(sensor_expose(&how, e.radiance, 0, 0, 0, &e.picture, e.arena, &err), &err);
        double sum = 0, square = 0;
        for (int i = 0; i < PIXELS; i++) {
            const double value = (double)e.radiance[i], x = i % SIDE - SIDE / 2;
            sum += value;
            square += value * x * x;
        }
        must_lie((float)sum, 0.9999f, 1.0001f);
        if (sigmas[s] >= 1)                                               /* sampled at pixels a narrower one has another variance */
            must_lie((float)sqrt(square / sum) / sigmas[s], 0.97f, 1.0f); /* cut off at three standard deviations: 0.986 */
        must_lie(e.radiance[SIDE / 2 * SIDE + SIDE / 2 + 1] / e.radiance[SIDE / 2 * SIDE + SIDE / 2],
                 expf(-0.5f / (sigmas[s] * sigmas[s])) - 1e-4f, expf(-0.5f / (sigmas[s] * sigmas[s])) + 1e-4f);
        df_arena_free(e.arena);
    }
}

static void blur_leaves_an_even_picture_even_to_its_edge(void **state)
{
    (void)state;
    exposed e = exposed_new(16);
    sensor how = PLAIN;
    how.blur = 5;
    fill(&e, 0.5f);
    expose(&e, &how, 0, 0);
    for (int i = 0; i < PIXELS; i++)
        must_lie(code(&e, i), 0.5f - 2e-5f, 0.5f + 2e-5f);
    df_arena_free(e.arena);
}

static void a_sensor_that_cannot_be_is_refused(void **state)
{
    (void)state;
    static const sensor wrong[] = {{.exposure = 1, .gain = 1, .bits = 12},
                                   {.exposure = 1, .gain = 1, .bits = 8},
                                   {.exposure = 1, .gain = 1, .bits = 16, .blur = 9},
                                   {.exposure = 1, .gain = 1, .bits = 16, .blur = NAN},
                                   {.exposure = 1, .gain = 0, .bits = 16},
                                   {.exposure = 1, .gain = 1, .bits = 16, .full_well = -1}};
    static const char *const says[] = {"12 bits", "another type", "blur of 9", "blur of nan", "gain 0", "full well -1"};
    exposed e = exposed_new(16);
    for (size_t i = 0; i < DF_ARRAY_LEN(wrong); i++) {
        df_error err = {0};
        must_say(sensor_expose(&wrong[i], e.radiance, 0, 0, 0, &e.picture, e.arena, &err), &err, says[i]);
    }
    df_arena_free(e.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_noise_is_normal),
        cmocka_unit_test(the_check_of_normality_refuses_numbers_of_another_spread),
        cmocka_unit_test(noise_has_the_mean_and_variance_of_its_electrons),
        cmocka_unit_test(noise_belongs_to_seed_identity_image_and_pixel),
        cmocka_unit_test(codes_are_rounded_and_clipped),
        cmocka_unit_test(exposure_scales_before_it_clips),
        cmocka_unit_test(the_encoded_curve_is_srgbs),
        cmocka_unit_test(vignetting_takes_its_share_at_the_corners_and_nothing_in_the_middle),
        cmocka_unit_test(blur_spreads_a_point_as_a_gaussian_and_keeps_its_light),
        cmocka_unit_test(blur_leaves_an_even_picture_even_to_its_edge),
        cmocka_unit_test(a_sensor_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
