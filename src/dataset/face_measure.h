/* face_measure.h: what the pixels of a face say without knowing faces. */
#ifndef DF_DATASET_FACE_MEASURE_H
#define DF_DATASET_FACE_MEASURE_H

#include "base/progress.h"
#include "dataset/manifest_read.h"
#include "image/image.h"

/* id, title, unit, finest bin. All of the box, or of the whole image where the line has none. */
#define FACE_MEASURES(X)                                                                                                                   \
    X(EXPOSURE, "exposure", "Exposure: mean of the face", "share of full scale", 0.01)                                                     \
    X(DARK, "dark", "Dark pixels of the face (below 4 %)", "share", 0.005)                                                                 \
    X(BRIGHT, "bright", "Saturated pixels of the face (above 98 %)", "share", 0.005)                                                       \
    X(CONTRAST, "contrast", "Contrast: standard deviation of the face", "share of full scale", 0.005)                                      \
    X(SHARPNESS, "sharpness", "Sharpness: root mean square of the Laplacian", "share of full scale", 0.002)

typedef enum face_measure {
#define FACE_MEASURE_ID(id, ...) FACE_MEASURE_##id,
    FACE_MEASURES(FACE_MEASURE_ID)
#undef FACE_MEASURE_ID
        FACE_MEASURE_COUNT
} face_measure;

typedef struct face_measure_row {
    const char *name, *title, *unit;
    double width;
} face_measure_row;
DF_API extern const face_measure_row face_measure_rows[FACE_MEASURE_COUNT];

/* Of grey 8-bit pixels, in `box` (x, y, width, height; NULL: all). The Laplacian is 4 p - left - right - above - below of inner
   pixels. False where nothing of the box lies inside. */
DF_API bool face_measure_pixels(const image *grey, const float box[4], double out[FACE_MEASURE_COUNT]);

/* Of a set's image files: at most `most` of the `images` that the set has, one from each of as many equal parts of the manifest; 0: of
   all. Calls `found` in the manifest's order. Decodes with all of OpenMP's threads; most lines are skipped unread. */
typedef void face_measured(void *user, const manifest_entry *entry, const double values[FACE_MEASURE_COUNT]);
DF_API bool face_measure_set(const char *folder, int64_t images, int64_t most, const df_progress *progress, face_measured *found,
                             void *user, df_error *err) DF_CHECKED;

#endif
