/* verify_files.c: decode, compare, look for what nobody named. */
#include "dataset/verify_files.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "dataset/journal.h"
#include "dataset/label_planes.h"
#include "dataset/pixel_hash.h"
#include "image/image_file.h"
#include "image/png.h"

#define JPEG ".jpg"

enum { FILE_LIMIT = 1 << 30 };

bool verify_named_init(verify_named *named, df_arena *arena, df_error *err)
{
    for (int k = 0; k < VERIFY_FILES; k++)
        if (!(named->bits[k] = df_alloc(arena, JOB_MAX_PER_IDENTITY / 8, 1, err)))
            return false;
    if (!(named->jpegs = df_alloc(arena, JOB_MAX_PER_IDENTITY / 8, 1, err)))
        return false;
    named->highest = -1;
    return true;
}

static void set_bit(uint8_t *bits, int64_t index)
{
    bits[index / 8] |= (uint8_t)(1u << index % 8);
}

static bool has_bit(const uint8_t *bits, int64_t index)
{
    return index < JOB_MAX_PER_IDENTITY && (bits[index / 8] >> index % 8 & 1) != 0;
}

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

void verify_named_add(verify_named *named, const manifest_entry *entry)
{
    set_bit(named->bits[0], entry->index);
    if (ends_with(entry->image, JPEG))
        set_bit(named->jpegs, entry->index);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (entry->labels[kind].path[0])
            set_bit(named->bits[1 + kind], entry->index);
    if (entry->index > named->highest)
        named->highest = entry->index;
}

void verify_named_clear(verify_named *named)
{
    for (int k = 0; k < VERIFY_FILES; k++)
        memset(named->bits[k], 0, (size_t)(named->highest / 8 + 1));
    memset(named->jpegs, 0, (size_t)(named->highest / 8 + 1));
    named->highest = -1;
}

static bool check_form(const image *pixels, const manifest_entry *entry, int channels, image_type type, df_error *err)
{
    if (pixels->width != entry->width || pixels->height != entry->height)
        return df_fail(err, "%d x %d pixels, expected %d x %d", pixels->width, pixels->height, entry->width, entry->height);
    if (pixels->channels != channels || pixels->type != type)
        return df_fail(err, "%d channels of %d bits, expected %d of %d", pixels->channels, pixels->type == IMAGE_U16 ? 16 : 8, channels,
                       type == IMAGE_U16 ? 16 : 8);
    return true;
}

static bool check_regions(const image *pixels, df_error *err)
{
    const uint8_t *regions = pixels->data;
    for (size_t i = 0; i < image_bytes(pixels); i++)
        if (regions[i] >= FACE_REGION_COUNT)
            return df_fail(err, "class %d, expected 0 to %d", regions[i], FACE_REGION_COUNT - 1);
    return true;
}

/* What file k must be by the manifest; the type of normals may be either where nobody says which. */
static void expected_form(const manifest_entry *entry, int k, int normals16, const image *pixels, int *channels, image_type *type)
{
    if (k == 0) {
        *channels = entry->channels;
        *type = entry->bits == 16 ? IMAGE_U16 : IMAGE_U8;
        return;
    }
    label_form((label_kind)(k - 1), entry->band, normals16 > 0, channels, type);
    if (k - 1 == LABEL_NORMALS && normals16 < 0)
        *type = pixels->type;
}

static bool check_pixels(const manifest_entry *entry, int k, int normals16, const image *pixels, df_arena *scratch, df_error *err)
{
    int channels;
    image_type type;
    char sha256[DF_SHA256_TEXT];
    const char *expected = k == 0 ? entry->sha256 : entry->labels[k - 1].sha256;
    expected_form(entry, k, normals16, pixels, &channels, &type);
    if (!check_form(pixels, entry, channels, type, err) || (k - 1 == LABEL_SEGMENTATION && k > 0 && !check_regions(pixels, err)) ||
        !pixel_hash(pixels, scratch, sha256, err))
        return false;
    return strcmp(sha256, expected) == 0 ||
           df_fail(err, "other pixels than the manifest says (SHA-256 %.12s..., expected %.12s...)", sha256, expected);
}

/* A label that is no image: its bytes. */
static bool check_bytes(df_bytes bytes, const char *expected, df_error *err)
{
    char sha256[DF_SHA256_TEXT];
    df_sha256_of(bytes.data, bytes.size, sha256);
    return strcmp(sha256, expected) == 0 ||
           df_fail(err, "other bytes than the manifest says (SHA-256 %.12s..., expected %.12s...)", sha256, expected);
}

static bool check_file(const char *path, const manifest_entry *entry, int k, int normals16, df_arena *scratch, df_error *err)
{
    df_bytes bytes;
    image pixels;
    if (!df_path_exists(path))
        return df_fail(err, "missing");
    if (k > 0 && !label_is_image((label_kind)(k - 1)))
        return df_file_read(path, FILE_LIMIT, scratch, &bytes, err) && check_bytes(bytes, entry->labels[k - 1].sha256, err);
    if (!df_file_read(path, FILE_LIMIT, scratch, &bytes, err))
        return false;
    return (k == 0 && entry->imported[0] ? image_decode : png_decode)(bytes, &pixels, scratch, err) &&
           check_pixels(entry, k, normals16, &pixels, scratch, err);
}

bool verify_file(const char *folder, const manifest_entry *entry, int k, int normals16, df_arena *scratch, df_error *err)
{
    char path[DATASET_PATH];
    const char *name = k == 0 ? entry->image : entry->labels[k - 1].path;
    if (name[0] == '\0')
        return true;
    const bool is_good = df_path_join(path, sizeof path, folder, name, err) && check_file(path, entry, k, normals16, scratch, err);
    return is_good || df_fail_in(err, "%s", name);
}

/* Index of "0007.png", as image_path writes it, or "0007.jpg", or with the ending of a label; -1 for other names. */
static int64_t index_of(const char *name, const char *ending)
{
    char canonical[32];
    int64_t index = 0;
    const size_t digits = strspn(name, "0123456789");
    if (digits < 4 || digits > 8)
        return -1;
    for (size_t i = 0; i < digits; i++)
        index = 10 * index + (name[i] - '0');
    snprintf(canonical, sizeof canonical, "%04lld.%s", (long long)index, ending);
    return strcmp(canonical, name) == 0 ? index : -1;
}

/* A name of the form that file k of some index has, and that index among those named. */
static bool is_named(const verify_named *named, int k, const char *name)
{
    const bool is_jpeg = k == 0 && ends_with(name, JPEG);
    const int64_t index = index_of(name, k > 0 ? label_kind_endings[k - 1] : is_jpeg ? "jpg" : "png");
    return index >= 0 && has_bit(named->bits[k], index) && (k > 0 || has_bit(named->jpegs, index) == is_jpeg);
}

static void look_for_others(const char *folder, const char *name, const verify_named *named, int k, verify_report *report, void *user)
{
    char path[DATASET_PATH];
    DIR *listing = df_path_join(path, sizeof path, folder, name, NULL) ? opendir(path) : NULL;
    if (!listing)
        return; /* its images are missing, and that is said already */
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        if (entry->d_name[0] == '.' || is_named(named, k, entry->d_name))
            continue;
        char sentence[512];
        snprintf(sentence, sizeof sentence, "%s/%.256s: not named by the manifest", name, entry->d_name);
        report(user, sentence);
    }
    closedir(listing);
}

void verify_folders(const char *folder, const char *identity, const verify_named *named, verify_report *report, void *user)
{
    char name[MANIFEST_PATH];
    look_for_others(folder, identity, named, 0, report, user);
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        snprintf(name, sizeof name, "labels/%s/%s", label_kind_names[kind], identity);
        look_for_others(folder, name, named, 1 + kind, report, user);
    }
}
