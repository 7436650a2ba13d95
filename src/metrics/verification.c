/* verification.c: one walk down the scores, with the pairs accepted so far. */
#include "metrics/verification.h"

enum { MOST_POINTS = 8192 }; /* a hundredth at a time, 10^-10 to 1 in both shares takes 5000 */

verification_walk verification_begin(int64_t genuine, int64_t impostor)
{
    verification_walk walk = {.so_far = {.genuine = genuine, .impostor = impostor}, .bin = SCORE_BINS, .next = -1};
    int64_t allowed = impostor;
    for (int e = 0; e < VERIFICATION_RATES; e++) {
        allowed /= 10; /* in integers, so that no rounding enters */
        walk.so_far.points[e] = (verification_point){.allowed = allowed, .threshold = (double)NAN};
        walk.next += allowed > 0;
    }
    return walk;
}

static double far_at(const verification_walk *walk, int64_t accepted)
{
    return (double)accepted / (double)walk->so_far.impostor;
}

static double frr_at(const verification_walk *walk, int64_t accepted)
{
    return (double)(walk->so_far.genuine - accepted) / (double)walk->so_far.genuine;
}

/* The step from where the walk stands down to `bin` is the first that accepts more impostors than the point allows. */
static void set_point(verification_walk *walk, int32_t bin)
{
    walk->so_far.points[walk->next] = (verification_point){
        .has_value = true,
        .allowed = walk->so_far.points[walk->next].allowed,
        .kept_out = bin,
        .threshold = walk->bin < SCORE_BINS ? score_of_bin(walk->bin) : (double)NAN,
        .far = far_at(walk, walk->impostor_accepted),
        .frr = frr_at(walk, walk->genuine_accepted),
    };
    walk->next--;
}

/* The step from where the walk stands (FAR below FRR or equal) to `bin` (FAR above FRR) holds the crossing. */
static void set_eer(verification_walk *walk, int32_t bin, int64_t genuine_accepted, int64_t impostor_accepted)
{
    const double far = far_at(walk, impostor_accepted), far_above = far_at(walk, walk->impostor_accepted);
    const double high = far - frr_at(walk, genuine_accepted), low = far_above - frr_at(walk, walk->genuine_accepted);
    walk->so_far.eer = far + high / (high - low) * (far_above - far);
    walk->so_far.eer_threshold = score_of_bin(walk->bin < SCORE_BINS ? walk->bin : bin);
    walk->has_crossed = true;
}

void verification_step(verification_walk *walk, int32_t bin, int64_t genuine, int64_t impostor)
{
    const int64_t genuine_accepted = walk->genuine_accepted + genuine, impostor_accepted = walk->impostor_accepted + impostor;
    while (walk->next >= 0 && impostor_accepted > walk->so_far.points[walk->next].allowed)
        set_point(walk, bin);
    if (!walk->has_crossed && far_at(walk, impostor_accepted) > frr_at(walk, genuine_accepted))
        set_eer(walk, bin, genuine_accepted, impostor_accepted);
    if (genuine > 0) /* combinations that are in order, and half of the ties */
        walk->so_far.auc += (double)genuine * ((double)(walk->so_far.impostor - impostor_accepted) + (double)impostor / 2);
    walk->genuine_accepted = genuine_accepted;
    walk->impostor_accepted = impostor_accepted;
    walk->bin = bin;
}

verification verification_end(const verification_walk *walk)
{
    verification v = walk->so_far;
    v.auc = v.auc / (double)v.genuine / (double)v.impostor;
    return v;
}

bool verification_measure(const score_histogram *genuine, const score_histogram *impostor, verification *out, df_error *err)
{
    const int64_t all_genuine = score_histogram_total(genuine), all_impostor = score_histogram_total(impostor);
    if (all_genuine == 0 || all_impostor == 0)
        return df_fail(err, "no %s pair: expected one at least", all_genuine == 0 ? "genuine" : "impostor");
    verification_walk walk = verification_begin(all_genuine, all_impostor);
    for (int32_t bin = SCORE_BINS; (bin = score_histogram_below(genuine, impostor, bin)) >= 0;)
        verification_step(&walk, bin, score_histogram_count(genuine, bin), score_histogram_count(impostor, bin));
    *out = verification_end(&walk);
    return true;
}

/* Whether a share has moved enough from what the last point showed. */
static bool has_moved(double from, double to)
{
    return fabs(to - from) > fmax(from, to) / 100;
}

static void put_curve_point(verification_curve *c, double far, double frr, double threshold)
{
    c->far[c->count] = far;
    c->frr[c->count] = frr;
    c->threshold[c->count++] = threshold;
}

bool verification_trace(const score_histogram *genuine, const score_histogram *impostor, df_arena *arena, verification_curve *out,
                        df_error *err)
{
    const int64_t all_genuine = score_histogram_total(genuine), all_impostor = score_histogram_total(impostor);
    int64_t genuine_accepted = 0, impostor_accepted = 0;
    verification_curve c = {.far = df_alloc(arena, MOST_POINTS, sizeof *c.far, err),
                            .frr = df_alloc(arena, MOST_POINTS, sizeof *c.frr, err),
                            .threshold = df_alloc(arena, MOST_POINTS, sizeof *c.threshold, err)};
    if (!c.far || !c.frr || !c.threshold)
        return false;
    put_curve_point(&c, 0, 1, HUGE_VAL);
    for (int32_t bin = SCORE_BINS; (bin = score_histogram_below(genuine, impostor, bin)) >= 0 && c.count < MOST_POINTS;) {
        genuine_accepted += score_histogram_count(genuine, bin);
        impostor_accepted += score_histogram_count(impostor, bin);
        const double far = (double)impostor_accepted / (double)all_impostor;
        const double frr = (double)(all_genuine - genuine_accepted) / (double)all_genuine;
        const bool is_last = impostor_accepted == all_impostor && genuine_accepted == all_genuine;
        if (has_moved(c.far[c.count - 1], far) || has_moved(c.frr[c.count - 1], frr) || is_last)
            put_curve_point(&c, far, frr, score_of_bin(bin));
    }
    *out = c;
    return true;
}
