/* import_internal.h: what the readers of src/face/import_*.c share: a file's arrays one at a time, checked and brought to the
   layout of face_model. Every function fails with a sentence that names the array. Private to src/face/import*.c. */
#ifndef DF_FACE_IMPORT_INTERNAL_H
#define DF_FACE_IMPORT_INTERNAL_H

#include "base/file.h"
#include "face/import.h"
#include "tensor/tensor.h"

enum { IMPORT_MOST_VERTICES = 1 << 22 };

typedef enum import_container { IMPORT_MAT, IMPORT_H5, IMPORT_NPZ, IMPORT_FOLDER, IMPORT_CONTAINER_COUNT } import_container;

/* One import under way. At most one array of the file is in memory: a model of real size has hundreds of megabytes. */
typedef struct import_job {
    const char *path;
    const import_options *options;
    import_container container;
    df_arena *arena;  /* the model's memory */
    df_arena *source; /* the current array's */
    df_bytes bytes;   /* what the current array may point into */
    df_error *err;
} import_job;

/* One row a format; the first whose container and marker fit is taken. */
typedef struct import_format {
    const char *name;  /* of the model */
    const char *title; /* for people */
    import_container container;
    const char *marker; /* an array, or of a folder a file, that only this format has; NULL: any folder */
    const char *credit; /* what the model's file says of its source */
    bool (*build)(import_job *job, face_model *out);
} import_format;

extern const import_format import_bfm2009, import_deep3d, import_statismo, import_statismo_plain, import_ict, import_ict_folder,
    import_scans;

/* import_source.c. The array of that name, until the next call; *out is unchanged where the file has none (import_find: a legal
   end, import_tensor: a failure). */
bool import_find(import_job *job, const char *name, tensor *out, bool *is_found) DF_CHECKED;
bool import_tensor(import_job *job, const char *name, tensor *out) DF_CHECKED;

/* Text of that name: a data set of one string, or an array of strings of fixed width. NULL where there is none, or none that can
   be read. It lives in job->arena; *width is the bytes of one string, *count how many stand there. */
bool import_text(import_job *job, const char *name, const char **out, size_t *width, size_t *count) DF_CHECKED;

/* What the file is; fails where it is no file or folder that any container's row knows. */
bool import_container_of(const char *path, import_container *out, df_error *err) DF_CHECKED;
void import_let_go(import_job *job);

/* All elements of an array of `count` numbers (-1: any), times `factor`; each must be finite. */
bool import_numbers(import_job *job, const char *name, int64_t count, double factor, float **out, int64_t *found) DF_CHECKED;

/* Linear part of a model: mean + sum of coefficient times column, as the file holds it. */
typedef struct import_part {
    const char *mean;       /* NULL: none */
    const char *basis;      /* (3 V, columns) */
    const char *deviations; /* one a column; NULL: the columns carry them */
    double unit;            /* ours in one of the file's */
    bool are_variances;     /* the file has the deviations' squares */
    bool normalize;         /* the columns are meant to have length 1 and have not */
    int kept;               /* take at most so many columns; 0: all */
    int most;               /* a model may have no more */
} import_part;

typedef struct import_linear {
    int64_t vertices;
    int count;    /* columns kept */
    float *mean;  /* [vertices][3]; NULL where the part has none */
    float *basis; /* [count][vertices][3] per standard deviation */
} import_linear;

/* `vertices`: what the part must have; 0: the mean decides. */
bool import_read_part(import_job *job, const import_part *part, int64_t vertices, import_linear *out) DF_CHECKED;

/* Whole numbers of an array, each from `first` to `last`, minus `first`. `count` -1: any. */
bool import_indices(import_job *job, const char *name, int64_t count, int64_t first, int64_t last, int32_t **out,
                    int64_t *found) DF_CHECKED;

typedef enum import_layout {
    IMPORT_OUTWARD,          /* (F, 3) */
    IMPORT_INWARD,           /* (F, 3), to be turned */
    IMPORT_OUTWARD_BY_CORNER /* (3, F) */
} import_layout;

/* Triangles whose vertices count from `first`. */
bool import_triangles(import_job *job, const char *name, import_layout layout, int first, face_model *m) DF_CHECKED;

/* Counts and arrays of a model whose cage is its skin. An albedo without mean is a skin of one colour. */
bool import_assemble(import_job *job, const import_linear *shape, const import_linear *albedo, face_model *m) DF_CHECKED;

/* Expressions named "component-001" ...; their mean, if they have one, becomes part of the model's. */
bool import_add_expressions(import_job *job, const import_linear *expression, face_model *m) DF_CHECKED;

/* The 68 landmarks from what the import's options name, if anything. */
bool import_read_landmarks(import_job *job, face_model *m) DF_CHECKED;

/* Where the head's origin lies: by the landmarks where there are, else by the bounding box of the mean. */
void import_place_origin(face_model *m);

/* Letters, digits, '.', '_' and '-' of `text`, others as '_', cut to a name's length; "_" of nothing. */
void import_name(const char *text, size_t length, char out[FACE_NAME]);

#endif
