/* scene.h: what is to be drawn, in the terms of no particular engine: meshes with materials, a camera, light, a background.
   A scene is a view: all arrays are borrowed and constant while an engine draws. Channels: 1 (near infrared) or 3 (linear
   RGB); everything that has a value per channel holds that many. */
#ifndef DF_RENDER_SCENE_H
#define DF_RENDER_SCENE_H

#include "face/face_model.h"
#include "image/image.h"
#include "render/camera.h"
#include "render/light.h"

typedef enum scene_surface {
    SCENE_DIFFUSE, /* Lambert with the specular lobe below */
    SCENE_HAIR,    /* two-sided, soft wrap-around light, lobe along the strand ignored by the rasterizer */
    SCENE_EYE,     /* diffuse under a wet cornea: sharp highlight of lamps and sky */
    SCENE_LENS     /* thin glass: blends `colour` over what is behind by `opacity`, with a sharp highlight */
} scene_surface;

typedef enum scene_alpha {
    SCENE_OPAQUE, /* texture alpha is ignored */
    SCENE_CUTOUT, /* alpha below 0.5 is not there */
    SCENE_BLEND   /* alpha is coverage; drawn over what is behind, far to near */
} scene_alpha;

typedef struct scene_material {
    scene_surface surface;
    scene_alpha alpha;
    float colour[3];             /* linear, per channel; multiplies texture and vertex albedo */
    float opacity;               /* multiplies the texture's alpha; 1 is usual */
    float specular;              /* reflectance at normal incidence, 0.028 for skin (n = 1.4) */
    float roughness;             /* 0 mirror to 1 */
    float uv_scale;              /* multiplies uv where the texture is read, 0: 1 */
    float softness;              /* how far diffuse light goes round the terminator, 0 none to 0.5: a stand-in for light inside skin */
    const face_texture *texture; /* NULL: none. A grey texture, or 1 channel: its luminance */
} scene_material;

typedef struct scene_mesh {
    const char *name;
    int vertex_count, triangle_count;
    const float *positions;   /* [vertices][3] mm, world */
    const float *normals;     /* [vertices][3] unit */
    const float *uv;          /* [vertices][2] v up; NULL without a texture */
    const float *albedo;      /* [vertices][channels] linear; NULL: 1 */
    const float *occlusion;   /* [vertices] 0 to 1 multiplies the SH light; NULL: 1 */
    const int32_t *triangles; /* [triangles][3], front sides counter-clockwise seen from outside */
    const uint8_t *regions;   /* [triangles] face_region; NULL: `region` for all */
    uint8_t region;
    bool two_sided;   /* draw back faces too, with the normal turned to the viewer */
    bool has_skin_uv; /* its uv are the skin's: what the picture's uv plane shows */
    bool is_matted;   /* its coverage counts in the picture's matte */
    scene_material material;
} scene_mesh;

typedef struct scene {
    int channels; /* 1 or 3 */
    camera camera;
    light light;
    int mesh_count;
    const scene_mesh *meshes; /* of equal depth the earlier mesh, then the lower triangle, is seen */
    const float *background;  /* [height][width][channels] linear, or NULL: black */
} scene;

/* What an engine makes of a scene; NULL planes are not wanted. All are [height][width]... from the top. */
typedef struct scene_picture {
    float *colour;    /* [..][channels] linear radiance, before the sensor */
    uint8_t *regions; /* face_region seen at the pixel's centre; blended surfaces count from coverage 0.5 */
    float *depth;     /* mm along the optical axis at the pixel's centre, 0 where only background is seen; blended surfaces as regions */
    float *normals;   /* [..][3] unit, camera axes (x right, y down, z forward), 0 0 0 on the background */
    float *albedo;    /* [..][channels] linear albedo of the surface in regions, where it is shaded; 0 on the background */
    float *uv;        /* [..][2] of the meshes with has_skin_uv, there too; -1 -1 where another surface or none is seen */
    float *matte;     /* share of the pixel's light that comes from meshes with is_matted: their coverage, less what lies before it */
} scene_picture;

#endif
