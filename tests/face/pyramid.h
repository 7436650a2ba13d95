/* pyramid.h: the mesh that make_mesh.py writes in every format. */
#ifndef DF_TESTS_FACE_PYRAMID_H
#define DF_TESTS_FACE_PYRAMID_H

#include "check.h"
#include "face/scan_mesh.h"

static inline void must_be_pyramid(const scan_mesh *mesh)
{
    static const float positions[] = {0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0.5F, 0.5F, -1.25F};
    static const float colours[] = {0, 0.2F, 0.4F, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.6F, 0.6F, 0.6F};
    static const int32_t triangles[] = {3, 2, 1, 3, 1, 0, 0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4};
    assert_int_equal(mesh->vertex_count, 5);
    assert_int_equal(mesh->triangle_count, 6);
    assert_memory_equal(mesh->positions, positions, sizeof positions);
    assert_non_null(mesh->colours);
    assert_memory_equal(mesh->colours, colours, sizeof colours);
    assert_memory_equal(mesh->triangles, triangles, sizeof triangles);
}

#endif
