/* The sampler's promises: shares, person k whatever N, labels that say what was dealt, coefficients that follow from what the file
   shows, distances, people of earlier files, refusals. On the fixture with a third group. */
#include "check.h"

#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "base/sha256.h"
#include "base/stop.h"
#include "face/sampler.h"
#include "face_fixture.h"
#include "scratch.h"

enum { GROUPS = 3, MOST = 1200 };

typedef struct fixture {
    df_arena *arena;
    face_model model;
    scratch scratch;
    sampler_options options;
    person *people; /* [MOST] of the last draw */
    int count;
    df_bytes file; /* of the last draw */
} fixture;

/* Three groups, and a law whose every row differs. */
static void add_group(fixture *f)
{
    const int features = traits_feature_count(GROUPS);
    float *shape = fixture_alloc(f->arena, (size_t)features * FIXTURE_SHAPE, sizeof *shape);
    float *albedo = fixture_alloc(f->arena, (size_t)features * FIXTURE_ALBEDO, sizeof *albedo);
    df_random random = df_random_at(31, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < features * FIXTURE_SHAPE; i++)
        shape[i] = df_random_range(&random, -1, 1);
    for (int i = 0; i < features * FIXTURE_ALBEDO; i++)
        albedo[i] = df_random_range(&random, -1, 1);
    memcpy(f->model.group_names[2], "Caucasian", sizeof "Caucasian");
    f->model.group_count = GROUPS;
    f->model.law.features = features;
    f->model.law.shape = shape;
    f->model.law.albedo = albedo;
}

static int setup(void **state)
{
    static fixture f; /* one test at a time */
    df_error err;
    f = (fixture){.options = sampler_defaults(), .scratch = scratch_new()};
    f.arena = df_arena_new((size_t)256 << 20, &err);
    must(f.arena != NULL, &err);
    f.model = face_fixture(f.arena);
    add_group(&f);
    f.people = fixture_alloc(f.arena, MOST, sizeof *f.people);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    df_arena_free(f->arena);
    scratch_free(&f->scratch);
    return 0;
}

/* Samples into the file and reads it back; reading checks each line. */
static void draw(fixture *f, const char *name)
{
    df_error err;
    bool found = true;
    const char *path = scratch_path(&f->scratch, name);
    must(sampler_run(&f->model, &f->options, path, NULL, &err), &err);
    must(df_file_read(path, (size_t)64 << 20, f->arena, &f->file, &err), &err);
    people *file = people_open(path, &f->model, &err);
    must(file != NULL, &err);
    for (f->count = 0; found; f->count += found) {
        assert_true(f->count < MOST);
        must(people_next(file, &f->people[f->count], &found, &err), &err);
    }
    people_close(file);
    assert_int_equal(f->count, f->options.count);
}

static void must_refuse(fixture *f, const char *sentence)
{
    df_error err;
    const size_t before = scratch_entries(&f->scratch);
    must_say(sampler_run(&f->model, &f->options, scratch_path(&f->scratch, "refused.jsonl"), NULL, &err), &err, sentence);
    assert_int_equal(scratch_entries(&f->scratch), before);
}

static deal equal_shares(int count)
{
    deal d = {.count = count};
    for (int i = 0; i < count; i++)
        d.share[i] = 1;
    return d;
}

static void demand_balance(fixture *f)
{
    f->options.gender = equal_shares(2);
    f->options.ethnicity = equal_shares(GROUPS);
    f->options.age = equal_shares(f->options.age_bins);
}

static int bin_of(const fixture *f, float age)
{
    for (int bin = 0; bin < f->options.age_bins; bin++)
        if (age >= f->options.age_edge[bin] && age < f->options.age_edge[bin + 1])
            return bin;
    fail_msg("age %f lies in no bin", (double)age);
    return -1;
}

static void a_seed_gives_one_file_and_another_seed_another(void **state)
{
    fixture *f = *state;
    f->options.count = 50;
    draw(f, "first.jsonl");
    const df_bytes first = f->file;
    draw(f, "again.jsonl");
    assert_int_equal(f->file.size, first.size);
    assert_memory_equal(f->file.data, first.data, first.size);
    f->options.seed = 2;
    draw(f, "other.jsonl");
    assert_true(f->file.size != first.size || memcmp(f->file.data, first.data, first.size) != 0);
}

/* Byte-determinism only: the hash changes with every table and distribution, in a commit that says so. Compilers, optimisation and
   processors may not change it. */
static void the_bytes_are_the_same_on_every_machine(void **state)
{
    fixture *f = *state;
    char hash[DF_SHA256_TEXT];
    demand_balance(f);
    f->options.overlap = true;
    f->options.min_distance = 0.02f;
    f->options.count = 300;
    draw(f, "people.jsonl");
    df_sha256_of(f->file.data, f->file.size, hash);
    assert_string_equal(hash, "2a64e533e72e96a9b13b6093df0cbd1f96d0d9651b5025de8b0b4a0ab47d324f");
}

static void nobody_depends_on_how_many_follow(void **state)
{
    fixture *f = *state;
    demand_balance(f);
    f->options.min_distance = 0.05f;
    f->options.count = 60;
    draw(f, "many.jsonl");
    const df_bytes many = f->file;
    for (int count = 1; count <= 60; count += 19) {
        f->options.count = count;
        draw(f, "few.jsonl");
        assert_memory_equal(f->file.data, many.data, f->file.size);
    }
}

static void thirteen_people_fill_six_cells_with_two_and_one_with_three(void **state)
{
    fixture *f = *state;
    int cells[2][GROUPS] = {0}, threes = 0;
    f->options.gender = equal_shares(2);
    f->options.ethnicity = equal_shares(GROUPS);
    f->options.count = 13;
    draw(f, "people.jsonl");
    for (int i = 0; i < 13; i++)
        cells[f->people[i].gender][f->people[i].group]++;
    for (int i = 0; i < 2 * GROUPS; i++) {
        assert_true(cells[i / GROUPS][i % GROUPS] == 2 || cells[i / GROUPS][i % GROUPS] == 3);
        threes += cells[i / GROUPS][i % GROUPS] == 3;
    }
    assert_int_equal(threes, 1);
}

static void every_beginning_is_balanced_in_all_cells(void **state)
{
    fixture *f = *state;
    int cells[2 * GROUPS * SAMPLER_MAX_BINS] = {0};
    demand_balance(f);
    f->options.count = 500;
    draw(f, "people.jsonl");
    for (int i = 0; i < f->count; i++) {
        int least = MOST, most = 0;
        const person *who = &f->people[i];
        cells[((int)who->gender * GROUPS + who->group) * 4 + bin_of(f, who->age)]++;
        for (int c = 0; c < 2 * GROUPS * 4; c++) {
            least = cells[c] < least ? cells[c] : least;
            most = cells[c] > most ? cells[c] : most;
        }
        assert_true(most - least <= 1);
    }
}

static void exact_shares_are_kept_at_each_level(void **state)
{
    fixture *f = *state;
    int men = 0, asians = 0, halves = 0;
    f->options.gender = (deal){.count = 2, .share = {120000000, 880000000}};
    f->options.ethnicity = (deal){.count = GROUPS + 1, .share = {0, 500000000, 250000000, 250000000}};
    f->options.count = 100;
    draw(f, "people.jsonl");
    for (int i = 0; i < f->count; i++) {
        const person *who = &f->people[i];
        men += who->gender == PERSON_MALE;
        asians += who->group == 1;
        halves += strcmp(who->ethnicity, PERSON_MIXTURE) == 0;
        assert_true(who->group != 0);
        if (who->group < 0)
            assert_true(who->mixture[0] * who->mixture[1] == 0.25f || who->mixture[0] * who->mixture[2] == 0.25f ||
                        who->mixture[1] * who->mixture[2] == 0.25f);
        assert_true(fabsf((float)men - 0.88f * (float)(i + 1)) < 1);
    }
    assert_int_equal(men, 88);
    assert_int_equal(asians, 50); /* 44 of 88 and 6 of 12 */
    assert_int_equal(halves, 25);
}

static void what_is_not_demanded_is_drawn_and_does_not_disturb_the_rest(void **state)
{
    fixture *f = *state;
    int women = 0, groups[GROUPS] = {0}, young = 0;
    f->options.ethnicity = equal_shares(GROUPS);
    f->options.count = 1000;
    draw(f, "people.jsonl");
    for (int i = 0; i < f->count; i++) {
        women += f->people[i].gender == PERSON_FEMALE;
        groups[f->people[i].group]++;
        young += f->people[i].age < 30;
        for (int g = 0; g < GROUPS; g++)
            assert_true(abs(GROUPS * groups[g] - (i + 1)) < GROUPS);
    }
    assert_true(abs(women - 500) < 64 && women != 500); /* four standard errors */
    assert_true(abs(young - 207) < 52);                 /* 12 of 58 years */
}

static void soft_groups_overlap_and_pure_ones_hardly(void **state)
{
    fixture *f = *state;
    float lead[2] = {0}, gender[2] = {0};
    demand_balance(f);
    f->options.count = 600;
    for (int soft = 0; soft < 2; soft++) {
        f->options.overlap = soft;
        draw(f, "people.jsonl");
        for (int i = 0; i < f->count; i++) {
            const person *who = &f->people[i];
            lead[soft] += who->mixture[who->group] / 600;
            gender[soft] += (who->gender == PERSON_MALE ? who->gender_value : 1 - who->gender_value) / 600;
        }
    }
    assert_true(fabsf(lead[0] - 0.882f) < 0.02f); /* 9 / 10.2; the restriction cuts little off */
    assert_true(fabsf(gender[0] - 0.9f) < 0.02f);
    assert_true(lead[1] < 0.78f && lead[1] > 0.6f); /* 3 / 4.6 before the restriction */
    assert_true(gender[1] < 0.82f && gender[1] > 0.7f);
}

/* Coefficients by the obvious formula from what stands in the file. */
static void coefficients_without_variation_are_the_law_of_the_traits(void **state)
{
    fixture *f = *state;
    demand_balance(f);
    f->options.variation = 0;
    f->options.overlap = true;
    f->options.count = 100;
    draw(f, "people.jsonl");
    for (int i = 0; i < f->count; i++) {
        const person *who = &f->people[i];
        float features[128];
        traits known = {.gender = who->gender_value, .age = who->age, .weight = who->weight, .muscle = who->muscle};
        memcpy(known.group, who->mixture, sizeof known.group);
        traits_features(&known, GROUPS, features);
        for (int c = 0; c < FIXTURE_SHAPE; c++) {
            double sum = 0;
            for (int t = 0; t < f->model.law.features; t++)
                sum += (double)features[t] * (double)f->model.law.shape[t * FIXTURE_SHAPE + c];
            assert_true(fabs(sum - (double)who->shape[c]) < 0.6e-5); /* half of the last decimal */
        }
    }
}

static void what_the_traits_leave_open_has_the_laws_covariance(void **state)
{
    fixture *f = *state;
    f->options.count = 1000;
    f->options.fixed_gender = 1;
    f->options.fixed_age = 40;
    f->options.fixed_weight = 0.5f;
    for (int i = 0; i < GROUPS; i++)
        f->options.fixed_mixture[i] = i == 1;
    float *triangle = fixture_diagonal(f->arena, FIXTURE_SHAPE, 0.5f), *law = fixture_alloc(f->arena, 1000, sizeof *law);
    triangle[1 * FIXTURE_SHAPE + 0] = -0.3f; /* deviation of the second: sqrt(.09 + .25); covariance with the first: -.15 */
    f->model.law.shape_residual = triangle;
    f->model.law.shape = law; /* muscle is drawn still, so no trait may matter */
    f->options.variation = 2;
    draw(f, "people.jsonl");
    double squares[2] = {0}, product = 0;
    for (int i = 0; i < f->count; i++) {
        const double x = (double)f->people[i].shape[0], y = (double)f->people[i].shape[1];
        squares[0] += x * x / 1000;
        squares[1] += y * y / 1000;
        product += x * y / 1000;
    }
    assert_true(fabs(squares[0] - 4 * 0.25) < 4 * sqrt(2.0 / 1000)); /* four standard errors of a variance */
    assert_true(fabs(squares[1] - 4 * 0.34) < 4 * sqrt(2.0 / 1000) * 1.36);
    assert_true(fabs(product + 4 * 0.15) < 4 * sqrt((1 * 1.36 + 0.36) / 1000));
}

static float nearest_pair(const fixture *f)
{
    float nearest = INFINITY;
    for (int i = 0; i < f->count; i++)
        for (int j = 0; j < i; j++) {
            float sum = 0;
            for (int c = 0; c < FIXTURE_SHAPE; c++)
                sum += powf(f->people[i].shape[c] - f->people[j].shape[c], 2);
            nearest = fminf(nearest, sqrtf(sum / FIXTURE_SHAPE));
        }
    return nearest;
}

static void people_keep_their_distance(void **state)
{
    fixture *f = *state;
    f->options.count = 100;
    draw(f, "near.jsonl");
    assert_true(nearest_pair(f) < 0.1f); /* so that the next line could fail */
    f->options.min_distance = 0.1f;
    draw(f, "far.jsonl");
    assert_true(nearest_pair(f) >= 0.1f);
    f->options.min_distance = 3;
    must_refuse(f, "no distance of 3 to everybody before in 1000 draws");
}

static void chosen_values_hold_for_everybody(void **state)
{
    fixture *f = *state;
    f->options.count = 20;
    f->options.fixed_gender = 0.25f;
    f->options.fixed_age = 33.5f;
    f->options.fixed_weight = 0.125f;
    f->options.fixed_mixture[0] = f->options.fixed_mixture[2] = 0.5f;
    f->options.fixed_mixture[1] = 0;
    draw(f, "people.jsonl");
    for (int i = 0; i < f->count; i++) {
        const person *who = &f->people[i];
        assert_true(who->gender == PERSON_FEMALE && who->gender_value == 0.25f && who->age == 33.5f && who->weight == 0.125f);
        assert_true(who->mixture[0] == 0.5f && who->mixture[1] == 0 && who->mixture[2] == 0.5f);
        assert_string_equal(who->ethnicity, PERSON_MIXTURE);
    }
}

static void ages_stay_in_narrow_bins(void **state)
{
    fixture *f = *state;
    f->options.age_bins = 3;
    const float edges[] = {20.005f, 20.111f, 20.3f, 90};
    memcpy(f->options.age_edge, edges, sizeof edges);
    f->options.age = (deal){.count = 3, .share = {1, 1, 1}};
    f->options.count = 300;
    draw(f, "people.jsonl");
    for (int i = 0; i < f->count; i++)
        assert_int_equal(bin_of(f, f->people[i].age), i % 3);
}

/* ---- people of an earlier file ---- */

static const person *find_person(const fixture *f, const char *id)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->people[i].id, id) == 0)
            return &f->people[i];
    return NULL;
}

static void included_people_keep_their_lines_and_ids(void **state)
{
    fixture *f = *state;
    char earlier[600];
    demand_balance(f);
    f->options.count = 24;
    f->options.seed = 5;
    draw(f, "earlier.jsonl");
    snprintf(earlier, sizeof earlier, "%s", f->scratch.path);
    const df_bytes before = f->file;
    f->options.seed = 6;
    f->options.count = 60;
    f->options.include = earlier;
    f->options.min_distance = 0.02f;
    draw(f, "people.jsonl"); /* reading finds doubled ids */
    assert_true(nearest_pair(f) >= 0.02f);
    int found = 0;
    for (const char *line = (const char *)before.data; *line; line = strchr(line, '\n') + 1) {
        char copy[1024];
        snprintf(copy, sizeof copy, "%.*s\n", (int)strcspn(line, "\n"), line);
        found += strstr((const char *)f->file.data, copy) != NULL;
    }
    assert_int_equal(found, 24);
    assert_non_null(find_person(f, "000059"));
    assert_null(find_person(f, "000000b")); /* nobody new stands at 0 */
}

static void new_people_do_not_take_an_included_id(void **state)
{
    fixture *f = *state;
    char earlier[600];
    f->options.gender = (deal){.count = 2, .share = {0, 1}};
    f->options.count = 5;
    draw(f, "earlier.jsonl");
    snprintf(earlier, sizeof earlier, "%s", f->scratch.path);
    f->options.gender = equal_shares(2);
    f->options.count = 12;
    f->options.include = earlier;
    f->options.take[PERSON_MALE] = 3;
    draw(f, "people.jsonl"); /* women at 0, 2, 4; men of the file at 1, 3, 5; the other two men are not known */
    assert_string_equal(f->people[0].id, "000000b");
    assert_string_equal(f->people[1].id, "000000");
    assert_string_equal(f->people[2].id, "000002b");
    assert_string_equal(f->people[3].id, "000001");
    assert_string_equal(f->people[5].id, "000002");
    assert_string_equal(f->people[4].id, "000004");
    assert_string_equal(f->people[7].id, "000007");
}

static void included_people_without_a_place_are_counted(void **state)
{
    fixture *f = *state;
    char earlier[600];
    f->options.gender = (deal){.count = 2, .share = {0, 1}};
    f->options.count = 8;
    draw(f, "earlier.jsonl");
    snprintf(earlier, sizeof earlier, "%s", f->scratch.path);
    f->options.include = earlier;
    f->options.gender = equal_shares(2);
    f->options.count = 12;
    must_refuse(f, "of 8 people to take, 6 fit into the shares of 12, 2 do not");
    f->options.count = 7;
    must_refuse(f, "more people than --count 7");
    f->options.count = 40;
    f->options.take[PERSON_MALE] = 9;
    must_refuse(f, "8 male people, but 9 are to be taken");
    f->options.include = NULL;
    must_refuse(f, "people are to be taken, but from no file");
}

/* ---- Gaussian sampling ---- */

static void gaussian_people_have_unit_coefficients_and_read_traits(void **state)
{
    fixture *f = *state;
    f->options.gaussian = true;
    f->options.sigma = 1.5f;
    f->options.count = 1000;
    draw(f, "people.jsonl");
    double squares = 0;
    for (int i = 0; i < f->count; i++) {
        const person *who = &f->people[i];
        squares += (double)(who->shape[1] * who->shape[1]) / 1000;
        assert_true(who->group < 0 && who->mixture_count == 0);
        const float value = 0.5f + who->shape[0] / 1.6f; /* the fixture's direction of gender is 1.6 along component 0 */
        assert_true(fabsf(fminf(1, fmaxf(0, value)) - who->gender_value) < 1e-4f);
    }
    assert_true(fabs(squares - 2.25) < 4 * 2.25 * sqrt(2.0 / 1000)); /* four standard errors */
}

static void gaussian_people_can_be_balanced_along_the_directions(void **state)
{
    fixture *f = *state;
    f->options.gaussian = true;
    f->options.gender = equal_shares(2);
    f->options.age = equal_shares(f->options.age_bins);
    f->options.fixed_weight = 0.75f;
    f->options.count = 80;
    draw(f, "people.jsonl");
    for (int i = 0; i < f->count; i++) {
        const person *who = &f->people[i];
        assert_int_equal(who->gender, i % 2);
        assert_true(fabsf(0.5f + who->shape[0] / 1.6f - who->gender_value) < 1e-4f);
        assert_true(fabsf(46.5f + who->shape[1] / 0.02f - who->age) < 1e-3f); /* 5 decimals over 0.02 */
        assert_true(who->weight == 0.75f && fabsf(who->shape[2] - 0.125f) < 1e-5f);
    }
}

/* ---- refusals ---- */

static void a_model_without_a_law_is_sampled_by_gaussian_only(void **state)
{
    fixture *f = *state;
    f->model.law.features = 0;
    must_refuse(f, "sample it with --gaussian");
    f->options.gaussian = true;
    f->options.count = 10;
    draw(f, "people.jsonl");
    f->options.gender = equal_shares(2);
    f->model.attribute_directions = NULL;
    must_refuse(f, "has no direction of gender");
}

static void contradictions_are_refused(void **state)
{
    fixture *f = *state;
    const sampler_options start = f->options;
    f->options.count = 0;
    must_refuse(f, "count: 0");
    f->options = start;
    f->options.fixed_gender = 0.3f;
    f->options.gender = equal_shares(2);
    must_refuse(f, "leaves no gender to deal");
    f->options = start;
    f->options.fixed_age = 30;
    f->options.age = equal_shares(4);
    must_refuse(f, "leaves no age bins");
    f->options = start;
    f->options.age_edge[2] = 30;
    must_refuse(f, "age bins: 30 after 30");
    f->options = start;
    f->options.fixed_mixture[0] = f->options.fixed_mixture[1] = f->options.fixed_mixture[2] = 0.5f;
    must_refuse(f, "mixture: the weights sum to 1.5");
    f->options = start;
    f->options.ethnicity = equal_shares(GROUPS + 2);
    must_refuse(f, "ethnicity: 5 shares, expected at most 4");
    f->options = start;
    f->options.gender = (deal){.count = 2};
    must_refuse(f, "all shares are 0");
    f->options = start;
    f->options.min_distance = NAN;
    must_refuse(f, "minimum distance");
    f->options = start;
    f->options.gaussian = true;
    f->options.ethnicity = equal_shares(GROUPS);
    must_refuse(f, "knows no ethnicities");
}

static void a_signal_stops_and_leaves_no_file(void **state)
{
    fixture *f = *state;
    const pid_t child = fork();
    if (child == 0) { /* the flag stays set: in a process of its own */
        df_error err;
        f->options.count = 1000000;
        df_stop_on_signals();
        raise(SIGTERM);
        const bool is_done = sampler_run(&f->model, &f->options, scratch_path(&f->scratch, "stopped.jsonl"), NULL, &err);
        _exit(!is_done && strstr(err.text, "stopped by a signal before person 0") ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(scratch_entries(&f->scratch), 0);
}

#define SAMPLER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLER_TEST(a_seed_gives_one_file_and_another_seed_another),
        SAMPLER_TEST(the_bytes_are_the_same_on_every_machine),
        SAMPLER_TEST(nobody_depends_on_how_many_follow),
        SAMPLER_TEST(thirteen_people_fill_six_cells_with_two_and_one_with_three),
        SAMPLER_TEST(every_beginning_is_balanced_in_all_cells),
        SAMPLER_TEST(exact_shares_are_kept_at_each_level),
        SAMPLER_TEST(what_is_not_demanded_is_drawn_and_does_not_disturb_the_rest),
        SAMPLER_TEST(soft_groups_overlap_and_pure_ones_hardly),
        SAMPLER_TEST(coefficients_without_variation_are_the_law_of_the_traits),
        SAMPLER_TEST(what_the_traits_leave_open_has_the_laws_covariance),
        SAMPLER_TEST(people_keep_their_distance),
        SAMPLER_TEST(chosen_values_hold_for_everybody),
        SAMPLER_TEST(ages_stay_in_narrow_bins),
        SAMPLER_TEST(included_people_keep_their_lines_and_ids),
        SAMPLER_TEST(new_people_do_not_take_an_included_id),
        SAMPLER_TEST(included_people_without_a_place_are_counted),
        SAMPLER_TEST(gaussian_people_have_unit_coefficients_and_read_traits),
        SAMPLER_TEST(gaussian_people_can_be_balanced_along_the_directions),
        SAMPLER_TEST(a_model_without_a_law_is_sampled_by_gaussian_only),
        SAMPLER_TEST(contradictions_are_refused),
        SAMPLER_TEST(a_signal_stops_and_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
