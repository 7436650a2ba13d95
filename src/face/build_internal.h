/* build_internal.h: what the steps of the default model's build share; private to build*.c. */
#ifndef DF_FACE_BUILD_INTERNAL_H
#define DF_FACE_BUILD_INTERNAL_H

#include "face/build.h"
#include "face/head_sample.h"
#include "face/makehuman_head.h"
#include "face/pca.h"
#include "face/skin_albedo.h"
#include "face/subdivide.h"

typedef struct build {
    const build_options *options;
    int heads, skins, components; /* drawn for shape; of these, first ones that albedo is learned from; components of each */
    df_arena *arena;
    const df_progress *progress;
    df_error *err;
    makehuman_mesh base;
    makehuman_targets targets;
    makehuman_head head;
    subdivision sub;
    float *uv;          /* [fine][2] */
    float *fine_rest;   /* [fine][3] mm: the base head */
    traits *traits;     /* [heads] */
    float *proportions; /* [heads] */
    pca shape, albedo;
    float gender_separable, group_separable, shape_error;
    skin_palette skin;
    const char *credits; /* of the parts */
    face_model model;
} build;

/* build_shape.c: the drawn heads' shapes and their components; the named expressions. */
bool build_shapes(build *b) DF_CHECKED;
bool build_expressions(build *b) DF_CHECKED;

/* build_albedo.c */
bool build_albedos(build *b) DF_CHECKED;

/* build_surface.c: regions, after the albedos; occlusion, after the parts. */
bool build_regions(build *b) DF_CHECKED;
bool build_occlusion(build *b) DF_CHECKED;

/* build_people.c: trait law, group statistics, attribute directions. */
bool build_people(build *b) DF_CHECKED;
bool build_separability(build *b) DF_CHECKED;

#endif
