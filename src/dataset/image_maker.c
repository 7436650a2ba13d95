/* image_maker.c: the steps of one image, in the order in which they depend on each other. */
#include "dataset/image_maker.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "dataset/journal.h"
#include "dataset/label_files.h"
#include "dataset/label_planes.h"
#include "dataset/pixel_hash.h"
#include "dataset/set_remove.h"
#include "image/png.h"
#include "render/engine.h"

const char *const maker_stage_names[STAGE_COUNT] = {"identity", "geometry", "background", "draw",  "sensor",
                                                    "labels",   "hash",     "png",        "files", "manifest"};

static const float VISIBLE_TOLERANCE_MM = 5.0f; /* how far behind what is seen a landmark may lie: mesh and lid thickness */
enum { SCRATCH_BASE = 768 << 20, SCRATCH_PER_PIXEL = 256 };

struct image_maker {
    const maker_setting *setting;
    const engine_row *engine;
    void *engine_state;
    df_arena *arena, *scratch;
    png_writer *png;
    float *colour, *background; /* [size][size][channels] */
    image picture;              /* pixels of the camera */
    stamped_person stamped;     /* whose image is made */
    df_text text;               /* bytes of a label that is no image */
    double seconds[STAGE_COUNT];
    double mark; /* when the current stage began */
};

/* The time since the last mark belongs to this stage. */
static void stage_done(image_maker *maker, maker_stage stage)
{
    const double now = df_clock();
    maker->seconds[stage] += now - maker->mark;
    maker->mark = now;
}

double *image_maker_seconds(image_maker *maker)
{
    return maker->seconds;
}

static bool make_planes(image_maker *maker, df_error *err)
{
    const render_job *job = maker->setting->job;
    const int channels = band_channels(job->band);
    const size_t values = (size_t)job->size * (size_t)job->size * (size_t)channels;
    maker->colour = df_alloc(maker->arena, values, sizeof(float), err);
    maker->background = maker->colour ? df_alloc(maker->arena, values, sizeof(float), err) : NULL;
    return maker->background &&
           image_new(&maker->picture, job->size, job->size, channels, job->bits == 16 ? IMAGE_U16 : IMAGE_U8, maker->arena, err);
}

image_maker *image_maker_new(const maker_setting *setting, df_error *err)
{
    const render_job *job = setting->job;
    const size_t limit = (size_t)SCRATCH_BASE + (size_t)job->size * (size_t)job->size * SCRATCH_PER_PIXEL;
    df_arena *arena = df_arena_new(limit, err);
    image_maker *maker = arena ? df_alloc(arena, 1, sizeof *maker, err) : NULL;
    if (!maker) {
        df_arena_free(arena);
        return NULL;
    }
    maker->setting = setting;
    maker->arena = arena;
    maker->engine = engine_find(job->engine);
    if (!maker->engine)
        df_fail(err, "engine '%s': none of that name", job->engine);
    const bool is_good = maker->engine && (maker->scratch = df_arena_new(limit, err)) != NULL &&
                         (maker->png = png_writer_new(err)) != NULL && make_planes(maker, err) &&
                         (maker->engine_state = maker->engine->create(job->size, job->size, job->samples, arena, err)) != NULL;
    if (is_good)
        return maker;
    image_maker_free(maker);
    return NULL;
}

void image_maker_free(image_maker *maker)
{
    if (!maker)
        return;
    png_writer_free(maker->png);
    df_text_free(&maker->text);
    df_arena_free(maker->scratch);
    df_arena_free(maker->arena); /* the maker itself lives there */
}

/* ---- folders ---- */

static bool make_folder(const char *folder, const char *name, df_error *err)
{
    char path[DATASET_PATH];
    if (!df_path_join(path, sizeof path, folder, name, err))
        return false;
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno != EEXIST || !df_path_is_folder(path))
        return df_fail(err, "%s: %s", path, strerror(errno));
    set_remove_leftovers(path);
    return true;
}

bool image_maker_folders(const maker_setting *setting, const char *id, df_error *err)
{
    if (!make_folder(setting->folder, id, err))
        return false;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char name[MANIFEST_PATH];
        snprintf(name, sizeof name, "labels/%s/%.64s", label_kind_names[kind], id);
        if (setting->job->labels[kind] && !make_folder(setting->folder, name, err))
            return false;
    }
    return true;
}

/* ---- one image ---- */

static bool draw_background(image_maker *maker, const drawn_image *drawn, const person *who, uint32_t index, df_error *err)
{
    const render_job *job = maker->setting->job;
    const int channels = band_channels(job->band);
    /* The stream's first numbers chose kind and image (draw.c); a stream of the pixels' own would collide with none. */
    df_random random = df_random_at(job->seed, df_identity_key(who->id), index, DF_FOR_BACKGROUND_PIXELS);
    if (drawn->background != DRAW_BACKGROUND_IMAGE)
        background_draw((background_kind)drawn->background, job->size, job->size, channels, &random, maker->background);
    else if (!background_folder_draw(maker->setting->backgrounds, drawn->background_image, job->size, job->size, channels, &random,
                                     maker->background, maker->scratch, err))
        return false;
    const size_t values = (size_t)job->size * (size_t)job->size * (size_t)channels;
    for (size_t i = 0; i < values; i++)
        maker->background[i] *= drawn->background_level;
    return true;
}

/* Seen: inside the image, and not behind the farthest surface of the pixel and its neighbours (a landmark on an outline may fall
   beside its own surface; where a neighbour shows background nothing hides it). */
static bool is_visible(const image_maker *maker, const float pixel[2], float depth)
{
    const int size = maker->setting->job->size;
    if (!(pixel[0] >= 0 && pixel[0] < (float)size && pixel[1] >= 0 && pixel[1] < (float)size && depth > 0))
        return false;
    const int column = (int)pixel[0], row = (int)pixel[1];
    float farthest = 0;
    for (int y = row > 0 ? row - 1 : 0; y <= row + 1 && y < size; y++)
        for (int x = column > 0 ? column - 1 : 0; x <= column + 1 && x < size; x++) {
            const float seen = maker->engine->depth_at(maker->engine_state, x, y);
            farthest = fmaxf(farthest, seen > 0 ? seen : INFINITY);
        }
    return depth <= farthest + VISIBLE_TOLERANCE_MM;
}

static bool give_away(const image_maker *maker, const person *who, int k, const manifest_file *file, df_bytes bytes, df_error *err)
{
    const maker_setting *setting = maker->setting;
    char path[DATASET_PATH];
    if (setting->sink)
        return setting->sink(setting->sink_user, who, k, file, bytes, err);
    return df_path_join(path, sizeof path, setting->folder, file->path, err) && df_file_write(path, bytes.data, bytes.size, err);
}

/* k: 0 for the image, 1 + kind for a label. Sets of format 1 had no stamps. */
static bool make_png(image_maker *maker, const image *pixels, const manifest_shot *shot, int k, manifest_file *file, df_error *err)
{
    df_bytes bytes;
    stamp_file stamped;
    if (!pixel_hash(pixels, maker->scratch, file->sha256, err))
        return false;
    stage_done(maker, STAGE_HASH);
    if (k == 0 && maker->setting->image == MAKER_IMAGE_HASH)
        return true;
    stamp_write(&maker->setting->stamp, &maker->stamped, shot->index, k > 0 ? label_kind_names[k - 1] : NULL, &stamped);
    const size_t stamps = maker->setting->job->format == JOB_FORMAT_PLAIN ? 0 : STAMP_TEXTS;
    if (!png_encode_with(maker->png, pixels, stamped.texts, stamps, &bytes, err))
        return false;
    stage_done(maker, STAGE_PNG);
    if (!give_away(maker, shot->who, k, file, bytes, err))
        return false;
    stage_done(maker, STAGE_FILES);
    return true;
}

static bool make_label_image(image_maker *maker, label_kind kind, const label_shot *seen, manifest_shot *shot, df_error *err)
{
    image pixels;
    if (!label_image(kind, seen->job, seen->planes, &pixels, maker->scratch, err))
        return false;
    stage_done(maker, STAGE_LABELS);
    return make_png(maker, &pixels, shot, 1 + (int)kind, &shot->label_files[kind], err);
}

static bool make_label_file(image_maker *maker, label_kind kind, const label_shot *seen, manifest_shot *shot, df_error *err)
{
    manifest_file *file = &shot->label_files[kind];
    df_text *text = &maker->text;
    df_text_clear(text);
    if (!label_bytes(kind, seen, text, maker->scratch, err))
        return false;
    stage_done(maker, STAGE_LABELS);
    df_sha256_of(text->data, text->size, file->sha256);
    stage_done(maker, STAGE_HASH);
    const df_bytes bytes = {.data = (const unsigned char *)text->data, .size = text->size};
    if (!give_away(maker, shot->who, 1 + (int)kind, file, bytes, err))
        return false;
    stage_done(maker, STAGE_FILES);
    return true;
}

static bool make_labels(image_maker *maker, const label_shot *seen, manifest_shot *shot, df_error *err)
{
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        if (!seen->job->labels[kind])
            continue;
        manifest_label_path(shot->label_files[kind].path, (label_kind)kind, shot->who->id, shot->index);
        if (!(label_is_image((label_kind)kind) ? make_label_image : make_label_file)(maker, (label_kind)kind, seen, shot, err))
            return false;
    }
    return true;
}

static bool draw_scene(image_maker *maker, const head_identity *identity, manifest_shot *shot, head_labels *labels, scene *view,
                       scene_picture *planes, df_error *err)
{
    const drawn_image *drawn = shot->drawn;
    if (!draw_background(maker, drawn, shot->who, shot->index, err))
        return false;
    stage_done(maker, STAGE_BACKGROUND);
    if (!head_scene(identity, &drawn->head, maker->background, view, labels, maker->scratch, err) ||
        !label_planes_new(maker->setting->job, planes, maker->scratch, err))
        return false;
    stage_done(maker, STAGE_GEOMETRY);
    planes->colour = maker->colour;
    if (!maker->engine->draw(maker->engine_state, view, planes, maker->scratch, err))
        return false;
    for (int i = 0; i < FACE_LANDMARKS; i++)
        shot->visible[i] = shot->model->has_landmarks && is_visible(maker, labels->landmarks2d[i], labels->landmark_depth[i]);
    stage_done(maker, STAGE_DRAW);
    return true;
}

bool image_maker_make(image_maker *maker, const head_identity *identity, const person *who, uint32_t index,
                      manifest_file labels[LABEL_KIND_COUNT], df_text *line, df_error *err)
{
    const render_job *job = maker->setting->job;
    const background_folder *backgrounds = maker->setting->backgrounds;
    maker->mark = df_clock();
    df_arena_reset(maker->scratch);
    drawn_image drawn;
    draw_image(job, maker->setting->model, who->id, index, backgrounds ? background_folder_count(backgrounds) : 0, &drawn);

    head_labels geometry = {0};
    scene view;
    scene_picture planes = {0};
    manifest_shot shot = {
        .model = maker->setting->model, .who = who, .index = index, .drawn = &drawn, .camera = &view.camera, .labels = &geometry};
    const label_shot seen = {
        .job = job, .model = shot.model, .identity = identity, .params = &drawn.head, .camera = &view.camera, .planes = &planes};
    memcpy(shot.label_files, labels, sizeof shot.label_files);
    if (backgrounds)
        shot.background_name = background_folder_name(backgrounds, drawn.background_image);
    manifest_image_path(shot.image.path, who->id, index);
    if (!draw_scene(maker, identity, &shot, &geometry, &view, &planes, err))
        return false;
    if (!sensor_expose(&drawn.head.sensor, maker->colour, job->seed, df_identity_key(who->id), index, &maker->picture, maker->scratch, err))
        return false;
    stage_done(maker, STAGE_SENSOR);
    if (!stamp_person(&maker->stamped, who, shot.model, err) || !make_png(maker, &maker->picture, &shot, 0, &shot.image, err) ||
        !make_labels(maker, &seen, &shot, err))
        return false;
    memcpy(labels, shot.label_files, sizeof shot.label_files);
    manifest_write(&shot, line);
    stage_done(maker, STAGE_MANIFEST);
    return df_text_ok(line, err);
}
