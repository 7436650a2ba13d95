/* lips.c: the gap is measured at columns across the mouth, between the cage vertices of the upper lip's lowest row and the lower lip's
   highest; vertices near the line where they meet take half of it each, less with height and depth. */
#include "face/lips.h"

#include <math.h>

enum { SIDES = 2, COLUMNS = 9, LOWER = 5, PASSES = 3 };

/* Base vertices from the middle to the corner: right side, left side. */
static const int32_t upper_rows[SIDES][COLUMNS] = {{474, 473, 472, 471, 470, 5362, 469, 419, 418},
                                                   {474, 7229, 7228, 7227, 7226, 11964, 7225, 7179, 7178}};
static const int32_t lower_rows[SIDES][LOWER] = {{493, 487, 481, 475, 437}, {493, 7242, 7236, 7230, 7197}};

static const float overlap_mm = 1.2f; /* of the cage in the middle; subdivision rounds the rims by as much */
static const float corner_mm = 29;    /* where the gap ends */
static const float meeting_mm = -49.3f, reach_mm = 7, front_mm = 100, depth_mm = 14; /* height of the line; how far lips go with it */

typedef struct column {
    float across; /* mm from the middle on the base mesh */
    int32_t upper, lower[2];
    float share; /* of lower[1] at `across` */
} column;

typedef struct moved {
    int32_t vertex;
    int side, column;  /* between `column` and the next; COLUMNS - 1: between the last and the corner */
    float share, pull; /* of the next column; of the gap, positive down */
} moved;

struct lips {
    column columns[SIDES][COLUMNS];
    moved *moved;
    int count;
};

static column column_of(const makehuman_head *head, int side, int index)
{
    column c = {.upper = makehuman_cage_vertex(head, upper_rows[side][index])};
    c.across = fabsf(head->rest[3 * c.upper]);
    int next = 1;
    float from = 0, to = 0;
    for (;; next++) {
        from = fabsf(head->rest[3 * makehuman_cage_vertex(head, lower_rows[side][next - 1])]);
        to = fabsf(head->rest[3 * makehuman_cage_vertex(head, lower_rows[side][next])]);
        if (next == LOWER - 1 || c.across <= to)
            break;
    }
    c.lower[0] = makehuman_cage_vertex(head, lower_rows[side][next - 1]);
    c.lower[1] = makehuman_cage_vertex(head, lower_rows[side][next]);
    c.share = fminf(1, (c.across - from) / (to - from));
    return c;
}

/* How much vertex p goes with the line: 0 for most. */
static float pull_of(const float *p)
{
    const float above = p[1] - meeting_mm, inward = fminf(1, (p[2] - front_mm + depth_mm) / depth_mm);
    if (fabsf(p[0]) >= corner_mm || fabsf(above) >= 3 * reach_mm || inward <= 0)
        return 0;
    return (above > 0 ? 0.5f : -0.5f) * inward * expf(-above * above / (reach_mm * reach_mm));
}

static moved moved_of(const lips *meeting, const float *p, int32_t vertex)
{
    moved m = {.vertex = vertex, .side = p[0] > 0, .pull = pull_of(p)};
    const column *columns = meeting->columns[m.side];
    const float across = fabsf(p[0]);
    while (m.column < COLUMNS - 1 && across > columns[m.column + 1].across)
        m.column++;
    const float from = columns[m.column].across, to = m.column < COLUMNS - 1 ? columns[m.column + 1].across : corner_mm;
    m.share = (across - from) / (to - from);
    return m;
}

lips *lips_of(const makehuman_head *head, df_arena *arena, df_error *err)
{
    lips *meeting = df_alloc(arena, 1, sizeof *meeting, err);
    moved *list = meeting ? df_alloc(arena, (size_t)head->skin_count, sizeof *list, err) : NULL;
    if (!list)
        return NULL;
    for (int side = 0; side < SIDES; side++)
        for (int i = 0; i < COLUMNS; i++)
            meeting->columns[side][i] = column_of(head, side, i);
    meeting->moved = list;
    for (int32_t v = 0; v < head->skin_count; v++)
        if (pull_of(head->rest + 3 * (size_t)v) != 0)
            list[meeting->count++] = moved_of(meeting, head->rest + 3 * (size_t)v, v);
    return meeting;
}

/* What is too much of the gap at a column; the last entry is the corner. */
static void measure_gaps(const lips *meeting, const float *head, float gaps[SIDES][COLUMNS + 1])
{
    for (int side = 0; side < SIDES; side++) {
        for (int i = 0; i < COLUMNS; i++) {
            const column *c = &meeting->columns[side][i];
            const float lower = head[3 * c->lower[0] + 1] + c->share * (head[3 * c->lower[1] + 1] - head[3 * c->lower[0] + 1]);
            const float across = c->across / corner_mm, fourth = across * across * across * across,
                        wanted = -overlap_mm * (1 - fourth * fourth);
            gaps[side][i] = head[3 * c->upper + 1] - lower - wanted;
        }
        gaps[side][COLUMNS] = 0;
    }
}

static void close_once(const lips *meeting, float *head)
{
    float gaps[SIDES][COLUMNS + 1];
    measure_gaps(meeting, head, gaps);
    for (int i = 0; i < meeting->count; i++) {
        const moved *m = &meeting->moved[i];
        const float *gap = &gaps[m->side][m->column];
        head[3 * m->vertex + 1] -= m->pull * (gap[0] + m->share * (gap[1] - gap[0]));
    }
}

void lips_close(const lips *meeting, float *head)
{
    for (int pass = 0; pass < PASSES; pass++) /* rims that lie deep, or off the line, go only part of the way */
        close_once(meeting, head);
}
