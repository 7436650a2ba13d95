/* subdivide.c: the rows of the Catmull-Clark matrix, made from the mesh's edges. */
#include "face/subdivide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_ROOM = 128 };

typedef struct edge {
    int32_t end[2];  /* vertices, ascending */
    int32_t quad[2]; /* -1: none on that side */
} edge;

/* A side of a quad, before its twin is found. */
typedef struct side {
    int32_t low, high, quad, corner;
} side;

typedef struct builder {
    int vertex_count, quad_count, edge_count;
    const int32_t *quads;
    edge *edges;
    int32_t *side_edge; /* [quads][4] edge from corner k to k + 1 */
    int32_t *start, *column;
    float *weight;
    int32_t rows, entries, room;
    /* the row under construction */
    int32_t row_column[ROW_ROOM];
    float row_weight[ROW_ROOM];
    int row_size;
} builder;

static int compare_sides(const void *a, const void *b)
{
    const side *x = a, *y = b;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    return (x->quad > y->quad) - (x->quad < y->quad);
}

static void list_sides(const builder *b, side *sides)
{
    for (int32_t q = 0; q < b->quad_count; q++)
        for (int32_t k = 0; k < 4; k++) {
            const int32_t from = b->quads[4 * q + k], to = b->quads[4 * q + (k + 1) % 4];
            sides[4 * q + k] = (side){.low = from < to ? from : to, .high = from < to ? to : from, .quad = q, .corner = k};
        }
}

static bool find_edges(builder *b, df_arena *arena, df_error *err)
{
    const size_t count = 4 * (size_t)b->quad_count;
    side *sides = df_alloc(arena, count, sizeof *sides, err);
    b->edges = sides ? df_alloc(arena, count, sizeof *b->edges, err) : NULL;
    b->side_edge = b->edges ? df_alloc(arena, count, sizeof *b->side_edge, err) : NULL;
    if (!b->side_edge)
        return false;
    list_sides(b, sides);
    qsort(sides, count, sizeof *sides, compare_sides);
    for (size_t i = 0; i < count; i++) {
        const side *s = &sides[i];
        edge *last = b->edge_count ? &b->edges[b->edge_count - 1] : NULL;
        if (last && last->end[0] == s->low && last->end[1] == s->high) {
            if (last->quad[1] >= 0)
                return df_fail(err, "edge %d-%d: more than two quads", (int)s->low, (int)s->high);
            last->quad[1] = s->quad;
        } else {
            b->edges[b->edge_count++] = (edge){.end = {s->low, s->high}, .quad = {s->quad, -1}};
        }
        b->side_edge[4 * s->quad + s->corner] = b->edge_count - 1;
    }
    return true;
}

static bool row_add(builder *b, int32_t column, float weight, df_error *err)
{
    for (int i = 0; i < b->row_size; i++)
        if (b->row_column[i] == column) {
            b->row_weight[i] += weight;
            return true;
        }
    if (b->row_size == ROW_ROOM)
        return df_fail(err, "vertex %d: more than %d neighbours", (int)b->rows, ROW_ROOM);
    b->row_column[b->row_size] = column;
    b->row_weight[b->row_size++] = weight;
    return true;
}

static bool row_add_quad(builder *b, int32_t quad, float weight, df_error *err)
{
    for (int k = 0; k < 4; k++)
        if (!row_add(b, b->quads[4 * quad + k], weight / 4, err))
            return false;
    return true;
}

static bool row_end(builder *b, df_error *err)
{
    if (b->entries + b->row_size > b->room)
        return df_fail(err, "subdivision: more than %d weights", (int)b->room);
    memcpy(b->column + b->entries, b->row_column, (size_t)b->row_size * sizeof *b->column);
    memcpy(b->weight + b->entries, b->row_weight, (size_t)b->row_size * sizeof *b->weight);
    b->entries += b->row_size;
    b->start[++b->rows] = b->entries;
    b->row_size = 0;
    return true;
}

/* Which edges, or quads, have a vertex: item[start[v]] .. item[start[v + 1]]. */
typedef struct incidence {
    int32_t *start, *item;
} incidence;

/* Out of vertices [items][per_item], by counting. */
static bool gather(incidence *out, int vertex_count, const int32_t *vertices, int items, int per_item, df_arena *arena, df_error *err)
{
    const int count = items * per_item;
    out->start = df_alloc(arena, (size_t)vertex_count + 2, sizeof *out->start, err);
    out->item = out->start ? df_alloc(arena, (size_t)count, sizeof *out->item, err) : NULL;
    if (!out->item)
        return false;
    for (int i = 0; i < count; i++)
        out->start[vertices[i] + 2]++;
    for (int v = 0; v < vertex_count; v++)
        out->start[v + 2] += out->start[v + 1];
    for (int i = 0; i < count; i++)
        out->item[out->start[vertices[i] + 1]++] = i / per_item;
    return true;
}

static int32_t *edge_ends(const builder *b, df_arena *arena, df_error *err)
{
    int32_t *ends = df_alloc(arena, 2 * (size_t)b->edge_count, sizeof *ends, err);
    for (int i = 0; ends && i < b->edge_count; i++)
        memcpy(ends + 2 * i, b->edges[i].end, sizeof b->edges[i].end);
    return ends;
}

static int border_edges(const builder *b, const incidence *edges, int32_t v)
{
    int count = 0;
    for (int32_t i = edges->start[v]; i < edges->start[v + 1]; i++)
        count += b->edges[edges->item[i]].quad[1] < 0;
    return count;
}

static int32_t other_end(const edge *e, int32_t v)
{
    return e->end[0] == v ? e->end[1] : e->end[0];
}

/* On a border: 1/8, 6/8, 1/8 along it. */
static bool border_row(builder *b, const incidence *edges, int32_t v, int borders, df_error *err)
{
    if (!row_add(b, v, 0.75f, err))
        return false;
    for (int32_t i = edges->start[v]; i < edges->start[v + 1]; i++) {
        const edge *e = &b->edges[edges->item[i]];
        if (e->quad[1] < 0 && !row_add(b, other_end(e, v), 0.25f / (float)borders, err))
            return false;
    }
    return row_end(b, err);
}

/* Inside, of valence n: (mean of quads' points + 2 mean of edges' middles + (n - 3) itself) / n. */
static bool inner_row(builder *b, const incidence *edges, const incidence *quads, int32_t v, df_error *err)
{
    const float n = (float)(edges->start[v + 1] - edges->start[v]), faces = (float)(quads->start[v + 1] - quads->start[v]);
    bool good = row_add(b, v, (n - 3) / n + 1 / n, err); /* half of each edge's middle is the vertex: 2 / n * 1/2 */
    for (int32_t i = edges->start[v]; good && i < edges->start[v + 1]; i++)
        good = row_add(b, other_end(&b->edges[edges->item[i]], v), 1 / (n * n), err);
    for (int32_t i = quads->start[v]; good && i < quads->start[v + 1]; i++)
        good = row_add_quad(b, quads->item[i], 1 / (n * faces), err);
    return good && row_end(b, err);
}

static bool vertex_rows(builder *b, df_arena *arena, df_error *err)
{
    incidence edges = {0}, quads = {0};
    const int32_t *ends = edge_ends(b, arena, err);
    if (!ends || !gather(&edges, b->vertex_count, ends, b->edge_count, 2, arena, err) ||
        !gather(&quads, b->vertex_count, b->quads, b->quad_count, 4, arena, err))
        return false;
    for (int32_t v = 0; v < b->vertex_count; v++) {
        const int borders = border_edges(b, &edges, v);
        if (edges.start[v] == edges.start[v + 1])
            return df_fail(err, "vertex %d belongs to no quad", (int)v);
        if (!(borders ? border_row(b, &edges, v, borders, err) : inner_row(b, &edges, &quads, v, err)))
            return false;
    }
    return true;
}

static bool edge_rows(builder *b, df_error *err)
{
    for (int i = 0; i < b->edge_count; i++) {
        const edge *e = &b->edges[i];
        const bool border = e->quad[1] < 0;
        const float end = border ? 0.5f : 0.25f;
        if (!row_add(b, e->end[0], end, err) || !row_add(b, e->end[1], end, err))
            return false;
        if (!border && (!row_add_quad(b, e->quad[0], 0.25f, err) || !row_add_quad(b, e->quad[1], 0.25f, err)))
            return false;
        if (!row_end(b, err))
            return false;
    }
    return true;
}

static bool quad_rows(builder *b, df_error *err)
{
    for (int32_t q = 0; q < b->quad_count; q++)
        if (!row_add_quad(b, q, 1, err) || !row_end(b, err))
            return false;
    return true;
}

static bool fine_quads(const builder *b, df_arena *arena, const int32_t **out, df_error *err)
{
    int32_t *fine = df_alloc(arena, 16 * (size_t)b->quad_count, sizeof *fine, err);
    if (!fine)
        return false;
    for (int32_t q = 0; q < b->quad_count; q++)
        for (int32_t k = 0; k < 4; k++) {
            int32_t *to = fine + 4 * (4 * q + k);
            to[0] = b->quads[4 * q + k];
            to[1] = b->vertex_count + b->side_edge[4 * q + k];
            to[2] = b->vertex_count + b->edge_count + q;
            to[3] = b->vertex_count + b->side_edge[4 * q + (k + 3) % 4];
        }
    *out = fine;
    return true;
}

bool subdivide(int vertex_count, int quad_count, const int32_t *quads, df_arena *arena, subdivision *out, df_error *err)
{
    builder *b = df_alloc(arena, 1, sizeof *b, err);
    if (!b)
        return false;
    b->vertex_count = vertex_count;
    b->quad_count = quad_count;
    b->quads = quads;
    if (!find_edges(b, arena, err))
        return false;
    const int fine = vertex_count + b->edge_count + quad_count;
    b->room = 12 * fine; /* a vertex of valence 4 has 9, an edge 6, a quad 4 */
    b->start = df_alloc(arena, (size_t)fine + 1, sizeof *b->start, err);
    b->column = b->start ? df_alloc(arena, (size_t)b->room, sizeof *b->column, err) : NULL;
    b->weight = b->column ? df_alloc(arena, (size_t)b->room, sizeof *b->weight, err) : NULL;
    subdivision made = {.vertex_count = fine, .quad_count = 4 * quad_count};
    if (!b->weight || !vertex_rows(b, arena, err) || !edge_rows(b, err) || !quad_rows(b, err) || !fine_quads(b, arena, &made.quads, err))
        return false;
    made.matrix = (face_matrix){.start = b->start, .column = b->column, .weight = b->weight};
    *out = made;
    return true;
}

typedef struct corner_uvs {
    float at[4][2]; /* of a fine quad's corners */
} corner_uvs;

/* Fine quad 4 q + k: corner, side, middle, other side of coarse quad q. */
static corner_uvs fine_uvs(const int32_t *corners, const float *uv, int k)
{
    corner_uvs out;
    for (int axis = 0; axis < 2; axis++) {
        float c[4];
        for (int i = 0; i < 4; i++)
            c[i] = uv[2 * corners[(k + i) % 4] + axis];
        out.at[0][axis] = c[0];
        out.at[1][axis] = (c[0] + c[1]) / 2;
        out.at[2][axis] = (c[0] + c[1] + c[2] + c[3]) / 4;
        out.at[3][axis] = (c[0] + c[3]) / 2;
    }
    return out;
}

static bool is_same_uv(const float a[2], const float b[2])
{
    const float tolerance = 1e-5f; /* of the map's side */
    return fabsf(a[0] - b[0]) < tolerance && fabsf(a[1] - b[1]) < tolerance;
}

bool subdivide_uv(const subdivision *sub, int quad_count, const int32_t *quads_uv, const float *uv, float inset, df_arena *arena,
                  float *out, df_error *err)
{
    bool *on_seam = df_alloc(arena, (size_t)sub->vertex_count, sizeof *on_seam, err);
    if (!on_seam)
        return false;
    enum { PLACE, MARK, PULL, PASSES };
    for (int pass = PLACE; pass < PASSES; pass++)
        for (int f = 4 * quad_count - 1; f >= 0; f--) { /* backwards: the first quad has the last word */
            const corner_uvs own = fine_uvs(quads_uv + 4 * (f / 4), uv, f % 4);
            for (int k = 0; k < 4; k++) {
                const int32_t v = sub->quads[4 * f + k];
                float *to = out + 2 * (size_t)v;
                if (pass == MARK)
                    on_seam[v] = on_seam[v] || !is_same_uv(to, own.at[k]);
                else if (pass == PLACE || on_seam[v])
                    for (int axis = 0; axis < 2; axis++)
                        to[axis] = own.at[k][axis] + (pass == PULL ? inset * (own.at[2][axis] - own.at[k][axis]) : 0);
            }
        }
    return true;
}

void subdivide_apply(const subdivision *sub, const float *values, int width, float *out)
{
    const face_matrix *m = &sub->matrix;
    for (int v = 0; v < sub->vertex_count; v++) {
        float *to = out + (size_t)v * (size_t)width;
        memset(to, 0, (size_t)width * sizeof *to);
        for (int32_t i = m->start[v]; i < m->start[v + 1]; i++)
            for (int k = 0; k < width; k++)
                to[k] += m->weight[i] * values[(size_t)m->column[i] * (size_t)width + (size_t)k];
    }
}
