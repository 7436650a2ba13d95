/* ply.c: the body is walked as its header declares it. A table says which property of a vertex goes where. Faces are walked twice,
   first to count their triangles. */
#include "face/ply.h"

#include <math.h>
#include <string.h>

#include "face/ply_header.h"

/* What a vertex's property means. */
typedef enum vertex_role {
    ROLE_X,
    ROLE_Y,
    ROLE_Z,
    ROLE_RED,
    ROLE_GREEN,
    ROLE_BLUE,
    ROLE_U,
    ROLE_V,
    ROLE_COUNT,
    ROLE_NONE = ROLE_COUNT
} vertex_role;

typedef struct ply_reader {
    const ply_header *header;
    const ply_element *vertex;
    vertex_role roles[PLY_MOST_PROPERTIES]; /* of the vertex's properties */
    bool has[ROLE_COUNT];
    size_t triangles;
    float *positions, *colours, *uv;
    int32_t *corners; /* NULL while they are counted; colours and uv where there are none */
} ply_reader;

static vertex_role role_of(const char *name)
{
    static const struct {
        const char *name;
        vertex_role role;
    } rows[] = {{"x", ROLE_X},
                {"y", ROLE_Y},
                {"z", ROLE_Z},
                {"red", ROLE_RED},
                {"green", ROLE_GREEN},
                {"blue", ROLE_BLUE},
                {"r", ROLE_RED},
                {"g", ROLE_GREEN},
                {"b", ROLE_BLUE},
                {"diffuse_red", ROLE_RED},
                {"u", ROLE_U},
                {"v", ROLE_V},
                {"s", ROLE_U},
                {"t", ROLE_V},
                {"diffuse_green", ROLE_GREEN},
                {"texture_u", ROLE_U},
                {"texture_v", ROLE_V},
                {"diffuse_blue", ROLE_BLUE}};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].role;
    return ROLE_NONE;
}

static bool has_all(const ply_reader *r, vertex_role first, int count)
{
    for (int i = 0; i < count; i++)
        if (!r->has[(int)first + i])
            return false;
    return true;
}

static bool find_roles(ply_reader *r, df_error *err)
{
    for (int i = 0; i < r->vertex->property_count; i++) {
        const ply_property *property = &r->vertex->properties[i];
        r->roles[i] = property->is_list ? ROLE_NONE : role_of(property->name);
        if (r->roles[i] == ROLE_NONE)
            continue;
        if (r->has[r->roles[i]])
            return df_fail(err, "vertex: a second property like '%s'", property->name);
        r->has[r->roles[i]] = true;
    }
    return has_all(r, ROLE_X, 3) || df_fail(err, "vertex: expected the properties x, y and z");
}

static bool find_vertex(ply_reader *r, df_error *err)
{
    for (int i = 0; i < r->header->element_count; i++)
        for (int j = 0; j < i; j++)
            if (strcmp(r->header->elements[i].name, r->header->elements[j].name) == 0)
                return df_fail(err, "two elements are called '%s'", r->header->elements[i].name);
    for (int i = 0; i < r->header->element_count; i++)
        if (strcmp(r->header->elements[i].name, "vertex") == 0)
            r->vertex = &r->header->elements[i];
    if (!r->vertex || r->vertex->count == 0 || r->vertex->count > SCAN_MOST_VERTICES)
        return df_fail(err, "%zu vertices, expected 1 to %d", r->vertex ? r->vertex->count : 0, SCAN_MOST_VERTICES);
    return find_roles(r, err);
}

/* Colours beyond 0 to 1 are no colours. */
static bool keep_vertex_value(ply_reader *r, size_t row, const ply_property *property, vertex_role role, double value, df_error *err)
{
    const int which = (int)role;
    if (role <= ROLE_Z) {
        r->positions[3 * row + (size_t)which] = (float)value;
    } else if (role <= ROLE_BLUE && r->colours) {
        const double colour = value / ply_type_most(property->type);
        if (!(colour >= 0 && colour <= 1))
            return df_fail(err, "a colour of %g, expected 0 to %g", value, ply_type_most(property->type));
        r->colours[3 * row + (size_t)(which - ROLE_RED)] = (float)colour;
    } else if (role >= ROLE_U && r->uv) {
        r->uv[2 * row + (size_t)(which - ROLE_U)] = (float)value;
    }
    return true;
}

static bool list_length(scan_text *text, const ply_reader *r, const ply_property *property, size_t *out, df_error *err)
{
    double length;
    if (!ply_value(text, r->header->format, property->length_type, &length, err))
        return false;
    if (!(length >= 0 && length == trunc(length)) || length > (double)(text->end - text->next))
        return df_fail(err, "a list of %g, expected 0 to the %zu that are left", length, (size_t)(text->end - text->next));
    *out = (size_t)length;
    return true;
}

static bool skip(scan_text *text, const ply_reader *r, const ply_property *property, df_error *err)
{
    size_t count = 1;
    double value;
    if (property->is_list && !list_length(text, r, property, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!ply_value(text, r->header->format, property->type, &value, err))
            return false;
    return true;
}

static bool read_index(scan_text *text, const ply_reader *r, ply_type type, int32_t *out, df_error *err)
{
    double value;
    if (!ply_value(text, r->header->format, type, &value, err))
        return false;
    if (!(value >= 0 && value < (double)r->vertex->count && value == trunc(value)))
        return df_fail(err, "vertex %.9g, of which there are %zu", value, r->vertex->count);
    *out = (int32_t)value;
    return true;
}

/* A polygon as a fan around its first corner. */
static bool read_polygon(scan_text *text, ply_reader *r, const ply_property *property, df_error *err)
{
    size_t count;
    int32_t first = 0, before = 0, now = 0;
    if (!list_length(text, r, property, &count, err))
        return false;
    if (count < 3)
        return df_fail(err, "a face of %zu corners, expected 3 or more", count);
    if (count - 2 > SCAN_MOST_TRIANGLES - r->triangles)
        return df_fail(err, "more than %d triangles", SCAN_MOST_TRIANGLES);
    for (size_t i = 0; i < count; i++) {
        if (!read_index(text, r, property->type, &now, err))
            return false;
        if (i >= 2) {
            if (r->corners)
                memcpy(r->corners + 3 * r->triangles, (int32_t[]){first, before, now}, 3 * sizeof(int32_t));
            r->triangles++;
        }
        *(i == 0 ? &first : &before) = now;
    }
    return true;
}

static bool is_polygon(const ply_element *element, const ply_property *property)
{
    return property->is_list && strcmp(element->name, "face") == 0 &&
           (strcmp(property->name, "vertex_indices") == 0 || strcmp(property->name, "vertex_index") == 0);
}

static bool read_vertex_value(scan_text *text, ply_reader *r, size_t row, const ply_property *property, vertex_role role, df_error *err)
{
    double value;
    return ply_value(text, r->header->format, property->type, &value, err) && keep_vertex_value(r, row, property, role, value, err);
}

static bool read_row(scan_text *text, ply_reader *r, const ply_element *element, size_t row, df_error *err)
{
    for (int i = 0; i < element->property_count; i++) {
        const ply_property *property = &element->properties[i];
        bool ok;
        if (element == r->vertex && r->roles[i] != ROLE_NONE)
            ok = read_vertex_value(text, r, row, property, r->roles[i], err);
        else if (is_polygon(element, property))
            ok = read_polygon(text, r, property, err);
        else
            ok = skip(text, r, property, err);
        if (!ok)
            return df_fail_in(err, "%s %zu: %s", element->name, row, property->name);
    }
    return true;
}

static bool read_body(scan_text text, ply_reader *r, df_error *err)
{
    r->triangles = 0;
    for (int i = 0; i < r->header->element_count; i++)
        for (size_t row = 0; row < r->header->elements[i].count; row++)
            if (!read_row(&text, r, &r->header->elements[i], row, err))
                return false;
    scan_word more;
    if (r->header->format == PLY_ASCII ? scan_next(&text, &more) : text.next < text.end)
        return df_fail(err, "more behind the last element, expected the file's end");
    return true;
}

static bool read_mesh(scan_text text, ply_reader *r, df_arena *arena, scan_mesh *out, df_error *err)
{
    if (!find_vertex(r, err))
        return false;
    const size_t count = r->vertex->count;
    r->positions = df_alloc(arena, 3 * count, sizeof *r->positions, err);
    const bool has_colours = has_all(r, ROLE_RED, 3), has_uv = has_all(r, ROLE_U, 2);
    if (has_colours)
        r->colours = df_alloc(arena, 3 * count, sizeof *r->colours, err);
    if (has_uv)
        r->uv = df_alloc(arena, 2 * count, sizeof *r->uv, err);
    if (!r->positions || (has_colours && !r->colours) || (has_uv && !r->uv) || !read_body(text, r, err))
        return false;
    r->corners = df_alloc(arena, 3 * r->triangles, sizeof *r->corners, err);
    if (!r->corners || !read_body(text, r, err))
        return false;
    *out = (scan_mesh){.vertex_count = count, .triangle_count = r->triangles, .positions = r->positions, .triangles = r->corners};
    out->colours = r->colours;
    if (has_uv) {
        out->uv_count = count;
        out->uv = r->uv;
        out->uv_triangles = r->corners;
    }
    return true;
}

bool ply_parse(df_bytes bytes, df_arena *arena, scan_mesh *out, df_error *err)
{
    const char *begin = (const char *)bytes.data;
    scan_text text = {.next = begin, .end = begin + bytes.size};
    ply_header *header = df_alloc(arena, 1, sizeof *header, err);
    if (!header || !ply_header_read(&text, header, err))
        return false;
    return read_mesh(text, &(ply_reader){.header = header}, arena, out, err);
}
