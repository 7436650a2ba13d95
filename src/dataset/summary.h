/* summary.h: what is in a data set, from one pass over its manifest in constant memory: people and images by gender, group and age;
   histograms of pose, camera, gaze, light and sensor; how often each accessory, hair and expression occurs. And what the
   pixels of a sample of the images say about each group. */
#ifndef DF_DATASET_SUMMARY_H
#define DF_DATASET_SUMMARY_H

#include "base/arena.h"
#include "base/progress.h"
#include "dataset/demographics.h"
#include "dataset/manifest_read.h"
#include "dataset/tally.h"

/* What has a histogram: id, keys in the manifest, title, unit, finest bin. */
#define SUMMARY_MEASURES(X)                                                                                                                \
    X(YAW, "yaw", "Yaw", "degrees", 1)                                                                                                     \
    X(PITCH, "pitch", "Pitch", "degrees", 1)                                                                                               \
    X(ROLL, "roll", "Roll", "degrees", 0.5)                                                                                                \
    X(GAZE_YAW, "gaze_yaw", "Gaze relative to the head, sideways", "degrees", 0.5)                                                         \
    X(GAZE_PITCH, "gaze_pitch", "Gaze relative to the head, up and down", "degrees", 0.5)                                                  \
    X(DISTANCE, "distance", "Distance of the camera", "mm", 10)                                                                            \
    X(AGE, "age", "Age", "years", 1)                                                                                                       \
    X(EXPRESSION, "expression_strength", "Strength of the expression", NULL, 0.025)                                                        \
    X(LIGHT, "light.strength", "How one-sided the surrounding light is", NULL, 0.025)                                                      \
    X(AMBIENT, "light.ambient", "Share of the surrounding light", NULL, 0.025)                                                             \
    X(BRIGHTNESS, "sensor.brightness", "Exposure (average skin, share of full scale)", NULL, 0.01)                                         \
    X(GAIN, "sensor.gain", "Gain of the sensor", NULL, 0.1)                                                                                \
    X(BLUR, "sensor.blur", "Blur of the optics", "pixels", 0.02)

typedef enum summary_measure {
#define SUMMARY_ID(id, ...) SUMMARY_##id,
    SUMMARY_MEASURES(SUMMARY_ID)
#undef SUMMARY_ID
        SUMMARY_MEASURE_COUNT
} summary_measure;

typedef struct summary_measure_row {
    const char *keys, *title, *unit;
    double width;
} summary_measure_row;
DF_API extern const summary_measure_row summary_measure_rows[SUMMARY_MEASURE_COUNT];

/* What has names: key in the manifest, title. */
#define SUMMARY_TOPICS(X)                                                                                                                  \
    X(GLASSES, "glasses", "Glasses")                                                                                                       \
    X(HAT, "hat", "Hats")                                                                                                                  \
    X(HAIR, "hair", "Hair")                                                                                                                \
    X(BEARD, "beard", "Beards")                                                                                                            \
    X(MOUSTACHE, "moustache", "Moustaches")                                                                                                \
    X(BACKGROUND, "background", "Backgrounds")                                                                                             \
    X(EXPRESSIONS, "expression", "Expression units (images in which they are used)")

typedef enum summary_topic {
#define SUMMARY_ID(id, ...) SUMMARY_TOPIC_##id,
    SUMMARY_TOPICS(SUMMARY_ID)
#undef SUMMARY_ID
        SUMMARY_TOPIC_COUNT
} summary_topic;

typedef struct summary_topic_row {
    const char *key, *title;
} summary_topic_row;
DF_API extern const summary_topic_row summary_topic_rows[SUMMARY_TOPIC_COUNT];

enum { SUMMARY_NAMES = 64 };

typedef struct summary_name {
    char name[FACE_NAME];
    int64_t images;
} summary_name;

typedef struct summary_names { /* the most frequent first */
    summary_name items[SUMMARY_NAMES];
    int count;
    int64_t others; /* images with names for which there was no room */
} summary_names;

typedef struct summary {
    int64_t images, identities, hidden_landmarks;
    int size, bits; /* of the first image; size: its width */
    int width, height, channels;
    bool is_uniform;               /* all images have that form */
    char imported[FACE_NAME];      /* of the first image: the format that it came from; "": rendered */
    render_band band;              /* of the first image, where it was rendered */
    bool labels[LABEL_KIND_COUNT]; /* some image has them */
    demographics people;
    tally measures[SUMMARY_MEASURE_COUNT];
    summary_names topics[SUMMARY_TOPIC_COUNT];
} summary;

/* The same line by line: nothing counted yet; a line (json: its object), is_new: the first of its identity; names by frequency. */
DF_API void summary_begin(summary *s);
DF_API void summary_add(summary *s, const manifest_entry *entry, const json_t *json, bool is_new);
DF_API void summary_end(summary *s);

/* Reads DIR/manifest.jsonl. The summary lives in the arena. Fails with the first line that is wrong. */
DF_API bool summary_read(const char *folder, df_arena *arena, const df_progress *progress, const summary **out, df_error *err) DF_CHECKED;

/* Brightness of the face: mean of the pixels in the box, share of full scale, by group; of at most `sample` images, spread over the
   set. groups[i] belongs to summary->people.groups[i]. */
DF_API bool summary_read_pixels(const char *folder, const summary *of, int sample, tally groups[DEMOGRAPHICS_GROUPS],
                                df_error *err) DF_CHECKED;

#endif
