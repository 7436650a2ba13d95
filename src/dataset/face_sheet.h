/* face_sheet.h: a contact sheet of a data set: images spread over its identities, with their captions and, on request, their labels
   drawn over or beside them. Memory holds the chosen lines of the manifest and one row of cells. */
#ifndef DF_DATASET_FACE_SHEET_H
#define DF_DATASET_FACE_SHEET_H

#include "base/api.h"
#include "base/error.h"

#include <stdint.h>

enum { FACE_SHEET_MOST = 4096 };

typedef enum face_sheet_labels {
    FACE_SHEET_PLAIN,
    FACE_SHEET_LABELS, /* landmarks, box, gaze and axes over the image (face_overlay.h) */
    FACE_SHEET_DENSE   /* segmentation, depth and normals beside the image (face_layers.h), as far as the set has them */
} face_sheet_labels;

typedef struct face_sheet_options {
    int count;         /* images, at most FACE_SHEET_MOST; fewer where the set has fewer. 0: 48 */
    int columns, cell; /* as in plot/sheet.h; 0: 8 and 160 */
    face_sheet_labels labels;
    uint64_t seed;     /* which images are chosen */
    const char *title; /* NULL: the folder's name */
} face_sheet_options;

/* Which images, face_choice.h says. *shown: how many there are, may be NULL. Dense labels are asked of a set that has none: fails. */
DF_API bool face_sheet_write(const char *folder, const face_sheet_options *options, const char *out, int *shown, df_error *err) DF_CHECKED;

#endif
