/* file_readers.h: the readers of images, arrays and faces, for readers.h. */
#ifndef DF_TESTS_HOSTILE_FILE_READERS_H
#define DF_TESTS_HOSTILE_FILE_READERS_H

#include <libdeflate.h>
#include <unistd.h>

#include "face/face_eval.h"
#include "face/import.h"
#include "face/import_landmarks.h"
#include "face/makehuman_head.h"
#include "face/model_file.h"
#include "face/obj.h"
#include "face/person.h"
#include "face/ply.h"
#include "face_fixture.h"
#include "hostile/reader_kinds.h"
#include "image/image_file.h"
#include "image/png.h"
#include "metrics/frechet.h"
#include "tensor/h5.h"
#include "tensor/mat.h"
#include "tensor/npz.h"
#include "tensor/safetensors.h"
#include "tensor/tfjs.h"
#include "tensor/torch.h"
#include "tensor/weights.h"

/* ---- images ---- */

static inline bool read_jpeg(df_bytes bytes, df_arena *arena, df_error *err)
{
    image img;
    int full[2];
    return jpeg_decode_reduced(bytes, 8, &img, full, arena, err) && jpeg_decode(bytes, &img, arena, err);
}

static inline bool read_png(df_bytes bytes, df_arena *arena, df_error *err)
{
    image img;
    return png_decode(bytes, &img, arena, err);
}

static inline bool read_png_notes(df_bytes bytes, df_arena *arena, df_error *err)
{
    png_note notes[PNG_MAX_NOTES];
    size_t count = 0, length = 0;
    if (!png_read_notes(bytes, notes, PNG_MAX_NOTES, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        length += strlen(notes[i].keyword) + strlen(notes[i].text);
    assert(length <= bytes.size);
    return true;
}

/* The check sums of a PNG file's chunks made right: without it hardly a changed file comes past them. */
static inline void correct_check_sums(unsigned char *file, size_t size)
{
    enum { SIGNATURE = 8, FRAME = 12 };
    for (size_t at = SIGNATURE; at + FRAME <= size;) {
        const size_t length = (size_t)file[at] << 24 | (size_t)file[at + 1] << 16 | (size_t)file[at + 2] << 8 | file[at + 3];
        if (length > size - at - FRAME)
            return;
        const uint32_t sum = libdeflate_crc32(0, file + at + 4, length + 4);
        for (size_t i = 0; i < 4; i++)
            file[at + 8 + length + i] = (unsigned char)(sum >> (24 - 8 * i));
        at += FRAME + length;
    }
}

static inline bool read_summed(df_bytes bytes, df_arena *arena, df_error *err, read_bytes *read)
{
    unsigned char *copy = malloc(bytes.size + 1);
    assert(copy);
    if (bytes.size)
        memcpy(copy, bytes.data, bytes.size);
    correct_check_sums(copy, bytes.size);
    const bool ok = read((df_bytes){.data = copy, .size = bytes.size}, arena, err);
    free(copy);
    return ok;
}

static inline bool read_png_summed(df_bytes bytes, df_arena *arena, df_error *err)
{
    return read_summed(bytes, arena, err, read_png);
}

static inline bool read_png_notes_summed(df_bytes bytes, df_arena *arena, df_error *err)
{
    return read_summed(bytes, arena, err, read_png_notes);
}

static inline bool read_image_path(const char *path, df_arena *arena, df_error *err)
{
    image img;
    return image_read_file(path, &img, arena, err);
}

/* ---- arrays ---- */

static inline bool read_npz(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    tensor single;
    const bool is_array = npy_parse(bytes, "fuzz", arena, &single, err);
    return npz_parse(bytes, arena, &list, err) || is_array;
}

/* Then used: a covariance that came through must have a factor or be refused. */
static inline bool read_features(df_bytes bytes, df_arena *arena, df_error *err)
{
    feature_set set;
    gaussian law;
    if (!feature_set_parse(bytes, arena, &set, err))
        return false;
    set.path = "features";
    return set.dims > 64 || set.count > 1024 || gaussian_of_set(&set, arena, &law, err);
}

static inline bool read_mat(df_bytes bytes, df_arena *arena, df_error *err)
{
    static const char *const wanted[] = {"cube", NULL};
    tensor_list list;
    df_error alone;
    const bool has_one = mat_parse(bytes, wanted, arena, &list, &alone);
    assert(has_one || alone.text[0]);
    return mat_parse(bytes, NULL, arena, &list, err);
}

static inline bool read_h5(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    return h5_parse(bytes, NULL, arena, &list, err);
}

static inline bool read_safetensors(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    if (!safetensors_parse(bytes, arena, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (!tensor_floats(&list.tensors[i], arena, err))
            return false;
    return true;
}

static inline bool read_torch(df_bytes bytes, df_arena *arena, df_error *err)
{
    tensor_list list;
    const bool is_legacy = torch_parse_legacy(bytes, arena, &list, err), is_pickle = torch_parse_pickle(bytes, arena, &list, err);
    return torch_parse_zip(bytes, arena, &list, err) || is_legacy || is_pickle;
}

static inline bool tfjs_rest(void *user, const char *name, df_bytes *out, df_error *err)
{
    (void)name;
    (void)err;
    *out = *(const df_bytes *)user;
    return true;
}

/* The JSON, a zero byte, and what every file that it names holds. */
static inline bool read_tfjs(df_bytes bytes, df_arena *arena, df_error *err)
{
    const unsigned char *end = bytes.size > 0 ? memchr(bytes.data, 0, bytes.size) : NULL;
    const size_t size = end ? (size_t)(end - bytes.data) : bytes.size;
    df_bytes rest = {.data = end ? end + 1 : bytes.data, .size = end ? bytes.size - size - 1 : 0};
    const tfjs_shards shards = {.read = tfjs_rest, .user = &rest};
    tensor_list list;
    return tfjs_read((df_bytes){.data = bytes.data, .size = size}, &shards, arena, &list, err);
}

static inline bool read_weights_path(const char *path, df_arena *arena, df_error *err)
{
    (void)arena;
    weights_file *file = weights_open(path, err);
    weights_close(file);
    return file != NULL;
}

/* ---- faces ---- */

static inline bool read_obj(df_bytes bytes, df_arena *arena, df_error *err)
{
    scan_mesh mesh;
    return obj_parse(bytes, arena, &mesh, err);
}

static inline bool read_ply(df_bytes bytes, df_arena *arena, df_error *err)
{
    scan_mesh mesh;
    return ply_parse(bytes, arena, &mesh, err);
}

static inline bool read_makehuman(df_bytes bytes, df_arena *arena, df_error *err)
{
    makehuman_mesh base, proxy;
    makehuman_head head;
    if (makehuman_mesh_parse(bytes, 0, arena, &base, err) && makehuman_head_cut(&base, arena, &head, err))
        return true;
    return makehuman_mesh_parse(bytes, MAKEHUMAN_VERTICES, arena, &proxy, err);
}

static inline void evaluate_model(const face_model *model, df_arena *arena, df_error *err)
{
    const size_t skin = (size_t)model->skin_count, triple = 3 * sizeof(float);
    const float ones[FACE_MAX_COMPONENTS] = {1};
    float *cage = df_alloc(arena, (size_t)model->cage_count, triple, err), *positions = df_alloc(arena, skin, triple, err);
    float *normals = df_alloc(arena, skin, triple, err), *albedo = df_alloc(arena, skin, triple, err);
    if (!cage || !positions || !normals || !albedo)
        return;
    face_shape(model, ones, model->shape_count, cage);
    face_express(model, ones, cage);
    face_skin(model, cage, positions);
    mesh_normals(positions, model->skin_count, model->triangles, model->triangle_count, normals);
    face_albedo(model, ones, model->albedo_count, albedo);
    for (int i = 0; i < model->part_count; i++) {
        float *vertices = df_alloc(arena, (size_t)model->parts[i].vertex_count, triple, err);
        if (vertices)
            face_part_vertices(&model->parts[i], cage, vertices);
    }
}

static inline bool read_model(df_bytes bytes, df_arena *arena, df_error *err)
{
    face_model model;
    if (!face_model_parse(bytes, arena, &model, err))
        return false;
    evaluate_model(&model, arena, err);
    return true;
}

/* Without HDF5 files, which the reader of arrays has on its own: each starts a process. */
static inline bool read_import_path(const char *path, df_arena *arena, df_error *err)
{
    import_report report;
    (void)arena;
    return face_import(path, &(import_options){0}, "/dev/null", &report, err);
}

static inline const face_model *reader_model(void)
{
    static df_arena *kept;
    static face_model model;
    if (!kept && (kept = df_arena_new((size_t)64 << 20, NULL)))
        model = face_fixture(kept);
    return &model;
}

/* What is read and written comes back as the same bytes. */
static inline void write_person_again(const person *who)
{
    df_text once = {0}, twice = {0};
    df_error err;
    person again;
    person_write(who, reader_model(), &once);
    assert(person_parse(once.data, once.size, reader_model(), &again, &err));
    person_write(&again, reader_model(), &twice);
    assert(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    df_text_free(&once);
    df_text_free(&twice);
}

static inline bool read_people_path(const char *path, df_arena *arena, df_error *err)
{
    person who;
    bool found = true, is_good = true;
    (void)arena;
    people *file = people_open(path, reader_model(), err);
    if (!file)
        return false;
    while (is_good && (is_good = people_next(file, &who, &found, err)) && found)
        write_person_again(&who);
    people_close(file);
    return is_good;
}

/* The named points of the Basel group's files, in either form. The text ends in a zero byte, as they are read. */
static inline bool read_landmarks(df_bytes bytes, df_arena *arena, df_error *err)
{
    import_landmarks points;
    char *text = df_alloc(arena, bytes.size + 1, 1, err);
    if (!text)
        return false;
    if (bytes.size)
        memcpy(text, bytes.data, bytes.size);
    return import_landmarks_text(text, arena, &points, err) || import_landmarks_json(text, arena, &points, err);
}

#endif
