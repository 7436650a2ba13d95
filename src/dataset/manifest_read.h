/* manifest_read.h: manifest.jsonl one line at a time, in constant memory. What consumers need stands in the struct, checked;
   everything else is in the parsed object. The file is a stranger's: paths that leave the folder are refused.

   Two kinds of lines (docs/manifest.md): rendered ones hold every label; imported ones (key "imported": the format they came from)
   hold what their source knew, and the has_ flags say what that was. */
#ifndef DF_DATASET_MANIFEST_READ_H
#define DF_DATASET_MANIFEST_READ_H

#include "base/json.h"
#include "dataset/manifest_write.h"

enum { MANIFEST_FIVE = 5 };

typedef struct manifest_entry {
    char image[MANIFEST_PATH], identity[PERSON_ID];
    int64_t index;
    char imported[FACE_NAME]; /* "": rendered */
    char split[FACE_NAME];    /* "train", "valid", "test"; "": not split */
    int width, height, channels, bits;
    char sha256[DF_SHA256_TEXT];
    manifest_file labels[LABEL_KIND_COUNT]; /* path "": none */

    bool has_five;
    float five[MANIFEST_FIVE][2]; /* right eye, left eye, nose, right and left corner of the mouth (the person's), pixels */
    bool has_box;
    float box[4]; /* x, y, width, height */
    bool has_pose;
    float yaw, pitch, roll;                       /* degrees */
    char gender[FACE_NAME], ethnicity[FACE_NAME]; /* "": not said */
    bool has_age;
    float age;

    /* Of rendered lines alone; 0 and "" in imported ones. */
    bool has_landmarks; /* false where the face model knows none too: the three arrays below are 0 */
    float landmarks2d[FACE_LANDMARKS][2], landmarks3d[FACE_LANDMARKS][3];
    bool visible[FACE_LANDMARKS];
    bool has_camera;  /* and gaze */
    float gaze[2][3]; /* right, left */
    float fx, fy, cx, cy, extrinsic[3][4];
    char glasses[FACE_NAME], hat[FACE_NAME], hair[FACE_NAME], beard[FACE_NAME], moustache[FACE_NAME];
    render_band band;
    int size; /* width and height */
} manifest_entry;

typedef struct manifest_reader manifest_reader;
DF_API manifest_reader *manifest_open(const char *path, df_error *err) DF_CHECKED;

/* The next line; *found false at the end. After a line that is wrong the next call reads the one after it, unless the file itself
   cannot be read on (manifest_is_over). Errors name path and line. */
DF_API bool manifest_next(manifest_reader *reader, manifest_entry *out, bool *found, df_error *err) DF_CHECKED;
DF_API bool manifest_is_over(const manifest_reader *reader);
DF_API size_t manifest_line(const manifest_reader *reader); /* from 1 */

/* The last line that was right, as its text (without the newline) and as its whole object; until the next call. */
DF_API const char *manifest_text(const manifest_reader *reader, size_t *length);
DF_API const json_t *manifest_json(const manifest_reader *reader);
/* What a line has at a path of keys, "light.strength"; NULL where there is none. And a number there; false where there is none. */
DF_API const json_t *manifest_value(const json_t *line, const char *keys);
DF_API bool manifest_number(const manifest_reader *reader, const char *keys, double *out);
DF_API void manifest_close(manifest_reader *reader); /* NULL is legal */

/* Whether the image stands where a set has it: "ID/0007.png", in imported sets also "ID/0007.jpg". */
DF_API bool manifest_is_in_place(const manifest_entry *entry);

/* One line, for the fuzzer and for tests. */
DF_API bool manifest_parse(const char *line, size_t length, manifest_entry *out, json_t **json, df_error *err) DF_CHECKED;

#endif
