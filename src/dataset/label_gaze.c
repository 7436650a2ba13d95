/* label_gaze.c: where the eyes are and look, as JSON. */
#include "dataset/label_files_internal.h"
#include "dataset/manifest_camera.h"
#include "render/head_points.h"

enum { PLACE_DIGITS = 4, GAZE_DIGITS = 6 };

static void add_row(df_text *out, const double *values, int count)
{
    df_text_add(out, "[");
    for (int i = 0; i < count; i++) {
        df_text_add(out, i ? "," : "");
        df_text_number(out, values[i], PLACE_DIGITS);
    }
    df_text_add(out, "]");
}

/* Whether the pixel that holds a point shows an eye. */
static bool shows_eye(const label_shot *shot, const double pixel[2])
{
    const int size = shot->job->size;
    if (!(pixel[0] >= 0 && pixel[0] < size && pixel[1] >= 0 && pixel[1] < size))
        return false;
    const uint8_t region = shot->planes->regions[(size_t)pixel[1] * (size_t)size + (size_t)pixel[0]];
    return region == FACE_SCLERA || region == FACE_IRIS;
}

typedef struct seen_point {
    double world[3], pixel[2];
    bool is_visible;
} seen_point;

static seen_point see(const label_shot *shot, const manifest_camera *view, const float world[3])
{
    seen_point out;
    double depth;
    manifest_place(world, out.world);
    manifest_project(view, out.world, out.pixel, &depth);
    out.is_visible = depth > 0 && shows_eye(shot, out.pixel);
    return out;
}

static void add_point(df_text *out, const char *name, const seen_point *point)
{
    df_text_addf(out, "\"%s3d\":", name);
    add_row(out, point->world, 3);
    df_text_addf(out, ",\"%s2d\":", name);
    add_row(out, point->pixel, 2);
    df_text_add(out, ",");
}

static void add_rim(df_text *out, const label_shot *shot, const manifest_camera *view, const head_eye *eye)
{
    static const char *const keys[] = {"\"iris3d\":[", "],\"iris2d\":[", "],\"iris_visible\":["};
    for (int what = 0; what < 3; what++) {
        df_text_add(out, keys[what]);
        for (int i = 0; i < eye->rim_count; i++) {
            const seen_point point = see(shot, view, eye->rim[i]);
            df_text_add(out, i ? "," : "");
            if (what < 2)
                add_row(out, what == 0 ? point.world : point.pixel, what == 0 ? 3 : 2);
            else
                df_text_add(out, point.is_visible ? "1" : "0");
        }
    }
    df_text_add(out, "],");
}

static void add_eye(df_text *out, const label_shot *shot, const manifest_camera *view, const head_eye *eye)
{
    const seen_point centre = see(shot, view, eye->centre), pupil = see(shot, view, eye->pupil);
    df_text_add(out, "{");
    add_point(out, "centre", &centre);
    add_point(out, "pupil", &pupil);
    df_text_addf(out, "\"pupil_visible\":%d,", pupil.is_visible);
    add_rim(out, shot, view, eye);
    df_text_add(out, "\"gaze\":");
    df_text_json_floats(out, eye->gaze, 3, GAZE_DIGITS);
    df_text_add(out, ",\"axis\":");
    df_text_json_floats(out, eye->axis, 3, GAZE_DIGITS);
    df_text_add(out, "}");
}

bool label_gaze(const label_shot *shot, df_text *out, df_arena *scratch, df_error *err)
{
    const manifest_camera view = manifest_camera_of(shot->camera);
    head_eye *eyes = df_alloc(scratch, 2, sizeof *eyes, err);
    if (!eyes || !head_eyes(shot->identity, shot->params, eyes, scratch, err))
        return false;
    df_text_add(out, "{\"right\":");
    add_eye(out, shot, &view, &eyes[0]);
    df_text_add(out, ",\"left\":");
    add_eye(out, shot, &view, &eyes[1]);
    df_text_add(out, "}\n");
    return true;
}
