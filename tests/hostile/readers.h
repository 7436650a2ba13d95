/* readers.h: every reader of files that strangers may have made, as functions of one shape: bytes in memory, or a file by its path.
   The tests of tests/hostile and the fuzzers of tests/fuzz call the same ones. What a reader accepts is used a little, so that what it
   promises of it is tested too. */
#ifndef DF_TESTS_HOSTILE_READERS_H
#define DF_TESTS_HOSTILE_READERS_H

#include <assert.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "dataset/croissant.h"
#include "dataset/derived.h"
#include "dataset/manifest_read.h"
#include "dataset/set_state.h"
#include "dataset/where.h"
#include "exchange/celeba_table.h"
#include "face/face_eval.h"
#include "face/import.h"
#include "face/makehuman_head.h"
#include "face/model_file.h"
#include "face/obj.h"
#include "face/person.h"
#include "face/ply.h"
#include "face_fixture.h"
#include "image/image_file.h"
#include "image/png.h"
#include "tensor/h5.h"
#include "tensor/mat.h"
#include "tensor/npz.h"
#include "tensor/safetensors.h"
#include "tensor/tfjs.h"
#include "tensor/torch.h"
#include "tensor/weights.h"

/* Whether the reader accepts the bytes, or the file; if not, with a sentence. */
typedef bool read_bytes(df_bytes bytes, df_arena *arena, df_error *err);
typedef bool read_path(const char *path, df_arena *arena, df_error *err);

/* ---- images ---- */

static inline bool read_jpeg(df_bytes bytes, df_arena *arena, df_error *err)
{
    image img;
    return jpeg_decode(bytes, &img, arena, err);
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

/* ---- data sets ---- */

/* The members' types are asked for too; that they are others is no fault of the text. */
static inline bool read_json(df_bytes bytes, df_arena *arena, df_error *err)
{
    double number;
    int64_t integer;
    const char *text;
    float floats[8];
    size_t count;
    df_error other = {0};
    (void)arena;
    json_t *value = df_json_parse((const char *)bytes.data, bytes.size, err);
    const bool has_all =
        value && df_json_get_string(value, "id", &text, &other) && df_json_get_number(value, "age", 0, 200, &number, &other) &&
        df_json_get_integer(value, "index", 0, 100, &integer, &other) && df_json_get_floats(value, "shape", floats, 8, &count, &other);
    assert(!value || has_all || other.text[0]);
    json_decref(value);
    return value != NULL;
}

/* What is accepted stays below the folder and within its limits. */
static inline void check_entry(const manifest_entry *entry)
{
    assert(entry->image[0] != '/' && !strstr(entry->image, "..") && strlen(entry->image) > 0);
    assert(entry->index >= 0 && entry->index < JOB_MAX_PER_IDENTITY);
    assert(entry->width >= 1 && entry->width <= IMAGE_MAX_SIDE && entry->height >= 1 && entry->height <= IMAGE_MAX_SIDE);
    for (int i = 0; i < FACE_LANDMARKS; i++)
        assert(entry->landmarks2d[i][0] == entry->landmarks2d[i][0]); /* no NaN */
}

static inline bool read_manifest_path(const char *path, df_arena *arena, df_error *err)
{
    manifest_entry entry;
    bool found = true, is_good = true;
    (void)arena;
    manifest_reader *reader = manifest_open(path, err);
    if (!reader)
        return false;
    while (is_good && (is_good = manifest_next(reader, &entry, &found, err)) && found)
        check_entry(&entry);
    manifest_close(reader);
    return is_good;
}

/* The path is DIR/.diffuse/job.json, as the reader wants it. */
static inline bool read_state_path(const char *path, df_arena *arena, df_error *err)
{
    set_state state;
    render_job read;
    bool found = false;
    json_t *job = NULL;
    char *folder = df_copy_string(arena, path, err);
    if (!folder)
        return false;
    *strstr(folder, "/.diffuse/") = '\0';
    const bool is_read =
        set_state_read(folder, &state, &job, &found, err) && found && (job_read(job, arena, &read, err) || df_fail_in(err, "%s", path));
    json_decref(job);
    return is_read;
}

/* The path is DIR/.diffuse/derived.json. */
static inline bool read_derived_path(const char *path, df_arena *arena, df_error *err)
{
    bool found = false;
    json_t *derived = NULL;
    char *folder = df_copy_string(arena, path, err);
    if (!folder)
        return false;
    *strstr(folder, "/.diffuse/") = '\0';
    const bool is_read = derived_read(folder, &derived, &found, err) && found;
    for (int64_t line = 0; is_read && line < 300; line += 50)
        (void)derived_job_at(derived, line);
    json_decref(derived);
    return is_read;
}

static inline void hear_nothing(void *user, const char *sentence)
{
    assert(sentence[0]);
    ++*(int *)user;
}

/* Any JSON is checked; what is wrong with it is told and counted. */
static inline bool read_croissant(df_bytes bytes, df_arena *arena, df_error *err)
{
    int heard = 0;
    (void)arena;
    json_t *root = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (!root)
        return false;
    const int told = croissant_check(root, hear_nothing, &heard);
    assert(told == heard);
    json_decref(root);
    return true;
}

/* A table as a source of images, to its last row. */
static inline bool read_table_path(const char *path, df_arena *arena, df_error *err)
{
    const source_row *row = source_find("csv");
    const source_setting setting = {.path = path};
    source_log log = {0};
    source_image *one = df_alloc(arena, 1, sizeof *one, err);
    bool found = true, is_good = true;
    void *state = one ? row->open(&setting, &log, arena, err) : NULL;
    if (!state)
        return false;
    while (is_good && found)
        is_good = row->next(state, one, &found, err);
    if (row->close)
        row->close(state);
    return is_good;
}

static inline bool read_csv(df_bytes bytes, df_arena *arena, df_error *err)
{
    csv_reader csv;
    bool found = true;
    if (!csv_open(&csv, bytes, 0, arena, err))
        return false;
    while (csv_next(&csv, &found, err) && found)
        for (int i = 0; i < csv.count; i++)
            assert(strlen(csv.fields[i]) <= CSV_ROW);
    return !found;
}

/* A list of any kind about three images; as one of them at least. */
static inline bool read_celeba(df_bytes bytes, df_arena *arena, df_error *err)
{
    bool is_read = false;
    for (int kind = 0; kind < CELEBA_KIND_COUNT; kind++) {
        celeba_image images[] = {{.file = "000001.jpg"}, {.file = "000002.jpg"}, {.file = "000003.jpg"}};
        source_log log = {0};
        celeba_table table = {
            .folder = "images", .shown = "images", .images = images, .count = DF_ARRAY_LEN(images), .log = &log, .arena = arena};
        is_read |= celeba_table_parse(&table, (celeba_kind)kind, bytes, CELEBA_BY_FILE, err);
        celeba_table_close(&table);
    }
    return is_read;
}

static inline bool read_mapped(const char *path, df_arena *arena, df_error *err, read_bytes *read)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    const bool is_read = read(bytes, arena, err) || df_fail_in(err, "%s", path);
    df_file_unmap(&bytes);
    return is_read;
}

static inline bool read_csv_path(const char *path, df_arena *arena, df_error *err)
{
    return read_mapped(path, arena, err, read_csv);
}

static inline bool read_celeba_path(const char *path, df_arena *arena, df_error *err)
{
    return read_mapped(path, arena, err, read_celeba);
}

/* The condition, on lines that have what it may ask for and on one that has not. */
static inline bool read_where(df_bytes bytes, df_arena *arena, df_error *err)
{
    static const char *const lines[] = {"{\"yaw\":12.5,\"glasses\":\"none\",\"box\":[1,2,3,4],\"light\":{\"strength\":0.5},\"smile\":true}",
                                        "{}"};
    char *text = df_alloc(arena, bytes.size + 1, 1, err);
    if (!text)
        return false;
    if (bytes.size)
        memcpy(text, bytes.data, bytes.size);
    where *condition = where_parse(text, arena, err);
    for (size_t i = 0; condition && i < DF_ARRAY_LEN(lines); i++) {
        bool is_met;
        df_error unlike; /* kinds that do not fit are told; the text is a condition all the same */
        json_t *line = df_json_parse(lines[i], strlen(lines[i]), err);
        assert(line && (where_matches(condition, line, &is_met, &unlike) || unlike.text[0]));
        assert(where_check_names(condition, line, &unlike) || unlike.text[0]);
        json_decref(line);
    }
    return condition != NULL;
}

#endif
