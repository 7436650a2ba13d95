/* import_mesh.c: one mesh of a folder, by the reader of its format. */
#include "face/import_mesh.h"

#include <string.h>
#include <strings.h>

#include "face/obj.h"
#include "face/ply.h"

static const struct {
    const char *ending;
    bool (*parse)(df_bytes bytes, df_arena *arena, scan_mesh *out, df_error *err);
} readers[] = {{".ply", ply_parse}, {".obj", obj_parse}};

static int reader_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < DF_ARRAY_LEN(readers); i++)
        if (strcasecmp(dot, readers[i].ending) == 0)
            return (int)i;
    return -1;
}

bool import_mesh_is(const char *name)
{
    return reader_of(name) >= 0;
}

bool import_mesh_read(import_job *job, const char *name, size_t vertices, scan_mesh *out)
{
    char path[4096];
    import_let_go(job);
    if (!df_path_join(path, sizeof path, job->path, name, job->err) || !df_file_map(path, &job->bytes, job->err))
        return false;
    if (!readers[reader_of(name)].parse(job->bytes, job->source, out, job->err))
        return df_fail_in(job->err, "%s", path);
    if (vertices > 0 ? out->vertex_count != vertices : out->vertex_count < 3 || out->vertex_count > IMPORT_MOST_VERTICES)
        return vertices > 0
                   ? df_fail(job->err, "%s: %zu vertices, expected %zu as in the meshes before it", path, out->vertex_count, vertices)
                   : df_fail(job->err, "%s: %zu vertices, expected 3 to %d", path, out->vertex_count, IMPORT_MOST_VERTICES);
    return true;
}

bool import_mesh_triangles(import_job *job, const scan_mesh *mesh, face_model *m)
{
    m->triangles = df_copy(job->arena, mesh->triangles, 3 * mesh->triangle_count * sizeof *mesh->triangles, job->err);
    m->triangle_count = (int)mesh->triangle_count;
    return m->triangles != NULL;
}

void import_mesh_stem(const char *file, char out[FACE_NAME])
{
    import_name(file, (size_t)(strrchr(file, '.') - file), out);
}
