/* proxy.c: the table of proxies that the default model takes, and their reading. */
#include "face/proxy.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "face/proxy_mesh.h"
#include "face/proxy_texture.h"

enum { PATH_ROOM = 4096, LENSES = 2 };

/* The heads that proxies were fitted to: distances (dm) along x, y and z between the vertices that scale the offsets. The package
   leaves them out; they were found by fitting MakeHuman's parameters to the shapes as modelled. */
typedef enum author_head {
    ANY_HEAD, /* the offsets are 0, or next to it */
    EXACT_HEAD,
    BEARD_HEAD,
    BROW_HEAD,
    TEETH_HEAD,
    SHORT01_HEAD,
    BOB02_HEAD,
    LONG01_HEAD,
    PONYTAIL01_HEAD,
    WIG_BUN_BLONDE_HEAD,
    BRAID01_HEAD,
    AUTHOR_HEAD_COUNT
} author_head;

static const float author_heads[AUTHOR_HEAD_COUNT][3] = {
    [EXACT_HEAD] = {1.4800f, 2.3298f, 1.9221f},       [BEARD_HEAD] = {1.4346f, 2.4110f, 2.0005f},
    [BROW_HEAD] = {1.4155f, 2.3140f, 1.9245f},        [TEETH_HEAD] = {1.3769f, 2.1246f, 1.8167f},
    [SHORT01_HEAD] = {1.438f, 2.446f, 2.006f},        [BOB02_HEAD] = {1.41f, 2.21f, 1.88f},
    [LONG01_HEAD] = {1.3949f, 2.2038f, 1.8267f},      [PONYTAIL01_HEAD] = {1.404f, 2.187f, 1.852f},
    [WIG_BUN_BLONDE_HEAD] = {1.437f, 2.431f, 2.004f}, [BRAID01_HEAD] = {1.401f, 2.212f, 1.827f},
};

typedef struct proxy_row {
    face_part_kind kind;
    proxy_colour colour;
    const char *folder;  /* below public/data/proxies; the last part names the mesh and, in lower case, the part */
    const char *texture; /* file in its folder "textures" */
    int side;            /* texels kept along a side */
    author_head head;
} proxy_row;

static const proxy_row rows[] = {
    {FACE_PART_EYES, PROXY_RGB, "eyes/HighPolyEyes", "brown_eye.png", 256, ANY_HEAD},
    {FACE_PART_TEETH, PROXY_RGB, "teeth/Teeth_Base", "teeth.png", 256, TEETH_HEAD},
    {FACE_PART_TONGUE, PROXY_RGB, "tongue/tongue01", "tongue01_diffuse.png", 128, ANY_HEAD},
    {FACE_PART_LASHES, PROXY_STRANDS, "eyelashes/Eyelashes01", "eyelashes01.png", 256, ANY_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow001", "eyebrow001.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow002", "eyebrow002.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow003", "eyebrow003.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow004", "eyebrow004.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow005", "eyebrow005.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow006", "eyebrow006.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow007", "eyebrow007.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow008", "eyebrow008.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow009", "eyebrow009.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow010", "eyebrow010.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow011", "eyebrow011.png", 256, BROW_HEAD},
    {FACE_PART_BROWS, PROXY_STRANDS, "eyebrows/eyebrow012", "eyebrow012.png", 256, BROW_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/short01", "short01_diffuse.png", 512, SHORT01_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/short02", "short02_diffuse.png", 512, BEARD_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/short04", "short04_diffuse.png", 512, EXACT_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/bob02", "bob02_diffuse.png", 512, BOB02_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/long01", "long01_diffuse.png", 512, LONG01_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/ponytail01", "ponytail01_diffuse.png", 512, PONYTAIL01_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/afro01", "afro_diffuse.png", 512, EXACT_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/Wig_bun_blonde", "wig_bun_blonde_diff1.png", 512, WIG_BUN_BLONDE_HEAD},
    {FACE_PART_HAIR, PROXY_STRANDS, "hair/Braid01", "braid01_diffuse.png", 512, BRAID01_HEAD},
    {FACE_PART_BEARD, PROXY_STRANDS, "hair/Full_beard", "Full_beard_black_diff.png", 512, BEARD_HEAD},
    {FACE_PART_MOUSTACHE, PROXY_STRANDS, "hair/Moustache", "Moustache_black_diff.png", 256, BEARD_HEAD},
    {FACE_PART_GLASSES, PROXY_RGBA, "clothes/glasses", "glasses.png", 256, EXACT_HEAD},
    {FACE_PART_HAT, PROXY_RGBA, "clothes/fedora", "fedora_texture.png", 256, EXACT_HEAD},
    {FACE_PART_HAT, PROXY_RGBA, "clothes/fedora_cocked", "fedora_texture_grey.png", 256, EXACT_HEAD},
    {FACE_PART_HAT, PROXY_RGBA, "clothes/Fishing_Hat_01", "Fishing_Hat_01.png", 256, EXACT_HEAD},
    {FACE_PART_HAT, PROXY_RGBA, "clothes/pith_helmet", "pith_helmet_diff.jpg", 256, EXACT_HEAD},
};

/* Textures that eyes may have instead of their own, in eyes/HighPolyEyes/textures. */
static const char *const irises[] = {"blue", "bluegreen", "brown", "brownlight", "deepblue", "green", "grey", "ice", "lightblue"};
enum { ROWS = DF_ARRAY_LEN(rows), IRISES = DF_ARRAY_LEN(irises) };

/* Where the glasses' texture shows glass: u0, v0, u1, v1. */
static const float lenses[LENSES][4] = {{0.05f, 0.70f, 0.38f, 1.01f}, {0.38f, 0.70f, 0.71f, 1.01f}};

static bool proxy_path(const char *assets, const char *folder, const char *file, const char *ending, char out[PATH_ROOM], df_error *err)
{
    const int length = snprintf(out, PATH_ROOM, "%s/public/data/proxies/%s/%s%s", assets, folder, file, ending);
    return (length > 0 && length < PATH_ROOM) || df_fail(err, "%.80s...: path too long", assets);
}

static void lower_case_name(const proxy_row *row, char out[FACE_NAME])
{
    const char *name = strrchr(row->folder, '/') + 1;
    size_t i = 0;
    for (; i < FACE_NAME - 1 && name[i]; i++)
        out[i] = (char)tolower((unsigned char)name[i]);
    out[i] = '\0';
}

static bool read_part(const char *assets, const makehuman_head *head, const proxy_row *row, df_arena *arena, face_part *part,
                      df_text *credits, df_error *err)
{
    char path[PATH_ROOM];
    makehuman_mesh mesh;
    *part = (face_part){.kind = row->kind};
    lower_case_name(row, part->name);
    for (int axis = 0; axis < 3; axis++)
        part->scale_lengths[axis] = author_heads[row->head][axis] * MAKEHUMAN_MM_PER_DM;
    if (!proxy_path(assets, row->folder, strrchr(row->folder, '/') + 1, ".json", path, err) ||
        !makehuman_mesh_read(path, MAKEHUMAN_VERTICES, arena, &mesh, err))
        return false;
    if (!proxy_part(&mesh, head, row->kind == FACE_PART_GLASSES ? lenses : NULL, row->kind == FACE_PART_GLASSES ? LENSES : 0, arena, part,
                    err))
        return df_fail_in(err, "%s", path);
    df_text_addf(credits, "%s%s: %s, %s", credits->size ? "; " : "", part->name, mesh.author, mesh.license);
    return true;
}

static bool read_texture(const char *assets, const proxy_row *row, const char *name, const char *file, df_arena *arena, face_texture *out,
                         df_error *err)
{
    char path[PATH_ROOM], folder[PATH_ROOM];
    const int length = snprintf(folder, sizeof folder, "%s/textures", row->folder);
    return length > 0 && length < PATH_ROOM && proxy_path(assets, folder, file, "", path, err) &&
           proxy_texture_read(path, name, row->colour, row->side, arena, out, err);
}

/* Irises come first; the eyes' own texture is one of them. */
static bool read_irises(const char *assets, df_arena *arena, face_texture *textures, int *own, df_error *err)
{
    for (int i = 0; i < (int)IRISES; i++) {
        char name[FACE_NAME], file[FACE_NAME];
        snprintf(name, sizeof name, "iris-%s", irises[i]);
        snprintf(file, sizeof file, "%s_eye.png", irises[i]);
        if (!read_texture(assets, &rows[0], name, file, arena, &textures[i], err))
            return false;
        if (strcmp(file, rows[0].texture) == 0)
            *own = i;
    }
    return true;
}

static bool read_rows(const char *assets, const makehuman_head *head, df_arena *arena, proxy_set *set, df_text *credits, df_error *err)
{
    face_part *parts = df_alloc(arena, ROWS, sizeof *parts, err);
    face_texture *textures = parts ? df_alloc(arena, ROWS + IRISES, sizeof *textures, err) : NULL;
    int own = -1;
    if (!textures || !read_irises(assets, arena, textures, &own, err))
        return false;
    int count = IRISES;
    for (int i = 0; i < (int)ROWS; i++) {
        if (!read_part(assets, head, &rows[i], arena, &parts[i], credits, err))
            return false;
        parts[i].texture = rows[i].kind == FACE_PART_EYES ? own : count;
        if (rows[i].kind != FACE_PART_EYES &&
            !read_texture(assets, &rows[i], parts[i].name, rows[i].texture, arena, &textures[count++], err))
            return false;
    }
    *set = (proxy_set){.part_count = ROWS, .texture_count = count, .parts = parts, .textures = textures};
    return true;
}

bool proxies_read(const char *assets, const makehuman_head *head, df_arena *arena, proxy_set *out, df_error *err)
{
    proxy_set set = {0};
    df_text credits = {0};
    bool good = read_rows(assets, head, arena, &set, &credits, err) && df_text_ok(&credits, err);
    if (good)
        good = (set.credits = df_copy_string(arena, credits.data, err)) != NULL;
    df_text_free(&credits);
    if (good)
        *out = set;
    return good;
}
