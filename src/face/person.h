/* person.h: one identity, and its line in identities.jsonl (documented in docs/identities.md). Reading is strict on what it
   knows and tolerates keys that it does not know. */
#ifndef DF_FACE_PERSON_H
#define DF_FACE_PERSON_H

#include "base/arena.h"
#include "base/text.h"
#include "face/face_model.h"

enum { PERSON_ID = 64, PERSON_OLDEST = 120, PERSON_MOST_DEVIATIONS = 50 };
#define PERSON_MIXTURE "mixture"

typedef enum person_gender { PERSON_FEMALE, PERSON_MALE } person_gender;
DF_API extern const char *const person_gender_names[2]; /* "female", "male" */

/* What is drawn once for a person and stays in all images. Names are those of the model's parts, or "none". */
typedef struct person_looks {
    char hair[FACE_NAME], beard[FACE_NAME], moustache[FACE_NAME], brows[FACE_NAME], lashes[FACE_NAME], iris[FACE_NAME];
    float hair_melanin; /* 0 fair to 1 black */
    float hair_grey;    /* share of grey hairs, 0 to 1 */
    float nir_tone;     /* deviation of near-infrared skin reflectance from what visible tone predicts, in standard deviations */
} person_looks;

typedef struct person {
    char id[PERSON_ID]; /* letters, digits, '.', '_', '-'; no leading '.', so that it is a safe folder name */
    person_gender gender;
    float gender_value;        /* 0 female to 1 male; at least 0.5 is male */
    int group;                 /* index into the model's groups, the largest weight; -1: a mixture, the model knows none, or not said */
    char ethnicity[FACE_NAME]; /* the group's name, PERSON_MIXTURE where two weights share the lead, "" where not said (null) */
    int mixture_count;         /* weights below, 0 unless the model has groups */
    float mixture[FACE_MAX_GROUPS];
    float age;    /* years */
    float weight; /* 0 thin to 1 heavy, 0.5 average */
    float muscle; /* 0 to 1, 0.5 average of the gender */
    int shape_count, albedo_count;
    float shape[FACE_MAX_COMPONENTS], albedo[FACE_MAX_COMPONENTS];
    person_looks looks;
} person;

/* Letters, digits, '.', '_' and '-', no '.' in front, 1 to PERSON_ID - 1 of them: a safe name for a folder. */
DF_API bool person_id_is_safe(const char *id);

/* Gender, group and ethnicity as the numbers say: male from a gender value of 0.5, the group of the largest weight (mixture_count
   of them), PERSON_MIXTURE where the two largest are equal within 1e-6, "" without weights. */
DF_API void person_label(person *who, const face_model *model);

/* Appends the person's line with its newline. Coefficients have 5 decimals, ages 2, all other numbers 4, which is what person_round
   leaves; numbers that have more are written with 9. A person that is read back gives the same line again. */
DF_API void person_write(const person *who, const face_model *model, df_text *out);

enum { PERSON_COEFFICIENT_DIGITS = 5, PERSON_AGE_DIGITS = 2, PERSON_DIGITS = 4 };
DF_API float person_round(float value, int digits); /* to 0 .. 5 decimals, halves away from zero */

/* Parses one line for this model. Fails with what is missing or wrong; the caller adds file and line number. Coefficients
   beyond the model's count are refused; absent looks take defaults by gender, age and group (looks.h). */
DF_API bool person_parse(const char *line, size_t length, const face_model *model, person *out, df_error *err) DF_CHECKED;

/* Streams a file of identities; constant memory but for 16 to 32 bytes an identity that find doubled ids. people_next sets *found
   false at the end; an empty file is an error. Errors name path and line. */
typedef struct people people;
DF_API people *people_open(const char *path, const face_model *model, df_error *err) DF_CHECKED;
DF_API bool people_next(people *people, person *out, bool *found, df_error *err) DF_CHECKED;
DF_API const char *people_line(const people *people, size_t *length); /* as it stands in the file; until the next people_next */
DF_API void people_close(people *people);                             /* NULL is legal */

#endif
