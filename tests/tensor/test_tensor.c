#include "tensor/tensor.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "check.h"
#include "tensor/layout.h"

static void every_type_has_its_name_and_size(void **state)
{
    (void)state;
    for (tensor_type type = 0; type < TENSOR_TYPE_COUNT; type++) {
        const char *name = tensor_type_name(type);
        assert_non_null(name); /* a forgotten row has none */
        const char *digits = name + strcspn(name, "0123456789");
        const size_t bits = *digits ? (size_t)strtoul(digits, NULL, 10) : 8;
        assert_int_equal(tensor_type_bytes(type), bits / 8);
        for (tensor_type other = 0; other < type; other++)
            assert_string_not_equal(name, tensor_type_name(other));
    }
}

/* By the definition of binary16 in double arithmetic. */
static double slow_half(uint16_t half)
{
    const int exponent = half >> 10 & 31, fraction = half & 1023;
    const double magnitude = exponent == 31  ? (fraction ? (double)NAN : (double)INFINITY)
                             : exponent == 0 ? ldexp(fraction, -24)
                                             : ldexp(1024 + fraction, exponent - 25);
    return half & 0x8000 ? -magnitude : magnitude;
}

static void all_halves_are_what_the_standard_says_and_survive(void **state)
{
    (void)state;
    for (uint32_t h = 0; h < 65536; h++) {
        const float value = half_to_float((uint16_t)h);
        const double expected = slow_half((uint16_t)h);
        if (isnan(expected)) {
            assert_true(isnan(value) && isnan(half_to_float(float_to_half(value))));
            continue;
        }
        assert_true((double)value == expected && (signbit(value) != 0) == (h >> 15 != 0));
        assert_int_equal(float_to_half(value), h);
    }
}

/* The nearest of the neighbours, the even one of two equally near. */
static void floats_go_to_the_nearest_half(void **state)
{
    (void)state;
    for (uint32_t h = 0; h < 0x7BFF; h++) { /* all but the largest: between h and the next */
        const double low = slow_half((uint16_t)h), high = slow_half((uint16_t)(h + 1)), middle = (low + high) / 2;
        assert_int_equal(float_to_half((float)middle), h & 1 ? h + 1 : h);
        assert_int_equal(float_to_half(nextafterf((float)middle, 0)), h);
        assert_int_equal(float_to_half(nextafterf((float)middle, INFINITY)), h + 1);
        assert_int_equal(float_to_half(-(float)middle), 0x8000 | (h & 1 ? h + 1 : h));
    }
    assert_int_equal(float_to_half(65519.0f), 0x7BFF);
    assert_int_equal(float_to_half(65520.0f), 0x7C00);
    assert_int_equal(float_to_half(1e30f), 0x7C00);
    assert_int_equal(float_to_half(-INFINITY), 0xFC00);
    assert_int_equal(float_to_half(1e-30f), 0);
}

static void values_of_every_type_become_floats(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    const double f64[] = {1.5, -2};
    const float f32[] = {1.5f, -2};
    const uint16_t f16[] = {0x3E00, 0xC000}, bf16[] = {0x3FC0, 0xC000};
    const int64_t i64[] = {1, -2};
    const int32_t i32[] = {1, -2};
    const int16_t i16[] = {1, -2};
    const int8_t i8[] = {1, -2};
    const uint64_t u64[] = {1, UINT64_MAX};
    const uint32_t u32[] = {1, UINT32_MAX};
    const uint16_t u16[] = {1, 65535};
    const uint8_t u8[] = {1, 255}, truth[] = {0, 1};
    const struct {
        tensor_type type;
        const void *data;
        float first, second;
    } rows[] = {
        {TENSOR_F64, f64, 1.5f, -2},   {TENSOR_F32, f32, 1.5f, -2},
        {TENSOR_F16, f16, 1.5f, -2},   {TENSOR_BF16, bf16, 1.5f, -2},
        {TENSOR_I64, i64, 1, -2},      {TENSOR_I32, i32, 1, -2},
        {TENSOR_I16, i16, 1, -2},      {TENSOR_I8, i8, 1, -2},
        {TENSOR_U64, u64, 1, 0x1p64f}, {TENSOR_U32, u32, 1, 4294967295.0f},
        {TENSOR_U16, u16, 1, 65535},   {TENSOR_U8, u8, 1, 255},
        {TENSOR_BOOL, truth, 0, 1},
    };
    assert_int_equal(DF_ARRAY_LEN(rows), TENSOR_TYPE_COUNT);
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        const tensor t = {.name = "t", .type = rows[i].type, .rank = 1, .shape = {2}, .data = rows[i].data};
        const float *values = tensor_floats(&t, arena, &err);
        must(values != NULL, &err);
        assert_true(values[0] == rows[i].first && values[1] == rows[i].second);
        unsigned char shifted[1 + 2 * sizeof(double)]; /* data from files need not be aligned */
        memcpy(shifted + 1, rows[i].data, 2 * tensor_type_bytes(rows[i].type));
        const tensor odd = {.name = "t", .type = rows[i].type, .rank = 1, .shape = {2}, .data = shifted + 1};
        values = tensor_floats(&odd, arena, &err);
        assert_true(values[0] == rows[i].first && values[1] == rows[i].second);
    }
    const tensor view = {.name = "t", .type = TENSOR_F32, .rank = 1, .shape = {2}, .data = f32};
    assert_ptr_equal(tensor_floats(&view, arena, &err), f32);
    df_arena_free(arena);
}

static void tensors_are_found_and_what_is_wrong_with_them_is_said(void **state)
{
    (void)state;
    static const float values[6];
    tensor tensors[] = {{.name = "a", .type = TENSOR_F32, .rank = 2, .shape = {2, 3}, .data = values},
                        {.name = "s", .type = TENSOR_I64, .rank = 0, .data = values}};
    const char *metadata[][2] = {{"k", "v"}};
    const tensor_list list = {.tensors = tensors, .count = 2, .metadata = metadata, .metadata_count = 1};
    df_error err = {0};
    assert_ptr_equal(tensor_find(&list, "s"), &tensors[1]);
    assert_null(tensor_find(&list, "x"));
    assert_string_equal(tensor_metadata(&list, "k"), "v");
    assert_null(tensor_metadata(&list, "x"));
    assert_int_equal(tensor_elements(&tensors[0]), 6);
    assert_int_equal(tensor_elements(&tensors[1]), 1);
    assert_ptr_equal(tensor_expect(&list, "a", TENSOR_F32, 2, (int64_t[]){2, 3}, &err), &tensors[0]);
    assert_ptr_equal(tensor_expect(&list, "a", TENSOR_F32, 2, (int64_t[]){-1, 3}, &err), &tensors[0]);
    assert_ptr_equal(tensor_expect(&list, "s", TENSOR_I64, 0, NULL, &err), &tensors[1]);
    must_say(tensor_expect(&list, "x", TENSOR_F32, 0, NULL, &err) != NULL, &err, "tensor 'x' is missing");
    must_say(tensor_expect(&list, "a", TENSOR_F32, 2, (int64_t[]){-1, 4}, &err) != NULL, &err,
             "tensor 'a' is F32[2][3], expected F32[any][4]");
    must_say(tensor_expect(&list, "a", TENSOR_I32, 2, (int64_t[]){2, 3}, &err) != NULL, &err, "is F32[2][3], expected I32[2][3]");
    must_say(tensor_expect(&list, "a", TENSOR_F32, 1, (int64_t[]){6}, &err) != NULL, &err, "expected F32[6]");
    must_say(tensor_expect(&list, "s", TENSOR_I64, 1, (int64_t[]){1}, &err) != NULL, &err, "is I64 scalar, expected I64[1]");
}

static void sizes_are_multiplied_with_care(void **state)
{
    (void)state;
    df_error err = {0};
    size_t bytes = 7;
    must(layout_bytes(TENSOR_F32, 2, (int64_t[]){2, 3}, &bytes, &err), &err);
    assert_int_equal(bytes, 24);
    must(layout_bytes(TENSOR_F64, 0, NULL, &bytes, &err), &err);
    assert_int_equal(bytes, 8);
    must_say(layout_bytes(TENSOR_F64, 1, (int64_t[]){1ll << 60}, &bytes, &err), &err, "more elements than memory");
    must_say(layout_bytes(TENSOR_U8, 3, (int64_t[]){1ll << 31, 1ll << 31, 4}, &bytes, &err), &err, "more elements than memory");
    must_say(layout_bytes(TENSOR_U8, 3, (int64_t[]){0, 1ll << 40, 1ll << 40}, &bytes, &err), &err, "more elements than memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_its_name_and_size),
        cmocka_unit_test(all_halves_are_what_the_standard_says_and_survive),
        cmocka_unit_test(floats_go_to_the_nearest_half),
        cmocka_unit_test(values_of_every_type_become_floats),
        cmocka_unit_test(tensors_are_found_and_what_is_wrong_with_them_is_said),
        cmocka_unit_test(sizes_are_multiplied_with_care),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
