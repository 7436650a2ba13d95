/* test_hostile.c: every reader of files that strangers may have made, against files cut at every byte (above 1000 bytes at a thousand
   places), mutated at random, known to be broken, and read with ever more memory. DIFFUSE_SOAK=1 tries more mutations. */
#include "hostile/hostile.h"

static const hostile_reader readers[] = {
    {.name = "png", .bytes = read_png, .broken = 25},
    {.name = "png", .bytes = read_png_summed, .broken = 0},
    {.name = "notes", .bytes = read_png_notes},
    {.name = "notes", .bytes = read_png_notes_summed, .cut = CUT_MAY_BE_GOOD},
    {.name = "jpeg", .bytes = read_jpeg, .broken = 20},
    {.name = "png", .path = read_image_path, .file = "a.jpg", .broken = 25},
    {.name = "jpeg", .path = read_image_path, .file = "a.png", .broken = 20},
    {.name = "npz", .bytes = read_npz, .broken = 50},
    {.name = "features", .bytes = read_features},
    {.name = "mat", .bytes = read_mat, .broken = 50, .cut = CUT_MAY_BE_GOOD},
    {.name = "h5", .bytes = read_h5, .broken = 25, .divisor = 20, .peak_mb = 384}, /* what its sandbox may have */
    {.name = "safetensors", .bytes = read_safetensors, .broken = 30},
    {.name = "torch", .bytes = read_torch, .seed = "pickle4"},
    {.name = "tfjs", .bytes = read_tfjs},
    {.name = "npz", .path = read_weights_path, .broken = 50},
    {.name = "mat", .path = read_weights_path, .broken = 50, .cut = CUT_MAY_BE_GOOD},
    {.name = "safetensors", .path = read_weights_path, .file = "a.safetensors", .broken = 30},
    {.name = "torch", .path = read_weights_path, .file = "a.pt", .seed = "pickle4"},
    {.name = "obj", .bytes = read_obj, .broken = 25, .cut = CUT_MAY_BE_GOOD},
    {.name = "ply", .bytes = read_ply, .broken = 35, .cut = CUT_MAY_BE_GOOD},
    {.name = "makehuman", .bytes = read_makehuman, .broken = 20},
    {.name = "model", .bytes = read_model, .broken = 20},
    {.name = "import", .path = read_import_path, .file = "a.mat"},
    {.name = "json", .bytes = read_json, .broken = 15, .cut = CUT_MAY_BE_GOOD}, /* 12 of 123 */
    {.name = "identities", .path = read_people_path, .file = "identities.jsonl", .broken = 40, .cut = CUT_MAY_BE_GOOD},
    {.name = "manifest", .path = read_manifest_path, .file = "manifest.jsonl", .broken = 50, .cut = CUT_MAY_BE_GOOD},
    {.name = "manifest", .bytes = read_line, .cut = CUT_MAY_BE_GOOD},
    {.name = "line", .bytes = read_line},
    {.name = "origin", .path = read_origin_path, .file = "set/.diffuse/origin.json"},
    {.name = "vertices", .path = read_vertices_path, .file = "vertices.txt", .cut = CUT_MAY_BE_GOOD},
    {.name = "landmarks", .bytes = read_landmarks, .cut = CUT_MAY_BE_GOOD},
    {.name = "tar", .path = read_tar_path, .file = "00000.tar", .cut = CUT_MAY_BE_GOOD}, /* blocks of zeros at the end */
    {.name = "job", .path = read_state_path, .file = "set/.diffuse/job.json"},
    {.name = "csv", .bytes = read_csv, .cut = CUT_MAY_BE_GOOD},
    {.name = "classifier", .bytes = read_classifier},
    {.name = "metrics", .bytes = read_metrics, .cut = CUT_MAY_BE_GOOD},
    {.name = "checkpoint", .bytes = read_checkpoint},
    {.name = "table", .path = read_table_path, .file = "table.csv", .cut = CUT_MAY_BE_GOOD},
    {.name = "derived", .path = read_derived_path, .file = "set/.diffuse/derived.json"},
    {.name = "croissant", .bytes = read_croissant, .cut = CUT_MAY_BE_GOOD}, /* without its last newline */
    {.name = "celeba", .bytes = read_celeba, .cut = CUT_MAY_BE_GOOD},
    {.name = "where", .bytes = read_where, .cut = CUT_MAY_BE_GOOD},
    {.name = "pairs", .bytes = read_pairs_list, .cut = CUT_MAY_BE_GOOD}, /* without its last newline */
    {.name = "embeddings", .bytes = read_embeddings},
    {.name = "groups", .path = read_groups_path, .file = "groups.csv", .cut = CUT_MAY_BE_GOOD},
};

static int mutations(void)
{
    return getenv("DIFFUSE_SOAK") ? HOSTILE_LONG : HOSTILE_SHORT;
}

static void add(hostile_report *sum, const hostile_report *one)
{
    sum->files += one->files;
    sum->cuts += one->cuts;
    sum->cuts_accepted += one->cuts_accepted;
    sum->mutations += one->mutations;
    sum->seconds += one->seconds;
    sum->mutations_accepted += one->mutations_accepted;
    sum->limits += one->limits;
    sum->broken += one->broken;
    if (one->peak_kb - one->start_kb > sum->peak_kb)
        sum->peak_kb = one->peak_kb - one->start_kb;
    if (one->slowest > sum->slowest)
        sum->slowest = one->slowest;
}

static void print_row(const char *name, const char *by, const hostile_report *r, long kb)
{
    printf("%-12s %-5s %2ld files %6ld cuts (%4ld read) %7ld mutations (%6ld read) %5ld limits %3ld broken %6ld kB %6.3f s %6.2f s\n", name,
           by, r->files, r->cuts, r->cuts_accepted, r->mutations, r->mutations_accepted, r->limits, r->broken, kb, r->slowest, r->seconds);
}

static void every_reader_survives_cut_mutated_and_broken_files(void **state)
{
    hostile_report sum = {0};
    int faults = 0;
    (void)state;
    for (size_t i = 0; i < DF_ARRAY_LEN(readers); i++) {
        const hostile_report r = hostile_test(&readers[i], mutations());
        print_row(readers[i].name, readers[i].path ? "path" : "bytes", &r, r.peak_kb - r.start_kb);
        if (r.sentence[0])
            printf("    FAULT: %s\n", r.sentence);
        faults += r.sentence[0] != '\0';
        add(&sum, &r);
    }
    print_row("all", "", &sum, sum.peak_kb);
    assert_int_equal(faults, 0);
}

/* A line, or a file, that goes on and on costs what the reader allows and no more. */
static void files_without_an_end_are_refused_in_constant_memory(void **state)
{
    static const struct {
        hostile_reader reader;
        const char *beginning;
        int times; /* the file's size that it may take: 1 mapped, more as a whole text */
    } rows[] = {
        {{.name = "manifest", .path = read_manifest_path, .file = "manifest.jsonl"}, "{\"image\":\"", 0},
        {{.name = "identities", .path = read_people_path, .file = "identities.jsonl"}, "{\"id\":\"", 0},
        {{.name = "job", .path = read_state_path, .file = "set/.diffuse/job.json"}, "{\"job\":\"", 0},
        {{.name = "csv", .path = read_csv_path, .file = "list.csv"}, "image,identity\n\"", 0},
        {{.name = "celeba", .path = read_celeba_path, .file = "list.txt"}, "1\nMale\n", 0},
        {{.name = "image", .path = read_image_path, .file = "a.png"}, "\x89PNG\r\n\x1A\n", 1},
        {{.name = "weights", .path = read_weights_path, .file = "a.safetensors"}, "{\"a\":\"", 4},
    };
    (void)state;
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        hostile_reader reader = rows[i].reader;
        const long megabytes = !getenv("DIFFUSE_SOAK") ? 32 : rows[i].times > 1 ? 128 : 1024;
        reader.peak_mb = 24 + rows[i].times * (int)megabytes;
        const hostile_report r = hostile_endless(&reader, rows[i].beginning, megabytes);
        printf("%-12s a line of %ld MB: refused, %ld kB of memory\n", reader.name, megabytes, r.peak_kb - r.start_kb);
        if (r.sentence[0])
            fail_msg("%s", r.sentence);
    }
}

/* ---- that it can fail: readers with a fault each ---- */

static bool reads_past_the_end(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    volatile unsigned char sum = 0;
    for (size_t i = 0; bytes.size > 0 && i < bytes.data[0] && i < 255; i++)
        sum = (unsigned char)(sum + bytes.data[i]);
    return df_fail(err, "%d", sum) || bytes.size > 1;
}

static bool says_nothing(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    return bytes.size > 12 || (bytes.size != 7 && df_fail(err, "short"));
}

static bool takes_what_it_is_told(df_bytes bytes, df_arena *arena, df_error *err)
{
    const size_t wanted = bytes.size == 8 ? (size_t)100 << 20 : 0; /* believes a declared size */
    return df_alloc(arena, wanted, 1, err) != NULL || bytes.size > 0;
}

static bool forgets_memory(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    char *volatile lost = malloc(1 << 12);
    if (lost)
        lost[0] = 1;
    return bytes.size > 0 || df_fail(err, "empty");
}

static bool forgets_to_close(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    const int file = bytes.size == 5 ? open("/dev/null", O_RDONLY) : 0;
    return (bytes.size > 0 && file >= 0) || df_fail(err, "empty");
}

static bool takes_beginnings(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    return bytes.size > 10 || df_fail(err, "short");
}

static bool stops(df_bytes bytes, df_arena *arena, df_error *err)
{
    (void)arena;
    if (bytes.size == 9)
        kill(getpid(), SIGALRM); /* as the alarm does after a wait that no test should have */
    return bytes.size > 0 || df_fail(err, "empty");
}

static bool forgets_the_name(const char *path, df_arena *arena, df_error *err)
{
    (void)path;
    (void)arena;
    return df_fail(err, "something is wrong with some file");
}

static void readers_with_a_fault_do_not_pass(void **state)
{
    static const struct {
        hostile_reader reader;
        const char *says, *sanitized; /* NULL: not seen under sanitizers */
    } rows[] = {
        {{.name = "json", .bytes = reads_past_the_end, .cut = CUT_MAY_BE_GOOD}, "killed by signal 11", "killed by signal 11"},
        {{.name = "json", .bytes = says_nothing, .cut = CUT_MAY_BE_GOOD},
         "cut to 7 bytes: refused without a sentence",
         "without a sentence"},
        {{.name = "json", .bytes = takes_what_it_is_told, .cut = CUT_MAY_BE_GOOD}, "kB of memory, expected at most", NULL},
        {{.name = "json", .bytes = forgets_memory, .cut = CUT_MAY_BE_GOOD}, "memory leaks", "ended with"},
        {{.name = "json", .bytes = forgets_to_close, .cut = CUT_MAY_BE_GOOD}, "descriptors leak", "descriptors leak"},
        {{.name = "json", .bytes = takes_beginnings}, "cut to 11 bytes: accepted, expected a refusal", "accepted"},
        {{.name = "json", .bytes = stops, .cut = CUT_MAY_BE_GOOD}, "cut to 9 bytes: killed by signal 14: hangs", "hangs"},
        {{.name = "json", .path = forgets_the_name, .file = "named.json"}, "does not name the file", "does not name the file"},
        {{.name = "json", .bytes = read_ply}, "a good file was refused", "a good file was refused"},
        {{.name = "json", .bytes = read_json, .broken = 1000, .cut = CUT_MAY_BE_GOOD},
         "broken files are missing",
         "broken files are missing"},
    };
    (void)state;
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        const char *says = HOSTILE_SANITIZED ? rows[i].sanitized : rows[i].says;
        if (!says)
            continue;
        const hostile_report r = hostile_test(&rows[i].reader, HOSTILE_SHORT);
        if (!strstr(r.sentence, says))
            fail_msg("fault %zu: '%s', expected '%s'", i, r.sentence, says);
    }
}

int main(void)
{
    if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1); /* files are written ten thousands of times */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_with_a_fault_do_not_pass),
        cmocka_unit_test(every_reader_survives_cut_mutated_and_broken_files),
        cmocka_unit_test(files_without_an_end_are_refused_in_constant_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
