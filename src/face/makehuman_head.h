/* makehuman_head.h: the head cut out of MakeHuman's base mesh: which of its vertices the cage of the default model has, and the
   quads between them. Cage vertices: the 4326 of the skin in the base's order, then the helpers of tongue, eyes, lashes and
   teeth, of hair, then the corners of the two cubes about whose centres the eyes turn. */
#ifndef DF_FACE_MAKEHUMAN_HEAD_H
#define DF_FACE_MAKEHUMAN_HEAD_H

#include "face/face_model.h"
#include "face/makehuman_mesh.h"

enum {
    MAKEHUMAN_VERTICES = 19158,
    MAKEHUMAN_BODY = 13380,
    MAKEHUMAN_CUBE = 8,
    MAKEHUMAN_TONGUE = 13380,
    MAKEHUMAN_TONGUE_END = 13606,
    MAKEHUMAN_EYES = 14598,
    MAKEHUMAN_EYES_END = 14742, /* left, then right */
    MAKEHUMAN_LASHES = 14742,
    MAKEHUMAN_LASHES_END = 14992,
    MAKEHUMAN_TEETH = 14992,
    MAKEHUMAN_UPPER_TEETH = 15060,
    MAKEHUMAN_TEETH_END = 15128,
    MAKEHUMAN_HAIR = 18722,
    MAKEHUMAN_HAIR_END = 19150,
    MAKEHUMAN_EYE_CUBES = 13606 /* left, then right */
};

typedef struct makehuman_head {
    int skin_count, cage_count, quad_count;
    const int32_t *base;     /* [cage_count] vertex of the base mesh */
    const int32_t *cage_of;  /* [MAKEHUMAN_VERTICES] cage vertex, -1 outside of the head */
    const int32_t *quads;    /* [quad_count][4] cage vertices */
    const int32_t *quads_uv; /* [quad_count][4] uvs of the base mesh */
    const float *rest;       /* [cage_count][3] mm: the base mesh in the model's axes */
    int rigid_count;
    const int32_t *rigid; /* cage vertices of the face proper, by which heads are aligned */
} makehuman_head;

/* Fails when `mesh` is not the base mesh: its size, or what the cut leaves, differ. */
DF_API bool makehuman_head_cut(const makehuman_mesh *mesh, df_arena *arena, makehuman_head *out, df_error *err) DF_CHECKED;

/* Cage vertex of a base vertex in the head (asserted). */
DF_API int32_t makehuman_cage_vertex(const makehuman_head *head, int base_vertex);

/* Whether a uv of the base mesh lies on the island of the mouth's inside, or of the eye sockets'. */
DF_API bool makehuman_uv_in_mouth(const float uv[2]);
DF_API bool makehuman_uv_in_socket(const float uv[2]);

/* The 68 landmarks, iBUG order, as cage vertices. */
DF_API void makehuman_landmarks(const makehuman_head *head, int32_t landmarks[FACE_LANDMARKS]);

#endif
