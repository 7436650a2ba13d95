/* Weight files of PyTorch and NumPy as their own programs wrote them, next to the arrays that those programs read from them
   (NAME.expect.npz); TensorFlow.js by hand; and pickles that want more than tensors. */
#include "tensor/weights.h"

#include <stdio.h>

#include "check.h"
#include "scratch.h"
#include "tensor/tfjs.h"
#include "tensor/torch.h"

static void must_equal(const tensor *got, const tensor *wanted)
{
    assert_int_equal(got->rank, wanted->rank);
    for (int d = 0; d < got->rank; d++)
        assert_int_equal(got->shape[d], wanted->shape[d]);
    for (int64_t i = 0; i < tensor_elements(got); i++) {
        const double a = tensor_number(got, (size_t)i), b = tensor_number(wanted, (size_t)i);
        if (a != b)
            fail_msg("%s, element %lld: %.17g, expected %.17g", got->name, (long long)i, a, b);
    }
}

static void published_files_hold_what_their_programs_read(void **state)
{
    (void)state;
    static const char *const names[] = {"torch_views.pt",  "torch_legacy_views.pth", "torch_big_endian.pt", "torch_protocol4.pt",
                                        "torch_dtypes.pt", "torch_deflated.pt",      "npz_stored.npz"};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++) {
        char path[512], expected_path[512];
        df_error err = {0};
        snprintf(path, sizeof path, "%s/weights/%s", TEST_DATA, names[i]);
        snprintf(expected_path, sizeof expected_path, "%s/weights/%.*s.expect.npz", TEST_DATA, (int)(strrchr(names[i], '.') - names[i]),
                 names[i]);
        weights_file *got = weights_open(path, &err), *wanted = got ? weights_open(expected_path, &err) : NULL;
        must(wanted != NULL, &err);
        assert_int_equal(weights_tensors(got)->count, weights_tensors(wanted)->count);
        for (size_t t = 0; t < weights_tensors(wanted)->count; t++) {
            const tensor *found = tensor_find(weights_tensors(got), weights_tensors(wanted)->tensors[t].name);
            assert_non_null(found);
            must_equal(found, &weights_tensors(wanted)->tensors[t]);
        }
        weights_close(got);
        weights_close(wanted);
    }
}

static void saving_and_opening_again_keeps_every_type_and_name(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_error err = {0};
    weights_file *from = weights_open(TEST_DATA "/weights/torch_dtypes.pt", &err);
    must(from != NULL, &err);
    must(weights_save(scratch_path(&s, "x.safetensors"), weights_tensors(from), &err), &err);
    weights_file *back = weights_open(s.path, &err);
    must(back != NULL, &err);
    assert_int_equal(weights_tensors(back)->count, weights_tensors(from)->count);
    for (size_t t = 0; t < weights_tensors(from)->count; t++) {
        const tensor *one = &weights_tensors(from)->tensors[t], *other = tensor_find(weights_tensors(back), one->name);
        assert_non_null(other);
        assert_int_equal(one->type, other->type);
        must_equal(other, one);
    }
    weights_close(back);
    must(weights_save(scratch_path(&s, "x.npz"), weights_tensors(from), &err), &err);
    back = weights_open(s.path, &err);
    must(back != NULL, &err);
    const tensor *wide = tensor_find(weights_tensors(back), "bf16"); /* NumPy has no such type */
    assert_non_null(wide);
    assert_int_equal(wide->type, TENSOR_F32);
    must_equal(wide, tensor_find(weights_tensors(from), "bf16"));
    weights_close(back);
    must_say(weights_save("x.bin", weights_tensors(from), &err), &err, ".safetensors or .npz");
    weights_close(from);
    scratch_free(&s);
}

/* Texts with zero bytes and what the refusal must say. */
#define HOSTILE(TEXT, SAYS)                                                                                                                \
    {                                                                                                                                      \
        TEXT, sizeof TEXT - 1, SAYS                                                                                                        \
    }

static void a_pickle_that_wants_more_than_tensors_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *says;
    } hostile[] = {
        HOSTILE("\x80\2cposix\nsystem\nX\2\0\0\0ls\x85R.", "posix.system"),
        HOSTILE("\x80\2c__builtin__\neval\nX\1\0\0\0"
                "1\x85R.",
                "__builtin__.eval"),
        HOSTILE("\x80\4\x8c\x08"
                "builtins\x8c\7getattr\x93.",
                "builtins.getattr"),
        HOSTILE("\x80\2ctorch\nload\n.", "torch.load"),
        HOSTILE("\x80\2ctorch\nFloatStorage\n)R.", "calls what is no function"),
        HOSTILE("\x80\2}}b.", "gives a state"),
        HOSTILE("\x80\2X\1\0\0\0aQ.", "persistent id"),
        HOSTILE("\x80\2\x82\1.", "EXT1"),
        HOSTILE("\x80\2(iposix\nsystem\n.", "INST"),
        HOSTILE("\x80\2)\x81.", "NEWOBJ"),
        HOSTILE("\x80\2\xff.", "0xff"),
        HOSTILE("\x80\5N.", "protocol 5"),
        HOSTILE("\x80\2Nr\xff\xff\xff\x7f.", "memo entry"),
        HOSTILE("\x80\2h\0.", "not stored"),
        HOSTILE("\x80\2X\xff\xff\xff\xff"
                "a.",
                "are left"),
        HOSTILE("\x80\2X\1\0\0\0\xff.", "no UTF-8"),
        HOSTILE("\x80\2NN.", "2 values at the end"),
        HOSTILE("\x80\2]q\0h\0a", "has no end"),
        HOSTILE("\x80\2]q\0h\0a.", "reaches itself"),
        HOSTILE("\x80\2\x85.", "empty stack"),
        HOSTILE("\x80\2u.", "mark"),
        HOSTILE("\x80\2N.N", "1 bytes after"),
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(hostile); i++) {
        df_error err = {0};
        df_arena *arena = df_arena_new(1 << 20, &err);
        tensor_list list;
        const df_bytes bytes = {.data = (const unsigned char *)hostile[i].bytes, .size = hostile[i].size};
        must_say(torch_parse_pickle(bytes, arena, &list, &err), &err, hostile[i].says);
        df_arena_free(arena);
    }
}

static void what_repeats_its_storage_has_a_bound(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new((size_t)1 << 30, &err);
    tensor_list list;
    /* A legacy file of one float, seen 2^30 times. */
    static const char file[] = "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\2M\xe9\3.\x80\2}X\x0d\0\0\0little_endian\x88s."
                               "\x80\2"
                               "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0"
                               "1X\3\0\0\0cpuK\1NtQ"
                               "K\0J\0\0\0\x40\x85K\0\x85\x89}tR.\x80\2]X\1\0\0\0"
                               "1a.\1\0\0\0\0\0\0\0\0\0\x80\x3f";
    const df_bytes bytes = {.data = (const unsigned char *)file, .size = sizeof file - 1};
    assert_true(torch_is_legacy(bytes));
    must_say(torch_parse_legacy(bytes, arena, &list, &err), &err, "more than an honest file");
    df_arena_free(arena);
}

/* ---- TensorFlow.js ---- */

static bool give_shard(void *user, const char *name, df_bytes *out, df_error *err)
{
    static const unsigned char data[] = {0, 2, 255, 0x00, 0x3c, 1};
    (void)user;
    if (strcmp(name, "a") != 0)
        return df_fail(err, "no shard '%s'", name);
    *out = (df_bytes){.data = data, .size = sizeof data};
    return true;
}

static void quantised_weights_are_what_they_stand_for(void **state)
{
    (void)state;
    static const char json[] =
        "{\"weightsManifest\": [{\"paths\": [\"a\"], \"weights\": ["
        "{\"name\": \"w\", \"shape\": [1], \"dtype\": \"float32\", \"quantization\": {\"dtype\": \"uint8\", \"scale\": 0.5, \"min\": -1}},"
        "{\"name\": \"i\", \"shape\": [2], \"dtype\": \"int32\", \"quantization\": {\"dtype\": \"uint8\", \"scale\": 1.25, \"min\": -5}},"
        "{\"name\": \"h\", \"shape\": [], \"dtype\": \"float32\", \"quantization\": {\"dtype\": \"float16\"}},"
        "{\"name\": \"b\", \"shape\": [1], \"dtype\": \"bool\"}]}]}";
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 20, &err);
    const tfjs_shards shards = {.read = give_shard};
    tensor_list list;
    must(tfjs_read((df_bytes){.data = (const unsigned char *)json, .size = sizeof json - 1}, &shards, arena, &list, &err), &err);
    assert_true(tensor_number(tensor_find(&list, "w"), 0) == -1);
    assert_true(tensor_number(tensor_find(&list, "i"), 0) == -2); /* 2 * 1.25 - 5 = -2.5, halves go up */
    assert_true(tensor_number(tensor_find(&list, "i"), 1) == 314);
    assert_true(tensor_number(tensor_find(&list, "h"), 0) == 1);
    assert_true(tensor_number(tensor_find(&list, "b"), 0) == 1);
    df_arena_free(arena);
}

static void shards_outside_of_the_folder_are_not_read(void **state)
{
    (void)state;
    static const char *const names[] = {"../x", "/etc/passwd", "a/../../x", "http://x/y", "a//b", "."};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++) {
        char json[200];
        df_error err = {0};
        df_arena *arena = df_arena_new(1 << 20, &err);
        tensor_list list;
        const int size = snprintf(json, sizeof json, "[{\"paths\": [\"%s\"], \"weights\": []}]", names[i]);
        must_say(tfjs_parse((df_bytes){.data = (const unsigned char *)json, .size = (size_t)size}, "w.json", arena, &list, &err), &err,
                 "no path below");
        df_arena_free(arena);
    }
}

static void a_file_of_no_known_kind_is_named(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_error err = {0};
    must_say(weights_open(scratch_file(&s, "t.txt", "hello", 5), &err) != NULL, &err, "t.txt: none of the known kinds");
    must_say(weights_open(scratch_file(&s, "empty", "", 0), &err) != NULL, &err, "none of the known kinds");
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_files_hold_what_their_programs_read),
        cmocka_unit_test(saving_and_opening_again_keeps_every_type_and_name),
        cmocka_unit_test(a_pickle_that_wants_more_than_tensors_is_refused_by_name),
        cmocka_unit_test(what_repeats_its_storage_has_a_bound),
        cmocka_unit_test(quantised_weights_are_what_they_stand_for),
        cmocka_unit_test(shards_outside_of_the_folder_are_not_read),
        cmocka_unit_test(a_file_of_no_known_kind_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
