/* The default model as it is built here from the fetched assets: what it holds, and whether its people's skin is as measured.
   DIFFUSE_MODEL names it; without one the tests are skipped, and say so. */
#include "check.h"

#include <stdlib.h>

#include "face/model_file.h"
#include "face/sampler.h"
#include "render/head_internal.h"
#include "scratch.h"

enum { PEOPLE = 60, MEMORY = 1 << 28 };

static face_model_handle *handle;

static int open_model(void **state)
{
    (void)state;
    const char *path = getenv("DIFFUSE_MODEL");
    df_error err = {0};
    if (path)
        must((handle = face_model_open(path, &err)) != NULL, &err);
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    face_model_close(handle);
    return 0;
}

static const face_model *model_or_skip(void)
{
    if (!handle)
        skip();
    return face_model_of(handle);
}

static void it_has_the_parts_that_the_documentation_promises(void **state)
{
    (void)state;
    const face_model *model = model_or_skip();
    assert_int_equal(model->skin_count, 17259);
    assert_int_equal(model->triangle_count, 2 * 17216);
    assert_int_equal(model->shape_count, 80);
    assert_int_equal(model->albedo_count, 80);
    assert_int_equal(model->expression_count, 34);
    assert_true(face_model_expression(model, "mouth-corner-puller") >= 0);
    assert_int_equal(model->group_count, 3);
    int kinds[FACE_PART_KIND_COUNT] = {0};
    for (int i = 0; i < model->part_count; i++)
        kinds[model->parts[i].kind]++;
    for (int kind = 0; kind < FACE_PART_KIND_COUNT; kind++)
        assert_true(kinds[kind] > 0);
}

/* Sums of each group's people; a person is the mean over the triangles of the face without lids and lips. */
typedef struct group_tone {
    double sum;
    int count;
} group_tone;

static float tone_of(const face_model *model, const person *who, render_band band, df_arena *arena)
{
    df_error err = {0};
    df_arena_reset(arena);
    const head_identity *identity = head_identity_new(model, who, band, arena, &err);
    must(identity != NULL, &err);
    double sum = 0;
    int count = 0;
    for (int t = 0; t < model->triangle_count; t++)
        if (model->regions[t] == FACE_SKIN || model->regions[t] == FACE_NOSE) {
            sum += (double)identity->albedo[model->triangles[3 * t]];
            count++;
        }
    return (float)(sum / count);
}

static void measure(const face_model *model, const char *people_file, render_band band, group_tone groups[FACE_MAX_GROUPS])
{
    df_error err = {0};
    df_arena *arena = df_arena_new(MEMORY, &err);
    people *listed = people_open(people_file, model, &err);
    must(arena && listed, &err);
    for (;;) {
        person who;
        bool found;
        must(people_next(listed, &who, &found, &err), &err);
        if (!found)
            break;
        groups[who.group].sum += (double)tone_of(model, &who, band, arena);
        groups[who.group].count++;
    }
    people_close(listed);
    df_arena_free(arena);
}

/* 5 to 95 % of the reflectance factor of 100 people (NIST), less the surface reflection of 0.045; each group's mean. */
static void the_skin_of_every_group_lies_in_the_measured_band(void **state)
{
    (void)state;
    const face_model *model = model_or_skip();
    static const float low[BAND_COUNT] = {[BAND_850] = 0.545f, [BAND_940] = 0.486f}, high[BAND_COUNT] = {[BAND_850] = 0.651f, [BAND_940] = 0.572f};
    scratch folder = scratch_new();
    df_error err = {0};
    sampler_options options = sampler_defaults();
    bool good = true;
    options.count = PEOPLE;
    options.ethnicity = (deal){.count = 3, .share = {1, 1, 1}};
    must(sampler_run(model, &options, scratch_path(&folder, "people.jsonl"), NULL, &err), &err);
    for (int band = BAND_850; band <= BAND_940; band++) {
        group_tone groups[FACE_MAX_GROUPS] = {0};
        measure(model, scratch_path(&folder, "people.jsonl"), (render_band)band, groups);
        for (int g = 0; g < model->group_count; g++) {
            assert_int_equal(groups[g].count, PEOPLE / 3);
            const float tone = (float)(groups[g].sum / groups[g].count);
            print_message("%s nm, %s: diffuse albedo %.3f, with surface reflection %.3f\n", render_band_names[band], model->group_names[g], (double)tone,
                          (double)tone + 0.045);
            good = good && tone + 0.045f > low[band] && tone + 0.045f < high[band];
        }
    }
    assert_true(good);
    scratch_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_the_parts_that_the_documentation_promises),
        cmocka_unit_test(the_skin_of_every_group_lies_in_the_measured_band),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
