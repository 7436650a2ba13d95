/* schedule.c: warm-up, then one of three shapes. */
#include "train/schedule.h"

#include <math.h>
#include <stddef.h>

static const double PI = 3.14159265358979323846;

static const char *const names[] = {
    [SCHEDULE_CONSTANT] = "constant", [SCHEDULE_STEPS] = "steps", [SCHEDULE_COSINE] = "cosine", [SCHEDULE_KIND_COUNT] = NULL};

const char *schedule_name(schedule_kind kind)
{
    return names[kind];
}

static bool check_drops(const schedule *s, df_error *err)
{
    if (s->drop_count < 1 || s->drop_count > SCHEDULE_MOST_DROPS)
        return df_fail(err, "schedule: %d drops of the rate, expected 1 to %d", s->drop_count, SCHEDULE_MOST_DROPS);
    if (!(s->factor > 0 && isfinite(s->factor)))
        return df_fail(err, "schedule: a factor of %g, expected one above 0", (double)s->factor);
    for (int i = 0; i < s->drop_count; i++)
        if (s->drops[i] <= (i > 0 ? s->drops[i - 1] : 0))
            return df_fail(err, "schedule: drop %d is at step %lld, expected one after %lld", i + 1, (long long)s->drops[i],
                           (long long)(i > 0 ? s->drops[i - 1] : 0));
    return true;
}

bool schedule_check(const schedule *s, df_error *err)
{
    if (s->warm_up < 0)
        return df_fail(err, "schedule: a warm-up of %lld steps", (long long)s->warm_up);
    switch (s->kind) {
    case SCHEDULE_STEPS:
        return check_drops(s, err);
    case SCHEDULE_COSINE:
        if (!(s->floor >= 0 && s->floor <= 1))
            return df_fail(err, "schedule: a cosine that ends at %g of the rate, expected 0 to 1", (double)s->floor);
        return s->length > s->warm_up || df_fail(err, "schedule: a cosine of %lld steps, expected more than the warm-up's %lld",
                                                 (long long)s->length, (long long)s->warm_up);
    case SCHEDULE_CONSTANT:
    case SCHEDULE_KIND_COUNT:
        break;
    }
    return true;
}

static double dropped(const schedule *s, int64_t step)
{
    double rate = 1;
    for (int i = 0; i < s->drop_count && step > s->drops[i]; i++)
        rate *= (double)s->factor;
    return rate;
}

static double cosine(const schedule *s, int64_t step)
{
    if (step >= s->length)
        return (double)s->floor;
    const double part = (double)(step - s->warm_up) / (double)(s->length - s->warm_up);
    return (double)s->floor + (1 - (double)s->floor) * (1 + cos(PI * part)) / 2;
}

double schedule_at(const schedule *s, int64_t step)
{
    if (step < s->warm_up)
        return (double)step / (double)s->warm_up;
    switch (s->kind) {
    case SCHEDULE_STEPS:
        return dropped(s, step);
    case SCHEDULE_COSINE:
        return cosine(s, step);
    case SCHEDULE_CONSTANT:
    case SCHEDULE_KIND_COUNT:
        break;
    }
    return 1;
}
