/* export_coco.c: COCO's annotations (Lin et al., "Microsoft COCO", 2014; cocodataset.org, "Data format"): images/ID/0000.png and one
   annotations.json. Each image with a box has an annotation of its face with key points, and where the set has segmentations the masks of
   the face and of every region that is seen. Annotations wait in a spool while the list of images is written. */
#include <string.h>

#include "base/spool.h"
#include "base/text.h"
#include "dataset/face_overlay.h"
#include "exchange/export_files.h"
#include "exchange/export_rows.h"
#include "exchange/rle.h"

enum {
    FACE_CATEGORY = 1,
    REGION_CATEGORY = 10, /* and the region's code */
    FACE_MASKS = 1,
    DIGITS = 3,
    SEEN = 2, /* key points: not labelled, hidden, seen */
    HIDDEN = 1,
};

typedef struct coco {
    const export_context *context;
    export_files files;
    df_writer *json;
    df_spool *annotations;
    df_text text; /* of one image */
    int64_t annotation_count, without_box, without_points;
    int points;                   /* of a face, as the first image has them: 68, 5 or 0 */
    bool seen[FACE_REGION_COUNT]; /* regions that have an annotation */
    rle face[FACE_MASKS], regions[FACE_REGION_COUNT];
} coco;

/* ---- masks ---- */

/* What the face's own mask covers: what its box is around. No ears and no neck, nor what hides the face. */
static bool is_of_face(face_region region)
{
    switch (region) {
    case FACE_SKIN:
    case FACE_NOSE:
    case FACE_EYELIDS:
    case FACE_LIPS:
    case FACE_MOUTH:
    case FACE_EYE_SOCKET:
    case FACE_SCLERA:
    case FACE_IRIS:
    case FACE_TEETH:
    case FACE_TONGUE:
    case FACE_LASHES:
    case FACE_BROWS:
    case FACE_BEARD:
    case FACE_MOUSTACHE:
        return true;
    case FACE_BACKGROUND:
    case FACE_EARS:
    case FACE_NECK:
    case FACE_SCALP:
    case FACE_HAIR:
    case FACE_GLASSES:
    case FACE_LENS:
    case FACE_HAT:
    case FACE_CLOTHES:
    case FACE_MASK:
    case FACE_SCARF:
    case FACE_HAND:
    case FACE_PHONE:
    case FACE_WHEEL:
    case FACE_BELT:
    case FACE_REGION_COUNT:
        return false;
    }
    return false;
}

/* All masks of an image from its segmentation. */
static bool encode_masks(coco *to, export_sample *sample, df_error *err)
{
    const manifest_entry *entry = export_sample_entry(sample);
    const char *path = entry->labels[LABEL_SEGMENTATION].path;
    uint8_t of_face[256], by_region[256];
    df_bytes file;
    image map;
    if (!export_sample_read(sample, path, &file, err))
        return false;
    if (!png_decode(file, &map, export_sample_scratch(sample), err))
        return df_fail_in(err, "%s", path);
    if (map.width != entry->width || map.height != entry->height || map.channels != 1 || map.type != IMAGE_U8)
        return df_fail(err, "%s: expected %d x %d pixels of 8 bit grey, as the image has", path, entry->width, entry->height);
    for (int code = 0; code < 256; code++) {
        const bool is_region = code > FACE_BACKGROUND && code < FACE_REGION_COUNT;
        of_face[code] = is_region && is_of_face((face_region)code) ? 0 : RLE_NONE;
        by_region[code] = (uint8_t)(is_region ? code : RLE_NONE);
    }
    return rle_encode(map.data, map.width, map.height, of_face, to->face, FACE_MASKS, err) &&
           rle_encode(map.data, map.width, map.height, by_region, to->regions, FACE_REGION_COUNT, err);
}

static void add_mask(df_text *text, const manifest_entry *entry, const rle *mask)
{
    df_text_addf(text, ",\"segmentation\":{\"size\":[%d,%d],\"counts\":", entry->height, entry->width);
    df_text_json_string(text, mask->counts.data);
    df_text_add(text, "}");
}

/* ---- annotations ---- */

/* Up to the area. */
static void begin_annotation(coco *to, int64_t image_id, int category)
{
    df_text_addf(&to->text, "%s\n{\"id\":%lld,\"image_id\":%lld,\"category_id\":%d,\"iscrowd\":0", to->annotation_count > 0 ? "," : "",
                 (long long)to->annotation_count + 1, (long long)image_id, category);
    to->annotation_count++;
}

/* COCO counts the centres of pixels at whole numbers where it has key points. What lies outside of the image is not labelled. */
static bool add_point(df_text *text, const manifest_entry *entry, const float point[2], bool is_seen)
{
    const bool is_inside = point[0] >= 0 && point[1] >= 0 && point[0] < (float)entry->width && point[1] < (float)entry->height;
    df_text_number(text, is_inside ? (double)point[0] - 0.5 : 0, DIGITS);
    df_text_add(text, ",");
    df_text_number(text, is_inside ? (double)point[1] - 0.5 : 0, DIGITS);
    df_text_addf(text, ",%d", !is_inside ? 0 : is_seen ? SEEN : HIDDEN);
    return is_inside;
}

static void add_points(coco *to, const manifest_entry *entry)
{
    const bool is_known = to->points == FACE_LANDMARKS ? entry->has_landmarks : entry->has_five;
    int labelled = 0;
    df_text_add(&to->text, ",\"keypoints\":[");
    for (int i = 0; i < to->points; i++) {
        static const float outside[2] = {-1, -1};
        const float *point = !is_known ? outside : to->points == FACE_LANDMARKS ? entry->landmarks2d[i] : entry->five[i];
        df_text_add(&to->text, i > 0 ? "," : "");
        labelled += add_point(&to->text, entry, point, to->points != FACE_LANDMARKS || entry->visible[i]);
    }
    df_text_addf(&to->text, "],\"num_keypoints\":%d", labelled);
    to->without_points += !is_known;
}

static void add_face(coco *to, const manifest_entry *entry, int64_t image_id, bool has_masks)
{
    begin_annotation(to, image_id, FACE_CATEGORY);
    df_text_add(&to->text, ",\"area\":");
    if (has_masks)
        df_text_integer(&to->text, to->face->area);
    else
        df_text_number(&to->text, (double)entry->box[2] * (double)entry->box[3], DIGITS);
    df_text_add(&to->text, ",\"bbox\":");
    df_text_json_floats(&to->text, entry->box, 4, DIGITS);
    if (has_masks)
        add_mask(&to->text, entry, to->face);
    else
        df_text_add(&to->text, ",\"segmentation\":[]");
    if (to->points > 0)
        add_points(to, entry);
    df_text_add(&to->text, "}");
}

static void add_regions(coco *to, const manifest_entry *entry, int64_t image_id)
{
    for (int region = FACE_BACKGROUND + 1; region < FACE_REGION_COUNT; region++) {
        const rle *mask = &to->regions[region];
        if (mask->area == 0)
            continue;
        to->seen[region] = true;
        begin_annotation(to, image_id, REGION_CATEGORY + region);
        df_text_addf(&to->text, ",\"area\":%lld,\"bbox\":[%d,%d,%d,%d]", (long long)mask->area, mask->box[0], mask->box[1], mask->box[2],
                     mask->box[3]);
        add_mask(&to->text, entry, mask);
        df_text_add(&to->text, "}");
    }
}

/* ---- images ---- */

static void close_coco(void *state)
{
    coco *to = state;
    df_writer_abandon(to->json);
    df_spool_close(to->annotations);
    df_text_free(&to->text);
    rle_free(to->face);
    for (int region = 0; region < FACE_REGION_COUNT; region++)
        rle_free(&to->regions[region]);
}

static bool put_text(coco *to, df_error *err)
{
    return df_text_ok(&to->text, err) && df_writer_put(to->json, to->text.data, to->text.size, err);
}

static void *open_coco(const export_context *context, df_error *err)
{
    coco *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to || !df_make_folders(context->place, err))
        return NULL;
    to->context = context;
    to->files.top = context->place;
    to->annotations = df_spool_open(context->place, err);
    to->json = to->annotations ? export_files_open(&to->files, "annotations.json", err) : NULL;
    df_text_add(&to->text, "{\"info\":{\"description\":\"exported by diffuse " DIFFUSE_VERSION "\"},\"licenses\":[],\"images\":[");
    if (to->json && put_text(to, err))
        return to;
    close_coco(to);
    return NULL;
}

static bool put_image(coco *to, export_sample *sample, df_error *err)
{
    static const char prefix[] = "images";
    const manifest_entry *entry = export_sample_entry(sample);
    char name[EXPORT_NAME];
    const char *ending;
    df_bytes file;
    if (!export_sample_image(sample, 0, &file, &ending, err))
        return false;
    export_files_name(name, prefix, entry, ending);
    df_text_clear(&to->text);
    df_text_addf(&to->text, "%s\n{\"id\":%lld,\"file_name\":", export_sample_number(sample) > 0 ? "," : "",
                 (long long)export_sample_number(sample) + 1);
    df_text_json_string(&to->text, name + sizeof prefix); /* seen from images/ */
    df_text_addf(&to->text, ",\"width\":%d,\"height\":%d,\"identity\":", entry->width, entry->height);
    df_text_json_string(&to->text, entry->identity);
    df_text_add(&to->text, "}");
    return export_files_put(&to->files, name, file, err) && put_text(to, err);
}

static bool put_coco(void *state, export_sample *sample, df_error *err)
{
    coco *to = state;
    const manifest_entry *entry = export_sample_entry(sample);
    const bool has_masks = entry->labels[LABEL_SEGMENTATION].path[0] != '\0';
    if (export_sample_number(sample) == 0)
        to->points = entry->has_landmarks ? FACE_LANDMARKS : entry->has_five ? MANIFEST_FIVE : 0;
    if (!put_image(to, sample, err) || (has_masks && !encode_masks(to, sample, err)))
        return false;
    df_text_clear(&to->text);
    to->without_box += !entry->has_box;
    if (entry->has_box)
        add_face(to, entry, export_sample_number(sample) + 1, has_masks);
    if (has_masks)
        add_regions(to, entry, export_sample_number(sample) + 1);
    return df_text_ok(&to->text, err) && df_spool_put(to->annotations, to->text.data, to->text.size, err);
}

/* ---- categories ---- */

/* The names of the groups of face_landmark_groups; numbers within a name go on where it stands twice. */
static const char *const group_names[FACE_LANDMARK_GROUPS] = {"jaw",       "right_brow", "left_brow",    "nose",       "nose",
                                                              "right_eye", "left_eye",   "lips_outside", "lips_inside"};
static const char *const five_names[MANIFEST_FIVE] = {"right_eye", "left_eye", "nose", "mouth_right", "mouth_left"};

static void add_point_names(df_text *text)
{
    int number = 0;
    for (int g = 0; g < FACE_LANDMARK_GROUPS; g++) {
        number = g > 0 && strcmp(group_names[g], group_names[g - 1]) == 0 ? number : 0;
        for (int i = 0; i < face_landmark_groups[g].count; i++)
            df_text_addf(text, "%s\"%s_%d\"", g + i > 0 ? "," : "", group_names[g], number++);
    }
}

/* Pairs of numbers from 1. */
static void add_skeleton(df_text *text)
{
    for (int g = 0; g < FACE_LANDMARK_GROUPS; g++) {
        const face_landmark_group *group = &face_landmark_groups[g];
        for (int i = 0; i + 1 < group->count; i++)
            df_text_addf(text, "%s[%d,%d]", g + i > 0 ? "," : "", group->first + i + 1, group->first + i + 2);
        if (group->chain == CANVAS_CLOSED)
            df_text_addf(text, ",[%d,%d]", group->first + group->count, group->first + 1);
    }
}

static void add_face_category(coco *to)
{
    df_text *text = &to->text;
    df_text_addf(text, "\n{\"id\":%d,\"name\":\"face\",\"supercategory\":\"person\"", FACE_CATEGORY);
    if (to->points > 0)
        df_text_add(text, ",\"keypoints\":[");
    if (to->points == FACE_LANDMARKS)
        add_point_names(text);
    for (int i = 0; i < MANIFEST_FIVE && to->points == MANIFEST_FIVE; i++)
        df_text_addf(text, "%s\"%s\"", i > 0 ? "," : "", five_names[i]);
    if (to->points > 0)
        df_text_add(text, "],\"skeleton\":[");
    if (to->points == FACE_LANDMARKS)
        add_skeleton(text);
    df_text_add(text, to->points > 0 ? "]}" : "}");
}

static void note_what_is_missing(const coco *to)
{
    if (to->without_box > 0)
        df_progress_note(to->context->progress, "%lld images have no annotation of a face: the set says no box for them",
                         (long long)to->without_box);
    if (to->without_points > 0)
        df_progress_note(to->context->progress, "%lld faces have no key points: the set says none for them", (long long)to->without_points);
}

static bool finish_coco(void *state, df_error *err)
{
    coco *to = state;
    df_text_clear(&to->text);
    df_text_add(&to->text, "],\"categories\":[");
    add_face_category(to);
    for (int region = 0; region < FACE_REGION_COUNT; region++)
        if (to->seen[region])
            df_text_addf(&to->text, ",\n{\"id\":%d,\"name\":\"%s\",\"supercategory\":\"region\"}", REGION_CATEGORY + region,
                         face_region_names[region]);
    df_text_add(&to->text, "],\"annotations\":[");
    if (!put_text(to, err) || !df_spool_copy(to->annotations, to->json, err) || !df_writer_put(to->json, "]}\n", 3, err))
        return false;
    df_writer *json = to->json;
    to->json = NULL;
    note_what_is_missing(to);
    return df_writer_commit(json, err);
}

const export_row export_coco_row = {
    .name = "coco",
    .summary = "images and annotations.json: key points, boxes, masks",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SPLIT,
    .open = open_coco,
    .put = put_coco,
    .finish = finish_coco,
    .close = close_coco,
};
