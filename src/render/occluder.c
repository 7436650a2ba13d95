/* occluder.c: the table of occluders. Albedo in the near infrared: cloth 0.33 at 940 nm with what dyes leave of its variety, dark
   plastic 0.06, as nir.c has them. */
#include "render/occluder.h"

#include <string.h>

#include "render/occluder_internal.h"

const occluder_row occluder_rows[OCCLUDER_KIND_COUNT] = {
    [OCCLUDER_NONE] = {.name = "none", .style_count = 1, .styles = {"none"}, .region = FACE_BACKGROUND},
    [OCCLUDER_MASK] = {.name = "mask",
                       .style_count = 3,
                       .styles = {"surgical", "respirator", "cloth"},
                       .region = FACE_MASK,
                       .visible = {0.08f, 0.75f},
                       .near_infrared = {0.3f, 0.65f},
                       .saturation = 0.35f,
                       .roughness = 1,
                       .build = occluder_mask},
    [OCCLUDER_SCARF] = {.name = "scarf",
                        .style_count = 2,
                        .styles = {"neck", "mouth"},
                        .region = FACE_SCARF,
                        .visible = {0.03f, 0.5f},
                        .near_infrared = {0.25f, 0.5f},
                        .saturation = 0.6f,
                        .roughness = 1,
                        .build = occluder_scarf},
    [OCCLUDER_HAND] = {.name = "hand",
                       .style_count = 3,
                       .styles = {"chin", "mouth", "cheek"},
                       .region = FACE_HAND,
                       .visible = {0.03f, 0.4f},
                       .near_infrared = {0.2f, 0.5f},
                       .saturation = 0.4f,
                       .specular = 0.024f,
                       .roughness = 0.5f,
                       .build = occluder_hand},
    [OCCLUDER_PHONE] = {.name = "phone",
                        .style_count = 1,
                        .styles = {"ear"},
                        .region = FACE_PHONE,
                        .visible = {0.01f, 0.08f},
                        .near_infrared = {0.04f, 0.09f},
                        .saturation = 0.2f,
                        .specular = 0.04f,
                        .roughness = 0.25f,
                        .build = occluder_phone},
    [OCCLUDER_WHEEL] = {.name = "wheel",
                        .style_count = 1,
                        .styles = {"rim"},
                        .region = FACE_WHEEL,
                        .visible = {0.01f, 0.05f},
                        .near_infrared = {0.05f, 0.12f},
                        .specular = 0.035f,
                        .roughness = 0.5f,
                        .build = occluder_wheel},
    [OCCLUDER_BELT] = {.name = "belt",
                       .style_count = 1,
                       .styles = {"shoulder"},
                       .region = FACE_BELT,
                       .visible = {0.02f, 0.2f},
                       .near_infrared = {0.2f, 0.4f},
                       .specular = 0.01f,
                       .roughness = 0.6f,
                       .build = occluder_belt},
    [OCCLUDER_SUNGLASSES] = {.name = "nir-sunglasses", .style_count = 1, .styles = {"clear"}, .region = FACE_LENS},
};

occluder_kind occluder_find(const char *name)
{
    int kind = 0;
    while (kind < OCCLUDER_KIND_COUNT && strcmp(occluder_rows[kind].name, name) != 0)
        kind++;
    return (occluder_kind)kind;
}

float occluder_tint(render_band band)
{
    return band == BAND_RGB ? 0.88f : 0.08f;
}
