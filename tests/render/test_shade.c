/* Colour against closed forms: a furnace, Lambert's law with lamps, texture levels, glints; and the bytes of a picture of
   everything at once. */
#include "check.h"

#include <math.h>

#include "base/sha256.h"
#include "render/ball_head.h"
#include "render/flat_scene.h"
#include "render/light.h"
#include "render/texture.h"

enum { SIDE = 64 };

typedef struct ball_scene {
    df_arena *arena, *scratch;
    ball_head head;
    scene_mesh mesh;
    scene stage;
    float *colour;
    uint8_t *regions;
    float *depth, *normals;
    raster_target *target;
} ball_scene;

static ball_scene ball_new(int side, int samples, int channels)
{
    df_error err = {0};
    ball_scene b = {.arena = df_arena_new((size_t)1 << 28, &err), .scratch = df_arena_new((size_t)1 << 28, &err)};
    const size_t pixels = (size_t)side * (size_t)side;
    ball_head_make(&b.head, 41, 41);
    b.mesh = ball_head_mesh(&b.head);
    b.stage = (scene){.channels = channels, .camera = ball_head_camera(side, 600), .mesh_count = 1};
    b.target = raster_target_new(side, side, samples, b.arena, &err);
    b.colour = df_alloc(b.arena, pixels, 3 * sizeof(float), &err);
    b.regions = df_alloc(b.arena, pixels, 1, &err);
    b.depth = df_alloc(b.arena, pixels, sizeof(float), &err);
    b.normals = df_alloc(b.arena, pixels, 3 * sizeof(float), &err);
    must(b.normals != NULL, &err);
    return b;
}

static void ball_draw(ball_scene *b)
{
    df_error err = {0};
    df_arena_reset(b->scratch);
    if (!b->stage.meshes)
        b->stage.meshes = &b->mesh;
    const scene_picture picture = {.colour = b->colour, .regions = b->regions, .depth = b->depth, .normals = b->normals};
    must(raster_draw(b->target, &b->stage, &picture, b->scratch, &err), &err);
}

static void ball_free(ball_scene *b)
{
    ball_head_free(&b->head);
    df_arena_free(b->arena);
    df_arena_free(b->scratch);
}

/* Light that is 1 from everywhere leaves a white surface as bright as itself, however it is turned, soft or hairy. */
static void a_white_surface_vanishes_in_uniform_light(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        ball_scene b = ball_new(SIDE, 4, 1);
        b.stage.light.sh[0][0] = 1 / SH_Y0;
        b.mesh.material.surface = kind == 1 ? SCENE_HAIR : SCENE_DIFFUSE;
        b.mesh.material.softness = kind == 2 ? 0.3f : 0;
        float background[SIDE * SIDE / 4];
        for (int i = 0; i < SIDE * SIDE / 4; i++)
            background[i] = 1;
        float *all = df_alloc(b.arena, 4, sizeof background, NULL);
        for (int quarter = 0; quarter < 4; quarter++)
            memcpy(all + quarter * SIDE * SIDE / 4, background, sizeof background);
        b.stage.background = all;
        ball_draw(&b);
        for (int i = 0; i < SIDE * SIDE; i++)
            must_lie(b.colour[i], 1 - 1e-5f, 1 + 1e-5f);
        ball_free(&b);
    }
}

/* The normal plane says how the surface is turned; colour must be what light.h makes of that. */
static void skylight_is_the_irradiance_of_the_normal(void **state)
{
    (void)state;
    df_random random = df_random_at(6, 1, 1, DF_FOR_TEST);
    ball_scene b = ball_new(SIDE, 1, 3);
    light_random(&b.stage.light, 3, 0.9f, &random);
    ball_draw(&b);
    int judged = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        if (!b.regions[i])
            continue;
        const float world[3] = {b.normals[3 * i], -b.normals[3 * i + 1], -b.normals[3 * i + 2]}; /* the camera looks along -z, y down */
        for (int c = 0; c < 3; c++) {
            const float wanted = light_sh_irradiance(b.stage.light.sh[c], world);
            must_lie(b.colour[3 * i + c], wanted - 1e-4f, wanted + 1e-4f);
        }
        judged++;
    }
    assert_true(judged > 500);
    ball_free(&b);
}

/* Lambert with the inverse square of the distance, and nothing from behind. */
static void a_lamp_lights_by_cosine_and_distance(void **state)
{
    (void)state;
    const light_lamp lamp = {.position = {200, 100, 700}, .intensity = {0.8f}};
    ball_scene b = ball_new(SIDE, 1, 1);
    b.stage.light.lamp_count = 1;
    b.stage.light.lamps[0] = lamp;
    ball_draw(&b);
    const camera *view = &b.stage.camera;
    for (int i = 0; i < SIDE * SIDE; i++) {
        if (!b.regions[i])
            continue;
        const float z = b.depth[i], x = ((float)(i % SIDE) + 0.5f - view->cx) / view->fx * z,
                    y = ((float)(i / SIDE) + 0.5f - view->cy) / view->fy * z;
        const float to[3] = {lamp.position[0] - x, lamp.position[1] + y, lamp.position[2] - (600 - z)};
        const float square = to[0] * to[0] + to[1] * to[1] + to[2] * to[2];
        const float cosine = (b.normals[3 * i] * to[0] - b.normals[3 * i + 1] * to[1] - b.normals[3 * i + 2] * to[2]) / sqrtf(square);
        const float wanted = 0.8f * 1e6f / square * (cosine > 0 ? cosine : 0);
        must_lie(b.colour[i], wanted - 2e-3f, wanted + 2e-3f);
    }
    ball_free(&b);
}

static float sum_of(const ball_scene *b)
{
    float sum = 0;
    for (int i = 0; i < SIDE * SIDE; i++)
        sum += b->colour[i];
    return sum;
}

/* A lamp in a wet eye: brighter than white in a few pixels, dark beside them. */
static void a_wet_surface_shows_a_lamp_as_a_small_bright_dot(void **state)
{
    (void)state;
    ball_scene b = ball_new(SIDE, 4, 1);
    b.stage.light.lamp_count = 1;
    b.stage.light.lamps[0] = (light_lamp){.position = {0, 0, 700}, .intensity = {1}};
    b.mesh.material = (scene_material){.surface = SCENE_EYE, .opacity = 1, .specular = 0.025f, .roughness = 0.08f};
    ball_draw(&b);
    int bright = 0, lit = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        bright += b.colour[i] > 0.5f;
        lit += b.colour[i] > 0.05f;
    }
    assert_in_range(bright, 1, 60);
    assert_in_range(lit, bright, 400);
    ball_free(&b);
}

/* A smooth surface shows a lamp sharper, not brighter altogether. The lobe's cheap masking term keeps energy to a half or so. */
static void a_highlights_energy_hardly_depends_on_its_size(void **state)
{
    (void)state;
    float sums[2];
    for (int k = 0; k < 2; k++) {
        ball_scene b = ball_new(SIDE, 4, 1);
        b.stage.light.lamp_count = 1;
        b.stage.light.lamps[0] = (light_lamp){.position = {0, 0, 700}, .intensity = {1}};
        b.mesh.material = (scene_material){.opacity = 1, .specular = 0.04f, .roughness = k ? 0.35f : 0.2f};
        ball_draw(&b);
        sums[k] = sum_of(&b);
        ball_free(&b);
    }
    must_lie(sums[1] / sums[0], 0.65f, 1.55f);
}

/* A texture whose every level has one grey of its own: the level is seen. */
static void a_texture_is_read_at_the_level_of_a_pixels_size(void **state)
{
    (void)state;
    enum { LEVELS = 7 };
    static uint8_t texels[LEVELS][64 * 64 * 2];
    face_texture texture = {.width = 64, .height = 64, .channels = 2, .levels = LEVELS};
    for (int l = 0; l < LEVELS; l++) {
        for (int i = 0; i < (64 >> l) * (64 >> l); i++) {
            texels[l][2 * i] = (uint8_t)(20 * l + 20);
            texels[l][2 * i + 1] = 255;
        }
        texture.level[l] = texels[l];
    }
    static const float stretch[] = {0.1f, 1, 1.9f, 2.1f, 4, 7.9f, 8.1f, 63, 4000, 1e9f};
    static const int level[] = {0, 0, 0, 1, 1, 1, 2, 3, 6, 6}; /* sides 1 to sqrt 2 round to 1 */
    for (size_t i = 0; i < DF_ARRAY_LEN(stretch); i++) {
        texture_batch batch = {.count = 1, .u = {0.3f}, .v = {0.6f}, .stretch = {stretch[i]}};
        float colours[3][TEXTURE_BATCH], alpha[TEXTURE_BATCH];
        texture_find(&texture, &batch);
        texture_colours(&texture, &batch, colours);
        texture_alpha(&texture, &batch, alpha);
        const float encoded = (float)(20 * level[i] + 20) / 255, wanted = powf((encoded + 0.055f) / 1.055f, 2.4f);
        must_lie(colours[0][0], wanted - 1e-4f, wanted + 1e-4f);
        must_lie(alpha[0], 0.9999f, 1.0001f);
    }
}

/* Bilinear by its definition, at the borders and between texels, for 2, 3 and 4 channels and sides that are 1. */
static void texels_are_mixed_bilinearly_to_the_last_one(void **state)
{
    (void)state;
    static const int sizes[][2] = {{8, 4}, {1, 4}, {8, 1}, {1, 1}, {2, 2}};
    df_random random = df_random_at(6, 1, 2, DF_FOR_TEST);
    for (int channels = 2; channels <= 4; channels++)
        for (size_t s = 0; s < DF_ARRAY_LEN(sizes); s++) {
            const int width = sizes[s][0], height = sizes[s][1];
            uint8_t *texels = malloc((size_t)(width * height * channels)); /* exactly, so that a sanitizer sees what reads beyond */
            for (int i = 0; i < width * height * channels; i++)
                texels[i] = (uint8_t)df_random_below(&random, 256);
            const face_texture texture = {.width = width, .height = height, .channels = channels, .levels = 1, .level = {texels}};
            for (int n = 0; n < 200; n++) {
                const float u = df_random_uniform(&random), v = df_random_uniform(&random);
                texture_batch batch = {.count = 1, .u = {u}, .v = {v}, .stretch = {1}};
                float colours[3][TEXTURE_BATCH], alpha[TEXTURE_BATCH];
                texture_find(&texture, &batch);
                texture_colours(&texture, &batch, colours);
                texture_alpha(&texture, &batch, alpha);
                const float x = fminf(fmaxf(u * (float)width - 0.5f, 0), (float)width - 1),
                            y = fminf(fmaxf((1 - v) * (float)height - 0.5f, 0), (float)height - 1);
                const int x0 = (int)x, y0 = (int)y, x1 = x0 + 1 < width ? x0 + 1 : x0, y1 = y0 + 1 < height ? y0 + 1 : y0;
                const int last = channels - 1;
                float mixed[2];
                for (int k = 0; k < 2; k++) {
                    const int c = k ? last : 0;
                    const float upper = (1 - x + (float)x0) * texels[(y0 * width + x0) * channels + c] +
                                        (x - (float)x0) * texels[(y0 * width + x1) * channels + c];
                    const float lower = (1 - x + (float)x0) * texels[(y1 * width + x0) * channels + c] +
                                        (x - (float)x0) * texels[(y1 * width + x1) * channels + c];
                    mixed[k] = ((1 - y + (float)y0) * upper + (y - (float)y0) * lower) / 255;
                }
                const float wanted = mixed[0] <= 0.04045f ? mixed[0] / 12.92f : powf((mixed[0] + 0.055f) / 1.055f, 2.4f);
                must_lie(colours[0][0], wanted - 1e-4f, wanted + 1e-4f);
                must_lie(alpha[0], channels == 3 ? 1 : mixed[1] - 1e-4f, channels == 3 ? 1 : mixed[1] + 1e-4f);
            }
            free(texels);
        }
}

/* Opaque with texture, occlusion, softness and highlights, a fringe of half-covering cards and a lens, under sky and lamps. */
static void draw_everything(ball_scene *b, int samples, int channels, char hash[DF_SHA256_TEXT])
{
    *b = ball_new(SIDE, samples, channels);
    ball_head_paint(&b->head, 64);
    df_random random = df_random_at(6, 1, 3, DF_FOR_TEST);
    light_random(&b->stage.light, channels, 0.8f, &random);
    b->stage.light.lamp_count = 1;
    b->stage.light.lamps[0] = (light_lamp){.position = {60, 80, 600}, .intensity = {0.6f, 0.5f, 0.4f}};
    float *occlusion = df_alloc(b->arena, (size_t)b->head.vertex_count, sizeof(float), NULL);
    float *fringe = df_alloc(b->arena, (size_t)b->head.vertex_count, 3 * sizeof(float), NULL);
    for (int i = 0; i < b->head.vertex_count; i++) {
        occlusion[i] = 0.5f + 0.5f * b->head.uv[2 * i + 1];
        for (int axis = 0; axis < 3; axis++)
            fringe[3 * i + axis] = 1.05f * b->head.positions[3 * i + axis];
    }
    scene_mesh meshes[3] = {ball_head_mesh(&b->head), ball_head_mesh(&b->head), ball_head_mesh(&b->head)};
    meshes[0].occlusion = occlusion;
    meshes[0].material.specular = 0.028f;
    meshes[0].material.roughness = 0.4f;
    meshes[0].material.softness = 0.2f;
    meshes[1].positions = fringe;
    meshes[1].triangle_count /= 2;
    meshes[1].two_sided = true;
    meshes[1].region = FACE_HAIR;
    meshes[1].material = (scene_material){
        .surface = SCENE_HAIR, .alpha = SCENE_BLEND, .colour = {0.2f, 0.1f, 0.05f}, .opacity = 0.7f, .texture = &b->head.texture};
    meshes[2].positions = fringe;
    meshes[2].triangles += 3 * (b->head.triangle_count * 3 / 4);
    meshes[2].triangle_count /= 8;
    meshes[2].region = FACE_LENS;
    meshes[2].material = (scene_material){.surface = SCENE_LENS,
                                          .alpha = SCENE_BLEND,
                                          .colour = {0.01f, 0.01f, 0.01f},
                                          .opacity = 0.3f,
                                          .specular = 0.04f,
                                          .roughness = 0.1f};
    b->stage.meshes = meshes;
    b->stage.mesh_count = 3;
    ball_draw(b);
    df_sha256 *sum = df_sha256_new(NULL);
    df_sha256_add(sum, b->colour, SIDE * SIDE * (size_t)channels * sizeof(float));
    df_sha256_add(sum, b->regions, SIDE * SIDE);
    df_sha256_add(sum, b->depth, SIDE * SIDE * sizeof(float));
    df_sha256_add(sum, b->normals, SIDE * SIDE * 3 * sizeof(float));
    df_sha256_end(sum, hash);
}

static void the_same_scene_is_the_same_bytes_on_every_processor(void **state)
{
    (void)state;
    static const char *const known[2] = {/* one sample and colour; four samples and near infrared */
                                         "adc37d21aeade3a6dccb9b4f12425f5651ef1bd495ffaf5f0400c1ac057ef71d",
                                         "7953e864edb7ee49ccebbc06890546626c6a718453a6cd7a1c455c9aefebd2fb"};
    for (int k = 0; k < 2; k++) {
        ball_scene b;
        char hash[DF_SHA256_TEXT], again[DF_SHA256_TEXT];
        draw_everything(&b, k ? 4 : 1, k ? 1 : 3, hash);
        ball_free(&b);
        draw_everything(&b, k ? 4 : 1, k ? 1 : 3, again);
        ball_free(&b);
        assert_string_equal(hash, again);
        assert_string_equal(hash, known[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_white_surface_vanishes_in_uniform_light),
        cmocka_unit_test(skylight_is_the_irradiance_of_the_normal),
        cmocka_unit_test(a_lamp_lights_by_cosine_and_distance),
        cmocka_unit_test(a_wet_surface_shows_a_lamp_as_a_small_bright_dot),
        cmocka_unit_test(a_highlights_energy_hardly_depends_on_its_size),
        cmocka_unit_test(a_texture_is_read_at_the_level_of_a_pixels_size),
        cmocka_unit_test(texels_are_mixed_bilinearly_to_the_last_one),
        cmocka_unit_test(the_same_scene_is_the_same_bytes_on_every_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
