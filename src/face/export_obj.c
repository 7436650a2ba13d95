/* export_obj.c: Wavefront OBJ: an object a mesh; colours behind the positions, which most programs read; materials in NAME.mtl,
   textures in NAME.0.png and so on. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "face/export_internal.h"
#include "image/png.h"

enum { PATH = 4096, DIGITS = 5, UV_DIGITS = 6, COLOUR_DIGITS = 4, TEXTURE_ARENA = 1 << 30 };

/* "folder/face" of "folder/face.obj". */
static bool stem_of(const char *path, char out[PATH], df_error *err)
{
    const size_t length = strlen(path), ending = length > 4 && strcmp(path + length - 4, ".obj") == 0 ? 4 : 0;
    if (length - ending + sizeof ".0000000000.png" > PATH)
        return df_fail(err, "%s: the name is too long", path);
    memcpy(out, path, length - ending);
    out[length - ending] = '\0';
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void add_numbers(df_text *text, const char *key, const float *values, int count, int digits)
{
    df_text_add(text, key);
    for (int i = 0; i < count; i++) {
        df_text_add(text, " ");
        df_text_number(text, (double)values[i], digits);
    }
}

static void add_vertices(df_text *text, const export_mesh *mesh)
{
    for (size_t v = 0; v < (size_t)mesh->vertex_count; v++) {
        add_numbers(text, "v", mesh->vertices + 3 * v, 3, DIGITS);
        if (mesh->colours)
            add_numbers(text, "", mesh->colours + 3 * v, 3, COLOUR_DIGITS);
        df_text_add(text, "\n");
    }
    for (size_t v = 0; mesh->uv && v < (size_t)mesh->vertex_count; v++) {
        add_numbers(text, "vt", mesh->uv + 2 * v, 2, UV_DIGITS);
        df_text_add(text, "\n");
    }
    for (size_t v = 0; v < (size_t)mesh->vertex_count; v++) {
        add_numbers(text, "vn", mesh->normals + 3 * v, 3, UV_DIGITS);
        df_text_add(text, "\n");
    }
}

/* `first`: vertices, and `first_uv`: texture coordinates before this mesh. */
static void add_faces(df_text *text, const export_mesh *mesh, int first, int first_uv)
{
    for (size_t t = 0; t < (size_t)mesh->triangle_count; t++) {
        df_text_add(text, "f");
        for (size_t c = 0; c < 3; c++) {
            const int32_t corner = mesh->triangles[3 * t + c];
            df_text_add(text, " ");
            df_text_integer(text, corner + first + 1);
            df_text_add(text, "/");
            if (mesh->uv)
                df_text_integer(text, corner + first_uv + 1);
            df_text_add(text, "/");
            df_text_integer(text, corner + first + 1);
        }
        df_text_add(text, "\n");
    }
}

static bool write_text(const char *path, df_text *text, df_error *err)
{
    return df_text_ok(text, err) && df_file_write(path, text->data, text->size, err);
}

static bool write_mesh(const export_scene *scene, const char *path, const char *stem, df_error *err)
{
    df_text text = {0};
    int first = 0, first_uv = 0;
    df_text_addf(&text, "# millimetres, x to the person's left, y up\nmtllib %s.mtl\n", base_name(stem));
    for (int i = 0; i < scene->mesh_count; i++) {
        const export_mesh *mesh = &scene->meshes[i];
        df_text_addf(&text, "o %s\nusemtl %s\n", mesh->name, mesh->name);
        add_vertices(&text, mesh);
        add_faces(&text, mesh, first, first_uv);
        first += mesh->vertex_count;
        first_uv += mesh->uv ? mesh->vertex_count : 0;
    }
    const bool is_written = write_text(path, &text, err);
    df_text_free(&text);
    return is_written;
}

static bool write_materials(const export_scene *scene, const char *stem, df_error *err)
{
    char path[PATH + 4];
    df_text text = {0};
    for (int i = 0; i < scene->mesh_count; i++) {
        const bool is_textured = scene->meshes[i].texture != NULL;
        df_text_addf(&text, "newmtl %s\nKd 1 1 1\nKs 0.04 0.04 0.04\nNs 20\n", scene->meshes[i].name);
        if (is_textured)
            df_text_addf(&text, "map_Kd %s.%d.png\n", base_name(stem), i);
    }
    snprintf(path, sizeof path, "%s.mtl", stem);
    const bool is_written = write_text(path, &text, err);
    df_text_free(&text);
    return is_written;
}

static bool write_textures(const export_scene *scene, const char *stem, df_error *err)
{
    df_arena *arena = df_arena_new(TEXTURE_ARENA, err);
    bool is_good = arena != NULL;
    for (int i = 0; is_good && i < scene->mesh_count; i++) {
        char path[PATH + 16];
        image picture;
        if (!scene->meshes[i].texture)
            continue;
        snprintf(path, sizeof path, "%s.%d.png", stem, i);
        is_good = export_texture(scene->meshes[i].texture, arena, &picture, err) && png_write_file(path, &picture, err);
    }
    df_arena_free(arena);
    return is_good;
}

bool export_obj(const export_scene *scene, const char *path, df_error *err)
{
    char stem[PATH];
    return stem_of(path, stem, err) && write_textures(scene, stem, err) && write_materials(scene, stem, err) &&
           write_mesh(scene, path, stem, err);
}
