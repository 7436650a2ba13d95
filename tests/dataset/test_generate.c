/* test_generate.c: the promises of a run, on a tiny set: the same bytes by any number of threads, in shards, alone, after kills and
   a full disk; refusals that touch nothing. */
#include "dataset/set_fixture.h"

static df_text reference(set_fixture *f)
{
    set_use(f, "reference");
    assert_int_equal(set_run(f), 0);
    df_text digest = set_digest(f->out);
    set_use(f, "set");
    return digest;
}

static void one_and_three_threads_write_the_same_bytes(void **state)
{
    set_fixture *f = *state;
    df_text want = reference(f);
    for (int threads = 1; threads <= 3; threads += 2) {
        set_use(f, threads == 1 ? "one" : "three");
        f->run.threads = threads;
        assert_int_equal(set_run(f), 0);
        set_assert_same(f->out, &want);
    }
    assert_int_equal(f->result.images, SET_PEOPLE * SET_PER_IDENTITY);
    assert_int_equal(f->result.made, SET_PEOPLE * SET_PER_IDENTITY);
    df_text_free(&want);
}

static void another_seed_gives_other_bytes(void **state)
{
    set_fixture *f = *state;
    df_text want = reference(f);
    f->job.seed = 8;
    assert_int_equal(set_run(f), 0);
    df_text have = set_digest(f->out);
    assert_string_not_equal(have.data, want.data); /* so that the comparison can fail */
    df_text_free(&have);
    df_text_free(&want);
}

static void shards_in_any_order_and_at_once_join_to_the_same_set(void **state)
{
    set_fixture *f = *state;
    df_text want = reference(f);
    int ends[2];
    f->run.shards = 3;
    f->run.shard = 2;
    assert_int_equal(set_run(f), 0);
    assert_false(f->result.is_complete);
    f->run.shard = 1;
    const pid_t first = set_start_run(f, &ends[0]);
    f->run.shard = 0;
    const pid_t second = set_start_run(f, &ends[1]);
    assert_int_equal(set_end_run(f, first, ends[0]), 0);
    assert_int_equal(set_end_run(f, second, ends[1]), 0);
    set_assert_same(f->out, &want);
    df_text_free(&want);
}

static void more_shards_than_people_join_too(void **state)
{
    set_fixture *f = *state;
    df_text want = reference(f);
    f->run.shards = SET_PEOPLE + 2;
    for (f->run.shard = 0; f->run.shard < f->run.shards; f->run.shard++)
        assert_true(set_run(f) == 0 || f->run.shard >= SET_PEOPLE); /* a shard of nobody may come after the end */
    set_assert_same(f->out, &want);
    df_text_free(&want);
}

static void a_shard_that_was_begun_or_of_another_division_is_refused(void **state)
{
    set_fixture *f = *state;
    f->run.shards = 2;
    assert_int_equal(set_run(f), 0);
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "--resume"));
    f->run.shards = 3;
    f->run.shard = 1;
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "2 shards, here 3"));
}

static void one_image_alone_has_the_same_bytes_and_line(void **state)
{
    set_fixture *f = *state;
    df_error err;
    df_bytes line, manifest;
    char path[2 * SET_PATH];
    df_text want = reference(f);
    snprintf(path, sizeof path, "%s/reference/manifest.jsonl", f->top);
    assert_true(df_file_read(path, 1 << 20, f->arena, &manifest, &err));
    assert_true(job_parse_only("p0002/1", &f->job, &err));
    assert_int_equal(set_run(f), 0);
    set_path(f, "manifest.jsonl", path);
    assert_true(df_file_read(path, 1 << 20, f->arena, &line, &err));
    assert_non_null(strstr((const char *)manifest.data, (const char *)line.data)); /* the line with its newline */
    df_text have = set_digest(f->out);
    const char *file = strstr(have.data, "p0002/0001.png");
    assert_non_null(file);
    assert_non_null(strstr(want.data, file));
    df_text_free(&have);
    df_text_free(&want);
}

static void kills_at_random_moments_and_resuming_give_the_same_set(void **state)
{
    set_fixture *f = *state;
    int kills = 0;
    f->job.labels[LABEL_DEPTH] = true;
    f->job.per_identity = 40;
    df_text want = reference(f);
    df_random random = df_random_at((uint64_t)getpid(), 0, 0, DF_FOR_TEST); /* another moment each day */
    f->run.start = SET_RESUME;
    const int attempts = getenv("DIFFUSE_SOAK") ? 100 : 16;
    for (int attempt = 0; attempt < attempts; attempt++) {
        f->kill_after = 1000 + df_random_below(&random, 120000);
        f->run.threads = 1 + attempt % 2;
        const int status = set_run(f);
        kills += status == -1;
        if (status != 0)
            continue;
        set_assert_same(f->out, &want);
        df_error err;
        assert_true(df_remove_tree(f->out, &err));
    }
    f->kill_after = 0;
    assert_int_equal(set_run(f), 0);
    set_assert_same(f->out, &want);
    assert_int_equal(set_count_hidden(f->out), 0);
    print_message("%d kills fell into the runs\n", kills);
    assert_true(kills > 0);
    df_text_free(&want);
}

static void a_stop_signal_leaves_what_is_done_and_says_how_to_go_on(void **state)
{
    set_fixture *f = *state;
    int end;
    f->job.per_identity = 400;
    const pid_t child = set_start_run(f, &end);
    usleep(150000);
    kill(child, SIGTERM);
    assert_int_equal(set_end_run(f, child, end), 1);
    assert_non_null(strstr(f->sentence, "--resume goes on"));
}

static void resuming_a_complete_or_missing_set_is_right(void **state)
{
    set_fixture *f = *state;
    df_text want = reference(f);
    f->run.start = SET_RESUME;
    assert_int_equal(set_run(f), 0); /* does not exist: starts */
    set_assert_same(f->out, &want);
    assert_int_equal(set_run(f), 0); /* complete: changes nothing */
    assert_int_equal(f->result.made, 0);
    set_assert_same(f->out, &want);
    df_text_free(&want);
}

static void another_job_is_refused_and_the_folder_untouched(void **state)
{
    set_fixture *f = *state;
    df_text want = reference(f);
    set_use(f, "reference");
    f->run.start = SET_RESUME;
    f->job.seed = 8;
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "seed 7, here 8"));
    f->job.seed = 7;
    f->job.ranges[JOB_YAW] = (job_range){0, 5};
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "yaw"));
    set_assert_same(f->out, &want);
    df_text_free(&want);
}

static void an_existing_folder_is_refused_and_force_replaces_only_a_set(void **state)
{
    set_fixture *f = *state;
    df_error err;
    char path[2 * SET_PATH];
    df_text want = reference(f);
    f->job.seed = 8;
    assert_int_equal(set_run(f), 0);
    f->job.seed = 7;
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "--force"));
    f->run.start = SET_REPLACE;
    assert_int_equal(set_run(f), 0);
    set_assert_same(f->out, &want);

    set_use(f, "home");
    set_path(f, "photos", path);
    assert_true(df_make_folders(path, &err));
    set_path(f, "photos/0001.png", path);
    assert_true(df_file_write(path, "mine", 4, &err));
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "no data set"));
    assert_true(df_path_exists(path));
    df_text_free(&want);
}

static void force_waits_for_nobody(void **state)
{
    set_fixture *f = *state;
    df_error err;
    assert_int_equal(set_run(f), 0);
    set_folder held;
    const set_state same = {.shards = 1, .identities = SET_PEOPLE, .per_identity = SET_PER_IDENTITY};
    render_job job = f->job;
    json_t *known;
    set_state there;
    bool found;
    assert_true(set_state_read(f->out, &there, &known, &found, &err) && found);
    memcpy(job.identities_sha256, json_string_value(json_object_get(known, "identities")), DF_SHA256_TEXT);
    memcpy(job.model_sha256, json_string_value(json_object_get(known, "model")), DF_SHA256_TEXT);
    json_decref(known);
    assert_true(set_folder_open(f->out, SET_RESUME, &job, &same, &held, &err)); /* as a run would */
    f->run.start = SET_REPLACE;
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "renders into it"));
    set_folder_close(&held);
    assert_int_equal(set_run(f), 0);
}

static void a_full_disk_is_one_sentence_and_resume_completes(void **state)
{
    set_fixture *f = *state;
    f->job.size = 64;
    df_text want = reference(f);
    const rlim_t limits[] = {1100, 2500, 6000, 9000, 30000}; /* no job.json, no image, a line, two lines, more */
    f->run.start = SET_RESUME;
    for (size_t i = 0; i < DF_ARRAY_LEN(limits); i++) {
        f->file_limit = limits[i];
        assert_int_equal(set_run(f), 1);
        assert_true(f->sentence[0] != '\0' && !strchr(f->sentence, '\n'));
        assert_int_equal(set_count_hidden(f->out), 0);
    }
    f->file_limit = 0;
    assert_int_equal(set_run(f), 0);
    set_assert_same(f->out, &want);
    df_text_free(&want);
}

static void a_broken_identities_file_is_named_before_anything_is_written(void **state)
{
    set_fixture *f = *state;
    df_error err;
    df_bytes good;
    assert_true(df_file_read(f->identities, 1 << 20, f->arena, &good, &err));
    const size_t cuts[] = {0, 20, good.size / 2 + 1, good.size - 5};
    for (size_t i = 0; i < DF_ARRAY_LEN(cuts); i++) {
        assert_true(df_file_write(f->identities, good.data, cuts[i], &err));
        assert_int_equal(set_run(f), 1);
        assert_non_null(strstr(f->sentence, "identities.jsonl"));
        assert_false(df_path_exists(f->out));
    }
}

static void outputs_that_are_files_or_links_or_inside_nothing_are_refused_or_work(void **state)
{
    set_fixture *f = *state;
    df_error err;
    char path[2 * SET_PATH], target[2 * SET_PATH];
    assert_true(df_file_write(f->out, "x", 1, &err));
    assert_int_equal(set_run(f), 1);
    assert_non_null(strstr(f->sentence, "no folder"));
    set_use(f, "a/b/c/");
    assert_int_equal(set_run(f), 0); /* parents are made, the slash does not matter */
    set_use(f, "link");
    snprintf(target, sizeof target, "%s/a", f->top);
    snprintf(path, sizeof path, "%s/link", f->top);
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(set_run(f), 1); /* an existing folder */
    set_use(f, "link/new");
    assert_int_equal(set_run(f), 0);
}

static void syncing_changes_no_byte(void **state)
{
    set_fixture *f = *state;
    df_text want = reference(f);
    f->run.sync = SYNC_IDENTITY;
    assert_int_equal(set_run(f), 0);
    set_assert_same(f->out, &want);
    df_text_free(&want);
}

int main(void)
{
#define SET_TEST(name) cmocka_unit_test_setup_teardown(name, set_setup, set_teardown)
    const struct CMUnitTest tests[] = {
        SET_TEST(one_and_three_threads_write_the_same_bytes),
        SET_TEST(another_seed_gives_other_bytes),
        SET_TEST(shards_in_any_order_and_at_once_join_to_the_same_set),
        SET_TEST(more_shards_than_people_join_too),
        SET_TEST(a_shard_that_was_begun_or_of_another_division_is_refused),
        SET_TEST(one_image_alone_has_the_same_bytes_and_line),
        SET_TEST(kills_at_random_moments_and_resuming_give_the_same_set),
        SET_TEST(a_stop_signal_leaves_what_is_done_and_says_how_to_go_on),
        SET_TEST(resuming_a_complete_or_missing_set_is_right),
        SET_TEST(another_job_is_refused_and_the_folder_untouched),
        SET_TEST(an_existing_folder_is_refused_and_force_replaces_only_a_set),
        SET_TEST(force_waits_for_nobody),
        SET_TEST(a_full_disk_is_one_sentence_and_resume_completes),
        SET_TEST(a_broken_identities_file_is_named_before_anything_is_written),
        SET_TEST(outputs_that_are_files_or_links_or_inside_nothing_are_refused_or_work),
        SET_TEST(syncing_changes_no_byte),
    };
#undef SET_TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
