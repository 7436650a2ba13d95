/* fuzz_model.c: face_model_parse, and what evaluation reads of a model that it accepts. */
#include "fuzz/fuzz.h"

#include "face/face_eval.h"
#include "face/model_file.h"

static void evaluate(const face_model *model, df_arena *arena, df_error *err)
{
    const size_t skin = (size_t)model->skin_count, triple = 3 * sizeof(float);
    const float ones[FACE_MAX_COMPONENTS] = {1};
    float *cage = df_alloc(arena, (size_t)model->cage_count, triple, err), *positions = df_alloc(arena, skin, triple, err);
    float *normals = df_alloc(arena, skin, triple, err), *albedo = df_alloc(arena, skin, triple, err);
    if (!cage || !positions || !normals || !albedo)
        return;
    face_shape(model, ones, model->shape_count, cage);
    face_express(model, ones, cage);
    face_skin(model, cage, positions);
    mesh_normals(positions, model->skin_count, model->triangles, model->triangle_count, normals);
    face_albedo(model, ones, model->albedo_count, albedo);
    for (int i = 0; i < model->part_count; i++) {
        float *vertices = df_alloc(arena, (size_t)model->parts[i].vertex_count, triple, err);
        if (vertices)
            face_part_vertices(&model->parts[i], cage, vertices);
    }
}

static bool read_model(df_bytes bytes, df_arena *arena, df_error *err)
{
    face_model model;
    if (!face_model_parse(bytes, arena, &model, err))
        return false;
    evaluate(&model, arena, err);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_model);
}
