/* h5_file.c: bytes in memory as an HDF5 file, by a driver of our own. The library's "core" driver for file images looks for a file of
   that name first, which nobody may in a sandbox. */
#include "tensor/h5_file.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

/* An open file. The library fills in `common`. */
typedef struct image_file {
    H5FD_t common;
    df_bytes bytes;
    haddr_t end; /* of what the library has allocated */
} image_file;

static H5FD_t *image_open(const char *name, unsigned flags, hid_t access, haddr_t most)
{
    (void)name;
    (void)most;
    const df_bytes *bytes = H5Pget_driver_info(access);
    if (!bytes || flags != H5F_ACC_RDONLY)
        return NULL;
    image_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    file->bytes = *bytes;
    return &file->common;
}

static herr_t image_close(H5FD_t *file)
{
    free(file);
    return 0;
}

static herr_t image_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = 0;
    return 0;
}

static haddr_t image_end(const H5FD_t *file, H5FD_mem_t kind)
{
    (void)kind;
    return ((const image_file *)file)->end;
}

static herr_t image_set_end(H5FD_t *file, H5FD_mem_t kind, haddr_t end)
{
    (void)kind;
    ((image_file *)file)->end = end;
    return 0;
}

static haddr_t image_size(const H5FD_t *file, H5FD_mem_t kind)
{
    (void)kind;
    return ((const image_file *)file)->bytes.size;
}

static herr_t image_read(H5FD_t *file_, H5FD_mem_t kind, hid_t transfer, haddr_t place, size_t size, void *out)
{
    (void)kind;
    (void)transfer;
    const image_file *file = (const image_file *)file_;
    if (place > file->bytes.size || size > file->bytes.size - place)
        return -1;
    memcpy(out, file->bytes.data + place, size);
    df_file_done((df_bytes){.data = file->bytes.data + place, .size = size});
    return 0;
}

static herr_t image_write(H5FD_t *file, H5FD_mem_t kind, hid_t transfer, haddr_t place, size_t size, const void *data)
{
    (void)file;
    (void)kind;
    (void)transfer;
    (void)place;
    (void)size;
    (void)data;
    return -1;
}

static const H5FD_class_t image_driver = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)500,
#endif
    .name = "image",
    .maxaddr = INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(df_bytes),
    .open = image_open,
    .close = image_close,
    .query = image_query,
    .get_eoa = image_end,
    .set_eoa = image_set_end,
    .get_eof = image_size,
    .read = image_read,
    .write = image_write,
    .fl_map = H5FD_FLMAP_SINGLE,
};

/* The name is absolute, or the library would ask for the working folder. */
static hid_t open_image(hid_t access, hid_t driver, const df_bytes *bytes, df_error *err)
{
    hid_t file = H5I_INVALID_HID;
    if (access < 0 || driver < 0 || H5Pset_driver(access, driver, bytes) < 0)
        h5_fail(err, "libhdf5 takes no files from memory");
    else if ((file = H5Fopen("/image", H5F_ACC_RDONLY, access)) < 0)
        h5_fail(err, "cannot be read as an HDF5 file");
    return file;
}

int64_t h5_file_open(df_bytes bytes, df_error *err)
{
    if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0 || H5PLset_loading_state(0) < 0) {
        df_fail(err, "libhdf5 does not start");
        return H5I_INVALID_HID;
    }
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), driver = H5FDregister(&image_driver);
    const hid_t file = open_image(access, driver, &bytes, err);
    if (access >= 0)
        H5Pclose(access);
    if (driver >= 0)
        H5FDunregister(driver);
    return file;
}

static herr_t note_reason(unsigned depth, const H5E_error2_t *error, void *reason)
{
    if (depth == 0 && error->desc)
        df_fail(reason, "%s", error->desc);
    return 0;
}

bool h5_fail(df_error *err, const char *sentence)
{
    df_error reason = {.text = "no reason given"};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_reason, &reason);
    return df_fail(err, "%s: libhdf5: %s", sentence, reason.text);
}
