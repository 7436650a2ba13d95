/* draw.c: one image's parameters from a job's ranges. */
#include "dataset/draw.h"

#include <math.h>
#include <string.h>

#include "dataset/mood.h"

static const float SKIN_ALBEDO[BAND_COUNT] = {[BAND_RGB] = 0.35f, [BAND_850] = 0.6f, [BAND_940] = 0.55f}; /* for the exposure only */
static const float CLEAR_LENS = 0.04f, DARK_LENS_LEAST = 0.7f, DARK_LENS_MOST = 0.92f;
static const float LAMP_REFERENCE_MM = 1000.0f; /* where a lamp's intensity is its irradiance */
static const char NOTHING[FACE_NAME] = "none";

float draw_rounded(float value, int digits)
{
    static const double powers[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7};
    return (float)(floor((double)value * powers[digits] + 0.5) / powers[digits]);
}

static float draw_in(const render_job *job, job_range_id id, df_random *random, int digits)
{
    const job_range *range = &job->ranges[id];
    const float a = df_random_uniform(random), b = df_random_uniform(random);
    const float t = job->is_peaked && job_range_rows[id].is_peaked ? 0.5f * (a + b) : a;
    return draw_rounded(range->low + (range->high - range->low) * t, digits);
}

/* Both ends included, for counts. */
static int draw_count(const job_range *range, df_random *random)
{
    const int low = (int)range->low, high = (int)range->high;
    return low + (int)df_random_below(random, (uint32_t)(high - low + 1));
}

typedef struct draws {
    const render_job *job;
    const face_model *model;
    uint64_t identity;
    uint32_t index;
} draws;

static df_random stream(const draws *d, df_purpose purpose)
{
    return df_random_at(d->job->seed, d->identity, d->index, purpose);
}

static void draw_pose(const draws *d, head_params *head)
{
    df_random random = stream(d, DF_FOR_POSE);
    head->yaw = draw_in(d->job, JOB_YAW, &random, DRAW_ANGLE_DIGITS);
    head->pitch = draw_in(d->job, JOB_PITCH, &random, DRAW_ANGLE_DIGITS);
    head->roll = draw_in(d->job, JOB_ROLL, &random, DRAW_ANGLE_DIGITS);
}

static void draw_camera(const draws *d, head_params *head)
{
    df_random random = stream(d, DF_FOR_CAMERA);
    head->distance = draw_in(d->job, JOB_DISTANCE, &random, DRAW_MM_DIGITS);
    head->focal = draw_in(d->job, JOB_FOCAL, &random, DRAW_MM_DIGITS);
    for (int axis = 0; axis < 2; axis++)
        head->offset[axis] = draw_in(d->job, JOB_OFFSET, &random, DRAW_SHARE_DIGITS);
}

static void draw_gaze(const draws *d, head_params *head)
{
    df_random random = stream(d, DF_FOR_GAZE);
    head->gaze_yaw = draw_in(d->job, JOB_GAZE_YAW, &random, DRAW_ANGLE_DIGITS);
    head->gaze_pitch = draw_in(d->job, JOB_GAZE_PITCH, &random, DRAW_ANGLE_DIGITS);
}

static void draw_expression(const draws *d, drawn_image *out)
{
    df_random random = stream(d, DF_FOR_EXPRESSION);
    out->expression_strength = draw_in(d->job, JOB_EXPRESSION, &random, DRAW_SHARE_DIGITS);
    mood_draw(d->model, out->expression_strength, &random, out->head.expression);
    for (int i = 0; i < d->model->expression_count; i++)
        out->head.expression[i] = draw_rounded(out->head.expression[i], DRAW_SHARE_DIGITS);
}

/* The name of a part of that kind, all alike; "none" where the model has none. */
static void choose_part(const face_model *model, face_part_kind kind, float dice, char name[FACE_NAME])
{
    int count = 0, wanted = 0;
    for (int i = 0; i < model->part_count; i++)
        count += model->parts[i].kind == kind;
    wanted = (int)(dice * (float)count);
    memcpy(name, NOTHING, FACE_NAME);
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == kind && wanted-- == 0)
            memcpy(name, model->parts[i].name, FACE_NAME);
}

/* A shirt of any tone; dyes hide little of cloth in the near infrared, so tones are lighter and closer there. */
static void draw_clothes(const draws *d, df_random *random, head_params *head)
{
    const bool is_visible = d->job->band == BAND_RGB;
    const float tone = is_visible ? df_random_range(random, 0.02f, 0.5f) : df_random_range(random, 0.12f, 0.6f);
    for (int c = 0; c < 3; c++)
        head->clothes[c] = draw_rounded(is_visible ? tone * df_random_range(random, 0.6f, 1.4f) : tone, DRAW_SHARE_DIGITS);
}

static void draw_accessories(const draws *d, head_params *head)
{
    df_random random = stream(d, DF_FOR_ACCESSORY);
    const float glasses = df_random_uniform(&random), frame = df_random_uniform(&random), tint = df_random_uniform(&random);
    const float hat = df_random_uniform(&random), which_hat = df_random_uniform(&random);
    const float sunglasses_below = d->job->sunglasses, glasses_below = d->job->sunglasses + d->job->glasses;
    memcpy(head->glasses, NOTHING, FACE_NAME);
    memcpy(head->hat, NOTHING, FACE_NAME);
    head->glasses_tint = 0;
    if (glasses < glasses_below) {
        choose_part(d->model, FACE_PART_GLASSES, frame, head->glasses);
        head->glasses_tint = glasses < sunglasses_below
                                 ? draw_rounded(DARK_LENS_LEAST + (DARK_LENS_MOST - DARK_LENS_LEAST) * tint, DRAW_SHARE_DIGITS)
                                 : CLEAR_LENS;
    }
    if (hat < d->job->hat)
        choose_part(d->model, FACE_PART_HAT, which_hat, head->hat);
    draw_clothes(d, &random, head);
}

/* Cloth or plastic of its kind's albedo. */
static void draw_occluder_colour(const draws *d, df_random *random, const occluder_row *row, float colour[3])
{
    const bool is_visible = d->job->band == BAND_RGB;
    const float *range = is_visible ? row->visible : row->near_infrared;
    const float tone = df_random_range(random, range[0], range[1]), spread = is_visible ? row->saturation : 0;
    for (int c = 0; c < 3; c++)
        colour[c] = draw_rounded(fminf(tone * (1 + spread * df_random_range(random, -1, 1)), 0.85f), DRAW_SHARE_DIGITS);
}

static void draw_occluder(const draws *d, head_params *head)
{
    df_random random = stream(d, DF_FOR_OCCLUDER);
    occluder_kind kinds[OCCLUDER_KIND_COUNT];
    uint32_t count = 0;
    for (int kind = OCCLUDER_NONE + 1; kind < OCCLUDER_KIND_COUNT; kind++)
        if (d->job->occluders[kind])
            kinds[count++] = (occluder_kind)kind;
    if (df_random_uniform(&random) >= d->job->occluder || count == 0)
        return;
    occluder_params *out = &head->occluder;
    out->kind = kinds[df_random_below(&random, count)];
    const occluder_row *row = &occluder_rows[out->kind];
    out->style = (int)df_random_below(&random, (uint32_t)row->style_count);
    out->side = (int)df_random_below(&random, 2);
    for (int i = 0; i < OCCLUDER_PLACES; i++)
        out->place[i] = draw_rounded(df_random_uniform(&random), DRAW_SHARE_DIGITS);
    draw_occluder_colour(d, &random, row, out->colour);
    if (out->kind == OCCLUDER_SUNGLASSES) {
        choose_part(d->model, FACE_PART_GLASSES, df_random_uniform(&random), head->glasses);
        head->glasses_tint = occluder_tint(d->job->band);
    }
}

/* A lamp beside the camera, as beside a driver camera: up to 150 mm to the sides, a little above or below. All numbers are drawn
   whether the lamp is lit or not, so that a count more leaves the others where they are. */
static light_lamp draw_lamp(df_random *random, float camera_mm, float share)
{
    light_lamp lamp;
    lamp.position[0] = draw_rounded(df_random_range(random, -150, 150), DRAW_MM_DIGITS);
    lamp.position[1] = draw_rounded(df_random_range(random, -80, 120), DRAW_MM_DIGITS);
    lamp.position[2] = camera_mm;
    const float distance = camera_mm / LAMP_REFERENCE_MM;
    const float intensity = draw_rounded(share * df_random_range(random, 0.7f, 1.3f) * distance * distance, DRAW_LIGHT_DIGITS);
    for (int channel = 0; channel < 3; channel++)
        lamp.intensity[channel] = intensity;
    return lamp;
}

static void draw_light(const draws *d, drawn_image *out)
{
    df_random random = stream(d, DF_FOR_LIGHT);
    light *around = &out->head.light;
    const int channels = band_channels(d->job->band);
    out->light_strength = draw_in(d->job, JOB_LIGHT, &random, DRAW_SHARE_DIGITS);
    out->ambient = draw_in(d->job, JOB_AMBIENT, &random, DRAW_SHARE_DIGITS);
    const int lamps = draw_count(&d->job->ranges[JOB_LAMPS], &random);
    const float lamp_share = (1 - out->ambient) / (float)(lamps > 0 ? lamps : 1);
    for (int i = 0; i < LIGHT_MAX_LAMPS; i++)
        around->lamps[i] = draw_lamp(&random, out->head.distance, lamp_share);
    memset(around->lamps + lamps, 0, (size_t)(LIGHT_MAX_LAMPS - lamps) * sizeof around->lamps[0]);
    light_random(around, channels, out->light_strength, &random);
    around->lamp_count = lamps;
    for (int channel = 0; channel < channels; channel++)
        for (int i = 0; i < SH_COUNT; i++)
            around->sh[channel][i] = draw_rounded(out->ambient * around->sh[channel][i], DRAW_LIGHT_DIGITS);
}

/* The exposure that brings average skin under this light (irradiance / pi about 1, less without lamps) to the drawn brightness. */
static void draw_sensor(const draws *d, drawn_image *out)
{
    df_random random = stream(d, DF_FOR_SENSOR);
    sensor *optics = &out->head.sensor;
    out->exposure = draw_in(d->job, JOB_EXPOSURE, &random, DRAW_SHARE_DIGITS);
    const float level = out->head.light.lamp_count > 0 ? 1 : out->ambient;
    optics->exposure = draw_rounded(out->exposure / (SKIN_ALBEDO[d->job->band] * level), DRAW_SHARE_DIGITS);
    optics->gain = draw_in(d->job, JOB_GAIN, &random, DRAW_SHARE_DIGITS);
    optics->blur = draw_in(d->job, JOB_BLUR, &random, DRAW_SHARE_DIGITS);
    optics->vignetting = draw_in(d->job, JOB_VIGNETTING, &random, DRAW_SHARE_DIGITS);
    const float well = draw_rounded(df_random_range(&random, 6000, 12000), 0),
                read = draw_rounded(df_random_range(&random, 2, 8), DRAW_SHARE_DIGITS);
    optics->full_well = d->job->noise ? well : 0;
    optics->read_noise = d->job->noise ? read : 0;
    optics->bits = d->job->bits;
    optics->encode_srgb = d->job->band == BAND_RGB;
}

static void draw_background(const draws *d, int images, drawn_image *out)
{
    static const float shares[BACKGROUND_KIND_COUNT] = {
        [BACKGROUND_CABIN] = 0.5f, [BACKGROUND_GRADIENT] = 0.2f, [BACKGROUND_NOISE] = 0.15f, [BACKGROUND_PLAIN] = 0.15f};
    df_random random = stream(d, DF_FOR_BACKGROUND);
    const float level = df_random_range(&random, 0.25f, 0.9f);
    float dice = df_random_uniform(&random);
    const float which = df_random_uniform(&random);
    out->background_level = draw_rounded(level, DRAW_SHARE_DIGITS);
    out->background_image = (int)(which * (float)images);
    out->background = images > 0 ? DRAW_BACKGROUND_IMAGE : BACKGROUND_KIND_COUNT - 1;
    if (images > 0)
        return;
    for (int kind = 0; kind < BACKGROUND_KIND_COUNT; kind++)
        if (strcmp(background_kind_names[kind], d->job->background) == 0) {
            out->background = kind;
            return;
        }
    int kind = 0;
    while (kind + 1 < BACKGROUND_KIND_COUNT && dice >= shares[kind])
        dice -= shares[kind++];
    out->background = kind;
}

void draw_image(const render_job *job, const face_model *model, const char *identity, uint32_t index, int background_images,
                drawn_image *out)
{
    const draws d = {.job = job, .model = model, .identity = df_identity_key(identity), .index = index};
    *out = (drawn_image){0};
    out->head.size = job->size;
    out->head.band = job->band;
    out->head.crop = job->crop;
    draw_pose(&d, &out->head);
    draw_camera(&d, &out->head);
    draw_gaze(&d, &out->head);
    draw_expression(&d, out);
    draw_accessories(&d, &out->head);
    out->may_have_occluder = job->occluder > 0;
    draw_occluder(&d, &out->head);
    draw_light(&d, out);
    draw_sensor(&d, out);
    draw_background(&d, background_images, out);
}

static bool has_part(const face_model *model, face_part_kind kind)
{
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == kind)
            return true;
    return false;
}

bool draw_check(const render_job *job, const face_model *model, df_error *err)
{
    if (!model->has_landmarks && job->crop == CROP_ARCFACE)
        return df_fail(err, "model '%s' has no landmarks, by which the arcface crop is aligned: crop loosely", model->name);
    if (job->glasses + job->sunglasses >= 1 && !has_part(model, FACE_PART_GLASSES))
        return df_fail(err, "model '%s' has no glasses", model->name);
    if (job->occluder > 0 && !model->has_landmarks)
        return df_fail(err, "model '%s' has no landmarks: occluders are put by them", model->name);
    if (job->occluder > 0 && job->occluders[OCCLUDER_SUNGLASSES] && !has_part(model, FACE_PART_GLASSES))
        return df_fail(err, "model '%s' has no glasses: --occluder-kinds without nir-sunglasses", model->name);
    if (job->hat >= 1 && !has_part(model, FACE_PART_HAT))
        return df_fail(err, "model '%s' has no hats", model->name);
    return true;
}
