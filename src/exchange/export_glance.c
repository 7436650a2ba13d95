/* export_glance.c: the members of the line by their keys; of their values plain strings and plain numbers. */
#include "exchange/export_glance.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/json_members.h"

enum { MOST_DIGITS = 9 };

/* Without escapes, and with room for it. */
static bool take_text(json_part value, char *out, size_t room)
{
    if (value.length < 2 || value.text[0] != '"' || value.text[value.length - 1] != '"' || value.length - 2 >= room ||
        memchr(value.text, '\\', value.length))
        return false;
    memcpy(out, value.text + 1, value.length - 2);
    out[value.length - 2] = '\0';
    return true;
}

static bool take_number(json_part value, int64_t *out)
{
    int64_t number = 0;
    if (value.length == 0 || value.length > MOST_DIGITS)
        return false;
    for (size_t i = 0; i < value.length; i++) {
        if (value.text[i] < '0' || value.text[i] > '9')
            return false;
        number = 10 * number + (value.text[i] - '0');
    }
    *out = number;
    return true;
}

static bool take_band(json_part value, int64_t *channels)
{
    char name[FACE_NAME];
    if (!take_text(value, name, sizeof name))
        return false;
    for (int band = 0; band < BAND_COUNT; band++)
        if (strcmp(render_band_names[band], name) == 0) {
            *channels = band_channels((render_band)band);
            return true;
        }
    return false;
}

/* What a line has said so far; -1 and "": nothing. */
typedef struct glance {
    manifest_entry *entry;
    int64_t index, width, height, channels, size;
} glance;

/* False for a value that a glance does not suffice for. */
static bool take(glance *g, json_part key, json_part value)
{
    const struct {
        const char *key;
        char *text;
        size_t room;
    } texts[] = {{"image", g->entry->image, sizeof g->entry->image},
                 {"identity", g->entry->identity, sizeof g->entry->identity},
                 {"split", g->entry->split, sizeof g->entry->split}};
    const struct {
        const char *key;
        int64_t *number;
    } numbers[] = {{"index", &g->index}, {"width", &g->width}, {"height", &g->height}, {"channels", &g->channels}, {"size", &g->size}};
    for (size_t i = 0; i < DF_ARRAY_LEN(texts); i++)
        if (json_part_is(key, texts[i].key))
            return take_text(value, texts[i].text, texts[i].room);
    for (size_t i = 0; i < DF_ARRAY_LEN(numbers); i++)
        if (json_part_is(key, numbers[i].key))
            return take_number(value, numbers[i].number);
    return !json_part_is(key, "band") || take_band(value, &g->channels);
}

bool export_glance(const char *line, size_t length, manifest_entry *out)
{
    manifest_entry entry = {0};
    glance g = {.entry = &entry, .index = -1, .width = -1, .height = -1, .channels = -1, .size = -1};
    if (length < 2 || line[0] != '{' || line[length - 1] != '}')
        return false;
    json_members members = json_members_of(line, length);
    for (json_part key, value; json_members_next(&members, &key, &value);)
        if (!take(&g, key, value))
            return false;
    if (members.at != line + length - 1) /* the brace that closes the object */
        return false;
    if (g.width < 0)
        g.width = g.height = g.size;
    if (!entry.image[0] || !entry.identity[0] || g.index < 0 || g.width <= 0 || g.height <= 0 || g.channels < 0 ||
        g.width > IMAGE_MAX_SIDE || g.height > IMAGE_MAX_SIDE || g.channels > 4)
        return false;
    entry.index = g.index;
    entry.width = (int)g.width;
    entry.height = (int)g.height;
    entry.channels = (int)g.channels;
    *out = entry;
    return true;
}
