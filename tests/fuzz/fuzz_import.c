/* fuzz_import.c: face_import of the bytes as a file: what follows the readers of MATLAB and npz files. HDF5 files are left to
   fuzz_h5: each try would start a child. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char h5[] = "\x89HDF\r\n\x1a\n";
    return memmem(data, size, h5, sizeof h5 - 1) ? 0 : fuzz_path(data, size, read_import_path);
}
