/* background_folder.c: photographs as backgrounds. */
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "image/colour.h"
#include "image/image_file.h"
#include "render/background.h"

enum { PATH_ROOM = 4096 };

struct background_folder {
    const char *path;
    char **names; /* [count] */
    int count;
};

static bool is_picture(const char *name)
{
    static const char *const endings[] = {".png", ".jpg", ".jpeg"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < DF_ARRAY_LEN(endings); i++)
        if (strcasecmp(dot, endings[i]) == 0)
            return true;
    return false;
}

background_folder *background_folder_open(const char *path, df_arena *arena, df_error *err)
{
    background_folder *folder = df_alloc(arena, 1, sizeof *folder, err);
    size_t count;
    if (!folder || !(folder->path = df_copy_string(arena, path, err)) || !df_folder_list(path, arena, &folder->names, &count, err))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (is_picture(folder->names[i]))
            folder->names[folder->count++] = folder->names[i];
    if (folder->count == 0) {
        df_fail(err, "%s: no PNG or JPEG images, expected at least one", path);
        return NULL;
    }
    return folder;
}

int background_folder_count(const background_folder *folder)
{
    return folder->count;
}

const char *background_folder_name(const background_folder *folder, int index)
{
    return folder->names[index];
}

/* A window of the picture with the shape asked for: the largest that fits, times a random share. */
static bool crop(const image *from, int width, int height, df_random *random, image *out, df_arena *scratch, df_error *err)
{
    const float most = (float)from->width / (float)width < (float)from->height / (float)height ? (float)from->width / (float)width
                                                                                               : (float)from->height / (float)height;
    const float scale = most * df_random_range(random, 0.6f, 1.0f);
    int w = (int)((float)width * scale), h = (int)((float)height * scale);
    w = w < 1 ? 1 : w > from->width ? from->width : w;
    h = h < 1 ? 1 : h > from->height ? from->height : h;
    const size_t x = df_random_below(random, (uint32_t)(from->width - w + 1)),
                 y = df_random_below(random, (uint32_t)(from->height - h + 1));
    if (!image_new(out, w, h, from->channels, from->type, scratch, err))
        return false;
    const size_t pixel = image_bytes(from) / ((size_t)from->width * (size_t)from->height), row = (size_t)w * pixel;
    for (size_t r = 0; r < (size_t)h; r++)
        memcpy((char *)out->data + r * row, (const char *)from->data + ((y + r) * (size_t)from->width + x) * pixel, row);
    return true;
}

/* Encoded grey or colour to linear values of the channels asked for. */
static void linearise(const image *from, int channels, float *out)
{
    const float *values = from->data;
    const size_t pixels = (size_t)from->width * (size_t)from->height, stored = (size_t)from->channels;
    for (size_t i = 0; i < pixels; i++) {
        float rgb[3];
        for (size_t c = 0; c < 3; c++)
            rgb[c] = srgb_to_linear(values[i * stored + (stored < 3 ? 0 : c)]);
        if (channels == 1)
            out[i] = luminance(rgb);
        else
            memcpy(out + 3 * i, rgb, sizeof rgb);
    }
}

bool background_folder_draw(const background_folder *folder, int index, int width, int height, int channels, df_random *random, float *out,
                            df_arena *scratch, df_error *err)
{
    char path[PATH_ROOM];
    image whole, part, small, floats;
    if (!df_path_join(path, sizeof path, folder->path, folder->names[index], err) || !image_read_file(path, &whole, scratch, err))
        return false;
    if (!crop(&whole, width, height, random, &part, scratch, err) || !image_resize(&part, width, height, &small, scratch, err) ||
        !image_convert(&small, IMAGE_FLOAT, &floats, scratch, err))
        return df_fail_in(err, "%s", path);
    linearise(&floats, channels, out);
    return true;
}
