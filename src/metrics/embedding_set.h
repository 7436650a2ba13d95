/* embedding_set.h: embeddings of images and whose they are, as verification wants them: unit vectors, those of a person side by side.

   From an npz: `embedding` (n, d; any kind of real number), `label` (n; integers of any value) and, where it is there, `name` (n; texts).
   Refused with a sentence that names the row (from 0): NaN and infinity, a row of zeros, numbers of rows that differ, labels that are no
   integers. Memory: one float32 copy of the embeddings. */
#ifndef DF_METRICS_EMBEDDING_SET_H
#define DF_METRICS_EMBEDDING_SET_H

#include "base/file.h"
#include "tensor/npz.h"

enum { EMBEDDING_TILE = 384 }; /* rows are a multiple of it: of the tiles of every BLAS kernel, so that equal rows have equal products */

typedef struct embedding_set {
    float *rows; /* [padded][length] of length 1, by identity; zeros from `count` on */
    size_t count, padded, length;
    uint32_t *identity; /* [count] 0 .. identity_count - 1, ascending */
    uint32_t *first;    /* [identity_count + 1] first row of each identity, then `count` */
    int64_t *label;     /* [identity_count] as the file has it; 64-bit unsigned ones by their bits */
    size_t identity_count;
    uint32_t *place;          /* [count] row in the file; ascending within an identity */
    const char *const *names; /* [rows of the file] or NULL */
} embedding_set;

typedef enum embedding_labels { EMBEDDING_LABELS, EMBEDDING_NO_LABELS } embedding_labels; /* without: each row is an identity */

/* `bytes` are those of the npz; all memory is the arena's. */
DF_API bool embedding_set_read(df_bytes bytes, embedding_labels labels, df_arena *arena, embedding_set *out, df_error *err) DF_CHECKED;

/* The rows of `from` that are marked in wanted[from->count]; may be none. */
DF_API bool embedding_set_take(const embedding_set *from, const bool *wanted, df_arena *arena, embedding_set *out,
                               df_error *err) DF_CHECKED;

/* Cosine of two rows, in double. */
DF_API double embedding_set_score(const embedding_set *set, size_t a, size_t b);

/* How many pairs of rows have one identity. */
DF_API int64_t embedding_set_genuine(const embedding_set *set);

#endif
