/* train_settings.c: an object of numbers and words, compared key by key. */
#include "train/train_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_PATH = 256, LONGEST_VALUE = 120 };

static json_t *schedule_json(const schedule *s)
{
    json_t *out = json_object();
    json_object_set_new(out, "kind", json_string(schedule_name(s->kind)));
    json_object_set_new(out, "warm_up", json_integer(s->warm_up));
    if (s->kind == SCHEDULE_COSINE) {
        json_object_set_new(out, "length", json_integer(s->length));
        json_object_set_new(out, "floor", json_real((double)s->floor));
    }
    if (s->kind == SCHEDULE_STEPS) {
        json_t *drops = json_array();
        for (int i = 0; i < s->drop_count; i++)
            json_array_append_new(drops, json_integer(s->drops[i]));
        json_object_set_new(out, "drops", drops);
        json_object_set_new(out, "factor", json_real((double)s->factor));
    }
    return out;
}

static json_t *inputs_json(const trainer_form *form)
{
    json_t *out = json_object();
    for (int i = 0; i < form->input_count; i++) {
        char text[NN_SHAPE_TEXT];
        json_object_set_new(out, nn_name(form->inputs[i].node), json_string(nn_shape_text(nn_shape_at(form->inputs[i].node), text)));
    }
    return out;
}

json_t *train_settings_of(const trainer_form *form, df_error *err)
{
    json_t *out = json_object(), *given = NULL;
    json_object_set_new(out, "optimizer", json_string(optimizer_name(form->optimizer.kind)));
    json_object_set_new(out, "rate", json_real((double)form->optimizer.rate));
    json_object_set_new(out, "momentum", json_real((double)form->optimizer.momentum));
    json_object_set_new(out, "decay", json_real((double)form->optimizer.decay));
    json_object_set_new(out, "decays", json_string(form->decays == TRAINER_DECAY_ALL ? "all" : "matrices"));
    json_object_set_new(out, "schedule", schedule_json(&form->rates));
    json_object_set_new(out, "clip", json_real((double)form->clip));
    json_object_set_new(out, "accumulate", json_integer(form->accumulate > 0 ? form->accumulate : 1));
    json_object_set_new(out, "average", json_real(form->average));
    json_object_set_new(out, "evaluate_steps", json_integer(form->hooks.evaluate ? form->evaluate_steps : -1));
    json_object_set_new(out, "goal", json_string(form->patience.goal == PATIENCE_LARGER ? "larger" : "smaller"));
    json_object_set_new(out, "ranks", json_integer(form->ranks ? form->ranks->size : 1));
    json_object_set_new(out, "inputs", inputs_json(form));
    if (form->settings) {
        given = df_json_parse(form->settings, strlen(form->settings), err);
        if (!given || !json_is_object(given)) {
            json_decref(out);
            if (given)
                df_fail(err, "settings: no JSON object");
            json_decref(given);
            return NULL;
        }
        json_object_set_new(out, "job", given);
    }
    if (out && df_json_is_complete(err))
        return out;
    json_decref(out);
    return NULL;
}

char *train_settings_text(const json_t *settings, df_error *err)
{
    char *text = json_dumps(settings, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (!text)
        df_fail(err, "out of memory for JSON");
    return text;
}

/* A value as text, cut where it is long. */
static void put_value(const json_t *value, char out[LONGEST_VALUE])
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION(7)) : NULL;
    snprintf(out, LONGEST_VALUE, "%s", value ? text ? text : "?" : "nothing");
    free(text);
}

static bool fail_differ(const char *path, const json_t *before, const json_t *now, df_error *err)
{
    char first[LONGEST_VALUE], second[LONGEST_VALUE];
    put_value(before, first);
    put_value(now, second);
    return df_fail(err, "%s was %s, and is %s now", path, first, second);
}

static bool same_at(const char *path, const json_t *before, const json_t *now, df_error *err);

/* The members of `of`, against those of `other`; a key that is in one of them only is a difference. */
static bool same_members(const char *path, const json_t *before, const json_t *now, df_error *err)
{
    const json_t *const both[] = {before, now};
    for (int side = 0; side < 2; side++) {
        const char *key;
        json_t *ignored;
        json_object_foreach((json_t *)(uintptr_t)both[side], key, ignored) { /* reads alone */
            char deeper[LONGEST_PATH];
            snprintf(deeper, sizeof deeper, "%s%s%s", path, path[0] ? "." : "", key);
            if (!same_at(deeper, json_object_get(before, key), json_object_get(now, key), err))
                return false;
        }
    }
    return true;
}

static bool same_at(const char *path, const json_t *before, const json_t *now, df_error *err)
{
    if (json_is_object(before) && json_is_object(now))
        return same_members(path, before, now, err);
    return (before && now && json_equal(before, now)) || fail_differ(path, before, now, err);
}

bool train_settings_same(const json_t *before, const json_t *now, df_error *err)
{
    return same_at("", before, now, err);
}
