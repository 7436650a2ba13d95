/* remake.h: the images of an existing data set, made again: from its job (`.diffuse/job.json`), the identities that it keeps, and the
   face model, which is found by its recorded hash. Nothing is written here: bytes are handed out. Sets that were taken from others
   (derived.h) can be made again where one job drew all their images.

   A set is a stranger's: job, manifest and identities are checked, and a line that cannot come from them is an error. */
#ifndef DF_DATASET_REMAKE_H
#define DF_DATASET_REMAKE_H

#include "base/progress.h"
#include "dataset/image_maker.h"
#include "dataset/manifest_read.h"
#include "dataset/set_state.h"

/* Where things are; NULL: look for them. */
typedef struct remake_source {
    const char *folder;               /* of the set */
    const char *model;                /* else the recorded path, then each *.safetensors below model_folders */
    const char *identities;           /* else the set's own copy; sets of the first release have none */
    const char *backgrounds;          /* of a job that has a folder of them; else the recorded path */
    const char *const *model_folders; /* NULL-terminated; may be NULL */
} remake_source;

typedef struct remake remake;

/* Fails on sets that are not complete or are being written, imported ones, and where something is not found or has another hash. */
DF_API remake *remake_open(const remake_source *source, df_error *err) DF_CHECKED;
DF_API void remake_close(remake *set); /* NULL is legal */

DF_API const render_job *remake_job(const remake *set);
DF_API const set_state *remake_state(const remake *set); /* NULL: a set that was taken from others */
DF_API const char *remake_identities(const remake *set); /* path */
DF_API const face_model *remake_model(const remake *set);
DF_API const char *remake_model_path(const remake *set);

/* An image of the set, made again. */
typedef struct remade {
    manifest_entry entry; /* as recorded */
    df_text recorded;     /* its line, without newline */
    df_text line;         /* the new line, with the labels that were recorded beside those of the job */
    manifest_file labels[LABEL_KIND_COUNT];
    bool is_renamed; /* its person had another id when it was drawn: its line differs in that */
    df_text notes;   /* what the sink has to say; empty to begin with */
} remade;

typedef struct remake_work {
    const render_job *job; /* remake_job's, with the labels that are wanted */
    maker_image image;
    /* Takes a file (image_maker.h); called by several threads. */
    bool (*sink)(void *user, remade *one, int k, const manifest_file *file, df_bytes bytes, df_error *err);
    bool (*wants)(void *user, int64_t line);                    /* from 0; NULL: all */
    bool (*done)(void *user, const remade *one, df_error *err); /* one at a time, in the order of the manifest */
    void *user;
    int threads; /* 0: as many as OpenMP gives */
    const df_progress *progress;
    int64_t images; /* for the progress; 0: not known */
} remake_work;

/* A signal ends it with a sentence. Failures of an image name it. */
DF_API bool remake_run(remake *set, const remake_work *work, df_error *err) DF_CHECKED;

/* The new line says what the recorded one says, labels aside; *err names the image and the first key that differs. */
DF_API bool remake_check_line(const remade *one, df_error *err) DF_CHECKED;

#endif
