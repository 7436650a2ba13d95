/* sampler_internal.h: the steps of drawing a person, between the sampler's files. */
#ifndef DF_FACE_SAMPLER_INTERNAL_H
#define DF_FACE_SAMPLER_INTERNAL_H

#include "face/id_set.h"
#include "face/sampler.h"

enum { SAMPLER_ANY = -1, SAMPLER_ETHNICITIES = FACE_MAX_GROUPS + 1 };

/* What is dealt to a card; SAMPLER_ANY where nothing was demanded. */
typedef struct sampler_cell {
    int gender, ethnicity, age; /* ethnicity: a group, or group_count for a mixture; age: a bin */
} sampler_cell;

/* ---- sampler_cells.c: the nested deals ---- */
typedef struct nested_deal {
    deal gender;
    deal ethnicity[2];                /* a deal within each gender */
    deal age[2][SAMPLER_ETHNICITIES]; /* within each of these */
} nested_deal;
void nested_deal_init(nested_deal *dealer, const sampler_options *options);
sampler_cell nested_deal_next(nested_deal *dealer);

/* ---- sampler_check.c ---- */
bool sampler_check(const face_model *model, const sampler_options *options, df_error *err) DF_CHECKED;

/* ---- sampler_traits.c: gender value, mixture, age, weight and muscle inside a cell ---- */
bool sampler_traits(const face_model *model, const sampler_options *options, sampler_cell cell, int64_t k, person *who,
                    df_error *err) DF_CHECKED;

/* ---- sampler_coefficients.c: shape and albedo; try: redraws what the traits leave open of the shape ---- */
bool sampler_coefficients(const face_model *model, const sampler_options *options, sampler_cell cell, int64_t k, uint32_t try, person *who,
                          df_error *err) DF_CHECKED;

/* ---- sampler_gaussian.c: traits without a trait law ---- */
/* Moves coefficients along the attribute directions to what the cell and the chosen values demand. */
void sampler_meet_demand(const face_model *model, const sampler_options *options, sampler_cell cell, person *who);
/* Reads the other traits back; fails where a demanded one was not met. */
bool sampler_read_traits(const face_model *model, const sampler_options *options, sampler_cell cell, person *who, df_error *err) DF_CHECKED;
/* How many of the model's coefficients a person gets. */
int sampler_drawn_count(const sampler_options *options, int available);
bool sampler_has_direction(const face_model *model, face_attribute attribute);

/* ---- sampler_distance.c: who stands before ---- */
typedef struct shape_crowd {
    int dimensions;
    size_t count, room;
    float *shapes; /* [room][dimensions] */
} shape_crowd;
bool crowd_init(shape_crowd *crowd, int dimensions, size_t room, df_arena *arena, df_error *err) DF_CHECKED;
void crowd_add(shape_crowd *crowd, const float *shape);
float crowd_distance(const shape_crowd *crowd, const float *shape); /* to the nearest; INFINITY of nobody */

/* ---- sampler_include.c: people of an earlier file ---- */
typedef struct guest {
    const char *line; /* [length] */
    size_t length;
    int next; /* in the queue of the cell, -1 */
} guest;
typedef struct guest_list {
    guest *all; /* [count] */
    int count;
    int *first; /* [cells] heads of the queues, -1 */
    id_set ids;
} guest_list;
/* Reads the file, puts shapes into the crowd, and makes sure that everybody will find a place. */
bool guest_list_init(guest_list *guests, const face_model *model, const sampler_options *options, shape_crowd *crowd, df_arena *arena,
                     df_error *err) DF_CHECKED;
const guest *guest_list_take(guest_list *guests, sampler_cell cell); /* NULL: nobody is left for that cell */
void guest_list_free(guest_list *guests);

#endif
