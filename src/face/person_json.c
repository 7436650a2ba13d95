/* person_json.c: a line of identities.jsonl to a person of a model. Everything that the rest of the program relies on is
   checked here: names exist in the model, numbers are finite and in range, labels agree with the numbers beside them. */
#include "face/person.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "face/looks.h"

static const double SUM_SLACK = 1e-3; /* of group weights: 8 roundings to 4 decimals, and hand-written thirds */

/* An optional number: *out stays as it is where the key is absent. */
static bool read_number(const json_t *object, const char *key, double low, double high, float *out, df_error *err)
{
    double value;
    if (!json_object_get(object, key))
        return true;
    if (!df_json_get_number(object, key, low, high, &value, err))
        return false;
    *out = (float)value;
    return true;
}

static bool read_id(const json_t *object, person *out, df_error *err)
{
    const char *id;
    if (!df_json_get_string(object, "id", &id, err))
        return false;
    if (!person_id_is_safe(id))
        return df_fail(err, "id: '%.70s', expected 1 to %d letters, digits, '.', '_' or '-', no '.' in front", id, PERSON_ID - 1);
    memcpy(out->id, id, strlen(id) + 1);
    return true;
}

static bool read_gender(const json_t *object, person *out, df_error *err)
{
    const char *name;
    if (!df_json_get_string(object, "gender", &name, err))
        return false;
    const bool is_male = strcmp(name, person_gender_names[PERSON_MALE]) == 0;
    if (!is_male && strcmp(name, person_gender_names[PERSON_FEMALE]) != 0)
        return df_fail(err, "gender: '%.40s', expected female or male", name);
    out->gender = is_male ? PERSON_MALE : PERSON_FEMALE;
    out->gender_value = is_male ? 1 : 0;
    if (!read_number(object, "gender_value", 0, 1, &out->gender_value, err))
        return false;
    return (out->gender_value >= 0.5f) == is_male || df_fail(err, "gender_value: %.6g beside gender '%s', expected %s",
                                                             (double)out->gender_value, name, is_male ? "0.5 or more" : "less than 0.5");
}

/* "African, Asian, Caucasian" */
static const char *list_groups(const face_model *model, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < model->group_count; i++) {
        const size_t length = strnlen(model->group_names[i], FACE_NAME);
        if (used + length + 3 > size)
            break;
        memcpy(out + used, i == 0 ? "" : ", ", i == 0 ? 0 : 2);
        used += i == 0 ? 0 : 2;
        memcpy(out + used, model->group_names[i], length);
        used += length;
        out[used] = '\0';
    }
    return out;
}

static bool fail_group(const face_model *model, const char *key, const char *name, df_error *err)
{
    char known[FACE_MAX_GROUPS * (FACE_NAME + 2)];
    if (model->group_count == 0)
        return df_fail(err, "%s: '%.48s', but this model knows no groups", key, name);
    return df_fail(err, "%s: '%.48s' is no group of the model, expected one of %s", key, name, list_groups(model, known, sizeof known));
}

/* "mixture": {"African": 0.9, ...}; groups that are not named have none. */
static bool read_mixture(const json_t *object, const face_model *model, person *out, df_error *err)
{
    json_t *mixture = json_object_get(object, "mixture");
    if (!mixture)
        return true;
    if (!json_is_object(mixture))
        return df_fail(err, "mixture: expected an object of groups and weights");
    const char *name;
    json_t *ignored;
    double sum = 0;
    json_object_foreach(mixture, name, ignored) {
        double weight;
        const int group = face_model_group(model, name);
        if (group < 0)
            return fail_group(model, "mixture", name, err);
        if (!df_json_get_number(mixture, name, 0, 1, &weight, err))
            return df_fail_in(err, "mixture");
        out->mixture[group] = (float)weight;
        sum += weight;
    }
    if (fabs(sum - 1) > SUM_SLACK)
        return df_fail(err, "mixture: the weights sum to %.6g, expected 1", sum);
    out->mixture_count = model->group_count;
    return true;
}

/* The label against the weights, or the weights from the label where the file has none. */
static bool settle_group(const face_model *model, person *out, df_error *err)
{
    out->group = face_model_group(model, out->ethnicity);
    if (out->group < 0)
        return true;
    if (out->mixture_count == 0) {
        out->mixture_count = model->group_count;
        out->mixture[out->group] = 1;
    }
    for (int i = 0; i < out->mixture_count; i++)
        if (out->mixture[i] > out->mixture[out->group])
            return df_fail(err, "ethnicity: '%s', but the largest weight in mixture is that of '%s'", out->ethnicity,
                           model->group_names[i]);
    return true;
}

static bool read_ethnicity(const json_t *object, const face_model *model, person *out, df_error *err)
{
    const json_t *value = json_object_get(object, "ethnicity");
    if (!read_mixture(object, model, out, err))
        return false;
    out->group = -1;
    if (!value || json_is_null(value))
        return true;
    const char *name;
    if (!df_json_get_string(object, "ethnicity", &name, err))
        return false;
    const bool is_mixture = strcmp(name, PERSON_MIXTURE) == 0;
    if (is_mixture && out->mixture_count == 0)
        return df_fail(err, "ethnicity: '%s' needs the key mixture with the weights of the groups", PERSON_MIXTURE);
    if (!is_mixture && face_model_group(model, name) < 0)
        return fail_group(model, "ethnicity", name, err);
    memcpy(out->ethnicity, name, strlen(name) + 1);
    return settle_group(model, out, err);
}

static bool read_coefficients(const json_t *object, const char *key, int room, float *out, int *count, df_error *err)
{
    size_t found;
    if (!df_json_get_floats(object, key, out, (size_t)room, &found, err))
        return false;
    for (size_t i = 0; i < found; i++)
        if (fabsf(out[i]) > (float)PERSON_MOST_DEVIATIONS)
            return df_fail(err, "%s[%zu]: %.6g standard deviations, expected -%d to %d", key, i, (double)out[i], PERSON_MOST_DEVIATIONS,
                           PERSON_MOST_DEVIATIONS);
    *count = (int)found;
    return true;
}

/* Up to five parts of a kind, for an error. */
static bool fail_part(const face_model *model, face_part_kind kind, const char *key, const char *name, df_error *err)
{
    char known[5 * (FACE_NAME + 2) + 1] = "";
    size_t used = 0;
    int shown = 0;
    for (int i = 0; i < model->part_count && shown < 5; i++)
        if (model->parts[i].kind == kind) {
            const size_t length = strnlen(model->parts[i].name, FACE_NAME);
            memcpy(known + used, model->parts[i].name, length);
            memcpy(known + used + length, ", ", 3);
            used += length + 2;
            shown++;
        }
    return df_fail(err, "%s: the model has no '%.48s', expected none%s%.*s", key, name, shown ? ", " : "", (int)(used > 2 ? used - 2 : 0),
                   known);
}

typedef struct worn {
    const char *key;
    face_part_kind kind;
    size_t at;
} worn;

static const worn worn_rows[] = {
    {"hair", FACE_PART_HAIR, offsetof(person_looks, hair)},
    {"beard", FACE_PART_BEARD, offsetof(person_looks, beard)},
    {"moustache", FACE_PART_MOUSTACHE, offsetof(person_looks, moustache)},
    {"brows", FACE_PART_BROWS, offsetof(person_looks, brows)},
    {"lashes", FACE_PART_LASHES, offsetof(person_looks, lashes)},
};

static bool read_part(const json_t *object, const face_model *model, const worn *row, person_looks *out, df_error *err)
{
    const char *name;
    char *place = (char *)out + row->at;
    if (!json_object_get(object, row->key))
        return true;
    if (!df_json_get_string(object, row->key, &name, err))
        return false;
    if (strcmp(name, "none") != 0 && face_model_part(model, row->kind, name) < 0)
        return fail_part(model, row->kind, row->key, name, err);
    memset(place, 0, FACE_NAME);
    memcpy(place, name, strlen(name));
    return true;
}

static bool read_iris(const json_t *object, const face_model *model, person_looks *out, df_error *err)
{
    const char *name;
    if (!json_object_get(object, "iris"))
        return true;
    if (!df_json_get_string(object, "iris", &name, err))
        return false;
    if (strcmp(name, "none") != 0 && !looks_has_iris(model, name))
        return df_fail(err, "iris: the model has no texture '" LOOKS_IRIS_PREFIX "%.40s'", name);
    memset(out->iris, 0, FACE_NAME);
    memcpy(out->iris, name, strlen(name));
    return true;
}

static bool read_looks(const json_t *object, const face_model *model, person *out, df_error *err)
{
    person_looks *looks = &out->looks;
    looks_likeliest(model, out, looks);
    for (size_t i = 0; i < DF_ARRAY_LEN(worn_rows); i++)
        if (!read_part(object, model, &worn_rows[i], looks, err))
            return false;
    return read_iris(object, model, looks, err) && read_number(object, "hair_melanin", 0, 1, &looks->hair_melanin, err) &&
           read_number(object, "hair_grey", 0, 1, &looks->hair_grey, err) &&
           read_number(object, "nir_tone", -10, 10, &looks->nir_tone, err);
}

static bool read_person(const json_t *object, const face_model *model, person *out, df_error *err)
{
    double age;
    out->weight = out->muscle = 0.5f;
    if (!json_is_object(object))
        return df_fail(err, "expected a JSON object");
    if (!read_id(object, out, err) || !read_gender(object, out, err) || !read_ethnicity(object, model, out, err) ||
        !df_json_get_number(object, "age", 0, PERSON_OLDEST, &age, err))
        return false;
    out->age = (float)age;
    return read_number(object, "weight", 0, 1, &out->weight, err) && read_number(object, "muscle", 0, 1, &out->muscle, err) &&
           read_coefficients(object, "shape", model->shape_count, out->shape, &out->shape_count, err) &&
           read_coefficients(object, "albedo", model->albedo_count, out->albedo, &out->albedo_count, err) &&
           read_looks(object, model, out, err);
}

/* Jansson counts lines inside the text, which has but one. */
static bool fail_syntax(df_error *err)
{
    static const char prefix[] = "line 1, ";
    if (err && strncmp(err->text, prefix, strlen(prefix)) == 0)
        memmove(err->text, err->text + strlen(prefix), strlen(err->text + strlen(prefix)) + 1);
    return false;
}

bool person_parse(const char *line, size_t length, const face_model *model, person *out, df_error *err)
{
    json_t *object = df_json_parse(line, length, err);
    if (!object)
        return fail_syntax(err);
    person read = {0};
    const bool is_good = read_person(object, model, &read, err);
    json_decref(object);
    if (is_good)
        *out = read;
    return is_good;
}
