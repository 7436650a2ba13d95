/* export.h: faces as meshes for other programs: Wavefront OBJ with its MTL, PLY, and binary glTF 2.0 with expressions as morph
   targets. Positions are in millimetres in OBJ and PLY, in metres in glTF (by the node's scale); axes are the model's: x to the
   person's left, y up, z out of the nose, which is glTF's own. docs/export.md says what each format carries. */
#ifndef DF_FACE_EXPORT_H
#define DF_FACE_EXPORT_H

#include "face/face_model.h"
#include "base/arena.h"

enum { EXPORT_MAX_MESHES = 16 };

/* A view: all arrays are borrowed. */
typedef struct export_mesh {
    const char *name;
    int vertex_count, triangle_count;
    const float *vertices;       /* [V][3] mm, with the expression */
    const float *normals;        /* [V][3] */
    const float *uv;             /* [V][2] v up, or NULL */
    const float *colours;        /* [V][3] display values 0 to 1, or NULL */
    const int32_t *triangles;    /* [T][3] */
    const face_texture *texture; /* NULL: none */
    const float *rest;           /* [V][3] mm without expression */
    const float *targets;        /* [target_count][V][3] mm at weight 1; NULL: none */
} export_mesh;

typedef struct export_scene {
    const char *name;
    int mesh_count;
    export_mesh meshes[EXPORT_MAX_MESHES];
    int target_count;
    const char (*target_names)[FACE_NAME];
    const float *target_weights; /* [target_count] */
} export_scene;

typedef enum export_format { EXPORT_OBJ, EXPORT_PLY, EXPORT_GLB, EXPORT_FORMAT_COUNT } export_format;

/* The names "obj", "ply", "glb" and NULL. */
DF_API extern const char *const export_format_names[EXPORT_FORMAT_COUNT + 1];

/* The skin and what everybody has (eyes, teeth, tongue) of a face: coefficients of shape and albedo, expression weights
   [expression_count]. With `with_targets` each expression is a target of every mesh. Arrays live in `arena`. */
DF_API bool export_face(const face_model *model, const float *shape, int shape_count, const float *albedo, int albedo_count,
                        const float *expression, bool with_targets, df_arena *arena, export_scene *out, df_error *err) DF_CHECKED;

/* Writes beside and renames. OBJ writes PATH, and beside it the MTL and the textures as PNG, named after it. */
DF_API bool export_write(const export_scene *scene, export_format format, const char *path, df_error *err) DF_CHECKED;

#endif
