/* portrait.h: a person as one sees them in a passport: RGB, soft light from the front, no background, no noise. For sheets that
   show a model; data sets are made by dataset/. */
#ifndef DF_CLI_PORTRAIT_H
#define DF_CLI_PORTRAIT_H

#include "face/person.h"
#include "image/image.h"

typedef struct portrait_studio portrait_studio;

/* Draws pictures of that many pixels a side; memory is the arena's and the studio's own. */
portrait_studio *portrait_open(const face_model *model, int size, df_arena *arena, df_error *err) DF_CHECKED;
void portrait_close(portrait_studio *studio); /* NULL is legal */

/* The person turned by `yaw` degrees with one expression (an index into the model's, -1: none) at full strength. The picture
   lives until the next one. */
bool portrait_draw(portrait_studio *studio, const person *who, float yaw, int expression, image *out, df_error *err) DF_CHECKED;

#endif
