/* obj.c: two walks over the lines. The first counts, so that every array is allocated once and at its size; the second reads. */
#include "face/obj.h"

#include <string.h>

#include "face/scan_text.h"

enum { MOST_WORDS = 7, CORNER_PARTS = 3, NO_UV = -1 };

/* What lines of that first word are. */
typedef enum obj_line { LINE_SKIPPED, LINE_VERTEX, LINE_UV, LINE_FACE, LINE_UNKNOWN } obj_line;

typedef struct obj_reader {
    size_t vertices, uvs, triangles;                /* counted by the first walk */
    size_t vertices_read, uvs_read, triangles_read; /* by the second */
    bool has_colours;
    float *positions, *colours, *uv;
    int32_t *corners, *uv_corners;
} obj_reader;

static obj_line line_kind(scan_word word)
{
    static const struct {
        const char *word;
        obj_line kind;
    } rows[] = {{"v", LINE_VERTEX},       {"vt", LINE_UV},     {"f", LINE_FACE},    {"vn", LINE_SKIPPED},
                {"g", LINE_SKIPPED},      {"o", LINE_SKIPPED}, {"s", LINE_SKIPPED}, {"usemtl", LINE_SKIPPED},
                {"mtllib", LINE_SKIPPED}, {"l", LINE_SKIPPED}, {"p", LINE_SKIPPED}};
    if (word.text[0] == '#')
        return LINE_SKIPPED;
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (scan_is(word, rows[i].word))
            return rows[i].kind;
    return LINE_UNKNOWN;
}

/* All further words as numbers. */
static bool read_numbers(scan_text *line, double out[MOST_WORDS], size_t *count, df_error *err)
{
    scan_word word;
    for (*count = 0; scan_next(line, &word); ++*count) {
        if (*count == MOST_WORDS)
            return df_fail(err, "more than %d numbers", MOST_WORDS);
        if (!scan_number(word, &out[*count]))
            return df_fail(err, "'%.*s', expected a number", (int)(word.size < 40 ? word.size : 40), word.text);
    }
    return true;
}

static bool read_vertex(obj_reader *r, scan_text *line, df_error *err)
{
    double n[MOST_WORDS];
    size_t count;
    if (!read_numbers(line, n, &count, err))
        return false;
    const bool has_colour = count == 6;
    if (count != 3 && !(count == 4 && n[3] == 1) && !has_colour)
        return df_fail(err, "a vertex of %zu numbers, expected 3, or 6 with a colour", count);
    if (r->vertices_read > 0 && has_colour != r->has_colours)
        return df_fail(err, "a vertex with%s a colour among those with%s", has_colour ? "" : "out", has_colour ? "out" : "");
    r->has_colours = has_colour;
    for (size_t i = 0; i < 3; i++) {
        r->positions[3 * r->vertices_read + i] = (float)n[i];
        if (has_colour && !(n[3 + i] >= 0 && n[3 + i] <= 1))
            return df_fail(err, "a colour of %g, expected 0 to 1", n[3 + i]);
        if (has_colour)
            r->colours[3 * r->vertices_read + i] = (float)n[3 + i];
    }
    r->vertices_read++;
    return true;
}

static bool read_uv(obj_reader *r, scan_text *line, df_error *err)
{
    double n[MOST_WORDS];
    size_t count;
    if (!read_numbers(line, n, &count, err))
        return false;
    if (count < 1 || count > 3)
        return df_fail(err, "a texture vertex of %zu numbers, expected 1 to 3", count);
    r->uv[2 * r->uvs_read] = (float)n[0];
    r->uv[2 * r->uvs_read + 1] = count > 1 ? (float)n[1] : 0;
    r->uvs_read++;
    return true;
}

/* An index as the file has it, from 1 or from the end, to one from 0. */
static bool resolve(scan_word word, const char *what, size_t count, size_t so_far, int32_t *out, df_error *err)
{
    int64_t index;
    if (!scan_integer(word, &index))
        return df_fail(err, "'%.*s', expected the index of a %s", (int)(word.size < 40 ? word.size : 40), word.text, what);
    const int64_t place = index > 0 ? index - 1 : (int64_t)so_far + index;
    if (index == 0 || index < -(int64_t)so_far || place >= (int64_t)count)
        return df_fail(err, "%s %lld, of which there are %zu", what, (long long)index, count);
    *out = (int32_t)place;
    return true;
}

/* v, v/vt, v//vn or v/vt/vn. */
static bool read_corner(const obj_reader *r, scan_word word, int32_t *vertex, int32_t *uv, df_error *err)
{
    scan_word parts[CORNER_PARTS] = {{0}};
    size_t count = 0;
    for (const char *at = word.text, *end = word.text + word.size;;) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        if (count == CORNER_PARTS)
            return df_fail(err, "a corner of more than %d indices", CORNER_PARTS);
        parts[count++] = (scan_word){.text = at, .size = (size_t)((slash ? slash : end) - at)};
        if (!slash)
            break;
        at = slash + 1;
    }
    *uv = NO_UV;
    return resolve(parts[0], "vertex", r->vertices, r->vertices_read, vertex, err) &&
           (parts[1].size == 0 || resolve(parts[1], "texture vertex", r->uvs, r->uvs_read, uv, err));
}

static bool read_face(obj_reader *r, scan_text *line, df_error *err)
{
    scan_word word;
    int32_t first[2] = {0}, before[2] = {0}, now[2];
    size_t count = 0;
    for (; scan_next(line, &word); count++) {
        if (!read_corner(r, word, &now[0], &now[1], err))
            return false;
        if (count >= 2) { /* first, the one before, this */
            memcpy(r->corners + 3 * r->triangles_read, (int32_t[]){first[0], before[0], now[0]}, 3 * sizeof(int32_t));
            memcpy(r->uv_corners + 3 * r->triangles_read, (int32_t[]){first[1], before[1], now[1]}, 3 * sizeof(int32_t));
            r->triangles_read++;
        }
        memcpy(count == 0 ? first : before, now, sizeof now);
    }
    return count >= 3 || df_fail(err, "a face of %zu corners, expected 3 or more", count);
}

static void count_line(obj_reader *r, obj_line kind, scan_text line)
{
    scan_word word;
    size_t corners = 0;
    r->vertices += kind == LINE_VERTEX;
    r->uvs += kind == LINE_UV;
    while (kind == LINE_FACE && scan_next(&line, &word))
        corners++;
    r->triangles += corners >= 3 ? corners - 2 : 0;
}

static bool count_all(obj_reader *r, scan_text text, df_error *err)
{
    scan_text line;
    scan_word word;
    while (scan_line(&text, &line)) {
        if (!scan_next(&line, &word))
            continue;
        const obj_line kind = line_kind(word);
        if (kind == LINE_UNKNOWN)
            return df_fail(err, "line %zu: begins with '%.*s', expected v, vt, vn, f or the like", text.line,
                           (int)(word.size < 40 ? word.size : 40), word.text);
        count_line(r, kind, line);
    }
    if (r->vertices == 0 || r->vertices > SCAN_MOST_VERTICES || r->uvs > SCAN_MOST_VERTICES || r->triangles > SCAN_MOST_TRIANGLES)
        return df_fail(err, "%zu vertices, %zu texture vertices and %zu triangles, expected 1 to %d, at most as many, at most %d",
                       r->vertices, r->uvs, r->triangles, SCAN_MOST_VERTICES, SCAN_MOST_TRIANGLES);
    return true;
}

static bool read_line(obj_reader *r, obj_line kind, scan_text *line, df_error *err)
{
    switch (kind) {
    case LINE_VERTEX:
        return read_vertex(r, line, err);
    case LINE_UV:
        return read_uv(r, line, err);
    case LINE_FACE:
        return read_face(r, line, err);
    case LINE_SKIPPED:
    case LINE_UNKNOWN:
        break;
    }
    return true;
}

static bool read_all(obj_reader *r, scan_text text, df_error *err)
{
    scan_text line;
    scan_word word;
    while (scan_line(&text, &line))
        if (scan_next(&line, &word) && !read_line(r, line_kind(word), &line, err))
            return df_fail_in(err, "line %zu", text.line);
    return true;
}

bool obj_parse(df_bytes bytes, df_arena *arena, scan_mesh *out, df_error *err)
{
    const char *begin = (const char *)bytes.data;
    const scan_text text = {.next = begin, .end = begin + bytes.size};
    obj_reader r = {0};
    if (!count_all(&r, text, err))
        return false;
    r.positions = df_alloc(arena, 3 * r.vertices, sizeof *r.positions, err);
    r.colours = df_alloc(arena, 3 * r.vertices, sizeof *r.colours, err);
    r.uv = df_alloc(arena, 2 * r.uvs, sizeof *r.uv, err);
    r.corners = df_alloc(arena, 3 * r.triangles, sizeof *r.corners, err);
    r.uv_corners = df_alloc(arena, 3 * r.triangles, sizeof *r.uv_corners, err);
    if (!r.positions || !r.colours || !r.uv || !r.corners || !r.uv_corners || !read_all(&r, text, err))
        return false;
    *out = (scan_mesh){
        .vertex_count = r.vertices, .uv_count = r.uvs, .triangle_count = r.triangles, .positions = r.positions, .triangles = r.corners};
    out->colours = r.has_colours ? r.colours : NULL;
    out->uv = r.uvs > 0 ? r.uv : NULL;
    out->uv_triangles = r.uvs > 0 ? r.uv_corners : NULL;
    return true;
}
