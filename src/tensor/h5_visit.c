/* h5_visit.c: walks the groups by their links and reads each data set whose type, storage and size are as they should be. A circle of links is a path without end, so the limit on depth finds it; the limit on objects bounds what many links to
   one group can cost. */
#include "tensor/h5_visit.h"

#define H5_USE_110_API /* which every later release still offers */
#include <hdf5.h>
#include <string.h>

#include "base/size.h"
#include "base/text.h"
#include "tensor/h5_file.h"
#include "tensor/h5_set.h"
#include "tensor/layout.h"

enum { MOST_DEPTH = 64, MOST_OBJECTS = 20000, LONGEST_PATH = 4096 };

typedef struct visitor {
    const char *const *wanted;
    const h5_sink *sink;
    df_arena *scratch;
    df_text path;
    df_error *err;
    size_t objects, bytes, most_bytes;
    int depth;
} visitor;

static bool is_wanted(const visitor *v)
{
    for (size_t i = 0; v->wanted && v->wanted[i]; i++)
        if (strcmp(v->wanted[i], v->path.data) == 0)
            return true;
    return !v->wanted;
}

static bool read_set(visitor *v, h5_set *set, df_error *err)
{
    if (set->bytes > v->most_bytes - v->bytes)
        return df_fail(err, "%zu bytes, with what came before more than %zu, the most that is expected of such a file", set->bytes,
                       v->most_bytes);
    if (set->is_skipped || !is_wanted(v))
        return true;
    v->bytes += set->bytes;
    df_arena_reset(v->scratch);
    void *data = df_alloc(v->scratch, set->bytes, 1, err);
    if (!data || !h5_set_read(set, data, err))
        return false;
    set->array.data = data;
    set->array.name = v->path.data;
    return v->sink->take(v->sink->to, &set->array, set->is_text, err);
}

static bool visit_set(visitor *v, hid_t object, df_error *err)
{
    h5_set set;
    bool ok = h5_set_open(object, &set, err);
    if (ok) {
        ok = read_set(v, &set, err);
        h5_set_close(&set);
    }
    return ok || df_fail_in(err, "data set '%s'", v->path.data);
}

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *visitor_);

static bool visit_group(visitor *v, hid_t group, df_error *err)
{
    if (v->depth == MOST_DEPTH)
        return df_fail(err, "group '%.100s...': groups nested more than %d deep, or in a circle", v->path.data, MOST_DEPTH);
    v->depth++;
    const size_t said = strlen(err->text);
    const bool ok = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, visit_link, v) >= 0;
    v->depth--;
    if (!ok && strlen(err->text) == said)
        return h5_fail(err, "a group's links cannot be read");
    return ok;
}

static bool visit_object(visitor *v, hid_t group, const char *name, df_error *err)
{
    if (++v->objects > MOST_OBJECTS)
        return df_fail(err, "more than %d objects", MOST_OBJECTS);
    const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) {
        h5_fail(err, "cannot be read");
        return df_fail_in(err, "object '%s'", v->path.data);
    }
    const H5I_type_t kind = H5Iget_type(object);
    bool ok = true; /* a named type is neither */
    if (kind == H5I_GROUP)
        ok = visit_group(v, object, err);
    else if (kind == H5I_DATASET)
        ok = visit_set(v, object, err);
    H5Oclose(object);
    return ok;
}

/* Names go into errors and are joined by '/'. */
static bool check_name(const visitor *v, const char *name, df_error *err)
{
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F || *c == '/')
            return df_fail(err, "group '%s': a name with the byte %u in it", v->path.data, (unsigned char)*c);
    if (*name == '\0' || v->path.size + strlen(name) > LONGEST_PATH)
        return df_fail(err, "group '%.100s': a name of %zu bytes", v->path.data, strlen(name));
    return true;
}

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *visitor_)
{
    visitor *v = visitor_;
    const size_t size = v->path.size;
    if (!check_name(v, name, v->err))
        return -1;
    df_text_add(&v->path, size > 0 ? "/" : "");
    df_text_add(&v->path, name);
    bool ok = df_text_ok(&v->path, v->err);
    if (ok && info->type != H5L_TYPE_HARD)
        ok = df_fail(v->err, "'%s' is a %s link, expected the object itself", v->path.data,
                     info->type == H5L_TYPE_SOFT ? "soft" : "foreign");
    ok = ok && visit_object(v, group, name, v->err);
    if (ok) {
        v->path.size = size;
        v->path.data[size] = '\0';
    }
    return ok ? 0 : -1;
}

static bool visit_file(visitor *v, df_bytes bytes)
{
    const hid_t file = h5_file_open(bytes, v->err);
    if (file < 0)
        return false;
    const hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
    const bool ok = root >= 0 ? visit_group(v, root, v->err) : h5_fail(v->err, "has no root group");
    if (root >= 0)
        H5Gclose(root);
    H5Fclose(file);
    return ok;
}

bool h5_visit(df_bytes bytes, const char *const *wanted, const h5_sink *sink, df_error *err)
{
    df_error said = {0};
    visitor v = {.wanted = wanted, .sink = sink, .most_bytes = layout_most_bytes(bytes.size), .err = &said};
    v.scratch = df_arena_new(v.most_bytes, &said);
    df_text_add(&v.path, "");
    const bool ok = v.scratch && df_text_ok(&v.path, &said) && visit_file(&v, bytes);
    df_text_free(&v.path);
    df_arena_free(v.scratch);
    return ok || df_fail(err, "%s", said.text);
}
