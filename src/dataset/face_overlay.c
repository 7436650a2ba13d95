/* face_overlay.c: coordinates in pixels of the image become pixels of the cell; three-dimensional labels go through the image's own
   camera, so that a wrong extrinsic shows. */
#include "dataset/face_overlay.h"

#include <math.h>
#include <string.h>

enum { NOSE_TIP = 30, RIGHT_EYE = 36, LEFT_EYE = 42, EYE_POINTS = 6, HIDDEN_ALPHA = 110 };

static const float GAZE_MM = 40, AXIS_MM = 50, USUAL_CELL = 256, LINE = 1.1f, DOT = 1.3f;

static const canvas_colour white = {.r = 255, .g = 255, .b = 255, .a = 255};

/* iBUG's 68 points (Sagonas et al., "300 faces in-the-wild challenge", 2013). */
const face_landmark_group face_landmark_groups[FACE_LANDMARK_GROUPS] = {
    {.first = 0, .count = 17, .chain = CANVAS_OPEN, .hue = CANVAS_SKY},       /* jaw */
    {.first = 17, .count = 5, .chain = CANVAS_OPEN, .hue = CANVAS_ORANGE},    /* right brow */
    {.first = 22, .count = 5, .chain = CANVAS_OPEN, .hue = CANVAS_ORANGE},    /* left brow */
    {.first = 27, .count = 4, .chain = CANVAS_OPEN, .hue = CANVAS_GREEN},     /* bridge of the nose */
    {.first = 31, .count = 5, .chain = CANVAS_OPEN, .hue = CANVAS_GREEN},     /* its base */
    {.first = 36, .count = 6, .chain = CANVAS_CLOSED, .hue = CANVAS_YELLOW},  /* right eye */
    {.first = 42, .count = 6, .chain = CANVAS_CLOSED, .hue = CANVAS_YELLOW},  /* left eye */
    {.first = 48, .count = 12, .chain = CANVAS_CLOSED, .hue = CANVAS_PURPLE}, /* lips, outside */
    {.first = 60, .count = 8, .chain = CANVAS_CLOSED, .hue = CANVAS_PURPLE},  /* lips, inside */
};

static void read_pose(const json_t *rows, face_overlay *out)
{
    out->has_pose = json_is_array(rows) && json_array_size(rows) == 3;
    for (size_t r = 0; r < 3 && out->has_pose; r++)
        for (size_t c = 0; c < 4; c++) {
            const json_t *value = json_array_get(json_array_get(rows, r), c);
            out->has_pose = out->has_pose && json_is_number(value);
            out->head_pose[r][c] = (float)json_number_value(value);
        }
}

void face_overlay_read(const manifest_entry *entry, const json_t *json, face_overlay *out)
{
    *out = (face_overlay){.fx = entry->fx,
                          .fy = entry->fy,
                          .cx = entry->cx,
                          .cy = entry->cy,
                          .width = entry->width,
                          .height = entry->height,
                          .has_landmarks = entry->has_landmarks,
                          .has_five = entry->has_five && !entry->has_landmarks,
                          .has_box = entry->has_box};
    memcpy(out->five, entry->five, sizeof out->five);
    memcpy(out->landmarks2d, entry->landmarks2d, sizeof out->landmarks2d);
    memcpy(out->landmarks3d, entry->landmarks3d, sizeof out->landmarks3d);
    memcpy(out->visible, entry->visible, sizeof out->visible);
    memcpy(out->box, entry->box, sizeof out->box);
    memcpy(out->gaze, entry->gaze, sizeof out->gaze);
    memcpy(out->extrinsic, entry->extrinsic, sizeof out->extrinsic);
    read_pose(json_object_get(json, "head_pose"), out);
}

/* From pixels of the image to pixels of the cell. */
typedef struct overlay_view {
    float scale_x, scale_y, x, y;
} overlay_view;

static overlay_view view_of(const face_overlay *o, const image *onto)
{
    const float across = (float)onto->width / (float)o->width, down = (float)onto->height / (float)o->height;
    const float ratio = fminf(across, down);
    const float width = fmaxf(1, floorf((float)o->width * ratio + 0.5f)), height = fmaxf(1, floorf((float)o->height * ratio + 0.5f));
    return (overlay_view){.scale_x = width / (float)o->width,
                          .scale_y = height / (float)o->height,
                          .x = floorf(0.5f * ((float)onto->width - width) + 0.5f),
                          .y = floorf(0.5f * ((float)onto->height - height) + 0.5f)};
}

static canvas_point seen_at(const overlay_view *view, float x, float y)
{
    return (canvas_point){.x = view->x + x * view->scale_x, .y = view->y + y * view->scale_y};
}

static canvas_point project(const face_overlay *o, const float world[3], const overlay_view *view)
{
    float seen[3];
    for (int r = 0; r < 3; r++)
        seen[r] = o->extrinsic[r][0] * world[0] + o->extrinsic[r][1] * world[1] + o->extrinsic[r][2] * world[2] + o->extrinsic[r][3];
    return seen_at(view, o->fx * seen[0] / seen[2] + o->cx, o->fy * seen[1] / seen[2] + o->cy);
}

static canvas_stroke stroke_of(canvas_hue hue, float cell)
{
    return (canvas_stroke){
        .width = LINE * (0.5f + 0.5f * cell / USUAL_CELL), .colour = canvas_hue_colour(hue), .halo = {.r = 0, .g = 0, .b = 0, .a = 90}};
}

static void draw_landmarks(const face_overlay *o, image *onto, const overlay_view *view)
{
    canvas_point points[FACE_LANDMARKS];
    for (int i = 0; i < FACE_LANDMARKS; i++)
        points[i] = seen_at(view, o->landmarks2d[i][0], o->landmarks2d[i][1]);
    for (int g = 0; g < FACE_LANDMARK_GROUPS; g++) {
        const face_landmark_group *group = &face_landmark_groups[g];
        canvas_stroke stroke = stroke_of(group->hue, (float)onto->width);
        canvas_stroke chain = stroke;
        chain.colour.a = chain.halo.a = HIDDEN_ALPHA;
        canvas_polyline(onto, points + group->first, group->count, group->chain, &chain);
        for (int i = group->first; i < group->first + group->count; i++) {
            stroke.colour.a = o->visible[i] ? 255 : HIDDEN_ALPHA;
            stroke.halo.a = o->visible[i] ? 90 : 0;
            canvas_dot(onto, points[i], DOT * stroke.width / LINE * (o->visible[i] ? 1.0f : 0.7f), &stroke);
        }
    }
}

static void middle_of(const face_overlay *o, int first, float out[3])
{
    for (int axis = 0; axis < 3; axis++) {
        out[axis] = 0;
        for (int i = 0; i < EYE_POINTS; i++)
            out[axis] += o->landmarks3d[first + i][axis] / EYE_POINTS;
    }
}

static void draw_ray(const face_overlay *o, image *onto, const overlay_view *view, const float from[3], const float direction[3],
                     float length, canvas_colour colour)
{
    canvas_stroke stroke = stroke_of(CANVAS_BLACK, (float)onto->width);
    stroke.colour = colour;
    const float to[3] = {from[0] + length * direction[0], from[1] + length * direction[1], from[2] + length * direction[2]};
    canvas_arrow(onto, project(o, from, view), project(o, to, view), &stroke);
}

static void draw_gaze(const face_overlay *o, image *onto, const overlay_view *view)
{
    static const int first[2] = {RIGHT_EYE, LEFT_EYE};
    for (int eye = 0; eye < 2; eye++) {
        float from[3];
        middle_of(o, first[eye], from);
        draw_ray(o, onto, view, from, o->gaze[eye], GAZE_MM, white);
    }
}

static void draw_axes(const face_overlay *o, image *onto, const overlay_view *view)
{
    static const canvas_hue hues[3] = {CANVAS_VERMILION, CANVAS_GREEN, CANVAS_BLUE};
    for (int axis = 0; axis < 3 && o->has_pose; axis++) {
        const float direction[3] = {o->head_pose[0][axis], o->head_pose[1][axis], o->head_pose[2][axis]};
        draw_ray(o, onto, view, o->landmarks3d[NOSE_TIP], direction, AXIS_MM, canvas_hue_colour(hues[axis]));
    }
}

static void draw_five(const face_overlay *o, image *onto, const overlay_view *view)
{
    static const canvas_hue hues[MANIFEST_FIVE] = {CANVAS_YELLOW, CANVAS_YELLOW, CANVAS_GREEN, CANVAS_PURPLE, CANVAS_PURPLE};
    for (int p = 0; p < MANIFEST_FIVE; p++) {
        const canvas_stroke stroke = stroke_of(hues[p], (float)onto->width);
        canvas_dot(onto, seen_at(view, o->five[p][0], o->five[p][1]), 1.5f * DOT * stroke.width / LINE, &stroke);
    }
}

static void draw_box(const face_overlay *o, image *onto, const overlay_view *view)
{
    const canvas_stroke frame = {.width = 1, .colour = {.r = 255, .g = 255, .b = 255, .a = 150}, .halo = {.a = 60}};
    const canvas_point corner = seen_at(view, o->box[0], o->box[1]);
    canvas_frame(onto, (canvas_box){.x = corner.x, .y = corner.y, .width = o->box[2] * view->scale_x, .height = o->box[3] * view->scale_y},
                 &frame);
}

void face_overlay_draw(const face_overlay *o, image *onto)
{
    const overlay_view view = view_of(o, onto);
    if (o->has_box)
        draw_box(o, onto, &view);
    if (o->has_five)
        draw_five(o, onto, &view);
    if (!o->has_landmarks) /* nothing says where in the image the eyes and the nose are */
        return;
    draw_landmarks(o, onto, &view);
    draw_axes(o, onto, &view);
    draw_gaze(o, onto, &view);
}
