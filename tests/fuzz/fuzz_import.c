/* fuzz_import.c: face_import of the bytes as a file: what follows the readers of MATLAB and npz files. HDF5 files are left to
   fuzz_h5: each try would start a child. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "face/import.h"

static bool read_import(df_bytes bytes, df_arena *arena, df_error *err)
{
    static const char h5[] = "\x89HDF\r\n\x1a\n";
    char path[64];
    import_report report;
    (void)arena;
    if (memmem(bytes.data, bytes.size, h5, sizeof h5 - 1))
        return true;
    const int file = memfd_create("fuzz", 0);
    if (file < 0 || write(file, bytes.data, bytes.size) != (ssize_t)bytes.size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const bool is_read = face_import(path, &(import_options){0}, "/dev/null", &report, err);
    close(file);
    return is_read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_one(data, size, read_import);
}
