/* fuzz_job.c: set_state_read and job_read of the bytes as a data set's .diffuse/job.json. */
#include "fuzz/fuzz.h"
#include "hostile/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_in_folder(data, size, read_state_path, ".diffuse", "job.json");
}
