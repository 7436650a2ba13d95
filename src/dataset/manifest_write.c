/* manifest_write.c: fields in the order in which a person looks for them; numbers by df_text_number, which needs no printf. */
#include "dataset/manifest_write.h"

#include <stdio.h>
#include <string.h>

#include "dataset/manifest_camera.h"

enum { PIXEL_DIGITS = 4, LANDMARK_DIGITS = 4, CAMERA_DIGITS = 4, ROTATION_DIGITS = 7, BOX_DIGITS = 2, UNIT_DIGITS = 6 };

void manifest_image_path(char path[MANIFEST_PATH], const char *id, uint32_t index)
{
    snprintf(path, MANIFEST_PATH, "%.64s/%04u.png", id, index);
}

void manifest_label_path(char path[MANIFEST_PATH], label_kind kind, const char *id, uint32_t index)
{
    snprintf(path, MANIFEST_PATH, "labels/%s/%.64s/%04u.%s", label_kind_names[kind], id, index, label_kind_endings[kind]);
}

static void add_key(df_text *out, const char *key)
{
    df_text_add(out, ",\"");
    df_text_add(out, key);
    df_text_add(out, "\":");
}

static void add_number(df_text *out, const char *key, float value, int digits)
{
    add_key(out, key);
    df_text_number(out, (double)value, digits);
}

static void add_string(df_text *out, const char *key, const char *value)
{
    add_key(out, key);
    df_text_json_string(out, value);
}

static void add_row(df_text *out, const double *values, int count, int digits)
{
    df_text_add(out, "[");
    for (int i = 0; i < count; i++) {
        if (i)
            df_text_add(out, ",");
        df_text_number(out, values[i], digits);
    }
    df_text_add(out, "]");
}

static void add_landmarks(df_text *out, const manifest_shot *shot, const manifest_camera *view)
{
    if (!shot->model->has_landmarks) {
        df_text_add(out, ",\"landmarks2d\":null,\"landmarks3d\":null,\"visible\":null");
        return;
    }
    double world[FACE_LANDMARKS][3];
    add_key(out, "landmarks2d");
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        double pixel[2], depth;
        manifest_place(shot->labels->landmarks3d[i], world[i]);
        manifest_project(view, world[i], pixel, &depth);
        df_text_add(out, i ? "," : "[");
        add_row(out, pixel, 2, PIXEL_DIGITS);
    }
    df_text_add(out, "]");
    add_key(out, "landmarks3d");
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        df_text_add(out, i ? "," : "[");
        add_row(out, world[i], 3, LANDMARK_DIGITS);
    }
    df_text_add(out, "]");
    add_key(out, "visible");
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        df_text_add(out, i ? "," : "[");
        df_text_add(out, shot->visible[i] ? "1" : "0");
    }
    df_text_add(out, "]");
}

static void add_camera(df_text *out, const manifest_camera *view)
{
    const double intrinsics[4] = {view->fx, view->fy, view->cx, view->cy};
    static const char *const names[4] = {"fx", "fy", "cx", "cy"};
    add_key(out, "camera");
    df_text_add(out, "{");
    for (int i = 0; i < 4; i++) {
        df_text_add(out, "\"");
        df_text_add(out, names[i]);
        df_text_add(out, "\":");
        df_text_number(out, intrinsics[i], CAMERA_DIGITS);
        df_text_add(out, ",");
    }
    df_text_add(out, "\"extrinsic\":[");
    for (int r = 0; r < 3; r++) {
        if (r)
            df_text_add(out, ",");
        add_row(out, view->extrinsic[r], 4, ROTATION_DIGITS);
    }
    df_text_add(out, "]}");
}

static void add_geometry(df_text *out, const manifest_shot *shot)
{
    const head_params *head = &shot->drawn->head;
    const head_labels *labels = shot->labels;
    const manifest_camera view = manifest_camera_of(shot->camera);
    add_number(out, "yaw", head->yaw, DRAW_ANGLE_DIGITS);
    add_number(out, "pitch", head->pitch, DRAW_ANGLE_DIGITS);
    add_number(out, "roll", head->roll, DRAW_ANGLE_DIGITS);
    add_landmarks(out, shot, &view);
    add_key(out, "box");
    df_text_json_floats(out, labels->box, 4, BOX_DIGITS);
    add_key(out, "gaze");
    df_text_add(out, "{\"right\":");
    df_text_json_floats(out, labels->gaze[0], 3, UNIT_DIGITS);
    df_text_add(out, ",\"left\":");
    df_text_json_floats(out, labels->gaze[1], 3, UNIT_DIGITS);
    df_text_add(out, "}");
    add_camera(out, &view);
    add_key(out, "head_pose");
    for (int r = 0; r < 3; r++) {
        df_text_add(out, r ? "," : "[");
        df_text_json_floats(out, labels->head_pose[r], 4, ROTATION_DIGITS);
    }
    df_text_add(out, "]");
}

/* The units that are not 0, and always the smile. */
static void add_expression(df_text *out, const manifest_shot *shot)
{
    const face_model *model = shot->model;
    const float *weights = shot->drawn->head.expression;
    const int smile = face_model_expression(model, "mouth-corner-puller");
    add_key(out, "expression");
    df_text_add(out, "{\"smile\":");
    df_text_number(out, smile >= 0 ? (double)weights[smile] : 0, DRAW_SHARE_DIGITS);
    for (int i = 0; i < model->expression_count; i++)
        if (weights[i] != 0) {
            df_text_add(out, ",");
            df_text_json_string(out, model->expression_names[i]);
            df_text_add(out, ":");
            df_text_number(out, (double)weights[i], DRAW_SHARE_DIGITS);
        }
    df_text_add(out, "}");
}

/* "none" stands in sets that may have occluders only: the others' lines are as they were before there were any. */
static void add_occluder(df_text *out, const drawn_image *drawn)
{
    const head_params *head = &drawn->head;
    const occluder_params *occluder = &head->occluder;
    const occluder_row *row = &occluder_rows[occluder->kind];
    static const char *const sides[] = {"right", "left"};
    if (!drawn->may_have_occluder)
        return;
    add_string(out, "occluder", row->name);
    if (occluder->kind == OCCLUDER_NONE)
        return;
    add_key(out, "occluder_parameters");
    df_text_add(out, "{\"style\":");
    df_text_json_string(out, row->styles[occluder->style]);
    add_string(out, "side", sides[occluder->side]);
    add_key(out, "place");
    df_text_json_floats(out, occluder->place, OCCLUDER_PLACES, DRAW_SHARE_DIGITS);
    add_key(out, "colour");
    df_text_json_floats(out, occluder->colour, (size_t)band_channels(head->band), DRAW_SHARE_DIGITS);
    df_text_add(out, "}");
}

static void add_person(df_text *out, const manifest_shot *shot)
{
    const person *who = shot->who;
    const head_params *head = &shot->drawn->head;
    add_string(out, "gender", person_gender_names[who->gender]);
    if (who->ethnicity[0])
        add_string(out, "ethnicity", who->ethnicity);
    else
        df_text_add(out, ",\"ethnicity\":null"); /* as the identity has it: not said */
    add_number(out, "age", who->age, PERSON_AGE_DIGITS);
    add_expression(out, shot);
    add_number(out, "expression_strength", shot->drawn->expression_strength, DRAW_SHARE_DIGITS);
    add_number(out, "gaze_yaw", head->gaze_yaw, DRAW_ANGLE_DIGITS);
    add_number(out, "gaze_pitch", head->gaze_pitch, DRAW_ANGLE_DIGITS);
    add_string(out, "glasses", head->glasses);
    add_number(out, "glasses_tint", head->glasses_tint, DRAW_SHARE_DIGITS);
    add_string(out, "hat", head->hat);
    add_occluder(out, shot->drawn);
    add_key(out, "clothes");
    df_text_json_floats(out, head->clothes, (size_t)band_channels(head->band), DRAW_SHARE_DIGITS);
    add_string(out, "hair", who->looks.hair);
    add_string(out, "beard", who->looks.beard);
    add_string(out, "moustache", who->looks.moustache);
}

static void add_light(df_text *out, const drawn_image *drawn)
{
    const light *around = &drawn->head.light;
    const int channels = band_channels(drawn->head.band);
    add_key(out, "light");
    df_text_add(out, "{\"strength\":");
    df_text_number(out, (double)drawn->light_strength, DRAW_SHARE_DIGITS);
    add_number(out, "ambient", drawn->ambient, DRAW_SHARE_DIGITS);
    add_key(out, "sh");
    for (int channel = 0; channel < channels; channel++) {
        df_text_add(out, channel ? "," : "[");
        df_text_json_floats(out, around->sh[channel], SH_COUNT, DRAW_LIGHT_DIGITS);
    }
    df_text_add(out, "]");
    add_key(out, "lamps");
    df_text_add(out, "[");
    for (int i = 0; i < around->lamp_count; i++) {
        df_text_add(out, i ? ",{\"position\":" : "{\"position\":");
        df_text_json_floats(out, around->lamps[i].position, 3, DRAW_MM_DIGITS);
        add_key(out, "intensity");
        df_text_json_floats(out, around->lamps[i].intensity, (size_t)channels, DRAW_LIGHT_DIGITS);
        df_text_add(out, "}");
    }
    df_text_add(out, "]}");
}

static void add_sensor(df_text *out, const drawn_image *drawn)
{
    const sensor *optics = &drawn->head.sensor;
    add_key(out, "sensor");
    df_text_add(out, "{\"brightness\":");
    df_text_number(out, (double)drawn->exposure, DRAW_SHARE_DIGITS);
    add_number(out, "exposure", optics->exposure, DRAW_SHARE_DIGITS);
    add_number(out, "full_well", optics->full_well, 0);
    add_number(out, "read_noise", optics->read_noise, DRAW_SHARE_DIGITS);
    add_number(out, "gain", optics->gain, DRAW_SHARE_DIGITS);
    add_number(out, "blur", optics->blur, DRAW_SHARE_DIGITS);
    add_number(out, "vignetting", optics->vignetting, DRAW_SHARE_DIGITS);
    add_key(out, "bits");
    df_text_integer(out, optics->bits);
    df_text_add(out, "}");
}

static void add_background(df_text *out, const manifest_shot *shot)
{
    const drawn_image *drawn = shot->drawn;
    add_key(out, "background");
    df_text_add(out, "{\"kind\":");
    df_text_json_string(out, drawn->background == DRAW_BACKGROUND_IMAGE ? "image" : background_kind_names[drawn->background]);
    if (shot->background_name)
        add_string(out, "image", shot->background_name);
    add_number(out, "level", drawn->background_level, DRAW_SHARE_DIGITS);
    df_text_add(out, "}");
}

static void add_view(df_text *out, const head_params *head)
{
    add_string(out, "crop", crop_kind_names[head->crop]);
    add_key(out, "size");
    df_text_integer(out, head->size);
    add_string(out, "band", render_band_names[head->band]);
    add_number(out, "distance", head->distance, DRAW_MM_DIGITS);
    add_number(out, "focal", head->focal, DRAW_MM_DIGITS);
    add_key(out, "offset");
    df_text_json_floats(out, head->offset, 2, DRAW_SHARE_DIGITS);
}

/* {"depth":VALUE,...} of the labels that there are. */
static void add_label_texts(df_text *out, const manifest_shot *shot, const char *key, size_t offset)
{
    const char *before = "{";
    add_key(out, key);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        const manifest_file *file = &shot->label_files[kind];
        if (file->path[0] == '\0')
            continue;
        df_text_add(out, before);
        df_text_json_string(out, label_kind_names[kind]);
        df_text_add(out, ":");
        df_text_json_string(out, (const char *)file + offset);
        before = ",";
    }
    df_text_add(out, before[0] == '{' ? "{}" : "}");
}

void manifest_write(const manifest_shot *shot, df_text *out)
{
    df_text_add(out, "{\"image\":");
    df_text_json_string(out, shot->image.path);
    add_string(out, "identity", shot->who->id);
    add_key(out, "index");
    df_text_integer(out, shot->index);
    add_geometry(out, shot);
    add_person(out, shot);
    add_light(out, shot->drawn);
    add_sensor(out, shot->drawn);
    add_background(out, shot);
    add_view(out, &shot->drawn->head);
    add_string(out, "sha256", shot->image.sha256);
    add_label_texts(out, shot, "labels", offsetof(manifest_file, path));
    add_label_texts(out, shot, "label_sha256", offsetof(manifest_file, sha256));
    df_text_add(out, "}\n");
}
