/* fuzz_job.c: set_state_read of the bytes as a data set's .diffuse/job.json. The folder goes when the fuzzer ends. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

static char folder[64];

static void remove_folder(void)
{
    df_error err;
    if (!df_remove_tree(folder, &err))
        abort();
}

static bool read_job(df_bytes bytes, df_arena *arena, df_error *err)
{
    char path[96];
    snprintf(path, sizeof path, "%s/.diffuse/job.json", folder);
    if (!df_file_write(path, bytes.data, bytes.size, err))
        abort();
    return read_state_path(path, arena, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (folder[0] == '\0') {
        char inner[96];
        df_error err;
        snprintf(folder, sizeof folder, "/dev/shm/diffuse-fuzz-%ld", (long)getpid());
        snprintf(inner, sizeof inner, "%s/.diffuse", folder);
        if (!df_make_folders(inner, &err) || atexit(remove_folder) != 0)
            abort();
    }
    return fuzz_one(data, size, read_job);
}
