/* lips.h: lips that meet. On MakeHuman's heads they stand open by a millimetre or so, by more or less from head to head; modes from
   scans move the upper one against the lower. Here the line where they meet is closed on every head alike, so that an open
   mouth is an expression and no accident. */
#ifndef DF_FACE_LIPS_H
#define DF_FACE_LIPS_H

#include "face/makehuman_head.h"

typedef struct lips lips;

DF_API lips *lips_of(const makehuman_head *head, df_arena *arena, df_error *err) DF_CHECKED;

/* Draws the lips of a head [cage_count][3] together until they overlap by what subdivision takes off again. Linear in the head but
   for a constant. */
DF_API void lips_close(const lips *meeting, float *head);

#endif
