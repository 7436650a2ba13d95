/* model_notes.h: what a model's file says of itself beside the model: pairs of a key and a text in its metadata. Of a stranger's file
   as well, so their number and size have limits.

   Keys that begin with "license" hold licences, with "credit" whom to name; "source" says what a model was imported from. The notes of a
   model that was dressed keep both sources: those of the parts' model begin with "parts-". */
#ifndef DF_FACE_MODEL_NOTES_H
#define DF_FACE_MODEL_NOTES_H

#include "face/face_model.h"
#include "tensor/tensor.h"

enum { MODEL_MAX_NOTES = 64, MODEL_NOTE_KEY = 64, MODEL_NOTE_TEXT = 1 << 16 };

/* The notes of a file's metadata into model->notes, in `arena`: all that is not part of the format. Fails above the limits, naming the
   key. */
bool model_notes_read(const tensor_list *list, df_arena *arena, face_model *model, df_error *err) DF_CHECKED;

/* What a model that is `base` dressed with parts of `parts` has to say, NULL-terminated for face_model_save: the base's notes, those of
   the parts with "parts-" before their keys, and `more` (NULL-terminated). NULL at the limits and when memory ends. */
typedef const char *const model_note[2];
DF_API model_note *model_notes_joined(const face_model *base, const face_model *parts, model_note *more, df_arena *arena,
                                      df_error *err) DF_CHECKED;

/* Whether a note tells a licence or whom to name. */
DF_API bool model_note_is_licence(const char *key);

#endif
