/* import_ict_parts.h: what ICT-FaceKit's topology of 26719 vertices says beyond the shape: which triangles are skin, eyes, teeth; a colour
   for each, since the model has none; the 68 landmarks. */
#ifndef DF_FACE_IMPORT_ICT_PARTS_H
#define DF_FACE_IMPORT_ICT_PARTS_H

#include "face/import_internal.h"

/* Drops the transparent layers (tear fluid, blends, shadows, lashes), which are meant for an engine that blends them, classes the other
   triangles, and colours the vertices. Leaves models of other topologies alone. */
bool import_ict_parts(import_job *job, face_model *m) DF_CHECKED;

extern const int32_t import_ict_landmarks[FACE_LANDMARKS];
enum { IMPORT_ICT_VERTICES = 26719 };

#endif
