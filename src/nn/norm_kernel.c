/* norm_kernel.c: a plane (one channel, or one block of them, of one image) is one thread's. Blocks are read as one or two vectors of eight
   channels a pixel, plain planes number by number. */
#include "nn/norm_kernel.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"

enum { PIECE = 64, WIDEST = 16, LANES = 8, LISTS = 5 };

norm_view norm_view_of(const nn_shape *x, nn_layout layout)
{
    norm_view view = {.n = x->size[0], .c = x->size[1], .pixels = 1, .width = layout == NN_BLOCKED ? nn_block() : 1};
    for (int d = 2; d < x->rank; d++)
        view.pixels *= x->size[d];
    view.groups = (view.c + view.width - 1) / view.width;
    return view;
}

size_t norm_scratch(const norm_view *view)
{
    const size_t planes = (size_t)(view->n * view->groups), lanes = (size_t)view->width;
    return planes * lanes * 2 * sizeof(double) + (size_t)(view->groups * view->width) * LISTS * sizeof(float);
}

/* A list [c] with zeros in the lanes past it. */
static const float *padded(const norm_view *view, const float *list, float *room)
{
    const size_t c = (size_t)view->c, all = (size_t)(view->groups * view->width);
    if (c == all)
        return list;
    memcpy(room, list, c * sizeof *list);
    memset(room + c, 0, (all - c) * sizeof *list);
    return room;
}

/* The numbers of one plane. A plain plane is read as rows of WIDEST pixels with the same numbers for all. */
typedef struct plane {
    const float *mean, *factor, *offset, *share, *lean;
    nn_bend_form bend;
} plane;

static plane plane_at(const plane *all, int64_t first)
{
    return (plane){.mean = all->mean + first,
                   .factor = all->factor + first,
                   .offset = all->offset + first,
                   .share = all->share + first,
                   .lean = all->lean + first,
                   .bend = all->bend};
}

DF_INLINE float bent(float z, nn_bend_form bend)
{
    const float y = bend.gain * (z > 0 ? z : bend.slope * z), low = y > bend.top ? bend.top : y; /* NaN stays */
    return low < -bend.top ? -bend.top : low;
}

DF_INLINE float through_bend(float z, float dy, nn_bend_form bend)
{
    const float at = z > 0 ? bend.gain : bend.gain * bend.slope;
    return fabsf(at * z) < bend.top ? at * dy : 0;
}

/* ---- y ---- */

/* parts: vectors of a pixel; known to the compiler. */
DF_INLINE void apply_parts(const plane *p, const float *x, const float *other, float *y, int64_t pixels, int parts)
{
    const vector8 *mean = (const vector8 *)p->mean, *factor = (const vector8 *)p->factor, *offset = (const vector8 *)p->offset;
    for (int64_t i = 0; i < pixels; i++)
        for (int k = 0; k < parts; k++) {
            const int64_t at = (i * parts + k) * LANES;
            vector8 z = (*(const vector8 *)(x + at) - mean[k]) * factor[k] + offset[k];
            if (other)
                z += *(const vector8 *)(other + at);
            vector8_bend(&z, p->bend);
            *(vector8 *)(y + at) = z;
        }
}

DF_CLONES static void apply_plain(const plane *p, const float *x, const float *other, float *y, int64_t pixels)
{
    const float mean = *p->mean, factor = *p->factor, offset = *p->offset;
    const nn_bend_form bend = p->bend;
    for (int64_t i = 0; i < pixels; i++) {
        const float z = (x[i] - mean) * factor + offset;
        y[i] = bent(other ? z + other[i] : z, bend);
    }
}

DF_CLONES static void apply_8(const plane *p, const float *x, const float *other, float *y, int64_t pixels)
{
    apply_parts(p, x, other, y, pixels, 1);
}

DF_CLONES static void apply_16(const plane *p, const float *x, const float *other, float *y, int64_t pixels)
{
    apply_parts(p, x, other, y, pixels, 2);
}

void norm_apply(const norm_view *view, const norm_line *line, const float *x, const float *other, void *scratch, float *y)
{
    const int64_t size = view->pixels * view->width, lanes = view->groups * view->width;
    float *room = scratch;
    const float *factor = padded(view, line->factor, room), *offset = padded(view, line->offset, room + lanes);
    const float *mean = padded(view, line->mean, room + 2 * lanes);
    const plane all = {.mean = mean, .factor = factor, .offset = offset, .share = mean, .lean = mean, .bend = line->bend};
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < view->n * view->groups; i++) {
        const plane p = plane_at(&all, i % view->groups * view->width);
        const float *added = other ? other + i * size : NULL;
        (view->width == 1 ? apply_plain : view->width == 8 ? apply_8 : apply_16)(&p, x + i * size, added, y + i * size, view->pixels);
    }
}

/* ---- sums ---- */

DF_INLINE void add_to_doubles(double *sums, const vector8 *piece)
{
    for (int k = 0; k < LANES; k++)
        sums[k] += (double)(*piece)[k];
}

/* [2][parts * LANES]: sums over a plane of centred x and its square, or of the gradient and its product with centred x. */
DF_INLINE void sums_of_parts(const plane *p, const float *x, const float *dy, int64_t pixels, int parts, bool has_dy, double *sums)
{
    const int width = parts * LANES;
    memset(sums, 0, 2 * (size_t)width * sizeof *sums);
    for (int k = 0; k < parts; k++) {
        const vector8 mean = ((const vector8 *)p->mean)[k], factor = ((const vector8 *)p->factor)[k];
        const vector8 offset = ((const vector8 *)p->offset)[k];
        for (int64_t from = 0; from < pixels; from += PIECE) {
            const int64_t end = from + PIECE < pixels ? from + PIECE : pixels;
            vector8 one = {0}, two = {0};
            for (int64_t i = from; i < end; i++) {
                const vector8 centred = *(const vector8 *)(x + i * width + k * LANES) - mean;
                vector8 g = centred;
                if (has_dy) {
                    const vector8 z = centred * factor + offset;
                    g = *(const vector8 *)(dy + i * width + k * LANES);
                    vector8_bend_back(&z, &g, p->bend);
                }
                one += g;
                two += g * centred;
            }
            add_to_doubles(sums + k * LANES, &one);
            add_to_doubles(sums + width + k * LANES, &two);
        }
    }
}

DF_CLONES static void spread_8(const plane *p, const float *x, const float *dy, int64_t pixels, double *sums)
{
    sums_of_parts(p, x, dy, pixels, 1, false, sums);
}

DF_CLONES static void spread_16(const plane *p, const float *x, const float *dy, int64_t pixels, double *sums)
{
    sums_of_parts(p, x, dy, pixels, 2, false, sums);
}

DF_CLONES static void lean_8(const plane *p, const float *x, const float *dy, int64_t pixels, double *sums)
{
    sums_of_parts(p, x, dy, pixels, 1, true, sums);
}

DF_CLONES static void lean_16(const plane *p, const float *x, const float *dy, int64_t pixels, double *sums)
{
    sums_of_parts(p, x, dy, pixels, 2, true, sums);
}

/* Of a plain plane: WIDEST pixels side by side as if they were channels, then the rest. */
typedef void sums_of_plane(const plane *p, const float *x, const float *dy, int64_t pixels, double *sums);

static void plain_sums(sums_of_plane *wide, const plane *p, const float *x, const float *dy, int64_t pixels, double *sums)
{
    float mean[WIDEST], factor[WIDEST], offset[WIDEST], rest_x[WIDEST], rest_dy[WIDEST];
    double all[2 * WIDEST];
    const int64_t whole = pixels / WIDEST * WIDEST, rest = pixels - whole;
    for (int k = 0; k < WIDEST; k++) {
        mean[k] = *p->mean;
        factor[k] = *p->factor;
        offset[k] = *p->offset;
    }
    const plane same = {.mean = mean, .factor = factor, .offset = offset, .bend = p->bend};
    sums[0] = sums[1] = 0;
    wide(&same, x, dy, whole / WIDEST, all);
    for (int k = 0; k < WIDEST; k++) {
        sums[0] += all[k];
        sums[1] += all[WIDEST + k];
    }
    for (int k = 0; k < WIDEST; k++) {
        rest_x[k] = k < rest ? x[whole + k] : 0;
        rest_dy[k] = k < rest && dy ? dy[whole + k] : 0;
    }
    wide(&same, rest_x, rest_dy, 1, all);
    for (int k = 0; k < rest; k++) {
        sums[0] += all[k];
        sums[1] += all[WIDEST + k];
    }
}

/* out [2][lanes] in double over the scratch memory's first planes. */
static const double *sum_planes(const norm_view *view, const plane *all, bool has_dy, const float *x, const float *dy, double *scratch)
{
    const int64_t size = view->pixels * view->width, lanes = view->width, width = view->groups * lanes;
    sums_of_plane *wide = view->width == 8 ? (has_dy ? lean_8 : spread_8) : (has_dy ? lean_16 : spread_16);
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < view->n * view->groups; i++) {
        const plane p = plane_at(all, i % view->groups * lanes);
        double *sums = scratch + i * lanes * 2;
        if (lanes == 1)
            plain_sums(wide, &p, x + i * size, has_dy ? dy + i * size : NULL, view->pixels, sums);
        else
            wide(&p, x + i * size, has_dy ? dy + i * size : NULL, view->pixels, sums);
    }
    for (int64_t n = 1; n < view->n; n++) /* into the first image's, in order */
        for (int64_t k = 0; k < 2 * width; k++)
            scratch[k] += scratch[n * 2 * width + k];
    return scratch;
}

static double first_sum(const norm_view *view, const double *sums, int64_t c)
{
    return sums[c / view->width * view->width * 2 + c % view->width];
}

static double second_sum(const norm_view *view, const double *sums, int64_t c)
{
    return sums[c / view->width * view->width * 2 + view->width + c % view->width];
}

/* Behind the planes' sums. */
static float *lists(const norm_view *view, void *scratch)
{
    void *behind = (char *)scratch + (size_t)(view->n * view->groups * view->width * 2) * sizeof(double);
    return behind;
}

/* Centred on the channel's first number, so that large means do not eat the variance's digits. */
void norm_moments(const norm_view *view, const float *x, void *scratch, float *moments)
{
    const double count = (double)(view->n * view->pixels);
    float *centre = lists(view, scratch);
    for (int64_t k = 0; k < view->groups * view->width; k++)
        centre[k] = x[k / view->width * view->width * view->pixels + k % view->width];
    const plane all = {.mean = centre, .factor = centre, .offset = centre, .share = centre, .lean = centre};
    const double *sums = sum_planes(view, &all, false, x, NULL, scratch);
    for (int64_t c = 0; c < view->c; c++) {
        const double mean = first_sum(view, sums, c) / count, variance = second_sum(view, sums, c) / count - mean * mean;
        moments[c] = (float)((double)centre[c] + mean);
        moments[view->c + c] = variance > 0 ? (float)variance : 0;
    }
}

void norm_sums(const norm_view *view, const norm_line *line, const float *x, const float *dy, void *scratch, float *sums)
{
    const int64_t lanes = view->groups * view->width;
    float *room = lists(view, scratch);
    const float *mean = padded(view, line->mean, room);
    const plane all = {.mean = mean,
                       .factor = padded(view, line->factor, room + lanes),
                       .offset = padded(view, line->offset, room + 2 * lanes),
                       .share = mean,
                       .lean = mean,
                       .bend = line->bend};
    const double *found = sum_planes(view, &all, true, x, dy, scratch);
    for (int64_t c = 0; c < view->c; c++) {
        sums[c] = (float)first_sum(view, found, c);
        sums[view->c + c] = (float)second_sum(view, found, c);
    }
}

/* ---- dx ---- */

DF_INLINE void back_parts(const plane *p, const float *x, const float *dy, float *dx, int64_t pixels, int parts)
{
    const vector8 *mean = (const vector8 *)p->mean, *factor = (const vector8 *)p->factor, *offset = (const vector8 *)p->offset;
    const vector8 *share = (const vector8 *)p->share, *lean = (const vector8 *)p->lean;
    for (int64_t i = 0; i < pixels; i++)
        for (int k = 0; k < parts; k++) {
            const int64_t at = (i * parts + k) * LANES;
            const vector8 centred = *(const vector8 *)(x + at) - mean[k], z = centred * factor[k] + offset[k];
            vector8 g = *(const vector8 *)(dy + at);
            vector8_bend_back(&z, &g, p->bend);
            *(vector8 *)(dx + at) = factor[k] * (g - share[k] - centred * lean[k]);
        }
}

DF_CLONES static void back_plain(const plane *p, const float *x, const float *dy, float *dx, int64_t pixels)
{
    const float mean = *p->mean, factor = *p->factor, offset = *p->offset, share = *p->share, lean = *p->lean;
    const nn_bend_form bend = p->bend;
    for (int64_t i = 0; i < pixels; i++) {
        const float centred = x[i] - mean, g = through_bend(centred * factor + offset, dy[i], bend);
        dx[i] = factor * (g - share - centred * lean);
    }
}

DF_CLONES static void back_8(const plane *p, const float *x, const float *dy, float *dx, int64_t pixels)
{
    back_parts(p, x, dy, dx, pixels, 1);
}

DF_CLONES static void back_16(const plane *p, const float *x, const float *dy, float *dx, int64_t pixels)
{
    back_parts(p, x, dy, dx, pixels, 2);
}

void norm_back(const norm_view *view, const norm_line *line, const float *share, const float *lean, const float *x, const float *dy,
               void *scratch, float *dx)
{
    const int64_t size = view->pixels * view->width, lanes = view->groups * view->width;
    float *room = scratch;
    const plane all = {.mean = padded(view, line->mean, room),
                       .factor = padded(view, line->factor, room + lanes),
                       .offset = padded(view, line->offset, room + 2 * lanes),
                       .share = padded(view, share, room + 3 * lanes),
                       .lean = padded(view, lean, room + 4 * lanes),
                       .bend = line->bend};
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < view->n * view->groups; i++) {
        const plane p = plane_at(&all, i % view->groups * view->width);
        (view->width == 1 ? back_plain : view->width == 8 ? back_8 : back_16)(&p, x + i * size, dy + i * size, dx + i * size, view->pixels);
    }
}
