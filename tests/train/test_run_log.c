/* What trainings write down: checksums against RFC 3720's, the beginning of every TensorBoard file, lines that a kill cut, and going on. */
#include "train/run_log.h"

#include <math.h>

#include "scratch.h"
#include "train/crc32c.h"
#include "train/run_metrics.h"

static df_error err;

static void checksums_are_those_of_the_standard(void **state)
{
    (void)state;
    unsigned char zeros[32] = {0}, ones[32], up[32];
    memset(ones, 0xff, sizeof ones);
    for (int i = 0; i < 32; i++)
        up[i] = (unsigned char)i;
    assert_int_equal(crc32c(zeros, 32), 0x8a9136aau);
    assert_int_equal(crc32c(ones, 32), 0x62a8ab43u);
    assert_int_equal(crc32c(up, 32), 0x46dd794eu);
    assert_int_equal(crc32c("123456789", 9), 0xe3069283u);
    assert_int_equal(crc32c("", 0), 0);
}

/* Every file of TensorFlow's summary writers begins with these twelve bytes: 24, and its masked checksum. */
static void a_file_begins_as_tensorflows_do(void **state)
{
    (void)state;
    static const unsigned char head[] = {0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 0x09};
    df_text bytes = {0};
    event_file_begin(&bytes, 1795543201.5);
    assert_int_equal(bytes.size, 8 + 4 + 24 + 4);
    assert_memory_equal(bytes.data, head, sizeof head);
    assert_memory_equal(bytes.data + 12 + 9,
                        "\x1a\x0d"
                        "brain.Event:2",
                        15);
    df_text_free(&bytes);
}

static void values_are_messages_of_their_own(void **state)
{
    (void)state;
    static const unsigned char expected[] = {0x10, 0xac, 0x02, 0x2a, 10, 0x0a, 8, 0x0a, 1, 'a', 0x15, 0, 0, 0x80, 0x3f};
    df_text bytes = {0};
    event_file_add(&bytes, 1, 300, &(run_value){"a", 1}, 1);
    assert_int_equal(bytes.size, 16 + 9 + sizeof expected);
    assert_memory_equal(bytes.data + 12 + 9, expected, sizeof expected);
    df_text_free(&bytes);
}

static void log_steps(run_log *log, int64_t from, int64_t to)
{
    assert_non_null(log);
    for (int64_t s = from; s <= to; s++) {
        const run_value values[] = {{"loss", 1.0 / (double)(s + 1)}, {"odd/one", s % 2 ? (double)NAN : 2}};
        must(run_log_add(log, s, values, 2, &err), &err);
    }
    run_log_close(log);
}

static void read_back(scratch *s, df_arena *arena, int64_t last, size_t losses, size_t others)
{
    run_metrics m;
    must(run_metrics_read(scratch_path(s, RUN_METRICS), arena, &m, &err), &err);
    assert_int_equal(m.last_step, last);
    assert_int_equal(m.count, 2);
    assert_int_equal(run_metrics_find(&m, "loss")->count, losses);
    assert_int_equal(run_metrics_find(&m, "odd/one")->count, others);
    must_lie((float)run_metrics_find(&m, "loss")->values[losses - 1], 1 / (float)(last + 1) - 1e-6f, 1 / (float)(last + 1) + 1e-6f);
    assert_null(run_metrics_find(&m, "missing"));
}

static void a_training_that_goes_on_drops_what_came_after_its_checkpoint(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(1 << 22, &err);
    df_bytes whole, again;
    log_steps(run_log_open(s.folder, -1, &err), 0, 9);
    read_back(&s, arena, 9, 10, 5);
    must(df_file_read(scratch_path(&s, RUN_EVENTS), 1 << 16, arena, &whole, &err), &err);
    log_steps(run_log_open(s.folder, 5, &err), 6, 9);
    read_back(&s, arena, 9, 10, 5);
    must(df_file_read(scratch_path(&s, RUN_EVENTS), 1 << 16, arena, &again, &err), &err);
    assert_int_equal(again.size, whole.size);
    log_steps(run_log_open(s.folder, -1, &err), 0, 1);
    read_back(&s, arena, 1, 2, 1);
    df_arena_free(arena);
    scratch_free(&s);
}

static void a_line_that_a_kill_cut_is_passed_over(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(1 << 20, &err);
    run_metrics m;
    static const char lines[] = "{\"step\":3,\"wall\":5,\"loss\":2}\n{\"step\":4,\"wall\":6,\"lo";
    must(run_metrics_read(scratch_file(&s, RUN_METRICS, lines, sizeof lines - 1), arena, &m, &err), &err);
    assert_int_equal(m.last_step, 3);
    run_log_close(run_log_open(s.folder, 3, &err));
    must(run_metrics_read(scratch_path(&s, RUN_METRICS), arena, &m, &err), &err);
    assert_int_equal(m.lines, 1);
    df_arena_free(arena);
    scratch_free(&s);
}

static void wrong_lines_are_told_by_number(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {{"{\"step\":1,\"wall\":1}\nno\n", "line 2"},
                 {"{\"wall\":1}\n", "step"},
                 {"{\"step\":-1,\"wall\":1}\n", "step"},
                 {"{\"step\":1}\n", "wall"},
                 {"{\"step\":1,\"wall\":1,\"loss\":\"low\"}\n", "loss"},
                 {"[1]\n", "line 1"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_arena *arena = df_arena_new(1 << 20, &err);
        run_metrics m;
        must_say(run_metrics_parse((df_bytes){(const unsigned char *)cases[i].text, strlen(cases[i].text)}, arena, &m, &err), &err,
                 cases[i].says);
        df_arena_free(arena);
    }
}

static void runs_are_found_in_folders(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_arena *arena = df_arena_new(1 << 20, &err);
    const char *const *found;
    size_t count;
    must_say(run_folders_find(s.folder, arena, &found, &count, &err), &err, "no run");
    must_say(run_folders_find("/nowhere", arena, &found, &count, &err), &err, "no folder");
    for (const char *const *name = (const char *const[]){"b/deep", "a", NULL}; *name; name++) {
        must(df_make_folders(scratch_path(&s, *name), &err), &err);
        run_log_close(run_log_open(s.path, -1, &err));
    }
    must(run_folders_find(s.folder, arena, &found, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_non_null(strstr(found[0], "/a"));
    assert_non_null(strstr(found[1], "/b/deep"));
    df_arena_free(arena);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksums_are_those_of_the_standard),
        cmocka_unit_test(a_file_begins_as_tensorflows_do),
        cmocka_unit_test(values_are_messages_of_their_own),
        cmocka_unit_test(a_training_that_goes_on_drops_what_came_after_its_checkpoint),
        cmocka_unit_test(a_line_that_a_kill_cut_is_passed_over),
        cmocka_unit_test(wrong_lines_are_told_by_number),
        cmocka_unit_test(runs_are_found_in_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
