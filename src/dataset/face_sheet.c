/* face_sheet.c: each chosen image becomes one cell, or one and another for each of its dense labels. */
#include "dataset/face_sheet.h"

#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "dataset/face_choice.h"
#include "dataset/face_layers.h"
#include "dataset/journal.h"
#include "image/image_file.h"
#include "plot/sheet.h"

enum { USUAL_COUNT = 48, USUAL_COLUMNS = 8, NOTE = 160, CAPTION_LINES = 2 };

static const size_t MEMORY = (size_t)1 << 30;

/* A sheet under way. */
typedef struct face_sheet {
    const char *folder;
    const face_sheet_options *options;
    bool layers[LABEL_KIND_COUNT]; /* those shown */
    sheet *cells;
    df_arena *arena;
} face_sheet;

static bool read_image(const face_sheet *s, const char *name, image *out, df_error *err)
{
    char path[DATASET_PATH];
    return df_path_join(path, sizeof path, s->folder, name, err) && image_read_file(path, out, s->arena, err);
}

static bool add_image(const face_sheet *s, const face_chosen *one, df_error *err)
{
    image picture, *cell = sheet_cell(s->cells);
    const canvas_box whole = {.width = (float)cell->width, .height = (float)cell->height};
    if (!read_image(s, one->image, &picture, err) || !canvas_picture(cell, &picture, whole, s->arena, err))
        return false;
    if (s->options->labels == FACE_SHEET_LABELS && one->overlay.width > 0)
        face_overlay_draw(&one->overlay, cell);
    return sheet_put(s->cells, one->caption, one->detail, err);
}

static bool add_layer(const face_sheet *s, const face_chosen *one, label_kind kind, df_error *err)
{
    image label, picture;
    if (one->labels[kind][0] == '\0')
        return sheet_put(s->cells, label_kind_names[kind], "none", err);
    return read_image(s, one->labels[kind], &label, err) && face_layer_picture(kind, &label, &picture, s->arena, err) &&
           sheet_add(s->cells, &picture, label_kind_names[kind], NULL, s->arena, err);
}

static bool add_chosen(const face_sheet *s, const face_chosen *one, df_error *err)
{
    const df_arena_mark mark = df_arena_save(s->arena);
    bool is_good = add_image(s, one, err);
    for (int kind = 0; kind < LABEL_KIND_COUNT && is_good; kind++)
        is_good = !s->layers[kind] || add_layer(s, one, (label_kind)kind, err);
    df_arena_restore(s->arena, mark);
    return is_good;
}

/* Cells of each image; 0 with a sentence. */
static int find_layers(face_sheet *s, const face_choice *choice, df_error *err)
{
    int cells = 1;
    if (s->options->labels != FACE_SHEET_DENSE)
        return cells;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        for (int i = 0; i < choice->count; i++)
            s->layers[kind] |= label_is_image((label_kind)kind) && choice->list[i].labels[kind][0] != '\0';
        cells += s->layers[kind];
    }
    if (cells == 1)
        df_fail(err, "%s: no dense labels, expected segmentation, depth or normals", s->folder);
    return cells > 1 ? cells : 0;
}

static bool draw(face_sheet *s, const face_choice *choice, const char *out, df_error *err)
{
    char note[NOTE];
    const char *slash = strrchr(s->folder, '/'), *name = slash && slash[1] ? slash + 1 : s->folder;
    const int each = find_layers(s, choice, err), cells = each * choice->count;
    snprintf(note, sizeof note, "%d of %lld images, %lld identities.%s", choice->count, (long long)choice->images,
             (long long)choice->identities, choice->imported ? "" : " Synthetic faces.");
    const sheet_options options = {.title = s->options->title ? s->options->title : name,
                                   .note = note,
                                   .cell = s->options->cell,
                                   .columns = s->options->columns     ? s->options->columns
                                              : cells < USUAL_COLUMNS ? cells
                                                                      : USUAL_COLUMNS / (each ? each : 1) * each,
                                   .caption_lines = CAPTION_LINES,
                                   .count = cells};
    s->cells = each ? sheet_open(out, &options, err) : NULL;
    bool is_good = s->cells != NULL;
    for (int i = 0; i < choice->count && is_good; i++)
        is_good = df_may_go_on(err) && add_chosen(s, &choice->list[i], err);
    if (is_good)
        return sheet_close(s->cells, err);
    sheet_abandon(s->cells);
    return false;
}

bool face_sheet_write(const char *folder, const face_sheet_options *options, const char *out, int *shown, df_error *err)
{
    const int wanted = options->count > 0 ? options->count : USUAL_COUNT;
    face_sheet s = {.folder = folder, .options = options};
    face_choice choice = {0};
    if (wanted > FACE_SHEET_MOST)
        return df_fail(err, "a sheet of %d images, expected at most %d", wanted, FACE_SHEET_MOST);
    s.arena = df_arena_new(MEMORY, err);
    const bool is_good = s.arena && face_choose(folder, wanted, options->seed, s.arena, &choice, err) && draw(&s, &choice, out, err);
    df_arena_free(s.arena);
    if (is_good && shown)
        *shown = choice.count;
    return is_good;
}
