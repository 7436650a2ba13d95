/* occluder.h: what may stand between the camera and a face: masks, scarves, hands, a phone, the rim of a steering wheel, a seat belt,
   sunglasses that are clear in the near infrared. All shapes are made in code, from the landmarks and the skin of the face that
   wears them, so that they fit every model with 68 landmarks. docs/occluders.md shows each. */
#ifndef DF_RENDER_OCCLUDER_H
#define DF_RENDER_OCCLUDER_H

#include "face/face_model.h"
#include "render/nir.h"

typedef enum occluder_kind {
    OCCLUDER_NONE,
    OCCLUDER_MASK,
    OCCLUDER_SCARF,
    OCCLUDER_HAND,
    OCCLUDER_PHONE, /* at the ear, in a hand */
    OCCLUDER_WHEEL,
    OCCLUDER_BELT,
    OCCLUDER_SUNGLASSES, /* the model's glasses with such lenses; no mesh of their own */
    OCCLUDER_KIND_COUNT
} occluder_kind;

enum { OCCLUDER_PLACES = 3, OCCLUDER_MOST_STYLES = 4 };

/* Everything drawn for one image. */
typedef struct occluder_params {
    occluder_kind kind;
    int style;                    /* below the row's style_count */
    int side;                     /* 0 the person's right, 1 the left: hands, phone, belt */
    float place[OCCLUDER_PLACES]; /* 0 to 1 each; the row says of what */
    float colour[3];              /* linear albedo of its cloth or plastic, per channel of the band */
} occluder_params;

struct occluder_site;
struct occluder_mesh;

typedef struct occluder_row {
    const char *name; /* in manifests and options */
    int style_count;  /* at least 1 */
    const char *styles[OCCLUDER_MOST_STYLES];
    face_region region;     /* the class of its pixels; hands with a phone have both */
    float visible[2];       /* range of albedo in colour */
    float near_infrared[2]; /* and in both near-infrared bands: dyes fade there, plastics and pigments do not */
    float saturation;       /* 0 grey to 1: how far channels differ */
    float specular, roughness;
    bool (*build)(const struct occluder_site *site, struct occluder_mesh *out); /* NULL: no mesh */
} occluder_row;
DF_API extern const occluder_row occluder_rows[OCCLUDER_KIND_COUNT];

/* OCCLUDER_KIND_COUNT where there is none of that name. */
DF_API occluder_kind occluder_find(const char *name);

/* Opacity of sunglasses whose dye ends at 700 nm. */
DF_API float occluder_tint(render_band band);

#endif
