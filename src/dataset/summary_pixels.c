/* summary_pixels.c: how bright faces came out, by group: a first answer to whether a set treats its groups alike. */
#include "dataset/face_measure.h"
#include "dataset/summary.h"

typedef struct by_group {
    const summary *of;
    tally *groups;
} by_group;

static void add_image(void *user, const manifest_entry *entry, const double values[FACE_MEASURE_COUNT])
{
    const by_group *to = user;
    tally_add(&to->groups[demographics_group(&to->of->people, entry->ethnicity)], values[FACE_MEASURE_EXPOSURE]);
}

bool summary_read_pixels(const char *folder, const summary *of, int sample, tally groups[DEMOGRAPHICS_GROUPS], df_error *err)
{
    by_group to = {.of = of, .groups = groups};
    for (int g = 0; g < DEMOGRAPHICS_GROUPS; g++)
        groups[g] = (tally){.width = face_measure_rows[FACE_MEASURE_EXPOSURE].width};
    return face_measure_set(folder, of->images, sample > 0 ? sample : 1, NULL, add_image, &to, err);
}
