/* proxy_mesh.h: a proxy's mesh as a part; private to proxy.c and proxy_mesh.c. */
#ifndef DF_FACE_PROXY_MESH_H
#define DF_FACE_PROXY_MESH_H

#include "face/face_model.h"
#include "face/makehuman_head.h"

/* Arrays of `part` (its kind is set) out of `mesh`: vertices split where corners have different uvs, base vertices renumbered to the
   cage. `lens`: uv rectangles of glass (u0, v0, u1, v1), of which there are lens_count. Eyes lose their corneas, whose shape their
   irises take. Fails where the proxy hangs on what is not in the cage. */
DF_API bool proxy_part(const makehuman_mesh *mesh, const makehuman_head *head, const float (*lens)[4], int lens_count, df_arena *arena,
                       face_part *part, df_error *err) DF_CHECKED;

#endif
