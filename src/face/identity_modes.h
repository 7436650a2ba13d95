/* identity_modes.h: variation of heads learned from scans: ICT-FaceKit's identity modes on MakeHuman's head
   (assets/identity-modes.npz, made by assets/identity_modes.py), carried on to the helpers of the cage, so that eyes, lashes, teeth,
   hair, glasses and hats go with the face. */
#ifndef DF_FACE_IDENTITY_MODES_H
#define DF_FACE_IDENTITY_MODES_H

#include "face/makehuman_head.h"

/* rows [*count][cage_count][3] mm, one standard deviation each. */
DF_API bool identity_modes_read(const char *path, const makehuman_head *head, df_arena *arena, float **rows, int *count,
                                df_error *err) DF_CHECKED;

#endif
