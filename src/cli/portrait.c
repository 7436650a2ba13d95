/* portrait.c: a fixed camera, light and sensor around the renderer. */
#include "cli/portrait.h"

#include <string.h>

#include "render/engine.h"
#include "render/head.h"

enum { SAMPLES = 4, CHANNELS = 3, SCRATCH_BASE = 256 << 20, SCRATCH_PER_PIXEL = 256 };

struct portrait_studio {
    const face_model *model;
    const engine_row *engine;
    void *engine_state;
    df_arena *scratch;
    float *radiance, *background; /* [size][size][3] */
    image picture;
    head_params params;
};

/* Mean irradiance 1 from a sky that is brighter above, in front and to the person's right. */
static light soft_light(void)
{
    static const float sky[SH_COUNT] = {3.545f, 0.9f, 1.1f, -0.55f}; /* 3.545: uniform radiance 1 */
    light soft = {0};
    for (int channel = 0; channel < CHANNELS; channel++) {
        memcpy(soft.sh[channel], sky, sizeof sky);
        light_keep_positive(soft.sh[channel], 0.1f);
    }
    return soft;
}

static head_params studio_params(int size)
{
    return (head_params){
        .distance = 1000,
        .focal = 112,
        .glasses = "none",
        .hat = "none",
        .light = soft_light(),
        .sensor = {.exposure = 0.9f, .gain = 1, .blur = 0.35f, .bits = 8, .encode_srgb = true},
        .crop = CROP_LOOSE,
        .size = size,
        .band = BAND_RGB,
    };
}

static bool make_planes(portrait_studio *studio, int size, df_arena *arena, df_error *err)
{
    const size_t pixels = (size_t)size * (size_t)size;
    studio->scratch = df_arena_new(SCRATCH_BASE + pixels * SCRATCH_PER_PIXEL, err);
    studio->radiance = studio->scratch ? df_alloc(arena, pixels * CHANNELS, sizeof(float), err) : NULL;
    studio->background = studio->radiance ? df_alloc(arena, pixels * CHANNELS, sizeof(float), err) : NULL;
    if (!studio->background || !image_new(&studio->picture, size, size, CHANNELS, IMAGE_U8, arena, err))
        return false;
    for (size_t i = 0; i < pixels * CHANNELS; i++)
        studio->background[i] = 0.6f;
    return true;
}

portrait_studio *portrait_open(const face_model *model, int size, df_arena *arena, df_error *err)
{
    portrait_studio *studio = df_alloc(arena, 1, sizeof *studio, err);
    if (!studio)
        return NULL;
    studio->model = model;
    studio->engine = engine_row_at(0);
    studio->params = studio_params(size);
    if (make_planes(studio, size, arena, err) && (studio->engine_state = studio->engine->create(size, size, SAMPLES, arena, err)) != NULL)
        return studio;
    portrait_close(studio);
    return NULL;
}

void portrait_close(portrait_studio *studio)
{
    if (studio)
        df_arena_free(studio->scratch);
}

bool portrait_draw(portrait_studio *studio, const person *who, float yaw, int expression, image *out, df_error *err)
{
    df_arena_reset(studio->scratch);
    head_params params = studio->params;
    head_labels labels;
    scene view;
    params.yaw = yaw;
    if (expression >= 0)
        params.expression[expression] = 1;
    const head_identity *identity = head_identity_new(studio->model, who, BAND_RGB, studio->scratch, err);
    if (!identity || !head_scene(identity, &params, studio->background, &view, &labels, studio->scratch, err))
        return false;
    if (!studio->engine->draw(studio->engine_state, &view, &(scene_picture){.colour = studio->radiance}, studio->scratch, err))
        return false;
    if (!sensor_expose(&params.sensor, studio->radiance, 0, 0, 0, &studio->picture, studio->scratch, err))
        return false;
    *out = studio->picture;
    return true;
}
