/* job.h: what a data set is made of: every option that changes a byte of it, and nothing else (threads, shards and resuming do
   not). Two runs with equal job texts write the same files, so the text in `.diffuse/job.json` decides who may go on with a
   folder. Angles in degrees, lengths in mm. */
#ifndef DF_DATASET_JOB_H
#define DF_DATASET_JOB_H

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "render/head.h"

enum {
    JOB_FORMAT = 2,       /* changes when the same options would give other bytes */
    JOB_FORMAT_PLAIN = 1, /* earlier sets: PNG files without stamps, the same pixels */
    JOB_MAX_PER_IDENTITY = 1 << 24,
    JOB_MIN_SIZE = 16,
    JOB_MAX_SIZE = 8192,
    JOB_TEXT = 256,
    JOB_ALL_IMAGES = -1 /* of only_index */
};

/* What is drawn for each image between two numbers: id, option's name, least and most that may be asked for, the usual range and
   the same as text (NULL: job_defaults decides by the band), whether --law peaked applies, unit, help. */
#define JOB_RANGES(X)                                                                                                                      \
    X(YAW, "yaw", -180, 180, -35, 35, "-35:35", true, "degrees", "turn of the head, positive to the person's left")                        \
    X(PITCH, "pitch", -90, 90, -20, 20, "-20:20", true, "degrees", "lift of the chin")                                                     \
    X(ROLL, "roll", -180, 180, -10, 10, "-10:10", true, "degrees", "tilt towards the person's right shoulder")                             \
    X(DISTANCE, "distance", 150, 20000, 550, 800, "550:800", false, "mm", "from the camera to the middle of the head")                     \
    X(FOCAL, "focal", 5, 2000, 60, 76, "60:76", false, "mm", "focal length on a sensor 36 mm wide")                                        \
    X(OFFSET, "offset", -0.5, 0.5, -0.04, 0.04, "-0.04:0.04", false, NULL, "head beside the image's middle, share of the image's side")    \
    X(GAZE_YAW, "gaze-yaw", -45, 45, -15, 15, "-15:15", true, "degrees", "eyes relative to the head, positive to the person's left")       \
    X(GAZE_PITCH, "gaze-pitch", -30, 30, -10, 10, "-10:10", true, "degrees", "eyes relative to the head, positive up")                     \
    X(EXPRESSION, "expression", 0, 1, 0, 1, "0:1", false, NULL, "strength of expressions, 0 for none")                                     \
    X(LIGHT, "light", 0, 1, 0.1, 0.8, "0.1:0.8", false, NULL, "how one-sided the surrounding light is")                                    \
    X(AMBIENT, "ambient", 0, 1, 0.15, 0.7, NULL, false, NULL, "share of the surrounding light, the rest comes from lamps near the camera") \
    X(LAMPS, "lamps", 0, LIGHT_MAX_LAMPS, 1, 2, NULL, false, NULL, "lamps near the camera")                                                \
    X(EXPOSURE, "exposure", 0.01, 4, 0.4f, 0.75f, NULL, false, NULL, "brightness of average skin, share of full scale")                    \
    X(GAIN, "gain", 1, 64, 1, 4, "1:4", false, NULL, "analogue gain of the sensor: more is noisier")                                       \
    X(BLUR, "blur", 0, 8, 0.3, 0.7, "0.3:0.7", false, "pixels", "blur of the optics, standard deviation")                                  \
    X(VIGNETTING, "vignetting", 0, 1, 0, 0.25, "0:0.25", false, NULL, "loss of light at the corners")

typedef enum job_range_id {
#define JOB_RANGE_ID(id, ...) JOB_##id,
    JOB_RANGES(JOB_RANGE_ID)
#undef JOB_RANGE_ID
        JOB_RANGE_COUNT
} job_range_id;

typedef struct job_range {
    float low, high;
} job_range;

typedef struct job_range_row {
    const char *name;
    float least, most;
    job_range usual;
    bool is_peaked; /* by --law peaked: the middle is drawn more often (the mean of two dice); else all values alike */
} job_range_row;
DF_API extern const job_range_row job_range_rows[JOB_RANGE_COUNT];

/* The dense labels, a file of each image: id, name, and how the file's name ends. label_planes.h and label_files.h say what is in
   them. Kinds are only ever added at the end. */
#define LABEL_KINDS(X)                                                                                                                     \
    X(SEGMENTATION, "segmentation", "png")                                                                                                 \
    X(DEPTH, "depth", "png")                                                                                                               \
    X(NORMALS, "normals", "png")                                                                                                           \
    X(GAZE, "gaze", "json")                                                                                                                \
    X(ALBEDO, "albedo", "png")                                                                                                             \
    X(UV, "uv", "png")                                                                                                                     \
    X(MESH, "mesh", "ply")                                                                                                                 \
    X(MATTE, "matte", "png")                                                                                                               \
    X(LANDMARKS, "landmarks", "npy")

typedef enum label_kind {
#define LABEL_KIND_ID(id, ...) LABEL_##id,
    LABEL_KINDS(LABEL_KIND_ID)
#undef LABEL_KIND_ID
        LABEL_KIND_COUNT
} label_kind;
DF_API extern const char *const label_kind_names[LABEL_KIND_COUNT];
DF_API extern const char *const label_kind_endings[LABEL_KIND_COUNT]; /* "png", without the point */

/* Vertices of the skin whose places the landmarks' label tells. */
enum { JOB_MAX_LANDMARKS = 1 << 16 };
typedef struct job_landmarks {
    int count;               /* 0: "dense", those of the face that the model's cage has */
    const int32_t *vertices; /* [count] borrowed */
} job_landmarks;

typedef struct render_job {
    int format; /* JOB_FORMAT, or that of an earlier set that is read */
    uint64_t seed;
    int per_identity, size, samples, bits;
    char engine[16];
    render_band band;
    crop_kind crop;
    job_range ranges[JOB_RANGE_COUNT];
    bool is_peaked;                      /* --law peaked */
    float glasses, sunglasses, hat;      /* shares of images; dark glasses come first, clear ones as far as there is room */
    float occluder;                      /* share of images with one */
    bool occluders[OCCLUDER_KIND_COUNT]; /* the kinds that are drawn, all alike */
    bool noise;
    bool labels[LABEL_KIND_COUNT];
    bool normals16;
    job_landmarks landmarks;       /* counts with LABEL_LANDMARKS alone */
    char background[JOB_TEXT];     /* a kind's name, "mixed" or a folder of images */
    char only_identity[PERSON_ID]; /* "": all */
    int64_t only_index;            /* JOB_ALL_IMAGES, or the one image of only_identity */

    /* Made by the run, not by the user. */
    char identities_sha256[DF_SHA256_TEXT], model_sha256[DF_SHA256_TEXT];
    char background_sha256[DF_SHA256_TEXT]; /* of a folder's names and sizes; "" for procedural ones */
} render_job;

/* The defaults for a band. RGB has surrounding light alone; near infrared lamps near the camera. */
DF_API render_job job_defaults(render_band band);

/* "ID/INDEX" into only_identity and only_index. */
DF_API bool job_parse_only(const char *text, render_job *out, df_error *err) DF_CHECKED;

/* Ranges within their limits, and combinations that can be drawn. */
DF_API bool job_check(const render_job *job, df_error *err) DF_CHECKED;

/* Rounds numbers to what job_write says of them, so that a job that is read again draws the same. */
DF_API void job_settle(render_job *job);

/* Appends the canonical JSON object: fixed order of keys, no spaces. */
DF_API void job_write(const render_job *job, df_text *out);

/* The job of a text that job_write wrote, here or in an earlier release; anything else fails, naming the key. Lists live in
   `arena`. */
DF_API bool job_read(const json_t *text, df_arena *arena, render_job *out, df_error *err) DF_CHECKED;

/* The first key in which the job of a folder differs from this one, as "seed 7, here 8", into `out`; "" when they are equal.
   there: the parsed text of the other; what is no object differs in "format". */
DF_API void job_difference(const json_t *there, const render_job *here, char *out, size_t size);

#endif
