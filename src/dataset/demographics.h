/* demographics.h: how many people and images there are by gender, group and age bin. Constant memory: names beyond the room are
   counted as "other". */
#ifndef DF_DATASET_DEMOGRAPHICS_H
#define DF_DATASET_DEMOGRAPHICS_H

#include <stdint.h>

#include "base/api.h"
#include "base/error.h"
#include "face/face_model.h"

enum { DEMOGRAPHICS_GENDERS = 4, DEMOGRAPHICS_GROUPS = 12, DEMOGRAPHICS_AGES = 16 };

typedef struct demographics_count {
    int64_t people, images;
} demographics_count;

typedef struct demographics {
    char genders[DEMOGRAPHICS_GENDERS][FACE_NAME], groups[DEMOGRAPHICS_GROUPS][FACE_NAME]; /* in the order in which they came */
    int gender_count, group_count;
    float age_edges[DEMOGRAPHICS_AGES + 1]; /* ascending; bin i holds [edge i, edge i + 1), the first and last also what is beyond */
    int age_count;
    demographics_count cells[DEMOGRAPHICS_GENDERS][DEMOGRAPHICS_GROUPS][DEMOGRAPHICS_AGES];
    demographics_count ageless[DEMOGRAPHICS_GENDERS][DEMOGRAPHICS_GROUPS]; /* whose age nobody says */
} demographics;

/* Nothing counted yet, bins as `diffuse sample` has them. */
DF_API demographics demographics_empty(void);

/* gender, group "": "unknown"; age NAN: not said. */
DF_API void demographics_add(demographics *counts, const char *gender, const char *group, float age, demographics_count what);

/* Where a group stands among the groups, "other" where there was no room; something has been counted. */
DF_API int demographics_group(const demographics *counts, const char *group);

/* The bin that an age falls into; the first and last take what is beyond. */
DF_API int demographics_age_bin(const demographics *counts, float age);

/* The sum over the cells; -1 stands for all genders, groups or ages (those who say none among them). */
DF_API demographics_count demographics_sum(const demographics *counts, int gender, int group, int age);

/* Adds everybody of identities.jsonl (docs/identities.md), which needs no model for this. */
DF_API bool demographics_read_people(const char *path, demographics *counts, df_error *err) DF_CHECKED;

#endif
