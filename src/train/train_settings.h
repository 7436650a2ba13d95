/* train_settings.h: what must be the same for a training to go on exactly, as JSON. For src/train itself. */
#ifndef DF_TRAIN_TRAIN_SETTINGS_H
#define DF_TRAIN_TRAIN_SETTINGS_H

#include "base/json.h"
#include "train/trainer.h"

/* The settings of a form as a JSON object; the caller's (json_decref). Fails where form->settings is no JSON object. */
json_t *train_settings_of(const trainer_form *form, df_error *err) DF_CHECKED;

/* True where both are the same; else the sentence names one that differs and both values. */
bool train_settings_same(const json_t *before, const json_t *now, df_error *err) DF_CHECKED;

/* One line; the caller's (free). NULL where memory ends. */
char *train_settings_text(const json_t *settings, df_error *err) DF_CHECKED;

#endif
