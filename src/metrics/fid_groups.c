/* fid_groups.c: the distance of each group of two sets. */
#include <string.h>

#include "metrics/fid_parts.h"
#include "metrics/frechet.h"

static int32_t group_of(const image_labels *labels, const char *name)
{
    for (int i = 0; i < labels->group_count; i++)
        if (strcmp(labels->names[i], name) == 0)
            return i;
    return -1;
}

/* The rows whose group has the name. */
static bool rows_of(const image_set *set, const image_label *labels, const char *name, df_arena *arena, feature_rows *out, df_error *err)
{
    const int32_t group = group_of(&set->labels, name);
    int64_t *order = df_alloc(arena, (size_t)set->features.count, sizeof *order, err);
    *out = (feature_rows){.set = &set->features, .order = order};
    for (int64_t i = 0; order && group >= 0 && i < set->features.count; i++)
        if (labels[i].group == group)
            order[out->count++] = i;
    return order != NULL;
}

static bool measure(fid_group *g, const image_set *sets[2], const image_label *const labels[2], df_arena *arena, df_error *err)
{
    feature_rows a, b;
    const df_arena_mark mark = df_arena_save(arena);
    bool ok = rows_of(sets[0], labels[0], g->name, arena, &a, err) && rows_of(sets[1], labels[1], g->name, arena, &b, err);
    if (ok) {
        g->count_a = a.count;
        g->count_b = b.count;
        g->has_fid = a.count >= FID_GROUP_LEAST && b.count >= FID_GROUP_LEAST;
        ok = !g->has_fid || frechet_of_rows(&a, &b, arena, &g->fid, err);
    }
    df_arena_restore(arena, mark);
    return ok;
}

bool fid_by_group(const image_set *a, const image_set *b, const df_progress *progress, df_arena *arena, fid_group **out, int *count,
                  df_error *err)
{
    const image_set *sets[] = {a, b};
    const image_label *labels[2];
    for (int s = 0; s < 2; s++)
        if (sets[s]->labels.group_count == 0)
            return df_fail(err, "%s: no image has '%s', expected groups", sets[s]->features.path, sets[s]->labels.key);
    fid_group *groups = df_alloc(arena, (size_t)2 * LABEL_GROUPS, sizeof *groups, err);
    int found = 0;
    bool ok = groups && image_set_labels(a, arena, &labels[0], err) && image_set_labels(b, arena, &labels[1], err);
    for (int s = 0; ok && s < 2; s++)
        for (int i = 0; i < sets[s]->labels.group_count; i++)
            if (s == 0 || group_of(&a->labels, b->labels.names[i]) < 0)
                groups[found++].name = sets[s]->labels.names[i];
    df_progress_start(progress, "groups", found);
    for (int g = 0; ok && g < found; g++) {
        ok = measure(&groups[g], sets, labels, arena, err);
        df_progress_step(progress, g + 1);
    }
    df_progress_finish(progress);
    *out = groups;
    *count = found;
    return ok;
}
