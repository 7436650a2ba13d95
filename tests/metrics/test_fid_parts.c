#include "metrics/fid_parts.h"

#include <math.h>
#include <stdio.h>

#include "metrics/feature_fixture.h"
#include "metrics/fid_resampled.h"
#include "metrics/frechet.h"
#include "arena_fixture.h" /* behind what names its own arenas */

static const image_label none = {.group = -1, .numbers = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}};

/* A set whose labels are put one by one. */
static image_set labelled(uint64_t seed, int64_t count, int dims)
{
    image_set out = {.features = random_features(seed, count, dims, 1, 0, arena),
                     .labels = {.key = "gender", .spool = df_spool_open("/tmp", &err)}};
    assert_non_null(out.labels.spool);
    return out;
}

static void put(image_set *set, const image_label *label)
{
    must(df_spool_put(set->labels.spool, label, sizeof *label, &err), &err);
}

/* Both sets hold people whose features lie at 10 times their group; in B the second group lies 3 further off. */
static void groups_are_compared_with_their_like(void **state)
{
    (void)state;
    enum { N = 600, D = 2 };
    image_set sets[2] = {labelled(1, N, D), labelled(2, N, D)};
    for (int s = 0; s < 2; s++) {
        snprintf(sets[s].labels.names[s], FACE_NAME, "female"); /* in another order */
        snprintf(sets[s].labels.names[1 - s], FACE_NAME, "male");
        snprintf(sets[s].labels.names[2], FACE_NAME, s ? "lonely" : "one");
        sets[s].labels.group_count = 3;
        for (int i = 0; i < N; i++) {
            image_label label = none;
            const bool is_male = i % 3 == 0;
            label.group = i == 5 ? 2 : i == 7 ? -1 : is_male ? 1 - s : s;
            feature_data(&sets[s].features)[i * D] += is_male ? 10 + 3 * s : 0;
            put(&sets[s], &label);
        }
    }
    fid_group *groups;
    int count;
    must(fid_by_group(&sets[0], &sets[1], NULL, arena, &groups, &count, &err), &err);
    assert_int_equal(count, 4);
    assert_string_equal(groups[0].name, "female");
    assert_string_equal(groups[1].name, "male");
    assert_true(groups[0].has_fid && groups[0].fid < 0.1 && groups[0].count_a == 398 && groups[0].count_b == 398);
    assert_true(groups[1].has_fid && fabs(groups[1].fid - 9) < 1 && groups[1].count_a == 200);
    assert_true(!groups[2].has_fid && groups[2].count_a == 1 && groups[2].count_b == 0);
    assert_string_equal(groups[3].name, "lonely");
    assert_true(!groups[3].has_fid && groups[3].count_a == 0 && groups[3].count_b == 1);
    sets[1].labels.group_count = 0;
    must_say(fid_by_group(&sets[0], &sets[1], NULL, arena, &groups, &count, &err), &err, "no image has 'gender'");
    for (int s = 0; s < 2; s++)
        image_set_close(&sets[s]);
}

/* The features follow the yaw, and yaws differ: matching them takes the distance away. Of light nothing is known; the boxes differ, but
   no feature depends on them: matching them takes nothing. */
static void matching_takes_away_what_it_matches(void **state)
{
    (void)state;
    enum { N = 1500, D = 3 };
    image_set sets[2] = {labelled(1, N, D), labelled(2, N, D)};
    df_random random = df_random_at(3, 0, 0, DF_FOR_TEST);
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < N; i++) {
            image_label label = none;
            for (int k = 0; k < 3; k++) {
                label.numbers[k] = df_random_normal(&random) * 20 + (s && k == 0 ? 20 : 0);
                label.numbers[6 + k] = df_random_normal(&random) + (s && k == 1 ? 1 : 0);
            }
            feature_data(&sets[s].features)[i * D] = feature_data(&sets[s].features)[i * D] / 4 + (double)label.numbers[0] / 5;
            put(&sets[s], &label);
        }
    fid_match matched[LABEL_PARTS], again[LABEL_PARTS];
    must(fid_matched(&sets[0], &sets[1], 1, NULL, arena, matched, &err), &err);
    const fid_match *pose = &matched[0], *lit = &matched[1], *crop = &matched[2];
    assert_string_equal(pose->part->name, "pose");
    assert_true(pose->has_fid && pose->kept > 500 && pose->kept < N);
    assert_true(fabs(pose->unmatched.mean - 16) < 3 && pose->fid < 0.1 * pose->unmatched.mean);
    assert_true(fabs(pose->difference_before - 1) < 0.1 && pose->difference_after < 0.3 * pose->difference_before);
    assert_true(!lit->has_fid && lit->with_a == 0 && lit->with_b == 0);
    assert_true(crop->has_fid && fabs(crop->fid - crop->unmatched.mean) < 3);
    must(fid_matched(&sets[0], &sets[1], 1, NULL, arena, again, &err), &err);
    assert_true(again[0].fid == pose->fid && again[0].unmatched.mean == pose->unmatched.mean);
    for (int s = 0; s < 2; s++)
        image_set_close(&sets[s]);
}

/* Halves of a large set of one law differ by little more than nothing, by less the larger they are. */
static void halves_of_a_set_are_near_each_other(void **state)
{
    (void)state;
    subset_spread small, large;
    const feature_set few = random_features(1, 101, 4, 1, 50, arena), many = random_features(1, 4000, 4, 1, 50, arena);
    const feature_rows few_rows = feature_rows_all(&few), many_rows = feature_rows_all(&many);
    must(fid_halves(&few_rows, 1, NULL, arena, &small, &err), &err);
    must(fid_halves(&many_rows, 1, NULL, arena, &large, &err), &err);
    assert_true(small.count == FID_HALVES && small.mean > 0 && small.mean < 1 && small.std > 0);
    assert_true(large.mean > 0 && large.mean < small.mean / 10);
    const feature_rows three = {.set = &few, .count = 3};
    must_say(fid_halves(&three, 1, NULL, arena, &small, &err), &err, "3 samples, expected at least 4");
}

/* N(0, 1) and N(0.1, 1) in 40 dimensions lie 40 * 0.01 apart; of 900 samples the distance is twice as much. */
static void the_extrapolated_distance_is_nearer_to_the_true_one(void **state)
{
    (void)state;
    const feature_set a = random_features(1, 900, 40, 1, 0, arena), b = random_features(2, 900, 40, 1, 0.1, arena);
    const feature_rows rows_a = feature_rows_all(&a), rows_b = feature_rows_all(&b);
    double plain;
    fid_infinity_result r;
    must(frechet_of_rows(&rows_a, &rows_b, arena, &plain, &err), &err);
    must(fid_infinity(&a, &b, 1, NULL, arena, &r, &err), &err);
    assert_true(plain > 1.2 && r.least_a == 300 && r.least_b == 300);
    if (!(fabs(r.fid - 0.4) < 0.2 * (plain - 0.4) + 4 * r.standard_error && r.standard_error < 0.2))
        fail_msg("%g +- %g, expected 0.4 (plain %g)", r.fid, r.standard_error, plain);
    const feature_set few = random_features(1, 99, 2, 1, 0, arena);
    must_say(fid_infinity(&few, &b, 1, NULL, arena, &r, &err), &err, "99 samples, expected at least 100");
}

static void labels_are_read_from_what_a_source_knows(void **state)
{
    (void)state;
    static const char text[] =
        "{\"yaw\":12.5,\"light\":{\"strength\":0.25},\"box\":[10,20,30,40],\"gender\":\"male\",\"age\":34,\"list\":[1]}";
    source_image *from = df_alloc(arena, 1, sizeof *from, &err);
    assert_non_null(from);
    from->fields = df_json_parse(text, strlen(text), &err);
    assert_non_null(from->fields);
    image_labels labels = {.key = "age"}, gender = {.key = "gender"}, list = {.key = "list"}, absent = {.key = "hat"};
    image_label out;
    must(image_label_of(&labels, from, 100, 200, &out, &err), &err);
    assert_string_equal(labels.names[out.group], "30 to 39");
    assert_true(out.numbers[0] == 12.5f && isnan(out.numbers[1]) && out.numbers[3] == 0.25f && isnan(out.numbers[5]));
    assert_true(out.numbers[6] == 0.25f && out.numbers[7] == 0.2f && fabsf(out.numbers[8] - sqrtf(1200 / 20000.0f)) < 1e-6f);
    must(image_label_of(&gender, from, 100, 200, &out, &err), &err);
    assert_string_equal(gender.names[out.group], "male");
    must(image_label_of(&absent, from, 100, 200, &out, &err), &err);
    assert_int_equal(out.group, -1);
    must_say(image_label_of(&list, from, 100, 200, &out, &err), &err, "key 'list': a list or an object");
    json_decref(from->fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(groups_are_compared_with_their_like, set_up, tear_down),
        cmocka_unit_test_setup_teardown(matching_takes_away_what_it_matches, set_up, tear_down),
        cmocka_unit_test_setup_teardown(halves_of_a_set_are_near_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_extrapolated_distance_is_nearer_to_the_true_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(labels_are_read_from_what_a_source_knows, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
