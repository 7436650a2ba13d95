/* import.h: other people's morphable models as one of ours: files and folders in the forms of their makers. What is in the file
   decides what it is, not its name. docs/import.md lists the formats, what of each is kept, and which reading was taken where its
   maker left it open.

   The model keeps the file's axes, its origin and all its components; lengths become millimetres, colours display values from 0
   to 1, coefficients standard deviations, triangles outward. */
#ifndef DF_FACE_IMPORT_H
#define DF_FACE_IMPORT_H

#include "base/error.h"
#include "base/progress.h"
#include "face/face_model.h"

typedef struct import_options {
    const char *attributes; /* the attribute file of BFM 2009; NULL: none */
    const char *landmarks;  /* text file of 68 vertex numbers from 0 in iBUG order, for models that know none; NULL: none */
    int components;         /* keep at most so many of shape and of albedo; 0: all */
    float unit;             /* of scans: millimetres of one unit of theirs; 0: 1 */
    bool align;             /* scans: bring each onto the mean by a rotation and a shift first */
} import_options;

typedef struct import_report {
    const char *format; /* a sentence's part, such as "Basel Face Model 2009" */
    char name[FACE_NAME];
    int vertices, triangles, shape_count, albedo_count, expression_count, named_count;
    bool has_landmarks, has_attributes;
} import_report;

/* Reads `path`, recognizes what it is, and writes the model (beside and renamed). Fails with a sentence that names the file. */
DF_API bool face_import(const char *path, const import_options *options, const char *out, import_report *report, df_error *err) DF_CHECKED;

#endif
