/* platt.c: two numbers by Newton's method; the step is halved until the likelihood grows. */
#include "attributes/platt.h"

#include <math.h>

enum { STEPS = 100, HALVINGS = 30 };
static const double SMALLEST = 1e-10, RIDGE = 1e-12;

typedef struct problem {
    const float *logits;
    const bool *truths;
    size_t count;
    double yes, no; /* what the truths count as */
} problem;

/* log(1 + exp(x)) without overflow. */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double loss_of(const problem *p, double slope, double offset)
{
    double sum = 0;
    for (size_t i = 0; i < p->count; i++) {
        const double z = slope * (double)p->logits[i] + offset;
        sum += softplus(z) - z * (p->truths[i] ? p->yes : p->no);
    }
    return sum;
}

/* Where Newton's step leads: minus the inverse of the second derivatives times the first. */
static void newton(const problem *p, double slope, double offset, double step[2])
{
    double g[2] = {0}, h[3] = {RIDGE, 0, RIDGE};
    for (size_t i = 0; i < p->count; i++) {
        const double x = (double)p->logits[i], share = 1 / (1 + exp(-(slope * x + offset)));
        const double miss = share - (p->truths[i] ? p->yes : p->no), weight = share * (1 - share);
        g[0] += miss * x;
        g[1] += miss;
        h[0] += weight * x * x;
        h[1] += weight * x;
        h[2] += weight;
    }
    const double determinant = h[0] * h[2] - h[1] * h[1];
    step[0] = -(h[2] * g[0] - h[1] * g[1]) / determinant;
    step[1] = -(h[0] * g[1] - h[1] * g[0]) / determinant;
}

static void minimise(const problem *p, double *slope, double *offset)
{
    double loss = loss_of(p, *slope, *offset);
    for (int s = 0; s < STEPS; s++) {
        double step[2], share = 1, next = loss;
        int h = 0;
        newton(p, *slope, *offset, step);
        for (; h < HALVINGS; h++, share /= 2) {
            next = loss_of(p, *slope + share * step[0], *offset + share * step[1]);
            if (next < loss)
                break;
        }
        if (h == HALVINGS)
            return;
        *slope += share * step[0];
        *offset += share * step[1];
        if (loss - next < SMALLEST * (1 + loss))
            return;
        loss = next;
    }
}

bool platt_fit(const float *logits, const bool *truths, size_t count, double *slope, double *offset)
{
    size_t positives = 0;
    for (size_t i = 0; i < count; i++)
        positives += truths[i];
    const problem p = {logits, truths, count, ((double)positives + 1) / ((double)positives + 2), 1 / ((double)(count - positives) + 2)};
    double a = 1, b = 0;
    *slope = 1;
    *offset = 0;
    if (positives == 0 || positives == count)
        return false;
    minimise(&p, &a, &b);
    if (!(a > 0) || !isfinite(a) || !isfinite(b))
        return false;
    *slope = a;
    *offset = b;
    return true;
}
