/* export_lines.c: lines, parsed or glanced at, and the order that they have to have. */
#include "exchange/export_lines.h"

#include <string.h>

#include "base/stop.h"
#include "dataset/journal.h"
#include "exchange/export_glance.h"

bool export_lines_open(const char *path, const char *split, export_depth depth, export_lines *out, df_error *err)
{
    export_lines lines = {.path = path, .split = split};
    switch (depth) {
    case EXPORT_GLANCED:
        lines.glanced = df_lines_open(path, JOURNAL_LINE, err);
        break;
    case EXPORT_PARSED:
        lines.reader = manifest_open(path, err);
        break;
    }
    *out = lines;
    return lines.glanced || lines.reader;
}

void export_lines_close(export_lines *lines)
{
    manifest_close(lines->reader);
    df_lines_close(lines->glanced);
    export_people_free(&lines->people);
}

/* Imported sets may have any letters in their ids. */
static bool is_file_name(const char *id)
{
    for (const char *at = id; *at; at++)
        if (*at == '/' || (unsigned char)*at < ' ' || *at == 0x7F)
            return false;
    return id[0] != '\0' && id[0] != '.';
}

static bool check_order(const manifest_entry *entry, export_person *who, df_error *err)
{
    if (!is_file_name(entry->identity))
        return df_fail(err, "%s: the identity is no name that a folder could have", entry->image);
    if (entry->index <= who->last_index)
        return df_fail(err, "%s: image %lld of '%s' comes after image %lld: a line is doubled or out of order", entry->image,
                       (long long)entry->index, entry->identity, (long long)who->last_index);
    who->last_index = entry->index;
    return true;
}

static bool read_line(export_lines *lines, manifest_entry *entry, bool *found, df_error *err)
{
    const char *line;
    size_t length;
    if (lines->reader)
        return manifest_next(lines->reader, entry, found, err);
    if (!df_lines_next(lines->glanced, &line, &length, err))
        return false;
    *found = line != NULL;
    return !line || export_glance(line, length, entry) || manifest_parse(line, length, entry, NULL, err) ||
           df_fail_in(err, "%s, line %zu", lines->path, df_lines_number(lines->glanced));
}

bool export_lines_next(export_lines *lines, manifest_entry *entry, int64_t *number, bool *found, df_error *err)
{
    for (;;) {
        if (df_stop_signal())
            return df_fail(err, "stopped");
        if (!read_line(lines, entry, found, err))
            return false;
        if (!*found)
            return true;
        if (!lines->split || strcmp(entry->split, lines->split) == 0)
            break;
        lines->others++;
    }
    export_person *who = export_people_find(&lines->people, entry->identity, err);
    if (!who || !check_order(entry, who, err))
        return false;
    *number = who->number;
    lines->images++;
    return true;
}
