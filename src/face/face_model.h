/* face_model.h: the morphable model in memory: one struct for the default model and for every imported one.

   Axes: x to the person's left, y up, z out of the nose; millimetres. Coefficients are in
   standard deviations: instance = mean + sum_k coefficient[k] * component[k].

   Two meshes. The *cage* is what the components move: C control vertices, the first S of which are the skin's; the rest are
   helpers that eyes, lashes, teeth, hair, glasses and hats hang on. The *skin* is what is drawn: V vertices, each a fixed
   weighted mean of cage vertices (Catmull-Clark for the default model). A model without a cage has C = S = V and
   `subdivision.start` NULL: skin vertex i is cage vertex i.

   Albedo is per skin vertex in display values (sRGB-encoded RGB, 0 to 1), as morphable models store it.

   A model is read-only after loading and may be used by any number of threads. Whatever a part is missing is NULL or 0:
   face_model_has_* in the comments say who may rely on it. All memory belongs to the arena it was loaded into. */
#ifndef DF_FACE_FACE_MODEL_H
#define DF_FACE_FACE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/api.h"

enum {
    FACE_LANDMARKS = 68,       /* iBUG order; 0 and 36 lie on the person's right */
    FACE_MAX_COMPONENTS = 256, /* of shape, and of albedo */
    FACE_MAX_EXPRESSIONS = 128,
    FACE_MAX_GROUPS = 8,
    FACE_MAX_NAMED = 1024, /* named landmarks */
    FACE_NAME = 48         /* bytes of a name with its end */
};

/* What a skin triangle is. Parts have the class of their kind. Values are stored in files and in segmentation labels. */
typedef enum face_region {
    FACE_BACKGROUND = 0, /* never in a model; label 0 */
    FACE_SKIN = 1,
    FACE_NOSE = 2,
    FACE_EARS = 3,
    FACE_NECK = 4,
    FACE_SCALP = 5,
    FACE_EYELIDS = 6,
    FACE_LIPS = 7,
    FACE_MOUTH = 8,      /* inside: gums and mouth bag */
    FACE_EYE_SOCKET = 9, /* behind the lids */
    FACE_SCLERA = 10,
    FACE_IRIS = 11, /* with the pupil */
    FACE_TEETH = 12,
    FACE_TONGUE = 13,
    FACE_LASHES = 14,
    FACE_BROWS = 15,
    FACE_HAIR = 16,
    FACE_BEARD = 17,
    FACE_MOUSTACHE = 18,
    FACE_GLASSES = 19, /* frame */
    FACE_LENS = 20,
    FACE_HAT = 21,
    FACE_CLOTHES = 22,
    FACE_MASK = 23, /* occluders: never in a model */
    FACE_SCARF = 24,
    FACE_HAND = 25,
    FACE_PHONE = 26,
    FACE_WHEEL = 27,
    FACE_BELT = 28,
    FACE_REGION_COUNT = 29
} face_region;

typedef enum face_part_kind {
    FACE_PART_EYES,
    FACE_PART_TEETH,
    FACE_PART_TONGUE,
    FACE_PART_LASHES,
    FACE_PART_BROWS,
    FACE_PART_HAIR,
    FACE_PART_BEARD,
    FACE_PART_MOUSTACHE,
    FACE_PART_GLASSES,
    FACE_PART_HAT,
    FACE_PART_CLOTHES, /* from the cut of the neck down; v of its uv is 1 where it moves with the neck, 0 where it stays with the body */
    FACE_PART_KIND_COUNT
} face_part_kind;

/* The rows of `kind`: its name in files and manifests ("eyes", "hair", ...) and the class of its pixels. */
typedef struct face_part_row {
    const char *name;
    face_region region;
} face_part_row;
DF_API extern const face_part_row face_part_rows[FACE_PART_KIND_COUNT];
DF_API extern const char *const face_region_names[FACE_REGION_COUNT];

/* 8-bit texture with its smaller copies (each level half of the one before, box-filtered, down to 1). Encoded as sRGB; alpha
   linear. Row 0 is v = 1 (the top). */
typedef struct face_texture {
    char name[FACE_NAME];
    int width, height, channels; /* 2: grey and alpha; 3: RGB; 4: RGB and alpha */
    int levels;
    const uint8_t *level[16]; /* [height >> l][width >> l][channels], each side at least 1 */
} face_texture;

/* A mesh that hangs on the cage: vertex i = sum_j weights[i][j] * cage[refs[i][j]] + scale * offsets[i], where
   scale[axis] = |cage[scale_refs[axis][0]] - cage[scale_refs[axis][1]]| along the axis, divided by scale_lengths[axis]
   (1 where that is 0). */
typedef struct face_part {
    char name[FACE_NAME]; /* as in manifests: "short02", "glasses", ... */
    face_part_kind kind;
    int vertex_count, triangle_count;
    const int32_t *refs;      /* [vertices][3] cage vertices */
    const float *weights;     /* [vertices][3] */
    const float *offsets;     /* [vertices][3] mm */
    const float *uv;          /* [vertices][2] v up */
    const int32_t *triangles; /* [triangles][3] */
    const uint8_t *regions;   /* [triangles] face_region */
    const uint8_t *eye;       /* [vertices] 0 none, 1 the person's right eye, 2 left: turns with the gaze; NULL unless eyes */
    int32_t scale_refs[3][2];
    float scale_lengths[3]; /* mm */
    int texture;            /* index into textures, -1 none */
} face_part;

typedef struct face_matrix { /* sparse, rows of skin vertices over cage vertices */
    const int32_t *start;    /* [V + 1] */
    const int32_t *column;   /* [start[V]] */
    const float *weight;     /* [start[V]] rows sum to 1 */
} face_matrix;

/* What of a person the model knows as a number. */
typedef enum face_attribute { FACE_GENDER, FACE_AGE, FACE_WEIGHT, FACE_ATTRIBUTE_COUNT } face_attribute;

/* The linear law from a person's known traits to coefficients: mean coefficients = basis(traits) . law, and what the traits do
   not explain is Gaussian with covariance residual . residual^T, the same for all. traits.h defines the basis. */
typedef struct face_trait_law {
    int features;                 /* rows of the two matrices; 0: the model has none */
    const float *shape;           /* [features][shape_count] */
    const float *albedo;          /* [features][albedo_count] */
    const float *shape_residual;  /* [shape_count][shape_count], lower triangle (Cholesky) */
    const float *albedo_residual; /* [albedo_count][albedo_count] */
} face_trait_law;

/* The directions that a model's maker gives, in the maker's own units: amount * direction is added to the coefficients. */
typedef enum face_amount { FACE_AMOUNT_GENDER, FACE_AMOUNT_AGE, FACE_AMOUNT_HEIGHT, FACE_AMOUNT_WEIGHT, FACE_AMOUNT_COUNT } face_amount;
DF_API extern const char *const face_amount_names[FACE_AMOUNT_COUNT]; /* "gender", "age", "height", "weight" */

typedef struct face_model {
    char name[FACE_NAME];                        /* "makehuman", "bfm2009", ... */
    char sha256[65];                             /* of the file */
    int cage_count, cage_skin_count, skin_count; /* C, S, V */
    int shape_count, albedo_count, expression_count;
    const float *cage_mean;       /* [C][3] mm */
    float origin[3];              /* the point between the ears, where the renderer puts the head's origin; other axes are the file's own */
    const float *shape;           /* [shape_count][C][3] mm per standard deviation */
    const float *expression;      /* [expression_count][C][3] mm at weight 1 */
    const float *expression_mean; /* [C][3] mm, the expressions' own mean, which cage_mean holds already; NULL: 0 */
    const char (*expression_names)[FACE_NAME]; /* [expression_count] */
    face_matrix subdivision;
    const float *albedo_mean; /* [V][3] */
    const float *albedo;      /* [albedo_count][V][3] */
    const float *occlusion;   /* [V] share of the sky that the mean face leaves open, 0 to 1; NULL: none known */
    int triangle_count;
    const int32_t *triangles;          /* [triangles][3] over the skin, outward */
    const uint8_t *regions;            /* [triangles] face_region; NULL: all skin */
    int coarse_triangle_count;         /* a mesh of the first S skin vertices alone, for small images: their place is the fine mesh's own */
    const int32_t *coarse_triangles;   /* [coarse_triangles][3] outward; NULL: none */
    const uint8_t *coarse_regions;     /* [coarse_triangles] or NULL as `regions` */
    const float *uv;                   /* [V][2] or NULL */
    int32_t landmarks[FACE_LANDMARKS]; /* skin vertices; has_landmarks */
    bool has_landmarks;
    int named_count;                      /* landmarks that the model's maker named; 0: none */
    const int32_t *named_landmarks;       /* [named_count] skin vertices */
    const char (*named_names)[FACE_NAME]; /* [named_count] */

    int eye_ref_count;      /* eye e turns about the mean of eye_refs[e][0 .. count); 0: no eyes that turn */
    int32_t eye_refs[2][8]; /* cage vertices; eye 0 the person's right, 1 the left */

    int group_count; /* ethnic groups; 0: the model knows none */
    char group_names[FACE_MAX_GROUPS][FACE_NAME];
    face_trait_law law;
    /* Per group and gender (0 female, 1 male): mean and covariance of the joint coefficients, n = shape_count + albedo_count. */
    const float *group_mean;       /* [group_count][2][n] or NULL */
    const float *group_covariance; /* [group_count][2][n][n] or NULL */
    /* A step of 1 along a direction changes the attribute by 1 (gender 0 to 1; years; weight 0 to 1). */
    const float *attribute_directions; /* [FACE_ATTRIBUTE_COUNT][n] or NULL */
    const float *amount_directions;    /* [FACE_AMOUNT_COUNT][n] or NULL */

    int part_count, texture_count;
    const face_part *parts;
    const face_texture *textures;

    /* What its file says beside the model: sources, licences, options of the build (model_notes.h). In the file's order. Saving takes
       the notes that it is given, not these. */
    int note_count;
    const char *const (*notes)[2]; /* [note_count] key, value */
} face_model;

/* -1 where there is none of that name. */
DF_API int face_model_part(const face_model *model, face_part_kind kind, const char *name);
DF_API int face_model_group(const face_model *model, const char *name);
DF_API int face_model_expression(const face_model *model, const char *name);

#endif
