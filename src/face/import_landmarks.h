/* import_landmarks.h: named points on a reference mesh, as the Basel group's files have them, and the vertices that they are. */
#ifndef DF_FACE_IMPORT_LANDMARKS_H
#define DF_FACE_IMPORT_LANDMARKS_H

#include "base/arena.h"
#include "face/face_model.h"

typedef struct import_landmarks {
    int count;
    char (*names)[FACE_NAME]; /* [count] */
    float (*points)[3];       /* [count] in the reference mesh's unit */
} import_landmarks;

/* `[{"id": NAME, "coordinates": [x, y, z]}, ...]`. */
bool import_landmarks_json(const char *text, df_arena *arena, import_landmarks *out, df_error *err) DF_CHECKED;

/* Lines `NAME 1 x y z`; the second word is not looked at. */
bool import_landmarks_text(const char *text, df_arena *arena, import_landmarks *out, df_error *err) DF_CHECKED;

/* Names the vertices of the model that are nearest to the points on `reference` [V][3], in the points' order. */
bool import_landmarks_attach(const import_landmarks *from, const float *reference, face_model *m, df_arena *arena,
                             df_error *err) DF_CHECKED;

#endif
