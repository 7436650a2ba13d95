/* makehuman_targets.c: targets.bin holds int16 thousandths of a decimetre, [targets][vertices][3], without a header; row r is
   the r-th name of target-list.json in bytewise order. */
#include "face/makehuman_targets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { MOST_TARGETS = 1 << 14, LIST_LIMIT = 16 << 20, PATH_ROOM = 4096, NAME_ROOM = 128, FIRST_HELPER = 13380 };
static const float MM_PER_STEP = 0.1f;  /* 0.001 dm */
static const float FARTHEST_MM = 60.0f; /* no sound shape of the head moves a vertex so far */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "data/targets/nose/x.target" without its first folders and its ending. */
static const char *short_name(const char *key, df_arena *arena, df_error *err)
{
    static const char before[] = "data/targets/", after[] = ".target";
    const size_t length = strlen(key), cut = strlen(before) + strlen(after);
    if (length <= cut || strncmp(key, before, strlen(before)) != 0 || strcmp(key + length - strlen(after), after) != 0) {
        df_fail(err, "targets: '%.80s', expected %s...%s", key, before, after);
        return NULL;
    }
    char *name = df_copy(arena, key + strlen(before), length - cut + 1, err);
    if (name)
        name[length - cut] = '\0';
    return name;
}

static bool sorted_names(const json_t *root, df_arena *arena, const char ***out, int *count, df_error *err)
{
    json_t *targets = json_object_get(root, "targets");
    const size_t size = json_object_size(targets);
    if (size == 0 || size > MOST_TARGETS)
        return df_fail(err, "targets: %zu, expected 1 to %d", size, MOST_TARGETS);
    const char **names = df_alloc(arena, size, sizeof *names, err);
    if (!names)
        return false;
    const char *key;
    json_t *value;
    size_t n = 0;
    json_object_foreach(targets, key, value)
        names[n++] = key;
    qsort(names, n, sizeof *names, compare_names); /* by the whole key: the order of the rows */
    for (size_t i = 0; i < n; i++)
        if (!(names[i] = short_name(names[i], arena, err)))
            return false;
    *out = names;
    *count = (int)n;
    return true;
}

static json_t *read_json(const char *path, df_arena *arena, df_error *err)
{
    df_bytes bytes;
    if (!df_file_read(path, LIST_LIMIT, arena, &bytes, err))
        return NULL;
    json_t *root = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (!root)
        df_fail_in(err, "%s", path);
    return root;
}

static bool read_names(const char *assets, df_arena *arena, makehuman_targets *out, df_error *err)
{
    char path[PATH_ROOM];
    if (!df_path_join(path, sizeof path, assets, "src/json/targets/target-list.json", err))
        return false;
    json_t *root = read_json(path, arena, err);
    if (!root)
        return false;
    const bool good = sorted_names(root, arena, &out->names, &out->count, err) || df_fail_in(err, "%s", path);
    json_decref(root);
    return good;
}

bool makehuman_targets_open(const char *assets, int vertex_count, df_arena *arena, makehuman_targets *out, df_error *err)
{
    makehuman_targets targets = {.vertex_count = vertex_count};
    char path[PATH_ROOM];
    if (!read_names(assets, arena, &targets, err) || !df_path_join(path, sizeof path, assets, "public/data/targets/targets.bin", err) ||
        !df_file_map(path, &targets.bytes, err))
        return false;
    const size_t expected = (size_t)targets.count * (size_t)vertex_count * 3 * sizeof(int16_t);
    if (targets.bytes.size != expected) {
        df_fail(err, "%s: %zu bytes, expected %zu for %d targets of %d vertices", path, targets.bytes.size, expected, targets.count,
                vertex_count);
        df_file_unmap(&targets.bytes);
        return false;
    }
    *out = targets;
    return true;
}

void makehuman_targets_close(makehuman_targets *targets)
{
    df_file_unmap(&targets->bytes);
}

int makehuman_target_find(const makehuman_targets *targets, const char *name)
{
    for (int row = 0; row < targets->count; row++) /* not sorted any more once the endings are gone */
        if (strcmp(targets->names[row], name) == 0)
            return row;
    return -1;
}

static void read_vertex(const makehuman_targets *targets, int row, int32_t vertex, float out[3])
{
    unsigned char raw[3][2];
    const size_t at = ((size_t)row * (size_t)targets->vertex_count + (size_t)vertex) * sizeof raw;
    memcpy(raw, targets->bytes.data + at, sizeof raw);
    for (int axis = 0; axis < 3; axis++)
        out[axis] = (float)(int16_t)(uint16_t)(raw[axis][0] | raw[axis][1] << 8) * MM_PER_STEP;
}

bool makehuman_target_read(const makehuman_targets *targets, int row, const int32_t *vertices, int count, float *out, df_error *err)
{
    const char *name = targets->names[row];
    const bool is_corrupt = strcmp(name, "eyes/r-eye-bag-max") == 0;
    const bool is_macro = strncmp(name, "macrodetails/", strlen("macrodetails/")) == 0; /* these move the whole head */
    for (size_t i = 0; i < (size_t)count; i++) {
        float *to = out + 3 * i;
        read_vertex(targets, row, vertices[i], to);
        if (is_corrupt && vertices[i] >= FIRST_HELPER)
            to[0] = to[1] = to[2] = 0;
        for (int axis = 0; axis < 3; axis++)
            if (!is_macro && fabsf(to[axis]) > FARTHEST_MM)
                return df_fail(err, "target '%s': moves vertex %d by %g mm, expected at most %g", name, (int)vertices[i], (double)to[axis],
                               (double)FARTHEST_MM);
    }
    return true;
}

/* "GROUP/TARGET" or "GROUP/TARGET-END". */
static bool find_row(const makehuman_targets *targets, const char *group, const char *target, const char *end, int *row, df_error *err)
{
    char name[NAME_ROOM];
    const int length = snprintf(name, sizeof name, "%s/%s%s%s", group, target, end ? "-" : "", end ? end : "");
    *row = length < (int)sizeof name ? makehuman_target_find(targets, name) : -1;
    return *row >= 0 || df_fail(err, "slider %s/%s: no target '%s'", group, target, name);
}

typedef struct slider_list {
    makehuman_slider *sliders; /* room for one a target */
    int count;
    const makehuman_targets *targets;
    df_arena *arena;
} slider_list;

static bool add_slider(slider_list *list, const char *group, const char *target, const char *low, const char *high, df_error *err)
{
    makehuman_slider slider = {.low = -1};
    if (list->count >= list->targets->count)
        return df_fail(err, "more sliders than targets");
    if (low && !find_row(list->targets, group, target, low, &slider.low, err))
        return false;
    if (!find_row(list->targets, group, target, high, &slider.high, err))
        return false;
    slider.group = df_copy_string(list->arena, group, err);
    slider.name = slider.group ? df_copy_string(list->arena, target, err) : NULL;
    if (!slider.name)
        return false;
    list->sliders[list->count++] = slider;
    return true;
}

static bool add_group(slider_list *list, const json_t *entry, const char *group, df_error *err)
{
    const json_t *modifiers = json_object_get(entry, "modifiers");
    for (size_t i = 0; i < json_array_size(modifiers); i++) {
        const json_t *row = json_array_get(modifiers, i);
        const char *target = NULL, *low = json_string_value(json_object_get(row, "min")),
                   *high = json_string_value(json_object_get(row, "max"));
        if (!df_json_get_string(row, "target", &target, err) || !add_slider(list, group, target, low, high, err))
            return df_fail_in(err, "group '%s'", group);
    }
    return true;
}

static bool add_groups(slider_list *list, const json_t *root, const char *const *groups, df_error *err)
{
    for (size_t g = 0; groups[g]; g++) {
        bool found = false;
        for (size_t i = 0; i < json_array_size(root); i++) {
            const json_t *entry = json_array_get(root, i);
            const char *name = json_string_value(json_object_get(entry, "group"));
            if (!name || strcmp(name, groups[g]) != 0)
                continue;
            found = true;
            if (!add_group(list, entry, groups[g], err))
                return false;
        }
        if (!found)
            return df_fail(err, "no group '%s'", groups[g]);
    }
    return true;
}

/* The asym targets come in pairs X-l and X-r and are in no list. */
static bool add_asymmetries(slider_list *list, df_error *err)
{
    static const char before[] = "asym/asym-", after[] = "-l";
    for (int row = 0; row < list->targets->count; row++) {
        const char *name = list->targets->names[row];
        const size_t length = strlen(name);
        if (strncmp(name, before, strlen(before)) != 0 || strcmp(name + length - strlen(after), after) != 0)
            continue;
        char target[NAME_ROOM];
        const int size = snprintf(target, sizeof target, "%.*s", (int)(length - strlen("asym/") - strlen(after)), name + strlen("asym/"));
        if (size < 0 || size >= (int)sizeof target || !add_slider(list, "asym", target, "l", "r", err))
            return df_fail_in(err, "'%.80s'", name);
    }
    return true;
}

bool makehuman_sliders_read(const char *assets, const makehuman_targets *targets, const char *const *groups, df_arena *arena,
                            makehuman_slider **out, int *count, df_error *err)
{
    char path[PATH_ROOM];
    slider_list list = {.targets = targets, .arena = arena};
    list.sliders = df_alloc(arena, (size_t)targets->count, sizeof *list.sliders, err);
    if (!list.sliders || !df_path_join(path, sizeof path, assets, "src/json/modifiers/modeling_modifiers.json", err))
        return false;
    json_t *root = read_json(path, arena, err);
    if (!root)
        return false;
    const bool good = add_groups(&list, root, groups, err) || df_fail_in(err, "%s", path);
    json_decref(root);
    if (!good || !add_asymmetries(&list, err))
        return false;
    *out = list.sliders;
    *count = list.count;
    return true;
}
