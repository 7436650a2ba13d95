/* walk.c: joined sides are what makes [n][c][h][w] against [c][1][1] two loops and not four. */
#include "nn/walk.h"

enum { LANES = 2, MOST = NN_MAX_RANK };

/* Sides with the strides of two arrays; the last side is the fastest. */
typedef struct sides {
    int count;
    int64_t size[MOST], step[LANES][MOST];
} sides;

static sides sides_of(const nn_shape *target, const nn_shape *a, const nn_shape *b)
{
    int64_t strides[LANES][MOST] = {{0}};
    sides s = {0};
    nn_shape_strides(a, target, strides[0]);
    nn_shape_strides(b, target, strides[1]);
    for (int d = 0; d < target->rank; d++) {
        const int64_t size = target->size[d];
        const int last = s.count - 1;
        if (size == 1)
            continue;
        /* Two sides are one where stepping over the inner one's end is a step of the outer one, for both arrays. */
        if (last >= 0 && s.step[0][last] == strides[0][d] * size && s.step[1][last] == strides[1][d] * size) {
            s.size[last] *= size;
            s.step[0][last] = strides[0][d];
            s.step[1][last] = strides[1][d];
            continue;
        }
        s.size[s.count] = size;
        s.step[0][s.count] = strides[0][d];
        s.step[1][s.count++] = strides[1][d];
    }
    if (s.count == 0) /* one number */
        s = (sides){.count = 1, .size = {1}};
    return s;
}

/* Where item `index` of the first `count` sides lies in an array. */
static int64_t place(const sides *s, int lane, int count, int64_t index)
{
    int64_t at = 0;
    for (int d = count - 1; d >= 0; d--) {
        at += index % s->size[d] * s->step[lane][d];
        index /= s->size[d];
    }
    return at;
}

void nn_walk_pair(const nn_step *step, nn_pair_row *row)
{
    const nn_node *node = step->node;
    const int64_t total = nn_memory_elements(node);
    const sides s = node->layout == NN_BLOCKED ? (sides){.count = 1, .size = {total}, .step = {{1}, {1}}}
                                               : sides_of(&node->shape, &node->inputs[0]->shape, &node->inputs[1]->shape);
    const int inner = s.count - 1;
    const int64_t width = s.size[inner];
    /* A single long row is cut, so that threads can share it. */
    const int64_t cut = inner == 0 && width > NN_ALONE ? NN_ALONE : width;
    const int64_t pieces = (width + cut - 1) / (cut > 0 ? cut : 1), rows = width > 0 ? total / width : 0;
#pragma omp parallel for schedule(static) if (total > NN_ALONE)
    for (int64_t i = 0; i < rows * pieces; i++) {
        const int64_t r = i / pieces, first = i % pieces * cut, count = first + cut < width ? cut : width - first;
        row(step->out + r * width + first, step->in[0] + place(&s, 0, inner, r) + first * s.step[0][inner], s.step[0][inner],
            step->in[1] + place(&s, 1, inner, r) + first * s.step[1][inner], s.step[1][inner], count);
    }
}

/* Sum over the sides that the result does not have, for one of its elements. */
static double sum_at(const float *x, const sides *reduced)
{
    const int inner = reduced->count - 1;
    const int64_t width = reduced->size[inner], gap = reduced->step[0][inner];
    int64_t rows = 1;
    double sum = 0;
    for (int d = 0; d < inner; d++)
        rows *= reduced->size[d];
    for (int64_t r = 0; r < rows; r++) {
        const float *row = x + place(reduced, 0, inner, r);
        double part = 0;
        if (gap == 1) {
#pragma omp simd reduction(+ : part)
            for (int64_t i = 0; i < width; i++)
                part += (double)row[i];
        } else {
            for (int64_t i = 0; i < width; i++)
                part += (double)row[i * gap];
        }
        sum += part;
    }
    return sum;
}

void nn_walk_sum(const nn_step *step)
{
    const nn_node *node = step->node;
    const nn_shape *from = &node->inputs[0]->shape;
    const sides all = sides_of(from, from, &node->shape);
    sides kept = {0}, reduced = {0};
    for (int d = 0; d < all.count; d++) {
        sides *to = all.step[1][d] == 0 ? &reduced : &kept;
        to->size[to->count] = all.size[d];
        to->step[0][to->count++] = all.step[0][d];
    }
    if (reduced.count == 0)
        reduced = (sides){.count = 1, .size = {1}};
    const int64_t count = nn_elements(&node->shape), work = nn_elements(from);
#pragma omp parallel for schedule(static) if (work > NN_ALONE)
    for (int64_t i = 0; i < count; i++)
        step->out[i] = (float)sum_at(step->in[0] + place(&kept, 0, kept.count, i), &reduced);
}
