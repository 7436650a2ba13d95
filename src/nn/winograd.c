/* winograd.c: tiles of 6 x 6 pixels, each overlapping its neighbours by 2, become 36 matrices [tile][channel]; each is multiplied by the
   weights' matrix of the same place; the results become tiles of 4 x 4. A thread takes a part of the tiles through all three steps, so that
   its matrices stay in the caches. */
#include "nn/winograd.h"

#include <omp.h>
#include <string.h>

#include "base/clones.h"
#include "nn/tile_product.h"
#include "nn/vector8.h"

enum {
    OUT = 4,
    IN = 6,
    PLACES = IN * IN,
    LANES = 8,
    LINE = 16,
    MOST_COLUMNS = 32,
    LEAST_CHANNELS = 32,
    MOST_PART = 192,
    LARGE_PART = 96,
    FAR_PIXELS = 256
};
#define NEAR_BYTES ((int64_t)3 << 18) /* what the second cache holds beside other things */

static int64_t up_to(int64_t value, int64_t step)
{
    return (value + step - 1) / step * step;
}

bool winograd_fits(const winograd_form *form)
{
    if (!tile_product_here().run || form->in_channels < LEAST_CHANNELS || form->out_channels < LEAST_CHANNELS)
        return false;
    const int64_t pixels = form->out[0] * form->out[1], covered = up_to(form->out[0], OUT) * up_to(form->out[1], OUT);
    const bool is_far = PLACES * form->in_channels * form->out_channels * (int64_t)sizeof(float) > NEAR_BYTES;
    /* Of what is left of the saving, transforms take their share; reading far weights must be worth it too. */
    return covered <= 2 * pixels && form->n * pixels >= (is_far ? FAR_PIXELS : 1);
}

static int64_t all_tiles(const winograd_plan *plan)
{
    return plan->form.n * plan->tiles[0] * plan->tiles[1];
}

winograd_plan winograd_plan_of(const winograd_form *form)
{
    const tile_product product = tile_product_here();
    winograd_plan plan = {.form = *form,
                          .tiles = {up_to(form->out[0], OUT) / OUT, up_to(form->out[1], OUT) / OUT},
                          .in_lanes = up_to(form->in_channels, nn_block()),
                          .out_lanes = up_to(form->out_channels, product.columns),
                          .rows = product.rows,
                          .columns = product.columns,
                          .threads = omp_get_max_threads()};
    const int64_t tile_bytes = PLACES * (plan.in_lanes + plan.out_lanes) * (int64_t)sizeof(float);
    /* Weights that come from afar are worth more tiles. */
    const bool is_far = (int64_t)winograd_weight_bytes(&plan) > NEAR_BYTES;
    const int64_t part_wanted = NEAR_BYTES / tile_bytes, least = is_far ? LARGE_PART : 4 * plan.rows;
    const int64_t share = (all_tiles(&plan) + plan.threads - 1) / plan.threads;
    const int64_t part = part_wanted < least ? least : part_wanted > MOST_PART ? MOST_PART : part_wanted;
    const int64_t parts = (share + part - 1) / part; /* of equal size, for each thread as many */
    plan.is_shared = is_far && parts == 1 && all_tiles(&plan) <= MOST_PART;
    plan.part = up_to(plan.is_shared ? all_tiles(&plan) : (share + parts - 1) / parts, plan.rows);
    return plan;
}

size_t winograd_weight_bytes(const winograd_plan *plan)
{
    return (size_t)(PLACES * plan->in_lanes * plan->out_lanes) * sizeof(float);
}

/* Numbers from one place's matrix to the next; a cache line more than it has, so that the places do not meet in one set of the cache. */
static int64_t gap_of(const winograd_plan *plan, int64_t lanes)
{
    return up_to(plan->part * lanes, LINE) + LINE;
}

static int64_t thread_numbers(const winograd_plan *plan)
{
    return PLACES * (gap_of(plan, plan->in_lanes) + gap_of(plan, plan->out_lanes));
}

size_t winograd_scratch_bytes(const winograd_plan *plan)
{
    return (size_t)(plan->is_shared ? 1 : plan->threads) * (size_t)thread_numbers(plan) * sizeof(float);
}

/* ---- weights: G g G', as [place][panel of columns][in][columns] ---- */

/* One kernel of each column of a panel: [9][columns], [36][columns]. */
typedef float panel_row[MOST_COLUMNS];

/* A row or column of three numbers to six, `step` rows apart. */
DF_INLINE void six_of_three(const panel_row *g, int g_step, panel_row *out, int step)
{
    for (int j = 0; j < MOST_COLUMNS; j++) {
        const float first = g[0][j], middle = g[g_step][j], last = g[2 * g_step][j];
        const float even = (first + last) / 6, quarter = first / 24 + last / 6;
        out[0][j] = first / 4;
        out[step][j] = -even - middle / 6;
        out[2 * step][j] = -even + middle / 6;
        out[3 * step][j] = quarter + middle / 12;
        out[4 * step][j] = quarter - middle / 12;
        out[5 * step][j] = last;
    }
}

DF_CLONES static void transform_kernels(const panel_row g[9], panel_row out[PLACES])
{
    panel_row rows[3 * IN];
    for (int r = 0; r < 3; r++)
        six_of_three(g + 3 * r, 1, rows + r * IN, 1);
    for (int c = 0; c < IN; c++)
        six_of_three((const panel_row *)rows + c, IN, out + c, IN);
}

/* From one input channel to the columns from `first` on. */
static void read_kernels(const winograd_plan *plan, const float *weights, int64_t in, int64_t first, panel_row g[9])
{
    const winograd_form *form = &plan->form;
    memset(g, 0, 9 * sizeof *g);
    for (int64_t j = 0; j < plan->columns && in < form->in_channels && first + j < form->out_channels; j++) {
        const int64_t out = first + j;
        const float *from = weights + 9 * (form->is_turned ? in * form->out_channels + out : out * form->in_channels + in);
        for (int i = 0; i < 9; i++)
            g[i][j] = from[form->is_turned ? 8 - i : i];
    }
}

void winograd_weights(const winograd_plan *plan, const float *weights, float *transformed)
{
    const int64_t columns = plan->columns, place = plan->in_lanes * plan->out_lanes;
#pragma omp parallel for schedule(static) collapse(2)
    for (int64_t first = 0; first < plan->out_lanes; first += columns)
        for (int64_t in = 0; in < plan->in_lanes; in++) {
            panel_row g[9], out[PLACES];
            read_kernels(plan, weights, in, first, g);
            transform_kernels((const panel_row *)g, out);
            float *to = transformed + first * plan->in_lanes + in * columns;
            for (int p = 0; p < PLACES; p++)
                memcpy(to + p * place, out[p], (size_t)columns * sizeof *to);
        }
}

/* ---- tiles ---- */

typedef struct tile {
    int64_t image, top, left; /* of its result */
} tile;

static tile tile_at(const winograd_plan *plan, int64_t number)
{
    const int64_t each = plan->tiles[0] * plan->tiles[1], within = number % each;
    return (tile){.image = number / each, .top = within / plan->tiles[1] * OUT, .left = within % plan->tiles[1] * OUT};
}

/* B' d of six numbers in place, `step` apart. */
DF_INLINE void six_of_six(vector8 *d, int step)
{
    const vector8 d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step];
    const vector8 even = d4 - 4 * d2, odd = d3 - 4 * d1, low = d4 - d2, lean = 2 * (d3 - d1);
    d[0] = 4 * d[0] - 5 * d2 + d4;
    d[5 * step] = 4 * d1 - 5 * d3 + d[5 * step];
    d[step] = even + odd;
    d[2 * step] = even - odd;
    d[3 * step] = low + lean;
    d[4 * step] = low - lean;
}

/* A' m of six numbers, `step` apart, to four in the first four places. */
DF_INLINE void four_of_six(vector8 *m, int step)
{
    const vector8 sum = m[step] + m[2 * step], difference = m[step] - m[2 * step];
    const vector8 far = m[3 * step] + m[4 * step], lean = m[3 * step] - m[4 * step];
    m[0] = m[0] + sum + far;
    m[step] = difference + 2 * lean;
    m[2 * step] = sum + 4 * far;
    m[3 * step] = difference + 8 * lean + m[5 * step];
}

DF_INLINE void transform_tile(vector8 d[PLACES], float *out, int64_t gap)
{
    for (int c = 0; c < IN; c++)
        six_of_six(d + c, IN);
    for (int r = 0; r < IN; r++)
        six_of_six(d + IN * r, 1);
    for (int p = 0; p < PLACES; p++)
        *(vector8 *)(out + p * gap) = d[p];
}

/* Eight channels of a tile: out[place * gap]. x: the image's block of channels, from the first of the eight. */
DF_CLONES static void tile_in(const winograd_plan *plan, const float *x, int64_t top, int64_t left, float *out, int64_t gap)
{
    const int64_t width = nn_block(), *in = plan->form.in, line = in[1] * width;
    const bool is_inside = top >= 0 && left >= 0 && top + IN <= in[0] && left + IN <= in[1];
    vector8 d[PLACES];
    if (is_inside) {
        const float *from = x + top * line + left * width;
        for (int r = 0; r < IN; r++)
            for (int c = 0; c < IN; c++)
                d[r * IN + c] = *(const vector8 *)(from + r * line + c * width);
    } else {
        for (int r = 0; r < IN; r++)
            for (int c = 0; c < IN; c++) {
                const bool is_there = top + r >= 0 && top + r < in[0] && left + c >= 0 && left + c < in[1];
                d[r * IN + c] = is_there ? *(const vector8 *)(x + (top + r) * line + (left + c) * width) : (vector8){0};
            }
    }
    transform_tile(d, out, gap);
}

/* Where a tile's result goes: the image's block of channels, from the first of the eight. */
typedef struct place_out {
    const float *offsets, *other; /* other NULL: none */
    const nn_bend_form *form;     /* NULL: none */
    float *y;
    int64_t line, width, rows, columns;
} place_out;

DF_INLINE void store_tile(const vector8 *m, const place_out *to, int64_t rows, int64_t columns)
{
    const vector8 offsets = *(const vector8 *)to->offsets;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) {
            const int64_t at = r * to->line + c * to->width;
            vector8 value = m[IN * r + c] + offsets;
            if (to->other)
                value += *(const vector8 *)(to->other + at);
            if (to->form)
                vector8_bend(&value, *to->form);
            *(vector8 *)(to->y + at) = value;
        }
}

/* Eight channels of a tile's result. */
DF_CLONES static void tile_out(const float *in, int64_t gap, const place_out *to)
{
    vector8 m[PLACES];
    for (int p = 0; p < PLACES; p++)
        m[p] = *(const vector8 *)(in + p * gap);
    for (int c = 0; c < IN; c++)
        four_of_six(m + c, IN);
    for (int r = 0; r < OUT; r++)
        four_of_six(m + IN * r, 1);
    if (to->rows == OUT && to->columns == OUT)
        store_tile(m, to, OUT, OUT);
    else
        store_tile(m, to, to->rows, to->columns);
}

typedef struct job {
    const winograd_plan *plan;
    const winograd_tail *tail;
    const float *x, *weights;
    float *y;
} job;

/* Where the eight channels from `channel` on begin in an image's blocks. */
static int64_t lane_at(int64_t image, int64_t lanes, int64_t channel, int64_t pixels)
{
    const int64_t width = nn_block();
    return image * lanes * pixels + channel / width * width * pixels + channel % width;
}

/* A part of the tiles on its way; tiles are counted from its first. */
typedef struct part {
    const job *job;
    int64_t first, count;
    float *matrices, *products; /* [place][tile][lanes], places gap_of apart */
} part;

static part part_at(const job *j, int64_t first, float *memory)
{
    const int64_t rest = all_tiles(j->plan) - first;
    return (part){.job = j,
                  .first = first,
                  .count = rest < j->plan->part ? rest : j->plan->part,
                  .matrices = memory,
                  .products = memory + PLACES * gap_of(j->plan, j->plan->in_lanes)};
}

static void transform_in(const part *p, int64_t t)
{
    const winograd_plan *plan = p->job->plan;
    const int64_t pixels = plan->form.in[0] * plan->form.in[1];
    const tile at = tile_at(plan, p->first + t);
    for (int64_t c = 0; c < plan->in_lanes; c += LANES)
        tile_in(plan, p->job->x + lane_at(at.image, plan->in_lanes, c, pixels), at.top - plan->form.pad[0], at.left - plan->form.pad[1],
                p->matrices + t * plan->in_lanes + c, gap_of(plan, plan->in_lanes));
}

/* The panel of columns that begins there, of one place. */
static void multiply(const part *p, int64_t place, int64_t column)
{
    const winograd_plan *plan = p->job->plan;
    const tile_product product = tile_product_here();
    const float *weights = p->job->weights + place * plan->in_lanes * plan->out_lanes + column * plan->in_lanes;
    const float *from = p->matrices + place * gap_of(plan, plan->in_lanes);
    float *to = p->products + place * gap_of(plan, plan->out_lanes) + column;
    for (int64_t t = 0; t < p->count; t += plan->rows)
        product.run(plan->in_lanes, from + t * plan->in_lanes, plan->in_lanes, weights, to + t * plan->out_lanes, plan->out_lanes);
}

static void transform_out(const part *p, int64_t t)
{
    static const float zeros[LANES] = {0};
    const winograd_plan *plan = p->job->plan;
    const winograd_tail *tail = p->job->tail;
    const int64_t width = nn_block(), *out = plan->form.out, lanes = up_to(plan->form.out_channels, width);
    const tile at = tile_at(plan, p->first + t);
    place_out to = {.form = tail->bend, .line = out[1] * width, .width = width};
    to.rows = out[0] - at.top < OUT ? out[0] - at.top : OUT;
    to.columns = out[1] - at.left < OUT ? out[1] - at.left : OUT;
    for (int64_t c = 0; c < lanes; c += LANES) {
        const int64_t place = lane_at(at.image, lanes, c, out[0] * out[1]) + (at.top * out[1] + at.left) * width;
        const int64_t left = plan->form.out_channels - c;
        float some[LANES] = {0};
        to.offsets = tail->offsets && left >= LANES ? tail->offsets + c : zeros;
        if (tail->offsets && left > 0 && left < LANES)
            to.offsets = memcpy(some, tail->offsets + c, (size_t)left * sizeof *some);
        to.other = tail->other ? tail->other + place : NULL;
        to.y = p->job->y + place;
        tile_out(p->products + t * plan->out_lanes + c, gap_of(plan, plan->out_lanes), &to);
    }
}

/* Threads do parts of their own. */
static void run_parts(const job *j, float *memory)
{
    const winograd_plan *plan = j->plan;
#pragma omp parallel for schedule(static) num_threads(plan->threads)
    for (int64_t first = 0; first < all_tiles(plan); first += plan->part) {
        const part p = part_at(j, first, memory + omp_get_thread_num() * thread_numbers(plan));
        for (int64_t t = 0; t < p.count; t++)
            transform_in(&p, t);
        for (int64_t place = 0; place < PLACES; place++)
            for (int64_t column = 0; column < plan->out_lanes; column += plan->columns)
                multiply(&p, place, column);
        for (int64_t t = 0; t < p.count; t++)
            transform_out(&p, t);
    }
}

/* Few tiles and many weights: threads share the columns, so that each weight is read once. */
static void run_shared(const job *j, float *memory)
{
    const winograd_plan *plan = j->plan;
    const part p = part_at(j, 0, memory);
#pragma omp parallel num_threads(plan->threads)
    {
#pragma omp for schedule(static)
        for (int64_t t = 0; t < p.count; t++)
            transform_in(&p, t);
#pragma omp for schedule(static) collapse(2)
        for (int64_t place = 0; place < PLACES; place++)
            for (int64_t column = 0; column < plan->out_lanes; column += plan->columns)
                multiply(&p, place, column);
#pragma omp for schedule(static)
        for (int64_t t = 0; t < p.count; t++)
            transform_out(&p, t);
    }
}

void winograd_run(const winograd_plan *plan, const float *x, const float *transformed, const winograd_tail *tail, void *scratch, float *y)
{
    job j = {.plan = plan, .tail = tail, .x = x, .weights = transformed};
    j.y = y;
    (plan->is_shared ? run_shared : run_parts)(&j, scratch);
}
