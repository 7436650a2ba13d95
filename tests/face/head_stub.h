/* head_stub.h: a head of which every vertex of MakeHuman's base mesh is a part, under its own number, at places that the test sets. */
#ifndef DF_TESTS_HEAD_STUB_H
#define DF_TESTS_HEAD_STUB_H

#include "check.h"
#include "face/makehuman_head.h"

/* `rest` [MAKEHUMAN_VERTICES][3] starts as zeros and may be filled afterwards. */
static inline makehuman_head head_stub(df_arena *arena, float **rest)
{
    df_error err;
    int32_t *same = df_alloc(arena, MAKEHUMAN_VERTICES, sizeof *same, &err);
    *rest = df_alloc(arena, MAKEHUMAN_VERTICES, 3 * sizeof **rest, &err);
    must(same && *rest, &err);
    for (int32_t v = 0; v < MAKEHUMAN_VERTICES; v++)
        same[v] = v;
    return (makehuman_head){.skin_count = MAKEHUMAN_BODY, .cage_count = MAKEHUMAN_VERTICES, .base = same, .cage_of = same, .rest = *rest};
}

#endif
