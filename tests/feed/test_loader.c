/* test_loader.c: batches out of files: the same whatever reads them, and what happens where they cannot be read. */
#include "feed/loader.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <turbojpeg.h>

#include "base/stop.h"
#include "image/image_file.h"
#include "image/png.h"
#include "scratch.h"

enum { SIDE = 24, BATCH = 10, MOST = 40 };

/* A few images of several kinds, with two labels each. */
typedef struct stand {
    scratch folder;
    df_arena *arena;
    sample_list list;
    char paths[MOST][sizeof((scratch){0}.path)];
    const char *path_list[MOST];
    int32_t identities[MOST];
    float labels[MOST][2];
    char notes[4096];
} stand;

static const sample_label label_names[] = {{.name = "left"}, {.name = "right"}};

/* Values that tell place, channel and image. */
static image picture(stand *s, int number, int width, int height, int channels, image_type type)
{
    image im;
    df_error err;
    must(image_new(&im, width, height, channels, IMAGE_U8, s->arena, &err), &err);
    unsigned char *p = im.data;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++)
                *p++ = (unsigned char)(127 + 60.0f * sinf(0.2f * (float)(x + number)) + 60.0f * cosf(0.15f * (float)(y + 9 * c)));
    must(image_convert(&im, type, &im, s->arena, &err), &err);
    return im;
}

static void write_jpeg(const char *path, const image *im)
{
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    df_error err;
    tjhandle jpeg = tjInitCompress();
    assert_int_equal(tjCompress2(jpeg, im->data, im->width, 0, im->height, TJPF_RGB, &bytes, &size, TJSAMP_444, 95, 0), 0);
    must(df_file_write(path, bytes, size, &err), &err);
    tjFree(bytes);
    tjDestroy(jpeg);
}

static void write_image(stand *s, int i)
{
    df_error err;
    static const int sizes[][2] = {{24, 24}, {48, 60}, {31, 24}, {200, 150}};
    const int *size = sizes[i % 4];
    const image im = picture(s, i, size[0], size[1], i % 3 == 1 ? 1 : 3, i % 5 == 2 ? IMAGE_U16 : IMAGE_U8);
    char name[16];
    snprintf(name, sizeof name, "%02d.%s", i, i % 4 == 3 && im.channels == 3 ? "jpg" : "png");
    const char *path = scratch_path(&s->folder, name);
    memcpy(s->paths[i], path, strlen(path) + 1);
    s->path_list[i] = s->paths[i];
    if (i % 4 == 3 && im.channels == 3 && im.type == IMAGE_U8)
        write_jpeg(s->paths[i], &im);
    else
        must(png_write_file(s->paths[i], &im, &err), &err);
}

static void stand_make(stand *s, int count)
{
    df_error err;
    *s = (stand){.folder = scratch_new(), .arena = df_arena_new((size_t)1 << 28, &err)};
    must(s->arena != NULL, &err);
    for (int i = 0; i < count; i++) {
        write_image(s, i);
        s->identities[i] = i / 4;
        s->labels[i][0] = i % 7 == 6 ? NAN : (float)i;
        s->labels[i][1] = (float)(-i);
    }
    s->list = (sample_list){.count = (size_t)count,
                            .paths = s->path_list,
                            .identities = s->identities,
                            .labels = s->labels[0],
                            .label = label_names,
                            .label_count = 2,
                            .identity_count = (count + 3) / 4};
}

static void stand_free(stand *s)
{
    scratch_free(&s->folder);
    df_arena_free(s->arena);
}

static void keep_note(void *user, const char *sentence)
{
    stand *s = user;
    const size_t length = strlen(s->notes);
    snprintf(s->notes + length, sizeof s->notes - length, "%s\n", sentence);
}

static const loader_output outputs[] = {LOADER_IMAGES, LOADER_LABELS, LOADER_KNOWN, LOADER_IDENTITY, LOADER_USED, LOADER_TRANSFORM};
enum { OUTPUTS = 6, IMAGE_FLOATS = 3 * SIDE * SIDE, ROW = IMAGE_FLOATS + 2 + 2 + 1 + 1 + 6 };

static loader_setting setting_of(const augment_plan *plan, int threads, size_t cache)
{
    return (loader_setting){.width = SIDE,
                            .height = SIDE,
                            .channels = 3,
                            .augment = plan,
                            .seed = 11,
                            .cache = cache,
                            .threads = threads,
                            .outputs = outputs,
                            .output_count = OUTPUTS};
}

static loader *opened(stand *s, const sampling_rule *rule, const loader_setting *setting)
{
    df_error err;
    df_progress progress = {.note = keep_note, .user = s};
    df_progress *kept = df_copy(s->arena, &progress, sizeof progress, &err);
    sampling_rule whole = *rule;
    whole.count = s->list.count;
    whole.batch = whole.batch ? whole.batch : BATCH;
    sampling *order = sampling_new(&whole, s->arena, &err);
    must(kept && order, &err);
    loader_setting mine = *setting;
    mine.progress = kept;
    loader *l = loader_new(&s->list, order, &mine, &err);
    must(l != NULL, &err);
    return l;
}

/* All arrays of a step, one behind the other. */
static void take(loader *l, int64_t step, float out[BATCH * ROW])
{
    static const size_t floats[OUTPUTS] = {IMAGE_FLOATS, 2, 2, 1, 1, 6};
    const float *arrays[OUTPUTS];
    df_error err;
    const batches b = loader_batches(l);
    must(b.get(b.self, step, arrays, &err), &err);
    for (size_t i = 0; i < OUTPUTS; i++) {
        memcpy(out, arrays[i], floats[i] * BATCH * sizeof(float));
        out += floats[i] * BATCH;
    }
}

static augment_plan strong(void)
{
    augment_plan plan;
    df_error err;
    must(augment_parse("strong", &plan, &err), &err);
    return plan;
}

/* ---- what comes out ---- */

static void threads_cache_and_order_change_nothing(void **state)
{
    (void)state;
    enum { STEPS = 8 };
    static float first[STEPS][BATCH * ROW], other[BATCH * ROW];
    static const struct {
        int threads;
        size_t cache;
        int64_t from, by;
    } ways[] = {{1, 0, 0, 1}, {2, 0, 0, 1}, {5, 30000, 0, 1}, {2, 1 << 20, 0, 1}, {3, 1 << 20, STEPS - 1, -1}, {1, 0, 5, 1}, {2, 0, 0, 2}};
    const augment_plan plan = strong();
    stand s;
    stand_make(&s, 23);
    for (size_t w = 0; w < DF_ARRAY_LEN(ways); w++) {
        const loader_setting setting = setting_of(&plan, ways[w].threads, ways[w].cache);
        loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_SHUFFLED, .seed = 2}, &setting);
        for (int64_t step = ways[w].from; step >= 0 && step < STEPS; step += ways[w].by)
            if (w == 0)
                take(l, step, first[step]);
            else {
                take(l, step, other);
                assert_memory_equal(other, first[step], sizeof other);
                take(l, step, other); /* and once more */
                assert_memory_equal(other, first[step], sizeof other);
            }
        assert_true(loader_count(l).cache_bytes <= ways[w].cache);
        if (ways[w].cache == 1 << 20 && ways[w].by == 1)
            assert_in_range(loader_count(l).decoded, 23, 26); /* two threads may read the same one at once */
        loader_free(l);
    }
    assert_memory_not_equal(first[0], first[1], sizeof first[0]);
    stand_free(&s);
}

static void numbers_are_those_of_the_files(void **state)
{
    (void)state;
    stand s;
    stand_make(&s, 12);
    static const loader_output order[] = {LOADER_USED, LOADER_IMAGES, LOADER_LABELS, LOADER_KNOWN, LOADER_IDENTITY};
    loader_setting setting = setting_of(NULL, 2, 0);
    setting.outputs = order;
    setting.output_count = 5;
    for (int c = 0; c < 3; c++) {
        setting.mean[c] = 10.0f * (float)c;
        setting.scale[c] = 0.5f;
    }
    loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_IN_ORDER}, &setting);
    const batches b = loader_batches(l);
    const float *arrays[5];
    df_error err;
    must(b.get(b.self, 0, arrays, &err), &err);
    for (int i = 0; i < BATCH; i++) {
        assert_true(arrays[0][i] == 1.0f);
        assert_int_equal(loader_samples(l)[i], i);
        assert_true(arrays[2][2 * i] == (i % 7 == 6 ? 0.0f : (float)i) && arrays[2][2 * i + 1] == (float)-i);
        assert_true(arrays[3][2 * i] == (i % 7 == 6 ? 0.0f : 1.0f) && arrays[3][2 * i + 1] == 1.0f);
        assert_true(arrays[4][i] == (float)(i / 4));
    }
    for (int i = 0; i < BATCH; i += 4) { /* those of the network's own size: as they are in the file */
        image im;
        must(image_read_file(s.paths[i], &im, s.arena, &err) && image_convert(&im, IMAGE_U8, &im, s.arena, &err) &&
                 image_to_channels(&im, 3, &im, s.arena, &err),
             &err);
        for (int c = 0; c < 3; c++)
            for (int p = 0; p < SIDE * SIDE; p++) {
                const float value = (float)((const unsigned char *)im.data)[3 * p + c];
                assert_true(arrays[1][i * IMAGE_FLOATS + c * SIDE * SIDE + p] == (value - 10.0f * (float)c) * 0.5f);
            }
    }
    must(b.get(b.self, 1, arrays, &err), &err);
    assert_int_equal(loader_used(l), 2);
    assert_true(arrays[0][1] == 1.0f && arrays[0][2] == 0.0f);
    for (int i = 2 * IMAGE_FLOATS; i < BATCH * IMAGE_FLOATS; i++)
        assert_true(arrays[1][i] == 0.0f);
    must(b.get(b.self, 2, arrays, &err), &err);
    assert_int_equal(loader_used(l), 0);
    assert_true(b.waited(b.self) > 0.0);
    loader_free(l);
    stand_free(&s);
}

/* A white spot in a black image: where the transform says it goes is where it is, whatever was cropped, resized and turned; the JPEG is read
   at a quarter of its size. */
static void the_transform_leads_from_the_file_to_the_network(void **state)
{
    (void)state;
    stand s;
    stand_make(&s, 2);
    for (int i = 0; i < 2; i++) {
        image im;
        df_error err;
        must(image_new(&im, 240, 200, 3, IMAGE_U8, s.arena, &err), &err);
        for (int y = 80; y < 100; y++)
            memset((unsigned char *)im.data + (y * 240 + 130) * 3, 255, 3 * 20);
        if (i == 0)
            write_jpeg(s.paths[i], &im);
        else
            must(png_write_file(s.paths[i], &im, &err), &err);
    }
    augment_plan plan;
    df_error err;
    must(augment_parse("flip,rotate=1:30,scale=1:0.1,shift=1:0.05", &plan, &err), &err);
    static const loader_output order[] = {LOADER_IMAGES, LOADER_TRANSFORM};
    loader_setting setting = setting_of(&plan, 1, 100000);
    setting.outputs = order;
    setting.output_count = 2;
    setting.zoom = 0.9f;
    setting.scale[0] = setting.scale[1] = setting.scale[2] = 1.0f;
    loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_SHUFFLED}, &setting);
    const batches b = loader_batches(l);
    const float *arrays[2];
    must(b.get(b.self, 0, arrays, &err), &err);
    for (int i = 0; i < BATCH; i++) {
        float sum = 0.0f, x_sum = 0.0f, y_sum = 0.0f;
        for (int p = 0; p < SIDE * SIDE; p++) {
            const float value = arrays[0][i * IMAGE_FLOATS + p];
            sum += value > 20.0f ? value : 0.0f;
            x_sum += value > 20.0f ? value * ((float)(p % SIDE) + 0.5f) : 0.0f;
            y_sum += value > 20.0f ? value * ((float)(p / SIDE) + 0.5f) : 0.0f;
        }
        const float *t = arrays[1] + 6 * i;
        const float x = t[0] * 140.0f + t[1] * 90.0f + t[2], y = t[3] * 140.0f + t[4] * 90.0f + t[5];
        must_lie(x_sum / sum, x - 0.25f, x + 0.25f); /* the spot is under 3 pixels wide there */
        must_lie(y_sum / sum, y - 0.25f, y + 0.25f);
    }
    loader_free(l);
    stand_free(&s);
}

static void labels_change_places_when_the_image_is_flipped(void **state)
{
    (void)state;
    stand s;
    stand_make(&s, 5);
    augment_plan plan;
    df_error err;
    must(augment_parse("flip", &plan, &err), &err);
    static const loader_output order[] = {LOADER_LABELS, LOADER_KNOWN, LOADER_TRANSFORM};
    static const loader_swap swaps[] = {{0, 1}};
    loader_setting setting = setting_of(&plan, 1, 0);
    setting.outputs = order;
    setting.output_count = 3;
    setting.swaps = swaps;
    setting.swap_count = 1;
    loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_SHUFFLED, .batch = 40}, &setting);
    const batches b = loader_batches(l);
    const float *arrays[3];
    int flipped = 0;
    must(b.get(b.self, 0, arrays, &err), &err);
    for (int i = 0; i < 40; i++) {
        const bool is_flipped = arrays[2][6 * i] < 0.0f;
        const float value = (float)loader_samples(l)[i];
        flipped += is_flipped;
        assert_true(arrays[0][2 * i] == (is_flipped ? -value : value) && arrays[0][2 * i + 1] == (is_flipped ? value : -value));
    }
    assert_in_range(flipped, 8, 32);
    loader_free(l);
    stand_free(&s);
}

static void a_grey_file_stays_grey(void **state)
{
    (void)state;
    static float out[BATCH * ROW];
    augment_plan plan;
    df_error err;
    stand s;
    stand_make(&s, 10);
    must(augment_parse("noise=1:0.2,rotate=1,saturation=1,contrast=1", &plan, &err), &err);
    const loader_setting setting = setting_of(&plan, 1, 0);
    loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_IN_ORDER}, &setting);
    take(l, 0, out);
    for (int i = 0; i < BATCH; i++) {
        const float *im = out + i * IMAGE_FLOATS;
        const bool is_grey =
            memcmp(im, im + SIDE * SIDE, SIDE * SIDE * sizeof *im) == 0 && memcmp(im, im + 2 * SIDE * SIDE, SIDE * SIDE * sizeof *im) == 0;
        assert_int_equal(is_grey, i % 3 == 1); /* stand: these have one channel */
    }
    loader_free(l);
    stand_free(&s);
}

/* ---- images that cannot be read ---- */

static void damage(stand *s, int i, const char *bytes)
{
    df_error err;
    must(df_file_write(s->paths[i], bytes, strlen(bytes), &err), &err);
}

static void unreadable_images_are_named_once_and_replaced_alike_by_all_threads(void **state)
{
    (void)state;
    enum { STEPS = 6 };
    static float first[STEPS][BATCH * ROW], other[BATCH * ROW];
    const augment_plan plan = strong();
    stand s;
    stand_make(&s, 16);
    damage(&s, 3, "");
    damage(&s, 6, "no image");
    for (int i = 8; i < 12; i++) /* all of identity 2 */
        assert_int_equal(remove(s.paths[i]), 0);
    for (int threads = 1; threads <= 3; threads += 2) {
        const loader_setting setting = setting_of(&plan, threads, 0);
        s.notes[0] = '\0';
        loader *l =
            opened(&s, &(sampling_rule){.kind = SAMPLING_IDENTITIES, .groups = s.identities, .group_count = 4, .images_each = 5}, &setting);
        for (int64_t step = 0; step < STEPS; step++) {
            take(l, step, threads == 1 ? first[step] : other);
            if (threads > 1)
                assert_memory_equal(other, first[step], sizeof other);
            for (int i = 0; i < BATCH; i++) {
                const uint32_t sample = loader_samples(l)[i];
                assert_true(sample != 3 && sample != 6 && (sample < 8 || sample > 11));
            }
            assert_int_equal(loader_used(l), BATCH);
        }
        assert_int_equal(loader_count(l).unreadable, 6);
        loader_free(l);
        int lines = 0;
        for (const char *at = s.notes; *at; at++)
            lines += *at == '\n';
        assert_int_equal(lines, 6);
        assert_non_null(strstr(s.notes, "03.jpg: is empty"));
        assert_non_null(strstr(s.notes, "06.png: is neither PNG nor JPEG"));
    }
    stand_free(&s);
}

static void in_evaluation_an_unreadable_image_is_left_out(void **state)
{
    (void)state;
    static float out[BATCH * ROW];
    stand s;
    stand_make(&s, 7);
    damage(&s, 2, "?");
    const loader_setting setting = setting_of(NULL, 1, 0);
    loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_IN_ORDER}, &setting);
    take(l, 0, out);
    assert_int_equal(loader_used(l), 6);
    const float *used = out + BATCH * (IMAGE_FLOATS + 2 + 2 + 1);
    for (uint32_t i = 0; i < BATCH; i++) {
        assert_true(used[i] == (i < 7 && i != 2 ? 1.0f : 0.0f));
        assert_int_equal(loader_samples(l)[i], i < 7 && i != 2 ? i : UINT32_MAX);
    }
    loader_free(l);
    stand_free(&s);
}

static void a_set_without_a_readable_image_is_an_error(void **state)
{
    (void)state;
    stand s;
    stand_make(&s, 5);
    for (int i = 0; i < 5; i++)
        damage(&s, i, "?");
    const loader_setting setting = setting_of(NULL, 2, 0);
    loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_SHUFFLED}, &setting);
    const batches b = loader_batches(l);
    const float *arrays[OUTPUTS];
    df_error err;
    must_say(b.get(b.self, 0, arrays, &err), &err, "none of the images can be read");
    assert_int_equal(loader_count(l).unreadable, 5);
    loader_free(l);
    stand_free(&s);
}

/* ---- ends ---- */

static void a_loader_ends_in_the_middle(void **state)
{
    (void)state;
    const augment_plan plan = strong();
    stand s;
    stand_make(&s, 20);
    for (int round = 0; round < 12; round++) {
        static float out[BATCH * ROW];
        const loader_setting setting = setting_of(&plan, 1 + round % 4, round % 2 ? 1 << 20 : 0);
        loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_SHUFFLED}, &setting);
        for (int64_t step = 0; step < round / 3; step++)
            take(l, 7 * step % 5, out);
        loader_free(l);
    }
    loader_free(NULL);
    stand_free(&s);
}

static void settings_that_cannot_be_are_refused(void **state)
{
    (void)state;
    stand s;
    stand_make(&s, 4);
    static const loader_swap far[] = {{0, 2}};
    loader_setting settings[7];
    static const char *const says[] = {"0 x 24 pixels", "of 2 channels", "65 threads",    "65 batches",
                                       "zoom 2",        "0 arrays",      "0 and 2 change"};
    for (int i = 0; i < 7; i++)
        settings[i] = setting_of(NULL, 1, 0);
    settings[0].width = 0;
    settings[1].channels = 2;
    settings[2].threads = 65;
    settings[3].ahead = 65;
    settings[4].zoom = 2.0f;
    settings[5].output_count = 0;
    settings[6].swaps = far;
    settings[6].swap_count = 1;
    df_error err;
    sampling *order = sampling_new(&(sampling_rule){.kind = SAMPLING_SHUFFLED, .count = 4, .batch = 2}, s.arena, &err);
    must(order != NULL, &err);
    for (int i = 0; i < 7; i++)
        must_say(loader_new(&s.list, order, &settings[i], &err) != NULL, &err, says[i]);
    const loader_setting plain = setting_of(NULL, 1, 0);
    s.list.label_count = 0;
    must_say(loader_new(&s.list, order, &plain, &err) != NULL, &err, "no labels are known");
    stand_free(&s);
}

/* The last of all: a signal stays. */
static void a_signal_ends_waiting(void **state)
{
    (void)state;
    stand s;
    stand_make(&s, 4);
    const loader_setting setting = setting_of(NULL, 1, 0);
    loader *l = opened(&s, &(sampling_rule){.kind = SAMPLING_SHUFFLED}, &setting);
    const batches b = loader_batches(l);
    const float *arrays[OUTPUTS];
    df_error err;
    df_stop_on_signals();
    raise(SIGTERM);
    assert_false(b.get(b.self, 0, arrays, &err));
    loader_free(l);
    stand_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_cache_and_order_change_nothing),
        cmocka_unit_test(numbers_are_those_of_the_files),
        cmocka_unit_test(the_transform_leads_from_the_file_to_the_network),
        cmocka_unit_test(labels_change_places_when_the_image_is_flipped),
        cmocka_unit_test(a_grey_file_stays_grey),
        cmocka_unit_test(unreadable_images_are_named_once_and_replaced_alike_by_all_threads),
        cmocka_unit_test(in_evaluation_an_unreadable_image_is_left_out),
        cmocka_unit_test(a_set_without_a_readable_image_is_an_error),
        cmocka_unit_test(a_loader_ends_in_the_middle),
        cmocka_unit_test(settings_that_cannot_be_are_refused),
        cmocka_unit_test(a_signal_ends_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
