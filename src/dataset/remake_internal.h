/* remake_internal.h: an opened set, and how its parts are found; private to remake*.c. */
#ifndef DF_DATASET_REMAKE_INTERNAL_H
#define DF_DATASET_REMAKE_INTERNAL_H

#include "dataset/remake.h"
#include "face/model_file.h"

struct remake {
    df_arena *arena;
    char folder[DATASET_PATH], manifest[DATASET_PATH], identities[DATASET_PATH], model_path[DATASET_PATH];
    render_job job;
    bool has_state;
    set_state state;
    face_model_handle *model;
    const background_folder *backgrounds;
};

/* The job that drew all images of the set: its own, or the one of all its sources. */
bool remake_find_job(remake *set, df_error *err) DF_CHECKED;
bool remake_find_model(remake *set, const remake_source *source, df_error *err) DF_CHECKED;
bool remake_find_identities(remake *set, const remake_source *source, df_error *err) DF_CHECKED;
bool remake_find_backgrounds(remake *set, const remake_source *source, df_error *err) DF_CHECKED;

#endif
