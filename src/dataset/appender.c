/* appender.c: from the window's lines to the journal's file, behind the files of the images. */
#include "dataset/appender.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

static const double SECONDS_BETWEEN = 0.5;

static bool sync_path(const char *folder, const char *name, df_error *err)
{
    char path[DATASET_PATH];
    if (!df_path_join(path, sizeof path, folder, name, err))
        return false;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool is_good = file >= 0 && fsync(file) == 0;
    if (!is_good)
        df_fail(err, "%s: %s", path, strerror(errno));
    if (file >= 0)
        close(file);
    return is_good;
}

/* A file like "ID/0000.png", and its folder after the last one. */
static bool sync_file(const char *folder, const char *name, bool is_last, df_error *err)
{
    char parent[MANIFEST_PATH];
    if (!sync_path(folder, name, err))
        return false;
    snprintf(parent, sizeof parent, "%s", name);
    *strrchr(parent, '/') = '\0';
    return !is_last || sync_path(folder, parent, err);
}

static bool sync_image(const maker_setting *setting, const window_item *item, bool is_last, df_error *err)
{
    char name[MANIFEST_PATH];
    manifest_image_path(name, item->person->who.id, item->index);
    if (!sync_file(setting->folder, name, is_last, err))
        return false;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        manifest_label_path(name, (label_kind)kind, item->person->who.id, item->index);
        if (setting->job->labels[kind] && !sync_file(setting->folder, name, is_last, err))
            return false;
    }
    return true;
}

/* The files of the images from the first that is not appended up to `end`, and the folders that name them. */
static bool sync_images(const appender *to, const window *w, int end, df_error *err)
{
    for (int i = w->appended; i < end; i++) {
        const bool is_last = i + 1 == end || w->items[i + 1].person != w->items[i].person;
        if (!sync_image(to->setting, &w->items[i], is_last, err))
            return false;
    }
    return sync_path(to->setting->folder, ".", err);
}

static bool put(appender *to, window *w, df_error *err)
{
    int end = w->appended;
    df_text_clear(&to->lines);
    for (; end < w->count && w->items[end].is_done; end++)
        df_text_add_bytes(&to->lines, w->items[end].line.data, w->items[end].line.size);
    const int count = end - w->appended;
    if (count == 0)
        return true;
    const bool sync = to->sync == SYNC_IDENTITY;
    if (!df_text_ok(&to->lines, err) || (sync && !sync_images(to, w, end, err)) ||
        !journal_append(to->journal, to->lines.data, to->lines.size, count, err) || (sync && !journal_sync(to->journal, err)))
        return false;
    w->appended = end;
    to->made += count;
    df_progress_step(to->progress, to->journal->lines);
    return true;
}

void appender_put(appender *to, window *w)
{
    if (!to->is_broken && !put(to, w, &to->err))
        to->is_broken = true;
    to->last = df_clock();
}

void appender_put_sometimes(appender *to, window *w)
{
    if (df_clock() - to->last > SECONDS_BETWEEN)
        appender_put(to, w);
}

void appender_free(appender *to)
{
    df_text_free(&to->lines);
}
