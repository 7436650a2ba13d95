/* The default model as it is built here from the fetched assets: what it holds, and whether its people's skin is as measured.
   DIFFUSE_MODEL names it; without one the tests are skipped, and say so. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "face/model_file.h"
#include "face/sampler.h"
#include "render/head_internal.h"
#include "render/raster.h"
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
    static const float low[BAND_COUNT] = {[BAND_850] = 0.545f, [BAND_940] = 0.486f},
                       high[BAND_COUNT] = {[BAND_850] = 0.651f, [BAND_940] = 0.572f};
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
            print_message("%s nm, %s: diffuse albedo %.3f, with surface reflection %.3f\n", render_band_names[band], model->group_names[g],
                          (double)tone, (double)tone + 0.045);
            good = good && tone + 0.045f > low[band] && tone + 0.045f < high[band];
        }
    }
    assert_true(good);
    scratch_free(&folder);
}

/* A picture of 112 pixels of the person, linear, with the skin's mesh as `model` has it. */
static float *picture_of(const face_model *model, const person *who, float yaw, df_arena *arena)
{
    enum { SIDE = 112 };
    df_error err = {0};
    head_params params = {.yaw = yaw, .distance = 700, .focal = 80, .crop = CROP_LOOSE, .size = SIDE, .band = BAND_940};
    strcpy(params.glasses, "none");
    strcpy(params.hat, "none");
    params.light.sh[0][0] = 2;
    params.light.sh[0][3] = 0.5f;
    params.light.lamp_count = 1;
    params.light.lamps[0] = (light_lamp){.position = {40, 60, 700}, .intensity = {0.3f, 0.3f, 0.3f}};
    scene stage;
    head_labels labels;
    const head_identity *identity = head_identity_new(model, who, params.band, arena, &err);
    must(identity && head_scene(identity, &params, NULL, &stage, &labels, arena, &err), &err);
    raster_target *target = raster_target_new(SIDE, SIDE, 4, arena, &err);
    float *colour = df_alloc(arena, (size_t)SIDE * SIDE, sizeof *colour, &err);
    must(target && colour && raster_draw(target, &stage, &(scene_picture){.colour = colour}, arena, &err), &err);
    return colour;
}

/* Peak 1: about what a white surface reflects under this light. */
static double psnr(const float *a, const float *b, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return -10 * log10(sum / count);
}

static void below_160_pixels_the_coarse_mesh_draws_what_the_fine_one_draws_to_40_db(void **state)
{
    (void)state;
    const face_model *model = model_or_skip();
    face_model fine = *model;
    fine.coarse_triangles = NULL;
    scratch folder = scratch_new();
    df_error err = {0};
    sampler_options options = sampler_defaults();
    options.count = 6;
    must(sampler_run(model, &options, scratch_path(&folder, "people.jsonl"), NULL, &err), &err);
    df_arena *arena = df_arena_new(MEMORY, &err);
    people *listed = people_open(scratch_path(&folder, "people.jsonl"), model, &err);
    must(arena && listed, &err);
    for (int i = 0; i < (int)options.count; i++) {
        person who;
        bool found;
        must(people_next(listed, &who, &found, &err) && found, &err);
        df_arena_reset(arena);
        const float yaw = 15 * (float)(i - 3);
        const double likeness = psnr(picture_of(model, &who, yaw, arena), picture_of(&fine, &who, yaw, arena), 112 * 112);
        print_message("person %d, yaw %.0f: %.1f dB\n", i, (double)yaw, likeness);
        assert_true(likeness >= 40);
    }
    people_close(listed);
    df_arena_free(arena);
    scratch_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_the_parts_that_the_documentation_promises),
        cmocka_unit_test(the_skin_of_every_group_lies_in_the_measured_band),
        cmocka_unit_test(below_160_pixels_the_coarse_mesh_draws_what_the_fine_one_draws_to_40_db),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
